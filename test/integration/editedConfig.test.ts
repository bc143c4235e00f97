import { chmod, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig } from '../../main/config/load.ts'
import { createEngine, type EngineOptions, inProcessWire, OWN_WINDOW } from '../../main/engine/index.ts'
import { systemClock } from '../../main/platform/clock.ts'
import { createLogger } from '../../main/platform/logger.ts'
import type { ConsoleStatus } from '../../shared/contract/console.ts'
import { type FakeExporter, startFakeExporter } from '../support/fakeExporter.ts'
import { Refused, Screen } from '../support/screen.ts'

const LOOK_MS = 50
const cleanups: (() => Promise<unknown>)[] = []
let path = ''
let logged: string[] = []
let exporter: FakeExporter

beforeEach(async () => {
  logged = []
  const folder = await mkdtemp(join(tmpdir(), 'floorwatch-edited-'))
  cleanups.push(() => rm(folder, { recursive: true }))
  path = join(folder, 'floorwatch.yaml')
  exporter = await startFakeExporter({ host: 'h-1' })
  cleanups.push(() => exporter.close())
  await writeFile(path, text('Hall 1'))
  process.env['EDITED_TOKEN'] = 'canary-9931'
})
afterEach(async () => {
  delete process.env['EDITED_TOKEN']
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

function text(name: string, more = ''): string {
  return `version: 1
site: { name: ${name}, timezone: UTC }
exporters: { static: ["127.0.0.1:${exporter.port}"], interval: 1s${more} }
`
}

async function start(more: Partial<EngineOptions> = {}) {
  const engine = createEngine({
    config: await loadConfig(path),
    host: { launchDemo: () => Promise.reject(new Error('no demo here')) },
    clock: systemClock,
    logger: createLogger({ level: 'info', destination: { write: (line) => void logged.push(line) } }),
    version: '0.0.0-test',
    paths: { newConfig: 'unused.yaml' },
    configLookMs: LOOK_MS,
    state: { folder: dirname(path), keepsDemo: false },
    ...more,
  })
  cleanups.push(() => engine.close())
  const attach = (role: 'console' | 'wall') => {
    const { engineEnd, screenEnd } = inProcessWire()
    engine.attach(engineEnd, role, OWN_WINDOW)
    return new Screen(screenEnd)
  }
  const screen = attach('console')
  // The file has been read once what it says is on the floor.
  await screen.watch('fleet.topology', {}).until('two GPUs', ({ gpus }) => gpus.host.length === 2)
  return { screen, status: screen.watch('console.status', {}), wall: attach('wall') }
}

const offered = ({ configChange }: Pick<ConsoleStatus, 'configChange'>) => configChange !== null
const digestOf = (status: Pick<ConsoleStatus, 'configChange'>) => status.configChange?.digest ?? ''

describe('a configuration that is edited while the engine runs', () => {
  it('is offered, not applied, and applied on request; walls see nothing of it', async () => {
    const { screen, status, wall } = await start()
    // As editors do it: a new file in place of the old one.
    await writeFile(`${path}.new`, text('Hall 2'))
    await rename(`${path}.new`, path)
    const seen = await status.until('the offer', offered)
    expect(seen.configChange).toMatchObject({ problems: [], more: 0, newRoutes: [] })
    expect(seen.site.name).toBe('Hall 1')
    const walls = wall.watch('console.status', {})
    expect((await walls.until('any', () => true)).configChange).toBeNull()
    await expect(wall.call('config.apply', { digest: digestOf(seen) })).rejects.toThrow(Refused)

    await screen.call('config.apply', { digest: digestOf(seen) })
    const applied = await status.until('the new site', ({ site }) => site.name === 'Hall 2')
    expect(applied.configChange).toBeNull()
    expect(logged.join('')).toContain('a console applies the edited configuration')
    // The engine follows the file from there on.
    await writeFile(path, text('Hall 3'))
    await status.until('the next offer', offered)
  })

  it('is shown with its errors and their lines, and cannot be applied', async () => {
    const { screen, status } = await start()
    await writeFile(path, `${text('Hall 2')}thresholds: { gpuTmp: { advisory: 1, critical: 2 } }\n`)
    const seen = await status.until('the offer', offered)
    expect(seen.configChange?.problems).toMatchObject([
      { line: 4, key: 'thresholds.gpuTmp', nextStep: 'Did you mean gpuTemp?' },
    ])
    await expect(screen.call('config.apply', { digest: digestOf(seen) })).rejects.toThrow('has errors')
    await writeFile(path, text('Hall 2'))
    const mended = await status.until('it is mended', (now) => now.configChange?.problems.length === 0)
    await expect(screen.call('config.apply', { digest: digestOf(seen) })).rejects.toThrow('is not the one')
    await screen.call('config.apply', { digest: digestOf(mended) })
    await status.until('the new site', ({ site }) => site.name === 'Hall 2')
  })

  it('is offered no longer once the edit was undone', async () => {
    const { status } = await start()
    const before = await readFile(path, 'utf8')
    await writeFile(path, text('Hall 2'))
    await status.until('the offer', offered)
    await writeFile(path, before)
    const after = await status.until('no offer', (now) => !offered(now))
    expect(after.site.name).toBe('Hall 1')
  })

  it('is not applied from a screen where others can write it', async ({ skip }) => {
    skip(process.platform === 'win32', 'modes mean nothing there')
    const { screen, status } = await start()
    await writeFile(path, text('Hall 2'))
    await chmod(path, 0o666)
    const seen = await status.until('the offer', offered)
    await expect(screen.call('config.apply', { digest: digestOf(seen) })).rejects.toThrow(
      'it may be changed by everybody',
    )
  })

  it('says which secrets it newly sends where, and sends them nowhere if the file was not named', async () => {
    const { screen, status } = await start({ configNamed: false })
    await writeFile(path, text('Hall 2', ', bearer: { env: EDITED_TOKEN }'))
    const seen = await status.until('the offer', offered)
    expect(seen.configChange?.newRoutes).toEqual([
      `the environment variable EDITED_TOKEN to 127.0.0.1:${exporter.port}`,
    ])
    await expect(screen.call('config.apply', { digest: digestOf(seen) })).rejects.toThrow(
      'was not named with --config',
    )
    expect(logged.join('')).not.toContain('canary-9931')
  })
})
