import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { readConfig } from '../../main/config/load.ts'
import { type FakeExporter, startFakeExporter } from '../support/fakeExporter.ts'
import { quickClock } from '../support/quickClock.ts'
import { Refused } from '../support/screen.ts'
import { watchEngine } from '../support/watchedEngine.ts'

const endings: (() => unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end()
})

function configOf(exporters: readonly FakeExporter[]) {
  const targets = exporters.map(({ port }) => `"127.0.0.1:${port}"`).join(', ')
  return readConfig(
    `version: 1
site: { name: Remembered, timezone: UTC }
exporters: { static: [${targets}], interval: 1s, timeout: 900ms }
freshness: { staleAfter: 30s, freezeAfter: 300s }
`,
    'floorwatch.yaml',
  )
}

it('a host that does not answer after a restart is critical without an inventory, until it is dismissed', async () => {
  const stateFolder = mkdtempSync(join(tmpdir(), 'floorwatch-remembered-'))
  endings.push(() => rmSync(stateFolder, { recursive: true, force: true }))
  const exporters = await Promise.all(
    ['h-1', 'h-2', 'h-3'].map((host) => startFakeExporter({ host, gpus: 2 })),
  )
  endings.push(() => Promise.all(exporters.map((each) => each.close())))
  const [, , gone] = exporters as [FakeExporter, FakeExporter, FakeExporter]
  const config = configOf(exporters)

  const first = watchEngine(config, { stateFolder })
  const before = first.screen.watch('fleet.topology', {})
  await before.until('three hosts', (item) => item.hosts.length === 3)
  await first.close()
  for (const file of readdirSync(join(stateFolder, 'sites'), { recursive: true, withFileTypes: true })) {
    if (file.isFile()) expect(statSync(join(file.parentPath, file.name)).mode & 0o077).toBe(0)
  }

  gone.mode = 'hung'
  // Ten seconds of grace are two of these.
  const again = watchEngine(config, { stateFolder, clock: quickClock(5) })
  endings.push(() => again.close())
  const { screen } = again
  const findings = screen.watch('fleet.findings', {})
  const ofHost = (item: { findings: readonly { where: string; severity: string }[] }) =>
    item.findings.find(({ where }) => where === 'h-3')
  const known = await findings.until('the host that is gone', (item) => ofHost(item) !== undefined, 20_000)
  expect(ofHost(known)?.severity).toBe('critical')
  await expect(screen.call('fleet.dismissHost', { host: 'h-1' })).rejects.toThrow(Refused)
  await screen.call('fleet.dismissHost', { host: 'h-3' })
  await findings.until('no such finding', (item) => ofHost(item) === undefined)
})
