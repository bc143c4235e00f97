import type { RequestListener } from 'node:http'

/** A vLLM of one model that counts 1000 input and 100 output tokens with every scrape. */
export interface FakeVllm {
  readonly listener: RequestListener
  scrapes(): number
}

export function fakeVllm(model: string, path = '/metrics'): FakeVllm {
  let scrapes = 0
  return {
    scrapes: () => scrapes,
    listener(request, response) {
      if (request.url !== path) {
        response.writeHead(404).end()
        return
      }
      scrapes++
      const labels = `engine="0",model_name="${model}"`
      const buckets = ['0.1', '1.0', '+Inf'].map(
        (le, index) =>
          `vllm:time_to_first_token_seconds_bucket{${labels},le="${le}"} ${scrapes * ([8, 10, 10][index] ?? 0)}`,
      )
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' })
      response.end(
        [
          `vllm:num_requests_running{${labels}} 3`,
          `vllm:num_requests_waiting{${labels}} 1`,
          `vllm:kv_cache_usage_perc{${labels}} 0.5`,
          // Starts where DCGM would say "blank".
          `vllm:prompt_tokens_total{${labels}} ${2_147_482_632 + scrapes * 1000}`,
          `vllm:generation_tokens_total{${labels}} ${scrapes * 100}`,
          `vllm:request_success_total{${labels},finished_reason="stop"} ${scrapes * 9}`,
          `vllm:request_success_total{${labels},finished_reason="error"} ${scrapes}`,
          ...buckets,
          `vllm:time_to_first_token_seconds_count{${labels}} ${scrapes * 10}`,
          '',
        ].join('\n'),
      )
    },
  }
}
