import { afterEach, describe, expect, it } from 'vitest'
import { readConfig } from '../../main/config/load.ts'
import { requirement } from '../support/peers.ts'
import { startExposition } from '../support/exposition.ts'
import { startPrometheus } from '../support/prometheus.ts'
import type { Screen } from '../support/screen.ts'
import { watchEngine } from '../support/watchedEngine.ts'

/** Series as engines of 2025 and 2026 expose them, after their sources and public reports; names are made up. */

const endings: (() => unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end()
})

const PATIENCE_MS = 60_000
const prometheus = requirement('prometheus')
type Way = 'scraped' | 'through a Prometheus'

/** What each server exposes after so many requests of 100 tokens in and 10 out, and what is right to say of it. */
const SERVERS = {
  // sgl-project/sglang, SchedulerMetricsCollector._log_gauge_queue_count
  'sglang with priorities': {
    text: (n: number) => `
sglang:num_running_reqs{model_name="M",priority=""} 12
sglang:num_running_reqs{model_name="M",priority="0"} 9
sglang:num_running_reqs{model_name="M",priority="5"} 3
sglang:num_queue_reqs{model_name="M",priority=""} 4
sglang:num_queue_reqs{model_name="M",priority="5"} 4
sglang:token_usage{model_name="M",priority=""} 0.5
sglang:prompt_tokens_total{model_name="M",is_streaming="true"} ${n * 60}
sglang:prompt_tokens_total{model_name="M",is_streaming="false"} ${n * 40}
sglang:generation_tokens_total{model_name="M",is_streaming="true"} ${n * 10}
sglang:num_requests_total{model_name="M",is_streaming="true"} ${n}
`,
    queues: { running: 12, waiting: 4, kvCacheMost: 0.5 },
  },
  // vllm-project/vllm PR #28792: --api-server-count 3
  'vllm with three API servers': {
    text: (n: number) => `
${['0', '0.64', '0'].map((used, pid) => `vllm:kv_cache_usage_perc{engine="0",model_name="M",pid="${270 + pid}"} ${used}`).join('\n')}
vllm:num_requests_running{engine="0",model_name="M"} 7
vllm:num_requests_waiting{engine="0",model_name="M"} 0
vllm:prompt_tokens_total{engine="0",model_name="M"} ${n * 100}
vllm:prompt_tokens_created{engine="0",model_name="M"} 1.79e+09
vllm:generation_tokens_total{engine="0",model_name="M"} ${n * 10}
vllm:request_success_total{engine="0",finished_reason="stop",model_name="M"} ${n}
vllm:request_success_total{engine="0",finished_reason="abort",model_name="M"} ${n * 3}
`,
    queues: { running: 7, waiting: 0, kvCacheMost: 0.64, kvCache: 0.64 },
  },
  // ray-project/ray PR #64797: a worker for each rank of a replica
  'sglang under Ray': {
    text: (n: number) => `
${[0, 1].map((rank) => `ray_sglang_num_running_reqs{WorkerId="w${rank}",model_name="M",tp_rank="${rank}",pp_rank="0"} 5`).join('\n')}
${[0, 1].map((rank) => `ray_sglang_num_queue_reqs{WorkerId="w${rank}",model_name="M",tp_rank="${rank}",pp_rank="0"} 2`).join('\n')}
${[0, 1].map((rank) => `ray_sglang_token_usage{WorkerId="w${rank}",model_name="M",tp_rank="${rank}",pp_rank="0"} 0.25`).join('\n')}
ray_sglang_prompt_tokens_total{WorkerId="t",ReplicaId="r",model_name="M"} ${n * 100}
ray_sglang_generation_tokens_total{WorkerId="t",ReplicaId="r",model_name="M"} ${n * 10}
ray_sglang_num_requests_total{WorkerId="t",ReplicaId="r",model_name="M"} ${n}
`,
    queues: { running: 5, waiting: 2, kvCacheMost: 0.25, kvCache: 0.25 },
  },
  // NVIDIA/TensorRT-LLM PR #12545 and llm-d's table of engines
  'trtllm-serve': {
    text: (n: number) => `
trtllm_num_requests_running{engine_type="trtllm",model_name="M"} 3
trtllm_num_requests_waiting{engine_type="trtllm",model_name="M"} 1
trtllm_kv_cache_utilization{engine_type="trtllm",model_name="M"} 0.125
trtllm_prompt_tokens_total{engine_type="trtllm",model_name="M"} ${n * 100}
trtllm_generation_tokens_total{engine_type="trtllm",model_name="M"} ${n * 10}
trtllm_request_success_total{engine_type="trtllm",finished_reason="stop",model_name="M"} ${n}
trtllm_request_success_total{engine_type="trtllm",finished_reason="cancelled",model_name="M"} ${n * 2}
`,
    queues: { running: 3, waiting: 1, kvCacheMost: 0.125, kvCache: 0.125 },
  },
  // ai-dynamo/dynamo PR #7493: what clients cancel is an error of its own type
  'dynamo frontend': {
    text: (n: number) => `
dynamo_frontend_active_requests{model="M"} 6
dynamo_frontend_inflight_requests{model="M"} 6
dynamo_frontend_queued_requests{model="M"} 2
dynamo_frontend_input_sequence_tokens_sum{model="M",dynamo_namespace="a"} ${n * 60}
dynamo_frontend_input_sequence_tokens_sum{model="M",dynamo_namespace="b"} ${n * 40}
dynamo_frontend_output_tokens_total{model="M",dynamo_namespace="a"} ${n * 10}
dynamo_frontend_requests_total{model="M",status="success",error_type=""} ${n}
dynamo_frontend_requests_total{model="M",status="error",error_type="cancelled"} ${n * 4}
`,
    queues: { running: 6, waiting: 2 },
  },
} as const

