import {
  FIRST_TOKEN_SECONDS,
  HTTP_FEW_SECONDS,
  HTTP_SECONDS,
  REQUEST_SECONDS,
  SAMPLES,
  STEP_TOKENS,
  TOKEN_SECONDS,
  TOKEN_SIZES,
} from './bounds.ts'
import type { PrintedHistogram } from './histograms.ts'
import { processFamilies } from './process.ts'
import { counter, type Family, gauge, histogram, type Labels, type Reading, withCreated } from './sheet.ts'
import type { ServerView } from './view.ts'

/** What clients of the demo ask for at most when they say how long an answer may be. */
const ASKED_TOKENS = 4096
/** One answer in twelve ends because it is long enough, the others because they are complete. */
const CUT_SHARE = 1 / 12
const nothing: Reading = () => 0

/**
 * Every family that vLLM 0.1x prints, in its order and words. What the demo does not simulate (multi-modal caches, KV
 * transfer, FLOPS estimates) is 0, as it is on a server that does not use it.
 * @param modelName what the server calls the model
 * @param handler path of the API that its clients call
 */
export function vllmFamilies(modelName: string, handler: string): Family[] {
  const labels = { engine: '0', model_name: modelName }
  const one = (name: string, help: string, reading: Reading) =>
    counter(`vllm:${name}`, help, [[labels, reading]])
  const by = (name: string, help: string, label: string, rows: Readonly<Record<string, Reading>>) => {
    const entries = Object.entries(rows).map(
      ([value, reading]) => [{ ...labels, [label]: value }, reading] as const,
    )
    return counter(`vllm:${name}`, help, entries)
  }
  const now = (name: string, help: string, reading: Reading, more: Labels = {}) =>
    gauge(`vllm:${name}`, help, { ...labels, ...more }, reading)
  const spread = (
    name: string,
    help: string,
    bounds: readonly number[],
    of: (view: ServerView) => PrintedHistogram,
  ) => histogram(`vllm:${name}`, help, labels, bounds, of)
  const flops = '(for Model Flops Utilization calculations).'

  const families = [
    ...one(
      'estimated_flops_per_gpu',
      `Estimated number of floating point operations per GPU ${flops}`,
      nothing,
    ),
    ...one(
      'estimated_read_bytes_per_gpu',
      `Estimated number of bytes read from memory per GPU ${flops}`,
      nothing,
    ),
    ...one(
      'estimated_write_bytes_per_gpu',
      `Estimated number of bytes written to memory per GPU ${flops}`,
      nothing,
    ),
    ...now(
      'num_requests_running',
      'Number of requests in model execution batches.',
      ({ running }) => running,
    ),
    ...now('num_requests_waiting', 'Number of requests waiting to be processed.', ({ waiting }) => waiting),
    sleepState(labels),
    ...now('kv_cache_usage_perc', 'KV-cache usage. 1 means 100 percent usage.', ({ kvCache }) => kvCache),
    ...one(
      'prefix_cache_queries',
      'Prefix cache queries, in terms of number of queried tokens.',
      ({ input }) => input,
    ),
    ...one(
      'prefix_cache_hits',
      'Prefix cache hits, in terms of number of cached tokens.',
      ({ cachedInput }) => cachedInput,
    ),
    ...one(
      'external_prefix_cache_queries',
      `External prefix cache queries ${CONNECTOR} queried tokens.`,
      nothing,
    ),
    ...one('external_prefix_cache_hits', `External prefix cache hits ${CONNECTOR} cached tokens.`, nothing),
    ...one('mm_cache_queries', 'Multi-modal cache queries, in terms of number of queried items.', nothing),
    ...one('mm_cache_hits', 'Multi-modal cache hits, in terms of number of cached items.', nothing),
    ...one('num_preemptions', 'Cumulative number of preemption from the engine.', nothing),
    ...one('prompt_tokens', 'Number of prefill tokens processed.', ({ input }) => input),
    ...by('prompt_tokens_by_source', 'Number of prompt tokens by source.', 'source', {
      local_compute: ({ input, cachedInput }) => input - cachedInput,
      local_cache_hit: ({ cachedInput }) => cachedInput,
      external_kv_transfer: nothing,
    }),
    ...one(
      'prompt_tokens_cached',
      'Number of cached prompt tokens (local + external).',
      ({ cachedInput }) => cachedInput,
    ),
    ...one('prompt_tokens_recomputed', 'Number of cached tokens recomputed for forward pass.', nothing),
    ...one('generation_tokens', 'Number of generation tokens processed.', ({ output }) => output),
    ...by('request_success', 'Count of successfully processed requests.', 'finished_reason', {
      stop: (view) => succeeded(view) - cut(view),
      length: cut,
      abort: nothing,
      error: ({ errors }) => errors,
      repetition: nothing,
    }),
    ...spread(
      'request_prompt_tokens',
      'Number of prefill tokens processed.',
      TOKEN_SIZES,
      ({ derived }) => derived.promptSizes,
    ),
    ...spread(
      'request_generation_tokens',
      'Number of generation tokens processed.',
      TOKEN_SIZES,
      ({ derived }) => derived.outputSizes,
    ),
    ...spread(
      'iteration_tokens_total',
      'Histogram of number of tokens per engine_step.',
      STEP_TOKENS,
      ({ derived }) => derived.stepTokens,
    ),
    ...spread(
      'request_max_num_generation_tokens',
      'Histogram of maximum number of requested generation tokens.',
      TOKEN_SIZES,
      ({ derived }) => derived.outputSizes,
    ),
    ...spread('request_params_n', 'Histogram of the n request parameter.', SAMPLES, ({ requests }) =>
      always(1, requests),
    ),
    ...spread(
      'request_params_max_tokens',
      'Histogram of the max_tokens request parameter.',
      TOKEN_SIZES,
      ({ requests }) => always(ASKED_TOKENS, requests),
    ),
    ...spread(
      'time_to_first_token_seconds',
      'Histogram of time to first token in seconds.',
      FIRST_TOKEN_SECONDS,
      ({ timeToFirstToken }) => timeToFirstToken,
    ),
    ...spread(
      'inter_token_latency_seconds',
      'Histogram of inter-token latency in seconds.',
      TOKEN_SECONDS,
      ({ interToken }) => interToken,
    ),
    ...spread(
      'request_time_per_output_token_seconds',
      'Histogram of time_per_output_token_seconds per request.',
      TOKEN_SECONDS,
      ({ derived }) => derived.perOutputToken,
    ),
    ...spread(
      'e2e_request_latency_seconds',
      'Histogram of e2e request latency in seconds.',
      REQUEST_SECONDS,
      ({ duration }) => duration,
    ),
    ...spread(
      'request_queue_time_seconds',
      phase('WAITING'),
      REQUEST_SECONDS,
      ({ derived }) => derived.queued,
    ),
    ...spread(
      'request_inference_time_seconds',
      phase('RUNNING'),
      REQUEST_SECONDS,
      ({ derived }) => derived.inferring,
    ),
    ...spread(
      'request_prefill_time_seconds',
      phase('PREFILL'),
      REQUEST_SECONDS,
      ({ derived }) => derived.prefilling,
    ),
    ...spread(
      'request_decode_time_seconds',
      phase('DECODE'),
      REQUEST_SECONDS,
      ({ derived }) => derived.decoding,
    ),
    ...spread(
      'request_prefill_kv_computed_tokens',
      'Histogram of new KV tokens computed during prefill (excluding cached tokens).',
      TOKEN_SIZES,
      ({ derived }) => derived.computedSizes,
    ),
    cacheConfig(),
    ...httpFamilies(handler),
  ]
  return [...processFamilies(), ...withCreated(families)]
}

