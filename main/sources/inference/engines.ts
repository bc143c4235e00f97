import type { EngineRules, Rule } from './rules.ts'

/**
 * The series of each engine. Where a name changed, the version stands beside it; both stay, because floors run several
 * versions at once.
 */

function rule(series: string, signal: Rule['signals'][number], rank = 1, more: Partial<Rule> = {}): Rule {
  return { series, signals: [signal], rank, ...more }
}

/**
 * A client that left or cancelled: neither an answered request nor a failure of the server. A gateway that tries twice
 * aborts the slower half, and what it aborts is counted where it ends.
 */
const ABORTED = { label: 'finished_reason', values: ['abort'] } as const
const FAILED = { label: 'finished_reason', values: ['error'] } as const

/** https://docs.vllm.ai/en/latest/usage/metrics/ and vllm/v1/metrics/loggers.py; one series per `engine` (data parallel). */
export const VLLM: EngineRules = {
  engine: 'vLLM',
  tier: 'server',
  modelLabel: 'model_name',
  // Several API servers (--api-server-count) each tell the cache of the engine as they last heard of it, by `pid`: those
  // that heard nothing say 0 (0.11.1 and before).
  ranks: { apart: ['engine'], repeated: ['pid'] },
  rules: [
    rule('vllm:prompt_tokens_total', 'input'),
    rule('vllm:generation_tokens_total', 'output'),
    rule('vllm:prompt_tokens_by_source_total', 'cachedInput', 1, {
      where: { label: 'source', values: ['local_cache_hit'] },
    }),
    // From a prefill server that has counted the same prompt, or from a store of caches: roles.ts distinguishes them.
    rule('vllm:prompt_tokens_by_source_total', 'transferredInput', 1, {
      where: { label: 'source', values: ['external_kv_transfer'] },
    }),
    // Holds what was transferred as well: only where the sources are not distinguished.
    rule('vllm:prompt_tokens_cached_total', 'cachedInput', 2),
    // In tokens under this name (0.9.2 and later); what a preempted request asks again is counted again.
    rule('vllm:prefix_cache_hits_total', 'cachedInput', 3),
    rule('vllm:request_success_total', 'requests', 1, { unless: ABORTED }),
    rule('vllm:request_success_total', 'errors', 1, { where: FAILED }),
    // Ray before 2.10 exports its counters as gauges under these names, later ones beside the counters.
    rule('vllm:prompt_tokens', 'input', 9),
    rule('vllm:generation_tokens', 'output', 9),
    rule('vllm:request_success', 'requests', 9, { unless: ABORTED }),
    rule('vllm:request_success', 'errors', 9, { where: FAILED }),
    rule('vllm:num_requests_running', 'running'),
    rule('vllm:num_requests_waiting', 'waiting'),
    rule('vllm:kv_cache_usage_perc', 'kvCache'),
    // Renamed in 0.9.2, both until 0.11, gone in 0.12. A ratio in spite of its name, as the new one is.
    rule('vllm:gpu_cache_usage_perc', 'kvCache', 2),
    rule('vllm:e2e_request_latency_seconds', 'duration'),
    rule('vllm:time_to_first_token_seconds', 'timeToFirstToken'),
    rule('vllm:inter_token_latency_seconds', 'interToken'),
    // Renamed in 0.11, hidden in 0.12, gone in 0.13.
    rule('vllm:time_per_output_token_seconds', 'interToken', 2),
  ],
}

/** The router of vLLM's production stack, beside the gauges of its servers, which it shows again (see roles.ts). */
export const VLLM_ROUTER: EngineRules = {
  engine: 'vLLM router',
  tier: 'frontend',
  modelLabel: 'model',
  rules: [
    rule('vllm:input_tokens_total', 'input'),
    rule('vllm:output_tokens_total', 'output'),
    rule('vllm:request_latency_seconds', 'duration'),
  ],
}

