import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SourceError } from '../../../shared/model/source.ts'
import { systemClock } from '../../platform/clock.ts'
import { createLogger } from '../../platform/logger.ts'
import { createAgent, type HttpAgent } from '../../platform/http/index.ts'
import { type Exporters, startExporters } from '../exposition/testing/exporters.ts'
import { createDirectInference } from './direct.ts'
import { DEFAULT_NAMING } from './testing/naming.ts'
import { fakeVllm } from './testing/servers.ts'
import type { DirectInferenceOptions, InferenceRound, InferenceSource } from './types.ts'

let exporters: Exporters
let agent: HttpAgent
let folder: string
let source: InferenceSource | null = null
let rounds: InferenceRound[] = []
let failures: SourceError[] = []

beforeEach(async () => {
  exporters = startExporters()
  agent = createAgent({ connections: 4 })
  folder = await mkdtemp(join(tmpdir(), 'floorwatch-inference-'))
  rounds = []
  failures = []
})
afterEach(async () => {
  await source?.close()
  source = null
  await agent.close()
  await exporters.close()
  await rm(folder, { recursive: true, force: true })
})

function start(more: Partial<DirectInferenceOptions>): InferenceSource {
  source = createDirectInference(
    {
      ...DEFAULT_NAMING,
      static: [],
      files: [],
      http: [],
      intervalMs: 200,
      concurrency: 8,
      agent,
      deadlineMs: 500,
      clock: systemClock,
      logger: createLogger({ level: 'silent' }),
      ...more,
    },
    { onRound: (round) => rounds.push(round), onFailure: (error) => failures.push(error) },
  )
  source.setActive(true)
  return source
}

const sampled = (count: number) =>
  vi.waitFor(
    () => {
      expect(rounds.at(-1)?.samples).toHaveLength(count)
    },
    { timeout: 5000, interval: 20 },
  )

describe('createDirectInference', () => {
  it('brings the latest sample of every target, with the names that discovery knows', async () => {
    const [a, b] = [fakeVllm('llama'), fakeVllm('/models/qwen', '/v1/metrics')]
    const [first, second] = [await exporters.serve(a.listener), await exporters.serve(b.listener)]
    const file = join(folder, 'targets.json')
    await writeFile(
      file,
      JSON.stringify([
        {
          targets: [second],
          labels: {
            __metrics_path__: '/v1/metrics',
            __meta_kubernetes_pod_node_name: 'gpu-7',
            namespace: 'team-a',
            pod: 'qwen-0',
            endpoint_name: 'chat',
          },
        },
      ]),
    )
    start({ static: [first], files: [file], models: { '/models/qwen': 'qwen-3' } })
    await sampled(2)
    const samples = rounds.at(-1)?.samples ?? []
    const llama = samples.find(({ server }) => server.model === 'llama')
    const qwen = samples.find(({ server }) => server.model === 'qwen-3')
    expect(llama?.server).toMatchObject({ id: first, host: '127.0.0.1', pod: '', endpoint: '' })
    expect(qwen?.server).toMatchObject({
      id: `team-a/qwen-0:${second.split(':')[1]}`,
      engine: 'vLLM',
      namespace: 'team-a',
      pod: 'qwen-0',
      endpoint: 'chat',
      host: 'gpu-7',
    })
    // 2147483632 and its neighbours are honest counts here.
    expect(llama?.counters.input).toBeGreaterThanOrEqual(2_147_483_632)
    expect(llama?.counters.requests).toBe((llama?.counters.errors ?? 0) * 10)
    const [fast = 0, slow = 0, beyond] = llama?.histograms.timeToFirstToken?.counts ?? []
    expect([fast / slow, beyond]).toEqual([4, 0])
  })

  it('keeps the last sample of a server that falls silent, and says who', async () => {
    const vllm = fakeVllm('llama')
    let alive = true
    const address = await exporters.serve((request, response) =>
      alive ? vllm.listener(request, response) : response.writeHead(503).end(),
    )
    const started = start({ static: [address] })
    await sampled(1)
    alive = false
    await vi.waitFor(() => expect(failures).toHaveLength(1), { timeout: 5000, interval: 20 })
    expect(failures[0]?.text).toMatch(/^inference server 127\.0\.0\.1:\d+: /)
    const count = rounds.length
    await vi.waitFor(() => expect(rounds.length).toBeGreaterThan(count), { timeout: 5000, interval: 20 })
    const [one] = rounds.at(-1)?.samples ?? []
    expect(one?.at).toBeLessThan(rounds.at(-1)?.at ?? 0)
    expect(started.health()).toMatchObject([
      { kind: 'inference', id: `inference server http://${address}/metrics` },
    ])
  })

  it('drops a target that discovery no longer names', async () => {
    const [a, b] = [
      await exporters.serve(fakeVllm('a').listener),
      await exporters.serve(fakeVllm('b').listener),
    ]
    const file = join(folder, 'targets.json')
    await writeFile(file, JSON.stringify([{ targets: [a, b] }]))
    let names: string[] = []
    const options = {
      files: [file],
      filesEveryMs: 100,
      onTargets: (targets: readonly { name: string }[]) => (names = targets.map(({ name }) => name)),
    }
    start(options)
    await sampled(2)
    expect(names).toEqual([a, b])
    await writeFile(file, JSON.stringify([{ targets: [b] }]))
    await vi.waitFor(() => expect(rounds.at(-1)?.samples).toHaveLength(1), { timeout: 9000, interval: 50 })
  }, 15_000)

  it('asks nothing while it is not active', async () => {
    const vllm = fakeVllm('llama')
    const address = await exporters.serve(vllm.listener)
    const started = start({ static: [address] })
    await sampled(1)
    started.setActive(false)
    const [count, asked] = [rounds.length, vllm.scrapes()]
    await new Promise((resolve) => setTimeout(resolve, 600))
    expect([rounds.length, vllm.scrapes() - asked]).toEqual([
      count,
      expect.toSatisfy((more: number) => more <= 1),
    ])
    expect(started.health()[0]?.state).toBe('standby')
    started.setActive(true)
    await vi.waitFor(() => expect(rounds.length).toBeGreaterThan(count), { timeout: 5000, interval: 20 })
  })

  it('names a target that is no inference server, and an address that is none', async () => {
    const address = await exporters.serve((_request, response) => response.end('node_load1 0.5\n'))
    const started = start({ static: [address, 'not an address'] })
    await vi.waitFor(() => expect(started.health()[1]?.state).toBe('failing'), {
      timeout: 5000,
      interval: 20,
    })
    expect(started.health()[1]?.error).toMatchObject({
      code: 'empty',
      text: expect.stringMatching(
        /^inference server 127\.0\.0\.1:\d+ answers, but none of its 1 series is known of an inference engine$/,
      ),
    })
    expect(started.health()[0]?.warnings[0]).toContain('inference.static, entry 2')
  })

  it('refuses a signal that does not exist before it asks anybody', () => {
    expect(() => start({ names: { my_tokens: 'tokens' } })).toThrow('expected one of input, output')
  })
})