const names = Object.keys(SERVERS) as (keyof typeof SERVERS)[]
/** A model of its own for each, so that one look distinguishes them. */
const modelOf = (name: keyof typeof SERVERS) => `model-${names.indexOf(name)}`

async function look(way: Way, targets: readonly string[]): Promise<Screen> {
  const inference =
    way === 'scraped'
      ? `inference: { static: [${targets.map((target) => `"${target}"`).join(', ')}], interval: 1s }`
      : await throughPrometheus(targets)
  const text = `version: 1
site: { name: Test hall, timezone: UTC }
exporters: { static: ["127.0.0.1:1"], interval: 5s }
${inference}
`
  const { screen, close } = watchEngine(readConfig(text, '/nowhere/site.yaml'))
  endings.push(close)
  return screen
}

async function throughPrometheus(targets: readonly string[]): Promise<string> {
  const running = await startPrometheus({ targets, scrapeInterval: '1s', job: 'inference' })
  endings.push(() => running.stop())
  return `prometheus: { url: "${running.url}" }\ninference: { interval: 1s }`
}

describe.each(['scraped', 'through a Prometheus'] as const)('engines of today, %s', (way) => {
  it('are read as they count', { timeout: 120_000 }, async ({ skip }) => {
    skip(way !== 'scraped' && !prometheus.present, prometheus.reason)
    const served = await Promise.all(
      names.map(async (name) => {
        const textAfter = (requests: number) =>
          SERVERS[name].text(requests).replaceAll('"M"', `"${modelOf(name)}"`)
        const exposition = await startExposition(textAfter(1000))
        endings.push(exposition.close)
        return { exposition, textAfter }
      }),
    )
    const screen = await look(
      way,
      served.map(({ exposition }) => exposition.address),
    )
    const watched = names.map((name) => ({
      name,
      overview: screen.watch('tokens.overview', { filters: { model: [modelOf(name)] }, limit: 5 }),
    }))
    for (const { name, overview } of watched) {
      const { servers } = await overview.until(
        `the queues of ${name}`,
        ({ servers: { running, waiting }, rates }) =>
          running !== null && waiting !== null && rates.output === 0,
        PATIENCE_MS,
      )
      expect([name, servers]).toEqual([name, expect.objectContaining(SERVERS[name].queues)])
    }
    for (const { exposition, textAfter } of served) exposition.set(textAfter(1200))
    for (const { name, overview } of watched) {
      const { rates } = await overview.until(
        `what ${name} served`,
        ({ rates: { output } }) => (output ?? 0) > 0,
        PATIENCE_MS,
      )
      expect([name, (rates.input ?? 0) / (rates.requests ?? 0)]).toEqual([name, expect.closeTo(100, 6)])
      expect([name, (rates.output ?? 0) / (rates.requests ?? 0)]).toEqual([name, expect.closeTo(10, 6)])
    }
  })
})

/** A prefill and a decode server of one request each a second: 3,000 tokens read, 500 written. */
const PART = (n: number, part: 'prefill' | 'decode') => {
  const [read, written, slow] = part === 'prefill' ? [0, n, 0] : [2999 * n, 500 * n, n]
  const buckets = (name: string, le: string, below: number) => `
vllm:${name}_bucket{engine="0",model_name="pd",le="${le}"} ${below}
vllm:${name}_bucket{engine="0",model_name="pd",le="+Inf"} ${n}
`
  return `
vllm:num_requests_running{engine="0",model_name="pd"} 1
vllm:prompt_tokens_total{engine="0",model_name="pd"} ${3000 * n}
vllm:prompt_tokens_by_source_total{engine="0",model_name="pd",source="external_kv_transfer"} ${read}
vllm:generation_tokens_total{engine="0",model_name="pd"} ${written}
vllm:request_success_total{engine="0",finished_reason="stop",model_name="pd"} ${n}
${buckets('time_to_first_token_seconds', '2.0', n - slow)}${buckets('e2e_request_latency_seconds', '2.0', n - slow)}`
}

describe.each(['scraped', 'through a Prometheus'] as const)('prefill and decode servers, %s', (way) => {
  it('give each latency of its own part of a request', { timeout: 120_000 }, async ({ skip }) => {
    skip(way !== 'scraped' && !prometheus.present, prometheus.reason)
    const servers = await Promise.all(
      (['prefill', 'decode'] as const).map(async (part) => {
        const exposition = await startExposition(PART(1000, part))
        endings.push(exposition.close)
        return { part, exposition }
      }),
    )
    const screen = await look(
      way,
      servers.map(({ exposition }) => exposition.address),
    )
    const watched = screen.watch('tokens.overview', { filters: {}, limit: 5 })
    await watched.until(
      'two servers',
      ({ servers: { count }, rates }) => count === 2 && rates.output === 0,
      PATIENCE_MS,
    )
    for (const { part, exposition } of servers) exposition.set(PART(1200, part))
    // Every first token came within 2 s where prompts are read; every answer took longer where it is written.
    const { latency } = await watched.until(
      'latencies by part',
      ({ latency: { timeToFirstToken, duration, note } }) =>
        timeToFirstToken !== null &&
        timeToFirstToken.beyond === null &&
        duration?.beyond === 2 &&
        note.includes('time to first token is that of the prefill servers'),
      PATIENCE_MS,
    )
    expect(latency.timeToFirstToken?.p99).toBeLessThanOrEqual(2)
    expect(latency.duration).toMatchObject({ p50: null, beyond: 2 })
    expect(latency.timeToFirstToken?.count).toBeLessThan(300)
  })
})