/**
 * NIM for LLMs 1.x, at /v1/metrics, without a prefix; NIM 2 has vLLM's names.
 * https://docs.nvidia.com/nim/large-language-models/latest/observability.html
 */
export const NIM: EngineRules = {
  engine: 'NIM',
  tier: 'server',
  modelLabel: 'model_name',
  // `prompt_tokens_total` may be anybody's.
  beside: 'num_requests_running',
  rules: [
    rule('prompt_tokens_total', 'input'),
    rule('generation_tokens_total', 'output'),
    rule('request_finish_total', 'requests', 1, { unless: ABORTED }),
    rule('request_success_total', 'requests', 2, { unless: ABORTED }),
    rule('request_failure_total', 'errors'),
    rule('request_finish_total', 'errors', 2, { where: FAILED }),
    rule('num_requests_running', 'running'),
    rule('num_requests_waiting', 'waiting'),
    rule('kv_cache_usage_perc', 'kvCache'),
    rule('gpu_cache_usage_perc', 'kvCache', 2),
    rule('e2e_request_latency_seconds', 'duration'),
    rule('time_to_first_token_seconds', 'timeToFirstToken'),
    rule('inter_token_latency_seconds', 'interToken'),
    rule('time_per_output_token_seconds', 'interToken', 2),
  ],
}

const WHOLE_QUEUE = { label: 'priority', values: [''] } as const

/** https://docs.sglang.io/references/production_metrics.html; needs --enable-metrics. */
export const SGLANG: EngineRules = {
  engine: 'SGLang',
  tier: 'server',
  modelLabel: 'model_name',
  // With --enable-metrics-for-all-schedulers every rank repeats the gauges of its data-parallel one. Under DP attention
  // a data-parallel rank has requests of its own, and its tensor rank is then its own as well.
  ranks: { apart: ['dp_rank'], repeated: ['tp_rank', 'pp_rank', 'moe_ep_rank'] },
  rules: [
    rule('sglang:prompt_tokens_total', 'input'),
    rule('sglang:generation_tokens_total', 'output'),
    // Newer versions say the source; a token comes from one source alone.
    rule('sglang:cached_tokens_total', 'cachedInput'),
    rule('sglang:num_requests_total', 'requests'),
    // sglang:num_aborted_requests_total is clients that left.
    // With --enable-priority-scheduling the queue of each priority stands beside the total, under the same name.
    rule('sglang:num_running_reqs', 'running', 1, { where: WHOLE_QUEUE }),
    rule('sglang:num_queue_reqs', 'waiting', 1, { where: WHOLE_QUEUE }),
    // Where somebody has left the total out, the priorities are all there is.
    rule('sglang:num_running_reqs', 'running', 2, { unless: WHOLE_QUEUE }),
    rule('sglang:num_queue_reqs', 'waiting', 2, { unless: WHOLE_QUEUE }),
    rule('sglang:token_usage', 'kvCache'),
    rule('sglang:e2e_request_latency_seconds', 'duration'),
    rule('sglang:time_to_first_token_seconds', 'timeToFirstToken'),
    rule('sglang:inter_token_latency_seconds', 'interToken'),
    // What earlier versions call it.
    rule('sglang:time_per_output_token_seconds', 'interToken', 2),
  ],
}

/** A client that left, as TensorRT-LLM names it. */
const LEFT = { label: 'finished_reason', values: ['cancelled'] } as const

/**
 * trtllm-serve from 1.3 on, and TensorRT-LLM under Dynamo; tensorrt_llm/metrics/collector.py. Before that its names had no
 * prefix and it counted no tokens.
 */
