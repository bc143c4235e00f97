import { describe, expect, it } from 'vitest'
import type { ConsoleStatus } from '../../../shared/contract/console.ts'
import type { SourceHealth } from '../../../shared/model/source.ts'
import { describeCheck } from './verdict.ts'
import { said } from '../../../shared/messages/message.ts'

function source(change: Partial<SourceHealth>): SourceHealth {
  return {
    id: 'e1',
    kind: 'exporter',
    name: 'exporter h-0001',
    address: 'http://h-0001:9400',
    state: 'ok',
    feeding: true,
    lastAttemptAt: 1,
    lastSuccessAt: 1,
    latencyMs: 12.4,
    samples: 200,
    bytes: 1,
    consecutiveFailures: 0,
    error: null,
    warnings: [],
    doubts: [],
    cadenceMs: null,
    nextAttemptAt: null,
    ...change,
  }
}

function failing(name: string): SourceHealth {
  return source({
    name,
    state: 'failing',
    lastSuccessAt: null,
    latencyMs: null,
    samples: null,
    consecutiveFailures: 1,
    error: {
      code: 'refused',
      text: `${name}: the connection was refused.`,
      nextStep: 'Is dcgm-exporter running there?',
    },
  })
}

function status(rollCall: ConsoleStatus['rollCall']): ConsoleStatus {
  return {
    at: 1,
    mode: 'site',
    role: 'wall',
    site: { name: 'Lab', timezone: 'UTC' },
    version: '0',
    engineStartedAt: 0,
    feed: { path: 'direct', since: 0, reason: '', fallback: false },
    partial: null,
    rollCall,
    abnormal: { critical: 0, advisory: 0 },
    power: { watts: null, boards: 0, of: 0 },
    tokens: null,
    sources: { ok: 0, slow: 0, failing: 0, backoff: 0, standby: 0, unknown: 0 },
    tooOldMs: 60_000,
    newestSampleAt: null,
    configPath: null,
    setup: { open: false, until: null },
    configChange: null,
    thresholds: {},
  }
}

const whole = { expected: 16, present: 16, missing: 0, unexpected: 0 }
const text = (found: Parameters<typeof describeCheck>[0]) => describeCheck(found).lines.join('\n')

describe('the verdict of a check', () => {
  it('is good when every source answers and every GPU is there', () => {
    const found = [
      {
        way: 'prometheus',
        identity: 'It is Prometheus 2.42.0.',
        observation: {
          sources: [source({ kind: 'prometheus', address: 'http://p:9090', samples: 4096 })],
          status: status({ expected: null, present: 1024, missing: 0, unexpected: 0 }),
          tokens: null,
          complete: true,
        },
      },
      {
        way: 'exporters',
        observation: {
          sources: [source({}), source({})],
          status: status(whole),
          tokens: null,
          complete: true,
        },
      },
    ] as const
    expect(describeCheck(found).ok).toBe(true)
    expect(text(found)).toMatchInlineSnapshot(`
      "ok     Prometheus: http://p:9090 answers in 12 ms with 4,096 series
             It is Prometheus 2.42.0.
             1,024 GPUs seen; no inventory to compare with.
      ok     Exporters: 2 of 2 answer, the slowest in 12 ms, 400 series
             Roll-call: 16 expected, 16 present, 0 missing, 0 unexpected.

      Everything that is configured answers."
    `)
  })

  it('is honest where a part is reached', () => {
    const found = [
      {
        way: 'exporters',
        observation: {
          sources: [
            source({}),
            failing('h-2'),
            failing('h-3'),
            failing('h-4'),
            failing('h-5'),
            failing('h-6'),
          ],
          status: status({ expected: 16, present: 8, missing: 8, unexpected: 0 }),
          tokens: null,
          complete: true,
        },
      },
    ] as const
    expect(describeCheck(found).ok).toBe(false)
    expect(text(found)).toMatchInlineSnapshot(`
      "FAILED Exporters: 1 of 6 answer, the slowest in 12 ms, 200 series
             Roll-call: 16 expected, 8 present, 8 missing, 0 unexpected.
             h-2: the connection was refused. Is dcgm-exporter running there? The same: h-3, h-4 and 2 more.
             8 listed GPUs are missing: compare the inventory with the floor.

      The floor can be seen (Exporters), but not everything is in order: see Exporters above."
    `)
  })

  it('says that nothing can be seen', () => {
    const found = [
      {
        way: 'prometheus',
        observation: { sources: [failing('Prometheus')], status: null, tokens: null, complete: true },
      },
      { way: 'exporters', observation: { sources: [], status: null, tokens: null, complete: false } },
    ] as const
    expect(describeCheck(found).ok).toBe(false)
    expect(text(found)).toMatchInlineSnapshot(`
      "FAILED Prometheus: http://h-0001:9400 does not answer as it should
             Prometheus: the connection was refused. Is dcgm-exporter running there?
      FAILED Exporters: no address was found to ask (an empty discovery?)
             Not every source could be asked in time: the deadline passed.

      The floor cannot be seen: mend Prometheus and Exporters as told above, then run the check again."
    `)
  })

  it('does not call an answer without GPUs good', () => {
    const found = [
      {
        way: 'exporters',
        observation: {
          sources: [source({ samples: 3, warnings: ['2 series were refused.'] })],
          status: status({ expected: null, present: 0, missing: 0, unexpected: 0 }),
          tokens: null,
          complete: true,
        },
      },
    ] as const
    expect(describeCheck(found).ok).toBe(false)
    expect(text(found)).toContain('No GPU was found in the answers')
    expect(text(found)).toContain('2 series were refused.')
  })

  it('names how often Prometheus has a sample, and what is doubted of it', () => {
    const doubt = {
      code: 'unreached',
      severity: 'advisory',
      what: said('Prometheus does not reach 1 of 2 exporters'),
      by: said('h-2:9400'),
      nextStep: said('See whether the exporters are up.'),
    } as const
    const sources = [source({ kind: 'prometheus', name: 'Prometheus', cadenceMs: 60_000, doubts: [doubt] })]
    const { lines } = describeCheck([
      {
        way: 'prometheus',
        observation: {
          sources,
          status: status({ expected: null, present: 8, missing: 0, unexpected: 0 }),
          tokens: null,
          complete: true,
        },
      },
    ])
    expect(lines.join('\n')).toContain('A new sample every 60 s')
    expect(lines.join('\n')).toContain('does not reach 1 of 2 exporters (h-2:9400). See whether')
  })
})
