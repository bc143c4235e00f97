import { readFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { readConfig } from '../../main/config/load.ts'
import { createEngine, inProcessWire } from '../../main/engine/index.ts'
import { type Clock, systemClock } from '../../main/platform/clock.ts'
import { createLogger } from '../../main/platform/logger.ts'
import { requirement } from '../support/peers.ts'
import { startPrometheus } from '../support/prometheus.ts'
import { quickClock } from '../support/quickClock.ts'
import { Screen } from '../support/screen.ts'
import { plainly } from '../support/plainly.ts'

/** Inference servers as public reports describe them, through the whole engine: scraped, and through a Prometheus. */

const endings: (() => unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end()
})

const fixture = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../fixtures/cases', name), 'utf8')

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  endings.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A server whose answer the test changes. */
async function exposing(body: { text: string }): Promise<string> {
  return await serve((_request, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4')
    response.end(body.text)
  })
}

type Way = 'scraped' | 'through a Prometheus'

/** An engine that looks at these servers in one of both ways. */
async function look(way: Way, servers: readonly string[], clock?: Clock): Promise<Screen> {
  if (way === 'scraped') return attach(`inference: { static: [${quoted(servers)}], interval: 1s }`, clock)
  const prometheus = await startPrometheus({ targets: servers, scrapeInterval: '1s', job: 'inference' })
  endings.push(() => prometheus.stop())
  return attach(`prometheus: { url: "${prometheus.url}" }
inference: { interval: 1s }`)
}

function attach(more: string, clock: Clock = systemClock): Screen {
  const text = `version: 1
site: { name: Test hall, timezone: UTC }
exporters: { static: ["127.0.0.1:1"], interval: 5s }
${more}
`
  const engine = createEngine({
    config: readConfig(text, '/nowhere/site.yaml'),
    host: { launchDemo: () => Promise.reject(new Error('no demo here')) },
    clock,
    logger: createLogger({ level: 'silent' }),
    version: '0.0.0-test',
    paths: { newConfig: '/nowhere/new.yaml' },
  })
  endings.push(() => engine.close())
  const { engineEnd, screenEnd } = inProcessWire()
  engine.attach(engineEnd, 'console')
  return new Screen(screenEnd)
}

const quoted = (all: readonly string[]) => all.map((one) => `"${one}"`).join(', ')
const overview = (screen: Screen, filters = {}) => screen.watch('tokens.overview', { filters, limit: 20 })
const prometheus = requirement('prometheus')
const PATIENCE_MS = 60_000