export const TENSORRT_LLM: EngineRules = {
  engine: 'TensorRT-LLM',
  tier: 'server',
  modelLabel: 'model_name',
  rules: [
    rule('trtllm:prompt_tokens_total', 'input'),
    rule('trtllm:generation_tokens_total', 'output'),
    rule('trtllm:prompt_cached_tokens_total', 'cachedInput'),
    rule('trtllm:request_success_total', 'requests', 1, { unless: LEFT }),
    { series: 'trtllm:request_error_total', signals: ['requests', 'errors'], rank: 1 },
    rule('trtllm:num_requests_running', 'running'),
    rule('trtllm:num_requests_waiting', 'waiting'),
    rule('trtllm:kv_cache_utilization', 'kvCache'),
    rule('trtllm:e2e_request_latency_seconds', 'duration'),
    rule('trtllm:time_to_first_token_seconds', 'timeToFirstToken'),
    // The mean of each request without its first token; it has none of single tokens.
    rule('trtllm:time_per_output_token_seconds', 'interToken'),
  ],
}

/** A client that left, as Dynamo counts it: among its errors. */
const CANCELLED = { label: 'error_type', values: ['cancelled'] } as const

/**
 * Dynamo's frontend; its workers expose the series of their engine beside dynamo_component_*.
 * https://docs.nvidia.com/dynamo/latest/reference/observability/metrics-catalog and lib/runtime/src/metrics/prometheus_names.rs
 */
export const DYNAMO: EngineRules = {
  engine: 'Dynamo',
  tier: 'frontend',
  modelLabel: 'model',
  rules: [
    // A histogram of requests' lengths; its sum is the tokens.
    rule('dynamo_frontend_input_sequence_tokens_sum', 'input'),
    // Counts while it generates; earlier versions have the histogram alone, which counts once a request has ended.
    rule('dynamo_frontend_output_tokens_total', 'output'),
    rule('dynamo_frontend_output_sequence_tokens_sum', 'output', 2),
    rule('dynamo_frontend_cached_tokens_sum', 'cachedInput'),
    rule('dynamo_frontend_requests_total', 'requests', 1, { unless: CANCELLED }),
    rule('dynamo_frontend_requests_total', 'errors', 1, {
      where: { label: 'status', values: ['error'] },
      unless: CANCELLED,
    }),
    // Queued ones included.
    rule('dynamo_frontend_active_requests', 'running'),
    // What earlier versions call it; deprecated beside the other.
    rule('dynamo_frontend_inflight_requests', 'running', 2),
    rule('dynamo_frontend_queued_requests', 'waiting'),
    rule('dynamo_frontend_request_duration_seconds', 'duration'),
    rule('dynamo_frontend_time_to_first_token_seconds', 'timeToFirstToken'),
    rule('dynamo_frontend_inter_token_latency_seconds', 'interToken'),
  ],
}

/**
 * https://huggingface.co/docs/text-generation-inference/reference/metrics. It names no model and has no time to first
 * token; `tgi_request_count` counts requests that come in, so the ended ones are added up instead.
 */
export const TGI: EngineRules = {
  engine: 'TGI',
  tier: 'server',
  modelLabel: null,
  rules: [
    rule('tgi_request_input_length_sum', 'input'),
    rule('tgi_request_generated_tokens_sum', 'output'),
    rule('tgi_request_success', 'requests'),
    { series: 'tgi_request_failure', signals: ['requests', 'errors'], rank: 1 },
    rule('tgi_batch_current_size', 'running'),
    rule('tgi_queue_size', 'waiting'),
    rule('tgi_request_duration', 'duration'),
    // tgi_request_mean_time_per_token_duration is no inter-token latency: it divides the prefill's time as well.
  ],
}

/**
 * https://docs.nvidia.com/deeplearning/triton-inference-server/user-guide/docs/user_guide/metrics.html. Counts requests,
 * no tokens; with the vLLM backend it exposes vLLM's series beside these.
 */
export const TRITON: EngineRules = {
  engine: 'Triton',
  tier: 'server',
  modelLabel: 'model',
  rules: [
    rule('nv_inference_request_success', 'requests', 2),
    { series: 'nv_inference_request_failure', signals: ['requests', 'errors'], rank: 2 },
    rule('nv_inference_pending_request_count', 'waiting', 2),
    // nv_inference_first_response_histogram_ms is no time to first token: without streaming it is the whole request.
  ],
}
