import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { realScrapes } from '../../../test/support/peers.ts'
import {
  createTargetParser,
  DEFAULT_SCRAPE_LIMITS,
  type ParsedScrape,
} from '../../sources/exposition/index.ts'
import { readTargetGroups } from '../../sources/exposition/targets/groups.ts'
import { createWorld } from '../testing/series.ts'
import { type Faces, startFaces } from './faces.ts'
import { modelNames } from './engines.ts'
import { createServed, serve } from './testing/served.ts'

const { factory } = createWorld({ hosts: 48 })
const served = createServed(factory.placement.pods.length)
let faces: Faces
beforeAll(async () => {
  faces = await startFaces(factory, served)
})
afterAll(() => faces.close())

const pods = factory.placement.pods
const specOf = (pod: number) => factory.placement.deployments[pods[pod]?.deployment ?? -1]?.spec
const podOf = (model: string) => pods.findIndex((_, i) => specOf(i)?.model === model)
const targetsOf = () => readTargetGroups(JSON.stringify(faces.targets), 'json').targets
const urlOf = (pod: number) =>
  targetsOf().find((target) => target.labels.get('pod') === pods[pod]?.name)?.url ?? ''
const textOf = async (pod: number) => (await fetch(urlOf(pod))).text()

function parse(text: string): ParsedScrape {
  const scrape = createTargetParser(DEFAULT_SCRAPE_LIMITS).parse(Buffer.from(text))
  expect(scrape.refused).toEqual([])
  return scrape
}

/** The value of the one series with this name and these labels. */
function value(scrape: ParsedScrape, name: string, labels: Record<string, string> = {}): number {
  const found = scrape.series.flatMap((series, i) =>
    series.name === name && Object.entries(labels).every(([label, text]) => series.labels.get(label) === text)
      ? [scrape.values[i] ?? Number.NaN]
      : [],
  )
  expect(found).toHaveLength(1)
  return found[0] ?? Number.NaN
}

function bucketsOf(scrape: ParsedScrape, name: string): number[] {
  return scrape.series.flatMap((series, i) =>
    series.name === `${name}_bucket` ? [scrape.values[i] ?? Number.NaN] : [],
  )
}

describe('the targets', () => {
  it('lead to every serving pod and to no other one, each an instance of its own', () => {
    const serving = pods.filter((_, i) => specOf(i)?.kind === 'serving')
    const targets = targetsOf()
    expect(targets.map((target) => `${target.labels.get('namespace')}/${target.labels.get('pod')}`)).toEqual(
      serving.map((pod) => `${pod.namespace}/${pod.name}`),
    )
    expect(new Set(targets.map((target) => target.url)).size).toBe(serving.length)
    expect(new Set(targets.map((target) => target.labels.get('instance'))).size).toBe(serving.length)
    for (const { labels } of targets) {
      expect(labels.get('node')).toMatch(/^h-\d{4}$/)
      expect(labels.has('__metrics_path__')).toBe(false)
      expect(labels.get('endpoint_name')).toMatch(/^\w+$/)
    }
  })

  it('know what the metering calls a model that servers call otherwise', () => {
    const names = modelNames(factory.placement.deployments.map(({ spec }) => spec))
    for (const model of Object.values(names)) expect(podOf(model)).toBeGreaterThanOrEqual(0)
    expect(names['deepseek-ai/DeepSeek-R1']).toBe('deepseek-r1')
  })
})

