import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { realScrapes } from '../../../test/support/peers.ts'
import { createTargetParser } from '../exposition/index.ts'
import { placeOf } from './identity.ts'
import { createMapping } from './mapping.ts'
import { planServer } from './plan.ts'
import { DEFAULT_NAMING } from './testing/naming.ts'
import type { InferenceNaming } from './types.ts'

const NONE: ReadonlyMap<string, string> = new Map()

/** Samples of one exposition, as a target without labels of its own would give them. */
function read(body: string | Buffer, naming: Partial<InferenceNaming> = {}, around = NONE) {
  const all = { ...DEFAULT_NAMING, ...naming }
  const parsed = createTargetParser(undefined, { dcgmBlanks: false }).parse(Buffer.from(body))
  const plan = planServer(
    placeOf('http://10.0.0.7:8000/metrics', around, all),
    around,
    parsed.series.map((series, index) => ({ index, ...series })),
    createMapping(all.names),
    all,
  )
  return plan.read(parsed.values, 5000)
}

const only = (body: string, naming: Partial<InferenceNaming> = {}) => {
  const [planned, ...more] = read(body, naming)
  expect(more).toEqual([])
  if (planned === undefined) throw new Error('no sample')
  return planned.sample
}

describe('planServer', () => {
  it('adds the processes of a server and takes the mean of their caches', () => {
    const sample = only(`
vllm:prompt_tokens_total{engine="0",model_name="m"} 100
vllm:prompt_tokens_total{engine="1",model_name="m"} 50
vllm:kv_cache_usage_perc{engine="0",model_name="m"} 0.2
vllm:kv_cache_usage_perc{engine="1",model_name="m"} 0.6
vllm:num_requests_waiting{engine="0",model_name="m"} 3
`)
    expect(sample).toMatchObject({
      server: { id: '10.0.0.7:8000', engine: 'vLLM', model: 'm', host: '10.0.0.7' },
      at: 5000,
      counters: { input: 150, output: null, cachedInput: null, requests: null, errors: null },
      gauges: { running: null, waiting: 3, kvCache: 0.4, kvCacheMost: 0.6 },
    })
  })

  it('does not count an old name beside the new one', () => {
    // vLLM 0.9.2 to 0.11 exposes both.
    const sample = only(`
vllm:gpu_cache_usage_perc{model_name="m"} 0.5
vllm:kv_cache_usage_perc{model_name="m"} 0.5
vllm:prompt_tokens_cached_total{model_name="m"} 7
vllm:prompt_tokens_by_source_total{model_name="m",source="local_cache_hit"} 5
vllm:prompt_tokens_by_source_total{model_name="m",source="external_kv_transfer"} 2
vllm:prompt_tokens_by_source_total{model_name="m",source="local_compute"} 90
vllm:inter_token_latency_seconds_bucket{model_name="m",le="+Inf"} 4
vllm:time_per_output_token_seconds_bucket{model_name="m",le="+Inf"} 4
`)
    expect(sample.gauges.kvCache).toBe(0.5)
    expect(sample.counters).toMatchObject({ cachedInput: 5, transferredInput: 2 })
    expect(sample.histograms.interToken).toEqual({ bounds: [], counts: [4] })
  })

  it('takes the sum of all caches where no sources of it are there', () => {
    const sample = only('vllm:prompt_tokens_cached_total{model_name="m"} 7\n')
    expect(sample.counters).toMatchObject({ cachedInput: 7, transferredInput: null })
  })

  it('counts aborted requests nowhere, and failed ones as errors and among all', () => {
    const { counters } = only(`
vllm:request_success_total{model_name="m",finished_reason="stop"} 90
vllm:request_success_total{model_name="m",finished_reason="length"} 5
vllm:request_success_total{model_name="m",finished_reason="abort"} 3
vllm:request_success_total{model_name="m",finished_reason="error"} 2
`)
    expect(counters).toMatchObject({ requests: 97, errors: 2 })
  })

  it('keeps a token counter that has the value of a DCGM blank', () => {
    expect(only('vllm:prompt_tokens_total{model_name="m"} 2147483632\n').counters.input).toBe(2147483632)
    expect(only('vllm:prompt_tokens_total{model_name="m"} 1.40737488355328e+14\n').counters.input).toBe(
      2 ** 47,
    )
  })

  it('makes a sample a model, under the name that metering uses', () => {
    const samples = read(
      `
vllm:generation_tokens_total{model_name="/models/llama"} 10
vllm:generation_tokens_total{model_name="adapter"} 4
`,
      { models: { '/models/llama': 'llama-3.3-70b' } },
    )
    expect(samples.map(({ sample }) => [sample.server.model, sample.counters.output])).toEqual([
      ['llama-3.3-70b', 10],
      ['adapter', 4],
    ])
  })

  it('takes the total of a queue, and not the priorities that stand beside it', () => {
    const sample = only(`
sglang:num_running_reqs{model_name="m",priority=""} 12
sglang:num_running_reqs{model_name="m",priority="0"} 9
sglang:num_running_reqs{model_name="m",priority="5"} 3
sglang:num_queue_reqs{model_name="m",priority=""} 4
sglang:num_queue_reqs{model_name="m",priority="5"} 4
`)
    expect(sample.gauges).toMatchObject({ running: 12, waiting: 4 })
  })

  it('takes the cache of an engine once, whichever of its API servers heard of it', () => {
    const pids = (engine: number, said: readonly number[]) =>
      said.map(
        (value, pid) => `vllm:kv_cache_usage_perc{engine="${engine}",model_name="m",pid="${pid}"} ${value}\n`,
      )
    const { gauges } = only([...pids(0, [0, 0.64, 0]), ...pids(1, [0.32, 0, 0])].join(''))
    expect(gauges).toMatchObject({ kvCache: 0.48, kvCacheMost: 0.64 })
  })

  it('adds the replicas of one Ray node, whose ranks have workers of their own', () => {
    // Two replicas of two tensor ranks each: four workers, and every gauge stands there once a rank.
    const ranks = (name: string, first: number, second: number) =>
      [first, first, second, second].map(
        (value, i) => `${name}{WorkerId="w${i}",model_name="m",tp_rank="${i % 2}"} ${value}\n`,
      )
    const sample = only(
      [
        ...ranks('ray_sglang_num_running_reqs', 5, 2),
        ...ranks('ray_sglang_token_usage', 0.5, 0.1),
        'ray_sglang_prompt_tokens_total{WorkerId="t0",model_name="m"} 100\n',
        'ray_sglang_prompt_tokens_total{WorkerId="t1",model_name="m"} 40\n',
      ].join(''),
    )
    expect(sample.gauges).toMatchObject({ running: 7, kvCache: 0.3, kvCacheMost: 0.5 })
    expect(sample.counters.input).toBe(140)
  })

  it('counts no request that its client cancelled at a frontend of Dynamo', () => {
    const of = (status: string, type: string) =>
      `dynamo_frontend_requests_total{model="m",status="${status}",error_type="${type}"}`
    const sample = only(`
${of('success', '')} 90
${of('error', 'internal')} 2
${of('error', 'cancelled')} 8
dynamo_frontend_active_requests{model="m"} 5
dynamo_frontend_inflight_requests{model="m"} 5
`)
    expect(sample).toMatchObject({ counters: { requests: 92, errors: 2 }, gauges: { running: 5 } })
  })

  it('reads TensorRT-LLM, in the spelling of trtllm-serve and in that of Dynamo', () => {
    const body = `
trtllm_prompt_tokens_total{engine_type="trtllm",model_name="undefined"} 900
trtllm_generation_tokens_total{engine_type="trtllm",model_name="undefined"} 80
trtllm_prompt_cached_tokens_total{engine_type="trtllm",model_name="undefined"} 300
trtllm_request_success_total{engine_type="trtllm",finished_reason="stop",model_name="undefined"} 7
trtllm_request_success_total{engine_type="trtllm",finished_reason="cancelled",model_name="undefined"} 2
trtllm_request_error_total{engine_type="trtllm",http_code="500",model_name="undefined"} 1
trtllm_num_requests_running{engine_type="trtllm",model_name="undefined"} 3
trtllm_num_requests_waiting{engine_type="trtllm",model_name="undefined"} 1
trtllm_kv_cache_utilization{engine_type="trtllm",model_name="undefined"} 0.25
trtllm_time_to_first_token_seconds_bucket{engine_type="trtllm",le="+Inf",model_name="undefined"} 7
`
    for (const text of [body, body.replaceAll('trtllm_', 'trtllm:')]) {
      expect(only(text)).toMatchObject({
        server: { engine: 'TensorRT-LLM', model: '' },
        counters: { input: 900, output: 80, cachedInput: 300, requests: 8, errors: 1 },
        gauges: { running: 3, waiting: 1, kvCache: 0.25 },
        histograms: { timeToFirstToken: { bounds: [], counts: [7] } },
      })
    }
  })

  it("takes Dynamo's name of a decode worker for its part of a request", () => {
    const roleAt = (component: string) =>
      only(`trtllm_prompt_tokens_total{dynamo_component="${component}",model_name="m"} 1\n`).server.role
    expect(['prefill', 'backend', 'router'].map(roleAt)).toEqual(['prefill', 'decode', undefined])
  })

  it('takes NIM for what it is only beside its own names', () => {
    const nim = `
num_requests_running{model_name="m"} 1
prompt_tokens_total{model_name="m"} 20
request_finish_total{model_name="m",finished_reason="stop"} 8
request_success_total{model_name="m"} 7
request_failure_total{model_name="m"} 1
gpu_cache_usage_perc{model_name="m"} 0.25
`
    expect(only(nim)).toMatchObject({
      server: { engine: 'NIM' },
      counters: { input: 20, requests: 8, errors: 1 },
      gauges: { kvCache: 0.25 },
    })
    expect(read('prompt_tokens_total{app="billing"} 20\n')).toEqual([])
  })

  it('reads SGLang once, whichever of its ranks repeat it', () => {
    const sample = only(`
sglang:prompt_tokens_total{model_name="m"} 9
sglang:cached_tokens_total{model_name="m",cache_source="device"} 4
sglang:cached_tokens_total{model_name="m",cache_source="host"} 1
sglang:num_running_reqs{model_name="m",tp_rank="0",pp_rank="0"} 2
sglang:num_running_reqs{model_name="m",tp_rank="1",pp_rank="0"} 2
sglang:token_usage{model_name="m",tp_rank="0",pp_rank="0"} 0.5
`)
    expect(sample).toMatchObject({
      server: { engine: 'SGLang' },
      counters: { input: 9, cachedInput: 5 },
      gauges: { running: 2, kvCache: 0.5 },
    })
  })

  it('14: adds up data-parallel ranks whatever their other ranks are, and names the fullest cache', () => {
    const body = readFileSync(
      join(import.meta.dirname, '../../../test/fixtures/cases/14-sglang-dp-attention.prom'),
    )
    const [planned, ...more] = read(body)
    expect(more).toEqual([])
    expect(planned?.sample.gauges).toMatchObject({ running: 164, waiting: 9, kvCacheMost: 0.92 })
    expect(planned?.sample.gauges.kvCache).toBeCloseTo(0.45, 9)
    expect(planned?.sample.counters).toMatchObject({ input: 918_273, output: 71_234 })
  })

  it('14: counts what tensor, pipeline and expert ranks repeat once in each data-parallel one', () => {
    const lines = ['0', '1'].flatMap((dp) =>
      ['0', '1'].flatMap((tp) =>
        ['0', '1'].map(
          (pp) =>
            `sglang:num_running_reqs{model_name="m",dp_rank="${dp}",tp_rank="${Number(dp) * 2 + Number(tp)}",pp_rank="${pp}",moe_ep_rank="${tp}",priority="${dp}"} ${dp === '0' ? 7 : 5}`,
        ),
      ),
    )
    expect(only(`${lines.join('\n')}\n`).gauges.running).toBe(12)
  })

  it('reads vLLM under Ray in all spellings, and its counters once', () => {
    for (const prefix of ['ray_vllm:', 'ray_vllm_']) {
      const sample = only(`
${prefix}generation_tokens_total{model_name="m",ReplicaId="a",WorkerId="1"} 60
${prefix}generation_tokens_total{model_name="m",ReplicaId="b",WorkerId="2"} 40
${prefix}generation_tokens{model_name="m",ReplicaId="a",WorkerId="1"} 60
${prefix}generation_tokens{model_name="m",ReplicaId="b",WorkerId="2"} 40
${prefix}num_requests_running{model_name="m",ReplicaId="a"} 3
${prefix}num_requests_running{model_name="m",ReplicaId="b"} 4
${prefix}time_to_first_token_seconds_bucket{model_name="m",ReplicaId="a",le="+Inf"} 2
ray_actors{State="ALIVE"} 12
`)
      expect(sample).toMatchObject({
        server: { engine: 'vLLM', model: 'm' },
        counters: { output: 100 },
        gauges: { running: 7 },
        histograms: { timeToFirstToken: { counts: [2] } },
      })
    }
    // Before Ray 2.10 counters are gauges without _total.
    expect(only('ray_vllm:generation_tokens{model_name="m"} 60\n').counters.output).toBe(60)
  })

  it('takes servers that a router shows again for its own view of them, not for a server', () => {
    const routed = read(`
vllm:num_requests_running{server="http://10.0.0.11:8000"} 5
vllm:num_requests_running{server="http://10.0.0.12:8000"} 7
vllm:input_tokens_total{server="http://10.0.0.11:8000",model="m"} 900
vllm:output_tokens_total{server="http://10.0.0.11:8000",model="m"} 100
`)
    expect(routed).toMatchObject([
      {
        tier: 'frontend',
        sample: { server: { model: 'm' }, counters: { input: 900 }, gauges: { running: 12 } },
      },
    ])
    expect(
      read('sglang:num_running_reqs{worker_addr="http://10.0.0.11:30000",model_name="m"} 5\n'),
    ).toMatchObject([{ tier: 'frontend' }])
    // Beside a server's own figures they are left out altogether.
    const own = only(`
vllm:num_requests_running{model_name="m"} 1
vllm:num_requests_running{server="http://10.0.0.12:8000"} 7
`)
    expect(own.gauges.running).toBe(1)
  })

  it('reads the part of a request that a server has from its labels', () => {
    const roleIn = (labels: string) =>
      only(`sglang:num_running_reqs{model_name="m",${labels}} 1\n`).server.role
    expect(roleIn('engine_type="prefill"')).toBe('prefill')
    expect(roleIn('engine_type="decode"')).toBe('decode')
    expect(roleIn('dynamo_component="VllmDecodeWorker"')).toBe('decode')
    expect(roleIn('kv_role="kv_producer"')).toBe('prefill')
    expect(roleIn('engine_type="unified"')).toBeUndefined()
    expect(roleIn('role="prefill-decode"')).toBeUndefined()
  })

  it('adds up what ended at TGI, which names no model', () => {
    const around = new Map([
      ['model', 'mistral'],
      ['pod', 'tgi-0'],
      ['namespace', 'n'],
    ])
    const [planned] = read(
      `
tgi_request_input_length_sum 300
tgi_request_generated_tokens_sum 200
tgi_request_success{kind="generate"} 9
tgi_request_failure{err="overloaded"} 1
tgi_request_duration_bucket{le="1"} 4
tgi_request_duration_bucket{le="+Inf"} 9
`,
      {},
      around,
    )
    expect(planned?.sample).toMatchObject({
      server: { id: 'n/tgi-0:8000', namespace: 'n', pod: 'tgi-0', model: 'mistral', engine: 'TGI' },
      counters: { input: 300, output: 200, requests: 10, errors: 1 },
      histograms: { duration: { bounds: [1], counts: [4, 5] } },
    })
  })

  it('marks Dynamo as a frontend', () => {
    const [planned] = read(`
dynamo_frontend_requests_total{model="m",endpoint="chat_completions",request_type="stream",status="success"} 8
dynamo_frontend_requests_total{model="m",endpoint="chat_completions",request_type="stream",status="error"} 2
dynamo_frontend_output_tokens_total{model="m"} 70
dynamo_frontend_output_sequence_tokens_sum{model="m"} 66
`)
    expect(planned).toMatchObject({
      tier: 'frontend',
      sample: { counters: { requests: 10, errors: 2, output: 70 } },
    })
  })

  it('gives what names no model to the one model that is named', () => {
    const sample = only(
      `
vllm:prompt_tokens_total{model_name="m"} 100
my_queue 4
`,
      { names: { my_queue: 'waiting' } },
    )
    expect(sample).toMatchObject({ server: { model: 'm' }, counters: { input: 100 }, gauges: { waiting: 4 } })
  })

  it('survives buckets out of order, falling ones, and labels that are hostile', () => {
    const sample = only(`
vllm:e2e_request_latency_seconds_bucket{model_name="\u0007__proto__",le="+Inf"} 9
vllm:e2e_request_latency_seconds_bucket{model_name="\u0007__proto__",le="1.0"} 7
vllm:e2e_request_latency_seconds_bucket{model_name="\u0007__proto__",le="0.5"} 8
vllm:e2e_request_latency_seconds_bucket{model_name="\u0007__proto__",le="what"} 3
`)
    expect(sample.histograms.duration).toEqual({ bounds: [0.5], counts: [8, 1] })
    expect(sample.server.model).toBe('\ufffd__proto__')
  })

  const scrapes = realScrapes()
  it('reads a real vLLM scrape', ({ skip }) => {
    skip(!scrapes.present, scrapes.reason)
    const [planned, ...more] = read(readFileSync(`${scrapes.path}vllm-scrape.prom`))
    expect(more).toEqual([])
    expect(planned?.sample).toMatchObject({
      server: { engine: 'vLLM', model: 'Qwen/Qwen2.5-0.5B-Instruct' },
      counters: { input: 0, output: 0, cachedInput: 0, requests: 0, errors: 0 },
      gauges: { running: 0, waiting: 0, kvCache: 0 },
    })
    const { duration, timeToFirstToken, interToken } = planned?.sample.histograms ?? {}
    for (const histogram of [duration, timeToFirstToken, interToken]) {
      expect(histogram?.counts).toHaveLength((histogram?.bounds.length ?? 0) + 1)
      expect(histogram?.bounds.length).toBeGreaterThan(10)
    }
    expect(timeToFirstToken?.bounds[0]).toBe(0.001)
  })
})
