import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { startFakeExporter } from '../support/fakeExporter.ts'
import {
  type Desktop,
  isRunning,
  needsDesktop,
  processIds,
  type Shell,
  startDesktop,
} from './support/desktop.ts'
import { type RunningConsole, startConsole } from './support/floorwatch.ts'
import { statusBar } from './support/page.ts'

needsDesktop()

const STAND_IN = join(import.meta.dirname, '../fixtures/desktop/engineThatEnds.mjs')
const windowCount = (shell: Shell): Promise<number> =>
  shell.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)

let desktop: Desktop
test.beforeEach(async () => {
  desktop = await startDesktop()
})
test.afterEach(async () => {
  await desktop.close()
})

test('a lost engine elsewhere is told with its age and its reason, and the window returns to its successor', async () => {
  let floorwatch: RunningConsole = await startConsole(['--demo'])
  try {
    const { port } = new URL(floorwatch.attachUrl)
    const { page, ...shell } = await desktop.open(['--engine', floorwatch.attachUrl])
    await expect(statusBar(page)).toContainText('1,056', { timeout: 20_000 })

    process.kill(floorwatch.pid, 'SIGKILL')
    const lost = page.getByText(/Lost connection to the engine/)
    await expect(lost).toBeVisible()
    await expect(page.getByText(/cannot be reached\. Nothing listens there/)).toBeVisible({ timeout: 20_000 })
    await expect(lost.locator('..')).toContainText(/last known, as of [\d:]+ UTC, \d+\ss ago/)
    // What was known stays on the screen, and is not told as if it were so now.
    await expect(statusBar(page)).toContainText('1,056 (last known)')
    await floorwatch.stop()

    // Started again it has another token: the window cannot know it, and says what to do.
    floorwatch = await startConsole(['--demo', '--port', port])
    await expect(page.getByText(/does not know this token/)).toBeVisible({ timeout: 30_000 })

    const again = await desktop.run(['--engine', floorwatch.attachUrl])
    expect(again).toMatchObject({ code: 0 })
    expect(again.output).toContain('runs already')
    await expect(lost).toBeHidden({ timeout: 30_000 })
    await expect(statusBar(page)).toContainText('1,056')
    expect(await windowCount({ page, ...shell })).toBe(1)
  } finally {
    await floorwatch.stop()
  }
})

test('a second start opens another floor in another window, and brings the same one forward', async () => {
  const floorwatch = await startConsole()
  try {
    const shell = await desktop.open(['--engine', floorwatch.attachUrl])
    await expect(shell.page.getByRole('heading', { name: 'Connect to your factory' })).toBeVisible()
    const next = shell.app.waitForEvent('window')
    expect((await desktop.run(['--engine', 'http://127.0.0.1:9/?token=none'])).code).toBe(0)
    const second = await next
    await expect(second.getByText(/http:\/\/127\.0\.0\.1:9 cannot be reached/)).toBeVisible({
      timeout: 20_000,
    })
    expect((await desktop.run(['--engine', 'http://127.0.0.1:9/?token=other'])).code).toBe(0)
    expect(await windowCount(shell)).toBe(2)
  } finally {
    await floorwatch.stop()
  }
})

test('its own engine shows the demo, is started again when it dies, and takes the demo with it', async () => {
  const shell = await desktop.open(['--demo'])
  await expect(statusBar(shell.page)).toContainText('1,056', { timeout: 30_000 })
  const [engine] = await processIds(shell, 'Floorwatch engine')
  const [demo] = await processIds(shell, 'Floorwatch demo factory')
  if (engine === undefined || demo === undefined)
    throw new Error('engine and demo have no process of their own')

  process.kill(engine, 'SIGKILL')
  await expect(shell.page.getByText(/Lost connection to the engine/)).toBeVisible({ timeout: 10_000 })
  await expect(shell.page.getByText(/Lost connection to the engine/)).toBeHidden({ timeout: 30_000 })
  await expect(statusBar(shell.page)).toContainText('1,056', { timeout: 20_000 })
  const [successor] = await processIds(shell, 'Floorwatch engine')
  expect(successor).not.toBe(engine)
  expect(await processIds(shell, 'Floorwatch demo factory')).toEqual([demo])

  await shell.close()
  await expect.poll(() => [successor, demo].filter((pid) => pid !== undefined && isRunning(pid))).toEqual([])
})

test('a demo leaves no files behind', async () => {
  const shell = await desktop.open(['--demo'])
  await expect(statusBar(shell.page)).toContainText('1,056', { timeout: 30_000 })
  const folder = await shell.app.evaluate(({ app }) => app.getPath('temp'))
  const files = () => readdirSync(folder).filter((name) => name.startsWith('floorwatch-demo-'))
  expect(files()).toHaveLength(1)
  await shell.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
  await expect.poll(files, { timeout: 10_000 }).toEqual([])
})

test('a configuration that is refused is told on the screen, and the window heals once it is mended', async () => {
  const exporter = await startFakeExporter({ host: 'h-1', gpus: 3 })
  try {
    const config = join(desktop.home, 'floor.yaml')
    writeFileSync(config, 'version: 1\nsite: 7\n')
    const { page } = await desktop.open(['--config', config])
    await expect(page.getByText(/It ended while it started: .*floor\.yaml:2:7: site/)).toBeVisible({
      timeout: 20_000,
    })
    writeFileSync(
      config,
      `version: 1\nsite: { name: Mended }\nexporters: { static: ['127.0.0.1:${exporter.port}'] }\n`,
    )
    await expect(statusBar(page)).toContainText('Mended', { timeout: 40_000 })
  } finally {
    await exporter.close()
  }
})

test('an engine that ends is started again with growing pauses until it stays', async () => {
  const starts = join(desktop.home, 'starts')
  const shell = await desktop.open([], {
    engineEntry: STAND_IN,
    env: { FLOORWATCH_TEST_STARTS: starts, FLOORWATCH_TEST_ENDS: '2' },
  })
  const lines = () => (existsSync(starts) ? readFileSync(starts, 'utf8').trim().split('\n') : [])
  await expect
    .poll(() => lines().filter((line) => line.startsWith('asked')), { timeout: 30_000 })
    .not.toEqual([])
  const pids = lines().filter((line) => !line.startsWith('asked'))
  expect(pids).toHaveLength(3)
  expect(new Set(pids).size).toBe(3)
  // What the engine wrote to its file may be there before the lines of the shell have come through their pipe.
  const log = { timeout: 10_000 }
  await expect
    .poll(() => shell.log(), log)
    .toMatch(/it ended with code 3; starting it again in \d+ ms \(failure 1\)/)
  await expect.poll(() => shell.log(), log).toMatch(/\(failure 2\)/)
  await expect.poll(() => shell.log(), log).toContain('a message was refused')
})

test('a runtime that loads the program late shows the console under its other name', async () => {
  const shell = await desktop.open(['--engine', 'http://127.0.0.1:9/?token=none'], { fromFolder: true })
  await expect(shell.page).toHaveURL(/^(https:\/\/floorwatch\.invalid|floorwatch:\/\/app)\/index\.html$/)
  await expect(shell.page.getByText(/Nothing listens there/)).toBeVisible({ timeout: 20_000 })
})

test('a slip on the command line is told where it was typed', async () => {
  const { code, output } = await desktop.run(['--engine', 'http://127.0.0.1:4318/'])
  expect(code).toBe(2)
  expect(output).toContain('--engine: the address has no token')
})