describe('a vLLM server', () => {
  const pod = podOf('qwen3-coder-30b')
  it('prints what it has served', async () => {
    serve(served, pod, {
      requests: 90,
      errors: 3,
      input: 120_000.4,
      cachedInput: 20_000,
      output: 18_000,
      running: 12,
    })
    const scrape = parse(await textOf(pod))
    const model = { engine: '0', model_name: 'qwen3-coder-30b' }
    expect(value(scrape, 'vllm:prompt_tokens_total', model)).toBe(120_000)
    expect(value(scrape, 'vllm:prompt_tokens_by_source_total', { source: 'local_cache_hit' })).toBe(20_000)
    expect(value(scrape, 'vllm:prompt_tokens_by_source_total', { source: 'local_compute' })).toBe(100_000)
    expect(value(scrape, 'vllm:generation_tokens_total')).toBe(18_000)
    expect(value(scrape, 'vllm:num_requests_running')).toBe(12)
    expect(value(scrape, 'vllm:request_success_total', { finished_reason: 'error' })).toBe(3)
    const success = ['stop', 'length', 'abort', 'error', 'repetition'].map((finished_reason) =>
      value(scrape, 'vllm:request_success_total', { finished_reason }),
    )
    expect(success.reduce((sum, count) => sum + count, 0)).toBe(90)
    expect(value(scrape, 'process_start_time_seconds')).toBeCloseTo((served.startedAt[pod] ?? 0) / 1000, 3)
  })

  it('has histograms that grow with their bounds and end in their count', async () => {
    serve(served, pod, {
      requests: 500,
      errors: 5,
      input: 700_000,
      cachedInput: 1000,
      output: 90_000,
      running: 40,
    })
    const scrape = parse(await textOf(pod))
    const names = new Set(
      scrape.series.flatMap(({ name }) => (name.endsWith('_bucket') ? [name.replace('_bucket', '')] : [])),
    )
    expect(names.size).toBe(17)
    for (const name of names) {
      const buckets = bucketsOf(scrape, name)
      expect(buckets).toEqual(buckets.toSorted((a, b) => a - b))
      expect(buckets.at(-1)).toBe(value(scrape, `${name}_count`))
      expect(buckets.every(Number.isInteger)).toBe(true)
      expect(value(scrape, `${name}_sum`)).toBeGreaterThan(0)
    }
    expect(value(scrape, 'vllm:request_prompt_tokens_sum')).toBe(value(scrape, 'vllm:prompt_tokens_total'))
    expect(value(scrape, 'vllm:request_prompt_tokens_count')).toBe(
      value(scrape, 'http_requests_total', { status: '2xx' }) + 8,
    )
  })

  it('never goes back while it runs, and starts over at 0 when it restarts', async () => {
    let before = parse(await textOf(pod))
    const cumulative = (name: string) => /_(?:total|bucket|count|sum)$/.test(name)
    for (let i = 0; i < 20; i++) {
      factory.step(5)
      serve(served, pod, {
        requests: 7 * i,
        errors: 0,
        input: 9000 * i,
        cachedInput: 0,
        output: 100 * i,
        running: i,
      })
      const now = parse(await textOf(pod))
      now.series.forEach((series, s) => {
        if (cumulative(series.name)) expect(now.values[s]).toBeGreaterThanOrEqual(before.values[s] ?? 0)
      })
      before = { ...now, values: now.values.slice() }
    }
    for (const column of [served.input, served.output, served.cachedInput, served.requests, served.errors])
      column[pod] = 0
    for (const { counts, sums, bounds } of Object.values(served.latency)) {
      counts.fill(0, pod * (bounds.length + 1), (pod + 1) * (bounds.length + 1))
      sums[pod] = 0
    }
    served.startedAt[pod] = factory.now()
    const fresh = parse(await textOf(pod))
    for (const name of ['vllm:request_prompt_tokens_count', 'vllm:e2e_request_latency_seconds_count']) {
      expect(value(fresh, name)).toBe(0)
    }
    expect(value(fresh, 'vllm:generation_tokens_created')).toBeGreaterThan(factory.now() / 1000)
  })

  const real = realScrapes()
  /** Everything before the value, with the model's name and numbers of buckets taken out. */
  const shape = (line: string) => line.replace(/ \S+$/, '').replace(/model_name="[^"]*"/, 'model_name')

  it('prints every family, comment and series of a real scrape, in its order', async ({ skip }) => {
    skip(!real.present, real.reason)
    const theirs = readFileSync(`${real.path}vllm-scrape.prom`, 'utf8').trimEnd().split('\n')
    const ours = (await textOf(pod)).trimEnd().split('\n')
    const isInfo = (line: string) =>
      line.startsWith('vllm:cache_config_info') || line.startsWith('python_info')
    // The real server had served nothing: its HTTP layer had no series with a handler yet.
    const expected = theirs
      .filter((line) => !isInfo(line))
      .map((line) => (line.startsWith('#') ? line : shape(line)))
    const printed = new Set(ours.map((line) => (line.startsWith('#') ? line : shape(line))))
    expect(expected.filter((line) => !printed.has(line))).toEqual([])
    const families = (lines: readonly string[]) => lines.filter((line) => line.startsWith('# TYPE'))
    const known = new Set(families(theirs))
    expect(families(ours).filter((line) => known.has(line))).toEqual(families(theirs))
    const keys = (lines: readonly string[]) =>
      lines.filter(isInfo).map((line) => [...line.matchAll(/[{,]([a-z_]+)=/g)].map((match) => match[1]))
    expect(keys(ours)).toEqual(keys(theirs))
  })

  it('writes numbers as a real scrape does', async ({ skip }) => {
    skip(!real.present, real.reason)
    const number = /^(?:\d+\.\d+|\d(?:\.\d+)?e\+\d\d)$/
    const odd = (text: string) =>
      text
        .trimEnd()
        .split('\n')
        .filter((line) => !line.startsWith('#') && !number.test(line.slice(line.lastIndexOf(' ') + 1)))
    expect(odd(readFileSync(`${real.path}vllm-scrape.prom`, 'utf8'))).toEqual([])
    expect(odd(await textOf(pod))).toEqual([])
  })
})

describe('a NIM server', () => {
  it('prints unprefixed names at its own path, and how requests ended', async () => {
    const pod = podOf('llama-4-maverick')
    expect(urlOf(pod)).toMatch(/\/v1\/metrics$/)
    serve(served, pod, { requests: 40, errors: 4, input: 5000, cachedInput: 0, output: 700, running: 3 })
    const text = await textOf(pod)
    const scrape = parse(text)
    const model = { model_name: 'meta/llama-4-maverick-17b-128e-instruct' }
    expect(value(scrape, 'prompt_tokens_total', model)).toBe(5000)
    expect(value(scrape, 'request_failure_total', model)).toBe(4)
    expect(value(scrape, 'request_success_total', model)).toBe(36)
    expect(value(scrape, 'request_finish_total', { finished_reason: 'stop' })).toBe(36)
    expect(value(scrape, 'num_request_max', model)).toBe(256)
    expect(bucketsOf(scrape, 'e2e_request_latency_seconds')).toHaveLength(11)
    expect(text).not.toMatch(/vllm:|_created|engine=/)
  })
})

describe('the server of the faces', () => {
  it('answers GET and HEAD on loopback names, and nothing else', async () => {
    const url = urlOf(podOf('gpt-oss-120b'))
    const answer = await fetch(url)
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect((await (await fetch(url, { method: 'HEAD' })).text()).length).toBe(0)
    expect((await fetch(url, { method: 'POST' })).headers.get('allow')).toBe('GET, HEAD')
    expect((await fetch(`${faces.url}/pods/nobody/nothing/metrics`)).status).toBe(404)
    const status = await new Promise((resolve) => {
      request(url, { headers: { host: 'attacker.example' } }, (response) => {
        response.resume()
        resolve(response.statusCode)
      }).end()
    })
    expect(status).toBe(403)
  })
})
