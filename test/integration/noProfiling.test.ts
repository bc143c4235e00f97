import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { readConfig } from '../../main/config/load.ts'
import { createEngine, inProcessWire } from '../../main/engine/index.ts'
import { systemClock } from '../../main/platform/clock.ts'
import { createLogger } from '../../main/platform/logger.ts'
import { summarise } from '../../renderer/state/fleet/summary.ts'
import { FIGURE } from '../../shared/model/figure.ts'
import { Screen } from '../support/screen.ts'

const CASE = '37-no-profiling-hole.prom'
const text = readFileSync(new URL(`../fixtures/cases/${CASE}`, import.meta.url), 'utf8')

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

/** The engine over one exporter that answers with the case, and a screen. */
async function watched(): Promise<Screen> {
  const server = createServer((_, response) => response.writeHead(200).end(text))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanups.push(() => new Promise((resolve) => server.close(resolve)))
  const { port } = server.address() as AddressInfo
  const config = `version: 1
site: { name: Test hall, timezone: UTC }
exporters: { static: ["127.0.0.1:${port}"], interval: 1s, timeout: 900ms }
`
  const engine = createEngine({
    config: readConfig(config, '/site.yaml'),
    host: { launchDemo: () => Promise.reject(new Error('this test has no demo factory')) },
    clock: systemClock,
    logger: createLogger(),
    version: '0.0.0-test',
    paths: { newConfig: '/nowhere/floorwatch.yaml' },
  })
  cleanups.push(() => engine.close())
  const { engineEnd, screenEnd } = inProcessWire()
  engine.attach(engineEnd, 'console')
  return new Screen(screenEnd)
}

it(`${CASE}: the floor is summed up by GPU utilisation, by its own name`, async () => {
  const screen = await watched()
  const topology = await screen
    .watch('fleet.topology', {})
    .until('seven GPUs', ({ gpus }) => gpus.host.length === 7)
  const frame = await screen
    .watch('fleet.frame', { fields: ['smActive', 'grActive', 'gpuUtil', 'power', 'gpuTemp', 'xid'] })
    .until('every utilisation known', ({ rows, states }) => rows === 7 && states[2]?.[0] === FIGURE.ok)
  const summary = summarise(frame, topology, null)
  expect(summary.activity).toMatchObject({ field: 'gpuUtil', mean: 43, known: 7, of: 7 })
  expect(summary.current).toBe(7)
})

it(`${CASE}: no GPU exports XIDs, so that none is not 0`, async () => {
  const screen = await watched()
  const topology = await screen
    .watch('fleet.topology', {})
    .until('seven GPUs', ({ gpus }) => gpus.host.length === 7)
  const frame = await screen
    .watch('fleet.frame', { fields: ['xid'] })
    .until('seven rows', ({ rows }) => rows === 7)
  expect(summarise(frame, topology, null)).toMatchObject({
    xidRows: [],
    xidCoverage: { of: 7, have: 0, without: 7 },
  })
  const detail = await screen.watch('fleet.gpu', { host: 'dgx-37', slot: 7 }).until('the GPU', Boolean)
  expect(detail?.unit.readings.find(({ field }) => field === 'xid')).toMatchObject({
    state: 'absent',
    value: null,
  })
})