const CONNECTOR = 'from KV connector cross-instance cache sharing, in terms of number of'

function phase(name: string): string {
  return `Histogram of time spent in ${name} phase for request.`
}

function succeeded({ requests, errors }: ServerView): number {
  return requests - errors
}

function cut(view: ServerView): number {
  return Math.floor(succeeded(view) * CUT_SHARE)
}

/** Every observation was the same. */
function always(value: number, count: number): PrintedHistogram {
  return { count, sum: value * count, upTo: (bound) => (bound >= value ? count : 0) }
}

function sleepState(labels: Labels): Family {
  const name = 'vllm:engine_sleep_state'
  const help =
    'Engine sleep state; awake = 0 means engine is sleeping; awake = 1 means engine is awake; ' +
    'weights_offloaded = 1 means sleep level 1; discard_all = 1 means sleep level 2.'
  const samples = ['awake', 'weights_offloaded', 'discard_all'].map((state) => ({
    name,
    labels: { ...labels, sleep_state: state },
    reading: () => (state === 'awake' ? 1 : 0),
  }))
  return { name, help, type: 'gauge', samples }
}

/** One series whose labels are the engine's settings. */
function cacheConfig(): Family {
  const name = 'vllm:cache_config_info'
  const settings = {
    block_size: '16',
    cache_dtype: 'auto',
    calculate_kv_scales: 'False',
    cpu_kvcache_space_bytes: 'None',
    cpu_offload_gb: '0',
    cpu_offload_params: 'set()',
    enable_prefix_caching: 'True',
    engine: '0',
    gpu_memory_utilization: '0.9',
    is_attention_free: 'False',
    kv_cache_memory_bytes: 'None',
    kv_offloading_backend: 'native',
    kv_offloading_size: 'None',
    kv_sharing_fast_prefill: 'False',
    mamba_block_size: 'None',
    mamba_cache_dtype: 'auto',
    mamba_cache_mode: 'none',
    mamba_page_size_padded: 'None',
    mamba_ssm_cache_dtype: 'auto',
    num_cpu_blocks: 'None',
    num_gpu_blocks: '27463',
    num_gpu_blocks_override: 'None',
    prefix_caching_hash_algo: 'sha256',
    sliding_window: 'None',
    swap_space: '4.0',
  }
  return {
    name,
    help: 'Information of the LLMEngine CacheConfig',
    type: 'gauge',
    samples: [{ name, labels: settings, reading: () => 1 }],
  }
}

