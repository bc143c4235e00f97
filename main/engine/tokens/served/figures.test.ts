import { describe, expect, it } from 'vitest'
import type { Served, ServedRate } from '../../../core/tokens/served/types.ts'
import { ServedFigures } from './figures.ts'
import type { ServedWatch } from './watch.ts'
import { said } from '../../../../shared/messages/message.ts'

const flow = (model: string): ServedRate => ({
  model,
  endpoint: '',
  gpuType: '',
  input: 5,
  output: 5,
  requests: 1,
})

describe('the names beside what is not mapped to a GPU', () => {
  it('are left out beside a part of the flows, of which they may not be', () => {
    const flows = [flow('a'), flow('b')]
    const served = {
      reach: () => ({ fromMs: 0, toMs: 1000 }),
      rates: () => flows,
      between: () => ({
        unjoined: { share: 1, servers: ['of b'], total: 1 },
        uncounted: [],
        lacking: { input: [], output: [], requests: [] },
        prefill: [],
      }),
      servers: () => ({ count: 2, silent: 0, at: 1000 }),
    } as unknown as Served
    const watch = {
      served: () => served,
      path: () => 'direct',
      sourceText: () => 'the servers',
      warnings: () => [],
    } as unknown as ServedWatch
    const figures = new ServedFigures(watch, () => 1000)
    expect(figures.standIn(flows, said('why')).unjoined).toMatchObject({
      share: 1,
      servers: ['of b'],
      total: 1,
    })
    expect(figures.standIn([flow('a')], said('why')).unjoined).toMatchObject({
      share: 1,
      servers: [],
      total: 0,
    })
  })
})
