import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../main/config/load.ts'
import { createEngine, type Engine, inProcessWire } from '../../main/engine/index.ts'
import { systemClock } from '../../main/platform/clock.ts'
import { createLogger } from '../../main/platform/logger.ts'
import { requirement } from '../support/peers.ts'
import { type RunningServer, startPrometheus } from '../support/prometheus.ts'
import { Screen } from '../support/screen.ts'

/**
 * One objective over the same data, by the engine and by Prometheus itself. The data are imported, so that hours of them
 * are there at once; they end now.
 */
const HOURS = 26
/** `increase` is extrapolated from scrape to scrape: at the edges of the bad hour it is off by as much. */
const SCRAPE_S = 5
const needed = ['prometheus', 'promtool'] as const
const missing = needed.map((name) => requirement(name)).find(({ present }) => !present)

let prometheus: RunningServer
let folder = ''
const engines: Engine[] = []

/** Uneven traffic with a bad hour in it, a counter that starts over, and a series that does not exist at first. */
function samples(): string {
  // Scrapes do not fall on whole minutes.
  const end = Math.floor(Date.now() / 5000) * 5 + 2
  const lines: string[] = ['# TYPE gateway_requests counter']
  const good: string[] = []
  const bad: string[] = []
  let [goods, bads] = [500, 3]
  for (let at = end - HOURS * 3600; at <= end; at += SCRAPE_S) {
    const age = (end - at) / 60
    const traffic = 40 + 30 * Math.sin(at / 4000)
    const share = age > 20 && age < 80 ? 0.3 : 0.01
    if (Math.abs(age - 600) < 0.1) [goods, bads] = [0, 0]
    bads += traffic * share
    goods += traffic * (1 - share)
    good.push(`gateway_requests_total{code="200",instance="a"} ${goods.toFixed(3)} ${at}`)
    bad.push(`gateway_requests_total{code="500",instance="a"} ${bads.toFixed(3)} ${at}`)
  }
  lines.push(...good, ...bad, '# EOF', '')
  return lines.join('\n')
}

const config = (url: string) => `version: 1
site: { name: Burn test }
prometheus: { url: '${url}' }
objectives:
  - name: gateway
    target: 0.95
    window: 1d
    promql:
      bad: sum(increase(gateway_requests_total{code="500"}[$window]))
      total: sum(increase(gateway_requests_total[$window]))
  - name: nothing
    target: 0.95
    window: 1d
    promql:
      bad: sum(increase(no_such_total[$window]))
      total: sum(increase(gateway_requests_total[$window]))
`

function engineOf(): { engine: Engine; screen: Screen } {
  const engine = createEngine({
    config: readConfig(config(prometheus.url), join(folder, 'floorwatch.yaml')),
    host: { launchDemo: () => Promise.reject(new Error('no demo here')) },
    clock: systemClock,
    logger: createLogger({ level: 'silent' }),
    version: '0.0.0-test',
    paths: { newConfig: join(folder, 'new.yaml') },
    state: { folder, keepsDemo: false },
  })
  engines.push(engine)
  const { engineEnd, screenEnd } = inProcessWire()
  engine.attach(engineEnd, 'console')
  return { engine, screen: new Screen(screenEnd) }
}

async function known(screen: Screen, minutes: number) {
  const watch = screen.watch('slo.states', {})
  const item = await watch.until(
    `${minutes} minutes of the past`,
    ({ states: [state] }) =>
      state?.asOf != null && state.knownFrom !== null && state.asOf - state.knownFrom >= minutes * 60_000,
    30_000,
  )
  watch.close()
  const [state] = item.states
  if (state === undefined) throw new Error('there is no objective')
  return state
}

async function ask(promql: string, at: number): Promise<number> {
  const asked = new URLSearchParams({ query: promql, time: String(at / 1000) })
  const response = await fetch(`${prometheus.url}/api/v1/query?${asked}`)
  const answer = (await response.json()) as { data: { result: { value: [number, string] }[] } }
  return Number(answer.data.result[0]?.value[1] ?? Number.NaN)
}

describe.skipIf(missing !== undefined)('objectives from a real Prometheus', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'floorwatch-slo-'))
    prometheus = await startPrometheus({ targets: [], openMetrics: samples() })
    await prometheus.until('gateway_requests_total', 2)
  }, 60_000)
  afterEach(async () => {
    await Promise.all(engines.splice(0).map((engine) => engine.close()))
  })
  afterAll(async () => {
    await prometheus?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it('burn as Prometheus computes it over every window, within 1 %', async () => {
    const { screen } = engineOf()
    const state = await known(screen, 23 * 60)
    const at = state.asOf ?? 0
    const ratio = (window: string) =>
      ask(
        `sum(increase(gateway_requests_total{code="500"}[${window}])) / sum(increase(gateway_requests_total[${window}]))`,
        at,
      )
    for (const { longMs, shortMs, long, short } of state.pairs) {
      for (const [ms, burn] of [
        [longMs, long],
        [shortMs, short],
      ] as const) {
        const expected = (await ratio(`${ms / 1000}s`)) / 0.05
        expect(Math.abs((burn?.burn ?? Number.NaN) / expected - 1)).toBeLessThan(0.01)
      }
    }
    expect(state.coverage).toBeGreaterThan(0.99)
  }, 60_000)

  it('are unknown, not good, where an expression brings nothing', async () => {
    const { screen } = engineOf()
    const item = await screen
      .watch('slo.states', {})
      .until(
        'the answer',
        ({ states }) => states[1]?.why.some((text) => text.includes('brings nothing')) === true,
        20_000,
      )
    expect(item.states[1]).toMatchObject({ state: 'unknown', sli: null, budget: null })
  }, 30_000)

  it('are known at once after a restart, without asking for the past again', async () => {
    const first = engineOf()
    const before = await known(first.screen, 23 * 60)
    await first.engine.close()
    await prometheus.kill()
    const second = engineOf()
    const after = await known(second.screen, 23 * 60 - 10)
    expect(Math.abs((after.budget?.bad ?? 0) / (before.budget?.bad ?? 1) - 1)).toBeLessThan(0.05)
    expect(after.budget?.total).toBeGreaterThan(0)
  }, 60_000)
})