/** What the web framework in front of the engine counts. */
function httpFamilies(handler: string): Family[] {
  const duration = ({ duration: whole }: ServerView) => whole
  const sizes = (name: string, help: string, bytes: Reading): Family => ({
    name,
    help: `${help} by handler. Only value of header is respected. Otherwise ignored. No percentile calculated.`,
    type: 'summary',
    samples: [
      { name: `${name}_count`, labels: { handler }, reading: ({ requests }) => requests },
      { name: `${name}_sum`, labels: { handler }, reading: bytes },
    ],
  })
  const status = (code: string) => ({ handler, method: 'POST', status: code })
  return [
    ...counter('http_requests', 'Total number of requests by method, status and handler.', [
      [status('2xx'), succeeded],
      [status('5xx'), ({ errors }) => errors],
    ]),
    sizes('http_request_size_bytes', 'Content length of incoming requests', ({ input }) => input * 4),
    sizes('http_response_size_bytes', 'Content length of outgoing responses', ({ output }) => output * 5),
    ...histogram(
      'http_request_duration_highr_seconds',
      'Latency with many buckets but no API specific labels. Made for more accurate percentile calculations.',
      {},
      HTTP_SECONDS,
      duration,
    ),
    ...histogram(
      'http_request_duration_seconds',
      'Latency with only few buckets by handler. Made to be only used if aggregation by handler is important.',
      { handler, method: 'POST' },
      HTTP_FEW_SECONDS,
      duration,
    ),
  ]
}
