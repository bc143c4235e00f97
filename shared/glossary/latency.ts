import { terms } from './term.ts'

/** How fast requests are answered: quantiles of histograms, p50, p90, p95 and p99. */
export const LATENCY_TERMS = terms({
  timeToFirstToken: {
    name: 'Time to first token',
    short: 'TTFT',
    meaning: 'From the arrival of a request to its first token.',
    unit: 'ms, s',
    source: 'for vLLM `vllm:time_to_first_token_seconds`; the metering per tenant',
  },
  interToken: {
    name: 'Inter-token latency',
    short: 'ITL',
    meaning: 'Between two tokens of one answer.',
    unit: 'ms',
    source: 'for vLLM `vllm:inter_token_latency_seconds`; the metering per tenant',
  },
  timePerOutputToken: {
    name: 'Time per output token',
    short: 'TPOT',
    meaning:
      'Mean of the inter-token latency over one request. Engines that call their inter-token histogram so are shown under inter-token latency.',
    formula: '(end-to-end latency − TTFT) ÷ (output tokens − 1)',
    unit: 'ms',
    source: 'for vLLM before 0.13 `vllm:time_per_output_token_seconds`',
  },
  duration: {
    name: 'End-to-end latency',
    short: 'E2E',
    meaning: 'From the arrival of a request to its last token.',
    unit: 'ms, s',
    source: 'for vLLM `vllm:e2e_request_latency_seconds`; the metering per tenant',
  },
  quantile: {
    name: 'p50, p90, p95, p99',
    meaning:
      'The time within which 50, 90, 95 or 99 % of requests were answered. Quantiles of several servers are computed of their summed histograms, never averaged.',
    formula: 'interpolated within the bucket that holds the quantile; “> 10 s” beyond the last bound',
    unit: 'ms, s',
    source: 'histograms (`_bucket`)',
  },
})
