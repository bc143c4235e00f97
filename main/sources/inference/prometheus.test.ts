import { afterEach, describe, expect, it, vi } from 'vitest'
import type { SourceError } from '../../../shared/model/source.ts'
import { manualClock } from '../../platform/clock.ts'
import { createLogger } from '../../platform/logger.ts'
import { SourceFailure } from '../../platform/failure.ts'
import { createPrometheusInference } from './prometheus.ts'
import { DEFAULT_NAMING } from './testing/naming.ts'
import type {
  AnsweredHistogram,
  InferenceRound,
  InstantAnswer,
  InstantQueries,
  PrometheusInference,
  PrometheusInferenceOptions,
} from './types.ts'

const endings: (() => unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end()
})

type Row = readonly [labels: Record<string, string>, value: number | AnsweredHistogram]

const EVALUATED = 1_700_000_000_000

function answer(rows: readonly Row[], more: Partial<InstantAnswer> = {}): InstantAnswer {
  return {
    value: {
      series: rows.map(([{ __name__ = '', ...labels }]) => ({
        name: __name__,
        labels: new Map(Object.entries(labels)),
      })),
      values: Float64Array.from(rows, ([, value]) => (typeof value === 'number' ? value : Number.NaN)),
      histograms: new Map(
        rows.flatMap(([, value], index) => (typeof value === 'number' ? [] : [[index, value] as const])),
      ),
      evaluatedAt: rows.length > 0 ? EVALUATED : null,
    },
    warnings: [],
    partial: false,
    ...more,
  }
}

/** What the back end has, by kind of question. */
interface Holds {
  figures: Row[]
  cache?: Row[]
  nim?: Row[]
  times: Row[]
  latency?: (promql: string) => Row[]
}

function ask(
  holds: Holds,
  more: Partial<PrometheusInferenceOptions> = {},
  change: Partial<InstantAnswer> = {},
) {
  const asked: { promql: string; atMs: number | undefined }[] = []
  const queries: InstantQueries = {
    query(promql, { atMs }) {
      asked.push({ promql, atMs })
      if (promql.includes('timestamp(')) return Promise.resolve(answer(holds.times, change))
      if (promql.includes('increase(')) return Promise.resolve(answer(holds.latency?.(promql) ?? [], change))
      if (promql.includes('model_name!=""')) return Promise.resolve(answer(holds.nim ?? []))
      const rows = promql.startsWith('avg') ? (holds.cache ?? []) : holds.figures
      return Promise.resolve(answer(rows, change))
    },
  }
  const rounds: InferenceRound[] = []
  const failures: SourceError[] = []
  const clock = manualClock({ now: EVALUATED + 5000 })
  const source = createPrometheusInference(
    {
      ...DEFAULT_NAMING,
      selector: '',
      refreshMs: 20,
      clock,
      logger: createLogger({ level: 'silent' }),
      name: 'Prometheus',
      address: 'http://prometheus:9090',
      ...more,
    },
    queries,
    { onRound: (round) => rounds.push(round), onFailure: (error) => failures.push(error) },
  )
  endings.push(() => source.close())
  return { source, rounds, failures, asked, clock, queries }
}

async function first(rounds: readonly InferenceRound[]): Promise<InferenceRound> {
  return vi.waitFor(() => {
    const [round] = rounds
    if (round === undefined) throw new Error('no round yet')
    return round
  })
}

const pod = { instance: '10.0.0.7:8000', job: 'vllm', namespace: 'team-a', pod: 'llama-0', node: 'gpu-1' }
const row = (name: string, value: number, more: Record<string, string> = {}): Row => [
  { __name__: name, model_name: 'llama', ...pod, ...more },
  value,
]
const time = (secondsAgo: number, more: Record<string, string> = {}): Row => [
  { ...pod, ...more },
  EVALUATED / 1000 - secondsAgo,
]

