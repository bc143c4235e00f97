import { afterEach, expect, it } from 'vitest'
import { readConfig } from '../../main/config/load.ts'
import { createEngine, inProcessWire } from '../../main/engine/index.ts'
import { createLogger } from '../../main/platform/logger.ts'
import { FIGURE } from '../../shared/model/figure.ts'
import { type FakeExporter, startFakeExporter } from '../support/fakeExporter.ts'
import { Screen } from '../support/screen.ts'

const HOUR = 3_600_000
const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

/** A floor of one host, on a machine whose wall clock is `offset` away from the true time. */
async function start() {
  const exporter: FakeExporter = await startFakeExporter({ host: 'h-1', gpus: 2 })
  cleanups.push(() => exporter.close())
  let offset = 0
  let slept = 0
  const engine = createEngine({
    config: readConfig(
      `version: 1
site: { name: Test hall, timezone: UTC }
exporters: { static: ["127.0.0.1:${exporter.port}"], interval: 500ms, timeout: 400ms }
freshness: { staleAfter: 2s, freezeAfter: 60s }
`,
      'floorwatch.yaml',
    ),
    host: { launchDemo: () => Promise.reject(new Error('no demo here')) },
    clock: {
      now: () => Date.now() + offset,
      monotonic: () => performance.now(),
      sinceBoot: () => performance.now() + slept,
    },
    logger: createLogger(),
    version: '0.0.0-test',
    paths: { newConfig: 'unused.yaml' },
  })
  cleanups.push(() => engine.close())
  const { engineEnd, screenEnd } = inProcessWire()
  engine.attach(engineEnd, 'console')
  const screen = new Screen(screenEnd)
  const frames = screen.watch('fleet.frame', { fields: ['power'] })
  await frames.until(
    'two good rows',
    ({ state }) => state.length === 2 && state.every((s) => s === FIGURE.ok),
  )
  return {
    exporter,
    screen,
    frames,
    set: (by: number) => (offset = by),
    sleep(ms: number) {
      offset += ms
      slept += ms
    },
  }
}

it.each([
  ['back by an hour', -HOUR],
  ['forward by an hour', HOUR],
])('shows fresh figures soon after the clock was set %s', { timeout: 30_000 }, async (_, by) => {
  const { frames, set } = await start()
  const before = frames.latest()?.values[0]?.[0]
  set(by)
  const after = await frames.until(
    'a figure from after the jump',
    ({ at, state, values, ageMs }) =>
      Math.abs(at - Date.now() - by) < 5000 &&
      state.length === 2 &&
      state.every((s) => s === FIGURE.ok) &&
      values[0]?.[0] !== before &&
      ageMs.every((age) => age < 2500),
  )
  expect(after.rows).toBe(2)
})

it('shows no figure of a silent exporter as good after the clock was set back', {
  timeout: 30_000,
}, async () => {
  const { exporter, frames, set } = await start()
  exporter.mode = 'hung'
  set(-HOUR)
  await frames.until(
    'no good row',
    ({ at, state }) => at < Date.now() - HOUR / 2 && state.every((s) => s !== FIGURE.ok && s !== FIGURE.zero),
  )
  expect(frames.failure()).toBeNull()
})

it.each([
  ['back by an hour', -HOUR],
  ['forward by an hour', HOUR],
])(
  'keeps the history, and no row turns stale, when the clock is set %s',
  { timeout: 30_000 },
  async (_, by) => {
    const { screen, frames, set } = await start()
    const topology = screen.watch('fleet.topology', {})
    const version = (await topology.until('two GPUs', ({ gpus }) => gpus.host.length === 2)).version
    await new Promise((resolve) => setTimeout(resolve, 3500))
    const seen: number[][] = []
    const setAt = Date.now()
    set(by)
    await frames.until('three seconds by the new clock', ({ at, state }) => {
      seen.push([...state])
      return Math.abs(at - Date.now() - by) < 1000 && at >= setAt + by + 3500
    })
    expect(seen.flat().every((state) => state === FIGURE.ok)).toBe(true)

    const now = Date.now() + by
    const history = await screen.call('fleet.history', {
      topologyVersion: version,
      rows: [0],
      fields: ['power'],
      fromMs: now - 60_000,
      toMs: now,
      maxPoints: 100,
    })
    expect(history.times).toEqual(history.times.toSorted((a, b) => a - b))
    expect(history.times.filter((at) => at < setAt + by).length).toBeGreaterThanOrEqual(2)
    expect(history.times.filter((at) => at >= setAt + by).length).toBeGreaterThanOrEqual(2)
    const pauses = history.times.slice(1).map((at, i) => at - (history.times[i] ?? 0))
    expect(Math.max(...pauses)).toBeLessThan(4000)
    expect(history.warnings.join()).toMatch(/The clock of this machine was set (back|forward) by 60 min/)

    const list = await screen
      .watch('fleet.findings', {})
      .until('the step', ({ events }) => events.some(({ text }) => text.includes('was set')))
    expect(list.total).toBe(0)
    expect(Math.abs((list.events[0]?.at ?? 0) - setAt - by)).toBeLessThan(5000)
  },
)

it('wakes from a night with old figures that say so, and nothing critical, then goes on', {
  timeout: 30_000,
}, async () => {
  const { screen, frames, sleep } = await start()
  const findings = screen.watch('fleet.findings', {})
  await findings.until('a list', () => true)
  const critical: string[] = []
  sleep(8 * HOUR)
  const after = await frames.until('fresh rows of the morning', ({ at, state, ageMs }) => {
    for (const { severity, what } of findings.latest()?.findings ?? [])
      if (severity === 'critical') critical.push(what)
    const old = ageMs.some((age) => age > HOUR)
    if (old) expect([...state].every((s) => s === FIGURE.stale)).toBe(true)
    return at > Date.now() + 7.9 * HOUR && state.every((s) => s === FIGURE.ok) && !old
  })
  expect(after.rows).toBe(2)
  expect(critical).toEqual([])
  await findings.until('the sleep', ({ events }) =>
    events.some(({ text }) => text.startsWith('This machine slept for 8 h')),
  )
})
