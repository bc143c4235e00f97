import { describe, expect, it } from 'vitest'
import { INFERENCE_SIGNALS, signalProblem } from '../../../shared/model/inference.ts'
import { createMapping, ENGINES, isHistogramSignal, MappingError } from './mapping.ts'

describe('createMapping', () => {
  const mapping = createMapping()

  it('reads what has a rule, in both spellings, and what others only count beside', () => {
    for (const name of [
      'vllm:generation_tokens_total',
      'vllm_generation_tokens_total',
      'num_requests_running',
    ]) {
      expect(mapping.reads(name)).toBe(true)
    }
    for (const name of ['python_gc_objects_collected_total', 'vllm:iteration_tokens_total_bucket', '']) {
      expect(mapping.reads(name)).toBe(false)
    }
    expect(createMapping({ my_tokens_total: 'output' }).reads('my_tokens_total')).toBe(true)
  })
  const signals = (name: string) => [...new Set(mapping.rulesOf(name).flatMap((rule) => rule.signals))]

  it.each([
    ['vllm:prompt_tokens_total', ['input']],
    ['vllm_prompt_tokens_total', ['input']],
    ['vllm:gpu_cache_usage_perc', ['kvCache']],
    ['vllm:time_per_output_token_seconds_bucket', ['interToken']],
    ['vllm:request_success_total', ['requests', 'errors']],
    ['sglang:num_queue_reqs', ['waiting']],
    ['trtllm_generation_tokens_total', ['output']],
    ['dynamo_frontend_output_tokens_total', ['output']],
    ['tgi_request_failure', ['requests', 'errors']],
    ['nv_inference_request_failure', ['requests', 'errors']],
    ['e2e_request_latency_seconds_bucket', ['duration']],
    // A histogram speaks by its buckets alone.
    ['vllm:e2e_request_latency_seconds', []],
    ['vllm:e2e_request_latency_seconds_sum', []],
    ['process_cpu_seconds_total', []],
  ])('reads %s as %j', (name, expected) => {
    expect(signals(name)).toEqual(expected)
  })

  it('knows every series by one rule a signal, rank and engine', () => {
    for (const { engine, rules } of ENGINES) {
      const said = rules.flatMap(({ series, signals, rank }) =>
        signals.map((signal) => `${series} ${signal} ${rank}`),
      )
      expect([engine, new Set(said).size]).toEqual([engine, said.length])
      expect(rules.every(({ signals }) => signals.every((one) => INFERENCE_SIGNALS.includes(one)))).toBe(true)
    }
  })

  it('gives every engine that counts tokens both directions', () => {
    for (const { engine, rules } of ENGINES) {
      const said = new Set(rules.flatMap((rule) => rule.signals))
      expect([engine, said.has('input')]).toEqual([engine, said.has('output')])
    }
  })

  it('takes names of the site, with the unit that they carry', () => {
    const own = createMapping({
      my_prompt_tokens_total: 'input',
      my_latency_milliseconds: 'duration',
      my_ttft_seconds_bucket: 'timeToFirstToken',
      my_cache_percent: 'kvCache',
    })
    expect(own.rulesOf('my_prompt_tokens_total')[0]).toMatchObject({ signals: ['input'], rank: 0, scale: 1 })
    expect(own.rulesOf('my_latency_milliseconds_bucket')[0]).toMatchObject({ scale: 0.001 })
    expect(own.rulesOf('my_ttft_seconds_bucket')[0]).toMatchObject({ series: 'my_ttft_seconds' })
    expect(own.rulesOf('my_cache_percent')[0]).toMatchObject({ scale: 0.01 })
  })

  it('refuses a signal that does not exist and lists those that do', () => {
    expect(() => createMapping({ my_tokens_total: 'tokens' })).toThrow(MappingError)
    expect(() => createMapping({ my_tokens_total: 'tokens' })).toThrow(
      /inference\.names: "tokens" is no signal .* expected one of input, output, cachedInput/,
    )
    expect(signalProblem('my tokens', 'input')).toContain('is no name of a series')
    expect(signalProblem('my_tokens_total', 'input')).toBeNull()
    expect(signalProblem('x', 'toString')).toContain('is no signal')
    expect(isHistogramSignal('input')).toBe(false)
  })
})