describe('createPrometheusInference', () => {
  it('brings counters with the time of their sample, by the clock of this machine', async () => {
    const { source, rounds, asked } = ask(
      {
        figures: [
          row('vllm:prompt_tokens_total', 1000),
          row('vllm:request_success_total', 9, { finished_reason: 'stop' }),
          row('vllm:request_success_total', 1, { finished_reason: 'error' }),
          row('vllm:num_requests_running', 4),
        ],
        cache: [row('vllm:kv_cache_usage_perc', 0.25)],
        times: [time(12)],
      },
      { selector: ' cluster = "a" ' },
    )
    source.setActive(true)
    const round = await first(rounds)
    expect(round.samples).toMatchObject([
      {
        server: { id: 'team-a/llama-0:8000', engine: 'vLLM', model: 'llama', host: 'gpu-1' },
        // This machine is 5 s ahead of the back end.
        at: EVALUATED - 12_000 + 5000,
        counters: { input: 1000, output: null, requests: 10, errors: 1 },
        gauges: { running: 4, kvCache: 0.25 },
      },
    ])
    expect(asked.every(({ promql }) => promql.includes('cluster="a"'))).toBe(true)
    // All at one instant: a figure must meet the time of its own sample.
    expect(asked.find(({ promql }) => promql.includes('timestamp('))?.atMs).toBe(EVALUATED)
    expect(source.health()).toMatchObject([{ kind: 'inference', state: 'ok', feeding: true }])
  })

  it('lets a server that Prometheus names no longer stand with its last sample, as silent', async () => {
    const holds: Holds = { figures: [row('vllm:prompt_tokens_total', 1)], times: [time(1)] }
    const { source, rounds, clock } = ask(holds)
    source.setActive(true)
    const { samples } = await first(rounds)
    holds.figures = [row('vllm:prompt_tokens_total', 7, { pod: 'other-0' })]
    holds.times = [time(1, { pod: 'other-0' })]
    const count = rounds.length
    await vi.waitFor(() => expect(rounds.length).toBeGreaterThan(count + 1))
    expect(rounds.at(-1)?.samples.map(({ server, at }) => [server.pod, at])).toEqual([
      ['llama-0', samples[0]?.at],
      ['other-0', EVALUATED + 4000],
    ])
    clock.advance(700_000)
    await vi.waitFor(() =>
      expect(rounds.at(-1)?.samples.some(({ server }) => server.pod === 'llama-0')).toBe(false),
    )
  })

  it('calls an answer without any server a failure, and forgets no server for it', async () => {
    const holds: Holds = { figures: [row('vllm:prompt_tokens_total', 1000)], times: [time(1)] }
    const { source, rounds } = ask(holds)
    source.setActive(true)
    await first(rounds)
    expect(source.health()[0]).toMatchObject({ state: 'ok', error: null })
    holds.figures = []
    holds.times = []
    await vi.waitFor(() => expect(source.health()[0]?.state).toBe('failing'))
    expect(source.health()[0]?.error).toMatchObject({
      code: 'empty',
      text: expect.stringContaining('no series'),
    })
    expect(rounds.at(-1)?.samples).toMatchObject([{ server: { pod: 'llama-0' } }])
    holds.figures = [row('vllm:prompt_tokens_total', 2000)]
    holds.times = [time(1)]
    await vi.waitFor(() => expect(source.health()[0]).toMatchObject({ state: 'ok', error: null }))
  })

  it('counts a server once that two jobs scrape, and leaves frontends out beside servers', async () => {
    const frontend = { instance: '10.0.0.9:8000', job: 'dynamo', pod: 'frontend-0' }
    const { source, rounds } = ask({
      figures: [
        row('vllm:prompt_tokens_total', 1000),
        row('vllm:prompt_tokens_total', 990, { job: 'again' }),
        [{ __name__: 'dynamo_frontend_input_sequence_tokens_sum', model: 'Llama', ...frontend }, 5],
      ],
      times: [time(1), time(9, { job: 'again' }), [frontend, EVALUATED / 1000]],
    })
    source.setActive(true)
    const { samples, warnings } = await first(rounds)
    expect(samples).toMatchObject([{ counters: { input: 990 }, at: EVALUATED - 9000 + 5000 }])
    expect(warnings).toEqual([
      'One inference server is scraped more than once and counted once: team-a/llama-0:8000 (job again and job vllm).',
      "Frontends count what servers count too (Llama): the servers' figures are taken.",
    ])
  })

  it('leaves out a server whose sample time is not known, and passes on what the back end remarks', async () => {
    const { source, rounds } = ask(
      { figures: [row('vllm:prompt_tokens_total', 1)], times: [] },
      {},
      { warnings: ['store-3 did not answer'], partial: true },
    )
    source.setActive(true)
    const { samples, warnings } = await first(rounds)
    expect(samples).toEqual([])
    expect(warnings).toEqual([
      'store-3 did not answer',
      'The time of the samples of 1 inference servers is not known; they are left out.',
    ])
    expect(source.health()[0]?.state).toBe('slow')
  })

  it('reads classic and native latencies, each once', async () => {
    const by = { model_name: 'llama', namespace: 'team-a' }
    const { source, rounds, asked } = ask(
      {
        figures: [row('vllm:prompt_tokens_total', 1)],
        times: [time(1)],
        latency: (promql) =>
          promql.includes('time_to_first_token')
            ? [
                [{ ...by, le: '0.1' }, 6],
                [{ ...by, le: '1' }, 9.5],
                [{ ...by, le: '+Inf' }, 10],
                // The same observations once more, and a few that only this form has.
                [by, { buckets: [{ left: 0.5, right: 1, count: 11 }] }],
                [{ ...by, model_name: 'qwen', le: '+Inf' }, 3],
              ]
            : [],
      },
      { models: { llama: 'llama-3.3' } },
    )
    source.setActive(true)
    const { windowed } = await first(rounds)
    expect(windowed).toEqual([
      {
        kind: 'timeToFirstToken',
        model: 'llama-3.3',
        endpoint: '',
        namespace: 'team-a',
        windowMs: 300_000,
        leftOut: new Set(),
        histogram: { bounds: [0.5, 1], counts: [0, 11, 0] },
      },
      expect.objectContaining({ model: 'qwen', histogram: { bounds: [], counts: [3] } }),
    ])
    const question = asked.find(({ promql }) => promql.includes('inter_token'))?.promql ?? ''
    // Old and new name, classic and native; nothing of engines that are not there.
    expect(question).toContain('"vllm:inter_token_latency_seconds_bucket"}[300s]) or increase(')
    expect(question).toContain('"vllm:time_per_output_token_seconds"}[300s])')
    expect(question).not.toContain('sglang')
  })

  it('keeps counters when the latency question fails, and says why it failed', async () => {
    const { source, rounds, queries } = ask({
      figures: [row('vllm:prompt_tokens_total', 1)],
      times: [time(1)],
    })
    const honest = queries.query.bind(queries)
    queries.query = (promql, options) =>
      promql.includes('increase(')
        ? Promise.reject(new SourceFailure({ code: 'timeout', text: 'Prometheus: no answer', nextStep: '' }))
        : honest(promql, options)
    source.setActive(true)
    const { samples, warnings, windowed } = await first(rounds)
    expect(samples).toHaveLength(1)
    expect([warnings, windowed]).toEqual([['Latencies: Prometheus: no answer'], []])
  })

  it('reports a failure once an attempt and goes on', async () => {
    const { source, failures, queries } = ask({ figures: [], times: [] })
    queries.query = () =>
      Promise.reject(
        new SourceFailure({ code: 'refused', text: 'Prometheus: refused', nextStep: 'Start it.' }),
      )
    source.setActive(true)
    await vi.waitFor(() => expect(failures.length).toBeGreaterThan(1), { timeout: 5000 })
    expect(source.health()[0]).toMatchObject({ state: 'failing', feeding: false, error: { code: 'refused' } })
    source.setActive(false)
    expect(source.health()[0]?.state).toBe('standby')
  })

  it('refuses a selector that is none', () => {
    expect(() => ask({ figures: [], times: [] }, { selector: 'job=vllm' })).toThrow('expected a quoted text')
  })
})

