import { terms } from './term.ts'

const METERING = 'the metering (`/v1/usage`), or the inference servers where it does not say'

/** Tokens and requests: what is counted, and by whom. */
export const USAGE_TERMS = terms({
  tokens: {
    name: 'Tokens',
    meaning: 'Input and output tokens together.',
    formula: 'input + output',
    unit: 'tok/s, tok',
    source: METERING,
  },
  input: {
    name: 'Input',
    meaning: 'Prompt tokens, cached ones included.',
    unit: 'tok/s, tok',
    source: METERING,
  },
  output: {
    name: 'Output',
    meaning: 'Generated tokens, reasoning included.',
    unit: 'tok/s, tok',
    source: METERING,
  },
  cachedInput: {
    name: 'Cached input',
    meaning: 'The part of input that came from a cache. It is never added to input.',
    unit: 'tok/s, tok',
    source: METERING,
  },
  reasoning: {
    name: 'Reasoning',
    meaning: 'The part of output that was spent on reasoning. It is never added to output.',
    unit: 'tok/s, tok',
    source: 'the metering (`/v1/usage`)',
  },
  requests: { name: 'Requests', meaning: 'Requests that ended.', unit: 'req/s, req', source: METERING },
  errors: { name: 'Errors', meaning: 'Requests that failed.', unit: 'req/s, req', source: METERING },
  errorTokens: {
    name: 'Error tokens',
    meaning: 'Tokens spent on requests that failed.',
    unit: 'tok/s, tok',
    source: 'the metering (`/v1/usage`)',
  },
  rejected: {
    name: 'Rejected',
    meaning: 'Requests that a limit refused.',
    unit: 'req/s, req',
    source: 'the metering (`/v1/usage`)',
  },
  served: {
    name: 'Served',
    meaning: 'Tokens that the inference servers say they processed. They know no tenant.',
    formula: 'sum of increases of the servers’ counters, restarts counted from zero',
    unit: 'tok/s, tok',
    source: 'for vLLM `vllm:prompt_tokens_total` + `vllm:generation_tokens_total`; other engines alike',
  },
  metered: {
    name: 'Metered',
    meaning: 'Tokens that were recorded for a tenant, and can be billed.',
    unit: 'tok/s, tok',
    source: 'the metering (`/v1/usage`)',
  },
  drift: {
    name: 'Drift',
    meaning: 'Served less metered tokens. Above zero, tokens were given away.',
    formula: 'served − metered; as a share: (served − metered) ÷ served',
    unit: 'tok, %',
    source: 'whole windows of both sides that ended before the metering’s lag (`drift.window`, `drift.lag`)',
  },
  unjoined: {
    name: 'Not mapped to a GPU',
    meaning: 'Served tokens of servers whose pod or host is not on the floor, so that no GPU type is known.',
    unit: 'tok/s, %',
    source: 'labels of the inference servers against those of the exporters',
  },
  kvCache: {
    name: 'KV cache',
    meaning: 'Share of a server’s key-value cache that is in use. Near 100 % requests wait.',
    formula: 'mean over servers, and the fullest of all',
    unit: '%',
    source: 'for vLLM `vllm:kv_cache_usage_perc`; other engines alike',
  },
})
