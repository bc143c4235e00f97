import { NIM_FIRST_TOKEN_SECONDS, NIM_REQUEST_SECONDS, NIM_TOKEN_SECONDS, TOKEN_SIZES } from './bounds.ts'
import { processFamilies } from './process.ts'
import { counter, type Family, gauge, histogram } from './sheet.ts'

/** The default of the engine inside. */
const MOST_REQUESTS = 256

/**
 * What NVIDIA NIM for LLMs prints at /v1/metrics: vLLM's figures without a prefix, one label, other bounds, the limit of
 * concurrent requests, and requests by how they ended. It switches `_created` off.
 */
export function nimFamilies(modelName: string): Family[] {
  const labels = { model_name: modelName }
  const finished = (reason: string) => ({ ...labels, finished_reason: reason })
  return [
    ...processFamilies(),
    ...gauge(
      'num_requests_running',
      'Number of requests currently running on GPU.',
      labels,
      ({ running }) => running,
    ),
    ...gauge(
      'num_requests_waiting',
      'Number of requests waiting to be processed.',
      labels,
      ({ waiting }) => waiting,
    ),
    ...gauge('num_request_max', 'Max number of concurrently running requests.', labels, () => MOST_REQUESTS),
    ...gauge(
      'gpu_cache_usage_perc',
      'GPU KV-cache usage. 1 means 100 percent usage.',
      labels,
      ({ kvCache }) => kvCache,
    ),
    ...counter('prompt_tokens', 'Number of prefill tokens processed.', [[labels, ({ input }) => input]]),
    ...counter('generation_tokens', 'Number of generation tokens processed.', [
      [labels, ({ output }) => output],
    ]),
    ...histogram(
      'time_to_first_token_seconds',
      'Histogram of time to first token in seconds.',
      labels,
      NIM_FIRST_TOKEN_SECONDS,
      ({ timeToFirstToken }) => timeToFirstToken,
    ),
    ...histogram(
      'time_per_output_token_seconds',
      'Histogram of time per output token in seconds.',
      labels,
      NIM_TOKEN_SECONDS,
      ({ interToken }) => interToken,
    ),
    ...histogram(
      'e2e_request_latency_seconds',
      'Histogram of end to end request latency in seconds.',
      labels,
      NIM_REQUEST_SECONDS,
      ({ duration }) => duration,
    ),
    ...histogram(
      'request_prompt_tokens',
      'Number of prefill tokens processed.',
      labels,
      TOKEN_SIZES,
      ({ derived }) => derived.promptSizes,
    ),
    ...histogram(
      'request_generation_tokens',
      'Number of generation tokens processed.',
      labels,
      TOKEN_SIZES,
      ({ derived }) => derived.outputSizes,
    ),
    ...counter('request_success', 'Count of successfully processed requests.', [
      [labels, ({ requests, errors }) => requests - errors],
    ]),
    ...counter('request_failure', 'Count of failed requests.', [[labels, ({ errors }) => errors]]),
    ...counter('request_finish', 'Count of finished requests by reason.', [
      [finished('stop'), ({ requests, errors }) => requests - errors],
      [finished('error'), ({ errors }) => errors],
    ]),
  ]
}
