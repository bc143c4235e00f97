import { afterEach, expect, it } from 'vitest'
import { readConfig } from '../../main/config/load.ts'
import { SEVERITY } from '../../shared/model/figure.ts'
import { type FakeExporter, startFakeExporter } from '../support/fakeExporter.ts'
import type { Screen } from '../support/screen.ts'
import { watchEngine } from '../support/watchedEngine.ts'

/** A host that dies is critical at once, on the picture as in the list, before and after a restart of the engine. */

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

async function exporter(host: string): Promise<FakeExporter> {
  const started = await startFakeExporter({ host })
  cleanups.push(() => started.close())
  return started
}

function open(exporters: readonly FakeExporter[], more = '') {
  const addresses = exporters.map(({ port }) => `"127.0.0.1:${port}"`).join(', ')
  const config = readConfig(
    `version: 1
site: { name: Hall, timezone: UTC }
exporters: { static: [${addresses}], interval: 1s, timeout: 500ms }
freshness: { staleAfter: 3s, freezeAfter: 90s }
${more}`,
    'floorwatch.yaml',
  )
  const engine = watchEngine(config)
  cleanups.push(engine.close)
  return engine
}

async function criticalOf(screen: Screen) {
  const { findings } = await screen
    .watch('fleet.findings', {})
    .until(
      'a critical host',
      ({ findings: list }) => list.some(({ severity }) => severity === 'critical'),
      15_000,
    )
  const frame = await screen
    .watch('fleet.frame', { fields: ['power'] })
    .until('critical cells', ({ severity }) => severity.includes(SEVERITY.critical), 5000)
  return { findings, cells: [...frame.severity].filter((each) => each === SEVERITY.critical).length }
}

it('with an inventory', { timeout: 60_000 }, async () => {
  const [one, two] = [await exporter('h-1'), await exporter('h-2')]
  const inventory = 'inventory: { floors: [{ name: F, racks: [{ name: R, hosts: [h-1, h-2], gpus: 2 }] }] }'
  const before = open([one, two], inventory)
  await before.screen
    .watch('console.status', {})
    .until('four present', ({ rollCall }) => rollCall.present === 4)
  await two.close()
  const died = await criticalOf(before.screen)
  expect(died.cells).toBe(2)
  expect(died.findings).toMatchObject([{ id: 'stale/h-2', severity: 'critical', gpus: 2 }])
  expect(died.findings[0]).not.toHaveProperty('sinceAtLeast')
  await before.close()

  const after = open([one, two], inventory)
  const restarted = await criticalOf(after.screen)
  expect(restarted.cells).toBe(2)
  const host = restarted.findings.find(({ where }) => where === 'h-2')
  expect(host).toMatchObject({ severity: 'critical', gpus: 2, sinceAtLeast: true })
})
