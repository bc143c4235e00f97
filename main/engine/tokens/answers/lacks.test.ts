import { describe, expect, it } from 'vitest'
import type { Group } from '../../../../shared/metering/capabilities.ts'
import type { ServedRate } from '../../../core/tokens/served/types.ts'
import type { MeteringAbilities } from '../../../sources/metering/types.ts'
import { dimensionsOf, meteringLack, servedLack } from './lacks.ts'
import { plainly } from '../../../../test/support/plainly.ts'

const LACK = 'LiteLLM does not know GPU types; the inference servers do.'
const abilities = (groups: Group[]): MeteringAbilities => ({
  backend: 'LiteLLM',
  minStepMs: 5000,
  lagMs: 5000,
  retentionMs: 1,
  groups: new Set(groups),
  lacks: new Map([['gpuType', LACK]]),
  throttle: null,
})
const flows: ServedRate[] = [
  { model: 'llama', endpoint: 'chat', gpuType: 'H100', input: 1, output: 1, requests: 1 },
]

describe('who can say it', () => {
  it('asks the metering first, and takes its own words where it cannot', () => {
    const some = abilities(['tenant', 'model'])
    expect(plainly(meteringLack(some, dimensionsOf('model', { tenant: ['acme'] })))).toBeNull()
    expect(plainly(meteringLack(some, dimensionsOf('gpuType', {})))).toBe(LACK)
    expect(plainly(meteringLack(some, dimensionsOf('model', { gpuType: ['H100'] })))).toBe(LACK)
    expect(plainly(meteringLack(some, ['endpoint']))).toBe('LiteLLM does not distinguish endpoints.')
    expect(plainly(meteringLack(null, ['gpuType']))).toBeNull()
  })

  it('never lets served tokens ignore a filter', () => {
    expect(plainly(servedLack(flows, 'gpuType', { model: ['llama'], endpoint: ['chat'] }))).toBeNull()
    expect(plainly(servedLack(flows, 'gpuType', { tenant: ['acme'] }))).toBe(
      'Inference servers know no tenants, so served tokens by GPU type cannot be narrowed to one.',
    )
    expect(plainly(servedLack(flows, 'tenant', {}))).toContain('know no tenants')
    expect(plainly(servedLack(flows, 'gpuType', { model: ['Llama 3'] }))).toBe(
      'No inference server names the model Llama 3; the metering may use another name for it.',
    )
    const unnamed = flows.map((flow) => ({ ...flow, endpoint: '' }))
    expect(plainly(servedLack(unnamed, 'gpuType', { endpoint: ['chat'] }))).toContain('name no endpoints')
  })
})