describe('curvesQuery', () => {
  async function ready(more: Partial<PrometheusInferenceOptions> = {}): Promise<PrometheusInference> {
    const { source, rounds } = ask(
      { figures: [row('vllm:prompt_tokens_total', 1, { route: 'chat' })], times: [time(1)] },
      more,
    )
    source.setActive(true)
    await first(rounds)
    return source
  }

  it('asks for buckets and for quantiles of native histograms, under the names that servers use', async () => {
    const source = await ready({ models: { '/m/a"b': 'a' }, selector: 'job="vllm"' })
    const selected = (suffix: string) =>
      `{__name__="vllm:e2e_request_latency_seconds${suffix}",job="vllm",model_name=~"a|/m/a\\"b",route="chat"}`
    const of = (suffix: string) => `rate(${selected(suffix)}[120s])`
    expect(
      source.curvesQuery('duration', [0.5, 0.95], { model: ['a'], endpoint: ['chat'] }, 120_000),
    ).toEqual({
      promql: [
        `label_replace(sum by (le) (${of('_bucket')}),"floorwatch_engine","0","","")`,
        `label_replace(label_replace(count by (le) (${selected('_bucket')}),"floorwatch_having","1","",""),"floorwatch_engine","0","","")`,
        `label_replace(histogram_quantile(0.5,sum(${of('')})),"floorwatch_quantile","0.5","","")`,
        `label_replace(histogram_quantile(0.95,sum(${of('')})),"floorwatch_quantile","0.95","","")`,
      ].join(' or '),
      notes: [],
    })
  })

  it('spans several scrapes, and takes a step between the clocks for none', async () => {
    const holds: Holds = { figures: [row('vllm:prompt_tokens_total', 1)], times: [time(12)] }
    const { source, rounds, clock } = ask(holds)
    const window = () => {
      const query = source.curvesQuery('duration', [0.5], {}, 5000)
      return 'promql' in query ? /\[(\w+)\]/.exec(query.promql)?.[1] : query.impossible
    }
    const more = async (count: number) => {
      const before = rounds.length
      await vi.waitFor(() => expect(rounds.length).toBeGreaterThanOrEqual(before + count))
    }
    source.setActive(true)
    await first(rounds)
    expect(window()).toBe('60s')
    // The same sample again, while the answer was 2 s under way: no scrape has been in between.
    clock.advance(2000)
    await more(2)
    expect(window()).toBe('60s')
    holds.times = [time(2)]
    await more(2)
    expect(window()).toBe('40s')
  })

  it('says what cannot be asked', async () => {
    const source = await ready()
    const impossible = (filters: object) => source.curvesQuery('duration', [0.5], filters, 60_000)
    expect(impossible({ tenant: ['acme'] })).toMatchObject({
      impossible: expect.stringContaining('no tenants'),
    })
    expect(impossible({ gpuType: ['H100'] })).toMatchObject({
      impossible: expect.stringContaining('GPU type'),
    })
    const { source: nothing } = ask({ figures: [], times: [] })
    expect(nothing.curvesQuery('duration', [0.5], {}, 60_000)).toMatchObject({
      impossible: expect.stringContaining('No inference server'),
    })
  })
})