describe.each(['scraped', 'through a Prometheus'] as const)(
  'inference servers %s',
  { timeout: 90_000 },
  (way) => {
    it('14: data-parallel ranks under DP attention are all there', async ({ skip }) => {
      skip(way !== 'scraped' && !prometheus.present, prometheus.reason)
      const screen = await look(way, [await exposing({ text: fixture('14-sglang-dp-attention.prom') })])
      const { servers } = await overview(screen).until(
        'queues',
        ({ servers: { running } }) => running !== null,
        PATIENCE_MS,
      )
      expect(servers).toMatchObject({ count: 1, running: 164, waiting: 9, kvCacheMost: 0.92 })
      expect(servers.kvCache).toBeCloseTo(0.45, 6)
    })

    it('16: a request of a prefill and a decode server is one', async ({ skip }) => {
      skip(way !== 'scraped' && !prometheus.present, prometheus.reason)
      const part = (name: string, t: number) => fixture(`16-vllm-prefill-decode.${name}.t${t}.prom`)
      const bodies = ['prefill', 'decode'].map((name) => ({ name, text: part(name, 0) }))
      const screen = await look(way, await Promise.all(bodies.map(exposing)))
      const watched = overview(screen)
      await watched.until('a first rate', ({ rates }) => rates.output === 0, PATIENCE_MS)
      for (const body of bodies) body.text = part(body.name, 1)
      const { rates, standIn } = await watched.until(
        'what was served',
        ({ rates: { output } }) => (output ?? 0) > 0,
        PATIENCE_MS,
      )
      // 3,000 input and 500 output tokens a request.
      expect((rates.input ?? 0) / (rates.requests ?? 1)).toBeCloseTo(3000, 6)
      expect((rates.output ?? 0) / (rates.requests ?? 1)).toBeCloseTo(500, 6)
      expect(rates.cachedInput).toBeNull()
      expect(plainly(standIn?.notes ?? []).join(' ')).toContain('Read prompts that other servers answer')
    })

    it('19: servers with different bounds have no p90 of 2,560 s', async ({ skip }) => {
      skip(way !== 'scraped' && !prometheus.present, prometheus.reason)
      const parts = ['old', 'new'].map((name) => fixture(`19-vllm-mixed-buckets.${name}.prom`))
      let grows = false
      const bodies = parts.map((part) => ({
        answers: 0,
        grown: 0,
        /** Nothing at first, then with every answer once more what the case says. */
        get text() {
          this.answers += 1
          if (grows) this.grown += 1
          return part.replaceAll(
            / (\d+\.\d+)$/gm,
            (_, value) => ` ${(Number(value) * this.grown).toFixed(1)}`,
          )
        },
      }))
      const screen = await look(way, await Promise.all(bodies.map(exposing)))
      const watched = overview(screen)
      await watched.until('two servers', ({ servers: { count } }) => count === 2, PATIENCE_MS)
      await expect
        .poll(() => Math.min(...bodies.map(({ answers }) => answers)), { timeout: PATIENCE_MS })
        .toBeGreaterThan(3)
      grows = true
      // One of them alone has a p90, or none: only figures read after both have grown count.
      await expect
        .poll(() => Math.min(...bodies.map(({ grown }) => grown)), { timeout: PATIENCE_MS })
        .toBeGreaterThan(1)
      const bothAt = Date.now()
      const before = watched.latest()?.latency.timeToFirstToken?.count ?? 0
      const { latency } = await watched.until(
        'latencies of both',
        ({ latency: { timeToFirstToken } }) => (timeToFirstToken?.count ?? 0) >= Math.max(999, before + 1),
        PATIENCE_MS,
      )
      expect(latency.timeToFirstToken).toMatchObject({ p90: null, p95: null, p99: null, beyond: 10 })
      expect(latency.timeToFirstToken?.p50).toBeLessThan(1)
      // The points of a chart lie on a grid: the newest may be a little older than the tile.
      const history = await vi.waitFor(
        async () => {
          const now = Date.now()
          const answer = await screen.call('tokens.latency', {
            fromMs: now - 60_000,
            toMs: now,
            maxPoints: 20,
            kind: 'timeToFirstToken',
            filters: {},
          })
          const ofBoth = answer.times.flatMap((at, i) => (at >= bothAt ? [answer.p50[i] ?? null] : []))
          expect(
            ofBoth.some(
              (value, i) => value !== null && value < 1 && answer.p90.at(i - ofBoth.length) === null,
            ),
          ).toBe(true)
          return answer
        },
        { timeout: 30_000, interval: 1000 },
      )
      // Where one of them was not reached, a point is of the other alone, which may well have a p90 within its bounds.
      expect(history.p90.every((value) => value === null || value <= 10)).toBe(true)
      expect(history.beyond).toBe(10)
    })

    it('narrows the servers by model, and marks one whose queue contradicts its counters', async ({
      skip,
    }) => {
      skip(way !== 'scraped', 'slow: once is enough')
      const model = (name: string, running: number) => `
vllm:num_requests_running{model_name="${name}"} ${running}
vllm:generation_tokens_total{model_name="${name}"} 5
`
      // A contradiction is believed after a minute.
      const servers = [await exposing({ text: model('a', 0) }), await exposing({ text: model('b', 12) })]
      const screen = await look(way, servers, quickClock(10))
      const told = await overview(screen, { model: ['b'] }).until(
        'a doubt',
        ({ servers: { doubtful } }) => doubtful > 0,
        85_000,
      )
      expect(told.servers).toMatchObject({ count: 1, running: 12, implausible: true })
      const { findings } = await screen
        .watch('fleet.findings', {})
        .until('the finding', (list) =>
          list.findings.some(({ kind, what }) => kind === 'source' && /queue/.test(what)),
        )
      expect(findings.some(({ by }) => /12 requests run/.test(by ?? ''))).toBe(true)
    })

    it('calls an answer with nothing in it a failure of its source', async ({ skip }) => {
      skip(way !== 'scraped' && !prometheus.present, prometheus.reason)
      const screen = await look(way, [await exposing({ text: '# TYPE vllm:num_requests_running gauge\n' })])
      const { sources } = await screen
        .watch('sources.health', {})
        .until(
          'the failure',
          (health) =>
            health.sources.some(({ kind, error }) => kind === 'inference' && error?.code === 'empty'),
          PATIENCE_MS,
        )
      expect(sources.find(({ kind }) => kind === 'inference')).toMatchObject({
        state: 'failing',
        feeding: false,
      })
    })
  },
)

describe('a query that swaps replicas', () => {
  it('25: tells what was served, and no restart', { timeout: 60_000 }, async () => {
    type Row = { metric: Record<string, string>; value: [number, string] }
    const steps = JSON.parse(fixture('25-thanos-dedup-flip.json')) as { body: { data: { result: Row[] } } }[]
    let step = -1
    let begun = false
    const address = await serve((request, response) => {
      let text = ''
      request.on('data', (chunk: Buffer) => (text += chunk.toString()))
      request.on('end', () => {
        const query = decodeURIComponent((text + (request.url ?? '')).replaceAll('+', ' '))
        // Names of vLLM, not those of NIM, which has the same without a prefix.
        const asksFigures = /vllm.*generation_tokens_total/.test(query) && !query.includes('timestamp(')
        if (asksFigures && begun) step = Math.min(steps.length - 1, step + 1)
        const rows = steps[Math.max(0, step)]?.body.data.result ?? []
        const result = query.includes('timestamp(')
          ? rows.map(({ metric, value: [at] }) => ({
              metric: { ...metric, __name__: undefined },
              value: [at, String(at)],
            }))
          : asksFigures
            ? rows
            : []
        response.setHeader('content-type', 'application/json')
        response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }))
      })
    })
    const screen = attach(`prometheus: { url: "http://${address}" }
inference: { interval: 1s }`)
    const watched = overview(screen)
    await watched.until('the server', ({ servers: { count } }) => count === 1, PATIENCE_MS)
    begun = true
    const begunAt = Date.now()
    const { rates, standIn } = await watched.until(
      'the last answer',
      () => step === steps.length - 1,
      PATIENCE_MS,
    )
    // 1,350 tokens since then, and not the 3,750 of the steps up.
    expect(((rates.output ?? 0) * (Date.now() - begunAt)) / 1000).toBeLessThan(2500)
    expect(plainly(standIn?.notes ?? []).join(' ')).not.toContain('restarted')
    await screen
      .watch('fleet.findings', {})
      .until('the finding', ({ findings }) => findings.some(({ what }) => /step back and forth/.test(what)))
  })
})
