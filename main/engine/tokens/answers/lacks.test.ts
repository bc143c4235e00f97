import { describe, expect, it } from 'vitest'
import type { Group } from '../../../../shared/metering/capabilities.ts'
import type { ServedRate } from '../../../core/tokens/served/types.ts'
import type { MeteringAbilities } from '../../../sources/metering/types.ts'
import { dimensionsOf, meteringLack, servedLack } from './lacks.ts'

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
    expect(meteringLack(some, dimensionsOf('model', { tenant: ['acme'] }))).toBeNull()
    expect(meteringLack(some, dimensionsOf('gpuType', {}))).toBe(LACK)
    expect(meteringLack(some, dimensionsOf('model', { gpuType: ['H100'] }))).toBe(LACK)
    expect(meteringLack(some, ['endpoint'])).toBe('LiteLLM does not distinguish endpoints.')
    expect(meteringLack(null, ['gpuType'])).toBeNull()
  })

  it('never lets served tokens ignore a filter', () => {
    expect(servedLack(flows, 'gpuType', { model: ['llama'], endpoint: ['chat'] })).toBeNull()
    expect(servedLack(flows, 'gpuType', { tenant: ['acme'] })).toBe(
      'Inference servers know no tenants, so served tokens by GPU type cannot be narrowed to one.',
    )
    expect(servedLack(flows, 'tenant', {})).toContain('know no tenants')
    expect(servedLack(flows, 'gpuType', { model: ['Llama 3'] })).toBe(
      'No inference server names the model Llama 3: the metering may call it otherwise than the servers do.',
    )
    const unnamed = flows.map((flow) => ({ ...flow, endpoint: '' }))
    expect(servedLack(unnamed, 'gpuType', { endpoint: ['chat'] })).toContain('name no endpoints')
  })
})
