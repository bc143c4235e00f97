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
    clock: { now: () => Date.now() + offset, monotonic: () => performance.now() },
    logger: createLogger(),
    version: '0.0.0-test',
    paths: { newConfig: 'unused.yaml' },
  })
  cleanups.push(() => engine.close())
  const { engineEnd, screenEnd } = inProcessWire()
  engine.attach(engineEnd, 'console')
  const frames = new Screen(screenEnd).watch('fleet.frame', { fields: ['power'] })
  await frames.until(
    'two good rows',
    ({ state }) => state.length === 2 && state.every((s) => s === FIGURE.ok),
  )
  return { exporter, frames, set: (by: number) => (offset = by) }
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
