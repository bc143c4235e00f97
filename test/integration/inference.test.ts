import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { countOf } from '../../main/core/tokens/latency/quantile.ts'
import { readCurves } from '../../main/engine/tokens/latency/curves.ts'
import { systemClock } from '../../main/platform/clock.ts'
import { createAgent } from '../../main/platform/http/index.ts'
import { createLogger } from '../../main/platform/logger.ts'
import { startExporters } from '../../main/sources/exposition/testing/exporters.ts'
import { createPrometheusInference, type InferenceRound } from '../../main/sources/inference/index.ts'
import { DEFAULT_NAMING } from '../../main/sources/inference/testing/naming.ts'
import { fakeVllm } from '../../main/sources/inference/testing/servers.ts'
import { createPrometheusClient, rememberingQueries } from '../../main/sources/prometheus/index.ts'
import type { SourceError } from '../../shared/model/source.ts'
import { requirement } from '../support/peers.ts'
import { startPrometheus } from '../support/prometheus.ts'

const endings: (() => unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end()
})

describe('inference servers through a real Prometheus', () => {
  const prometheus = requirement('prometheus')

  it('reads servers, sample times and latencies, and a dead server’s silence', async ({ skip }) => {
    skip(!prometheus.present, prometheus.reason)
    const exporters = startExporters()
    endings.push(() => exporters.close())
    const folder = await mkdtemp(join(tmpdir(), 'floorwatch-inference-'))
    endings.push(() => rm(folder, { recursive: true, force: true }))
    const vllm = fakeVllm('llama')
    let alive = true
    const address = await exporters.serve((request, response) =>
      alive ? vllm.listener(request, response) : response.writeHead(503).end(),
    )
    const file = join(folder, 'targets.json')
    await writeFile(
      file,
      JSON.stringify([{ targets: [address], labels: { namespace: 'team-a', pod: 'llama-0' } }]),
    )
    const server = await startPrometheus({ fileSd: file, scrapeInterval: '1s', job: 'vllm' })
    endings.push(() => server.stop())
    await server.until('vllm:num_requests_running', 1)

    const agent = createAgent({ connections: 2 })
    endings.push(() => agent.close())
    const client = createPrometheusClient({ url: server.url, agent, clock: systemClock, timeoutMs: 5000 })
    const rounds: InferenceRound[] = []
    const failures: SourceError[] = []
    const source = createPrometheusInference(
      {
        ...DEFAULT_NAMING,
        selector: 'job="vllm"',
        refreshMs: 250,
        latencyWindowMs: 60_000,
        clock: systemClock,
        logger: createLogger({ level: 'silent' }),
        name: 'Prometheus',
        address: server.url,
      },
      rememberingQueries(client),
      { onRound: (round) => rounds.push(round), onFailure: (error) => failures.push(error) },
    )
    endings.push(() => source.close())
    source.setActive(true)
    const newest = () => rounds.at(-1)?.samples[0]
    await vi.waitFor(
      () => expect(new Set(rounds.map(({ samples }) => samples[0]?.at)).size).toBeGreaterThan(3),
      {
        timeout: 20_000,
        interval: 100,
      },
    )
    expect(failures).toEqual([])
    expect(rounds.at(-1)?.warnings).toEqual([])
    const port = address.split(':')[1]
    expect(newest()).toMatchObject({
      server: { id: `team-a/llama-0:${port}`, engine: 'vLLM', model: 'llama', host: '127.0.0.1' },
      gauges: { running: 3, waiting: 1, kvCache: 0.5 },
    })
    expect(newest()?.counters.requests).toBe((newest()?.counters.errors ?? 0) * 10)
    // One time, one value: a figure that were paired with the time of its neighbour would show here.
    const inputs = new Map<number, Set<number | null>>()
    for (const { samples } of rounds) {
      for (const { at, counters } of samples)
        inputs.set(at, (inputs.get(at) ?? new Set()).add(counters.input))
    }
    expect([...inputs.values()].map(({ size }) => size)).toEqual([...inputs].map(() => 1))

    const range = { fromMs: Date.now() - 10_000, toMs: Date.now(), stepMs: 1000 }
    const question = source.curvesQuery('timeToFirstToken', [0.5], { model: ['llama'] }, 1000)
    if (!('promql' in question)) throw new Error(question.impossible)
    const { value: lines } = await client.queryRange(question.promql, range)
    // 8 of 10 within 0.1 s.
    expect(readCurves(lines, range).p50.at(-1)).toBeCloseTo(0.0625, 9)

    // Sums over a window are asked again after a pause.
    source.setActive(false)
    source.setActive(true)
    const count = rounds.length
    await vi.waitFor(() => expect(rounds.length).toBeGreaterThan(count), { timeout: 5000 })
    const [latency] = rounds.at(-1)?.windowed ?? []
    expect(latency).toMatchObject({ kind: 'timeToFirstToken', model: 'llama', namespace: 'team-a' })
    const [fast = 0, slow = 0] = latency?.histogram.counts ?? []
    expect(fast / slow).toBeCloseTo(4, 6)
    expect(latency === undefined ? 0 : countOf(latency.histogram)).toBeGreaterThan(0)

    alive = false
    await new Promise((resolve) => setTimeout(resolve, 3500))
    // Prometheus drops a dead target's series; here it stands, and its age grows.
    expect(Date.now() - (newest()?.at ?? 0)).toBeGreaterThan(2000)
  }, 60_000)
})
