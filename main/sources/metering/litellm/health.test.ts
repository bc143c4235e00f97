import { describe, expect, it } from 'vitest'
import type { SourceHealth } from '../../../../shared/model/source.ts'
import { bothHealths } from './health.ts'

const WELL: SourceHealth = {
  id: 'metering',
  kind: 'metering',
  name: 'LiteLLM at proxy',
  address: 'http://proxy',
  state: 'ok',
  feeding: true,
  lastAttemptAt: 100,
  lastSuccessAt: 110,
  latencyMs: 5,
  samples: 3,
  bytes: 30,
  consecutiveFailures: 0,
  error: null,
  warnings: ['a'],
  doubts: [],
  cadenceMs: null,
  nextAttemptAt: null,
}
const ERROR = { code: 'http-500', text: 'no', nextStep: 'look' }
const failing = (over: Partial<SourceHealth>): SourceHealth => ({
  ...WELL,
  state: 'failing',
  feeding: false,
  error: ERROR,
  consecutiveFailures: 2,
  ...over,
})

describe('health of a proxy and its counters', () => {
  it('is the proxy alone where no counters are configured or read yet', () => {
    expect(bothHealths(WELL, null)).toBe(WELL)
    expect(bothHealths(WELL, { ...WELL, lastAttemptAt: null, state: 'unknown', feeding: false })).toEqual(
      WELL,
    )
  })

  it('is as fresh as the counters, with the warnings of both', () => {
    const counters = {
      ...WELL,
      id: 'metering-metrics',
      lastAttemptAt: 200,
      lastSuccessAt: 210,
      latencyMs: 9,
      warnings: ['b'],
    }
    expect(bothHealths(WELL, counters)).toMatchObject({
      id: 'metering',
      name: WELL.name,
      state: 'ok',
      feeding: true,
      lastAttemptAt: 200,
      lastSuccessAt: 210,
      latencyMs: 9,
      warnings: ['a', 'b'],
    })
  })

  it('is as bad as the worse of both', () => {
    expect(bothHealths(WELL, failing({}))).toMatchObject({ state: 'failing', feeding: false, error: ERROR })
    expect(bothHealths(failing({}), WELL)).toMatchObject({ state: 'failing', error: ERROR })
    expect(bothHealths({ ...WELL, state: 'slow' }, WELL).state).toBe('slow')
    expect(bothHealths(WELL, { ...WELL, state: 'slow' }).state).toBe('slow')
  })
})
