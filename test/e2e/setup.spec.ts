import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { requirement } from '../support/peers.ts'
import { type RunningConsole, startConsole } from './support/floorwatch.ts'
import { expectAccessible, statusBar, watch } from './support/page.ts'
import { launchDemo, type LaunchedDemo } from '../../main/demo/launch.ts'

const chromium = requirement('chromium')
test.skip(!chromium.present, chromium.reason)

let floorwatch: RunningConsole
test.beforeEach(async () => {
  floorwatch = await startConsole()
})
test.afterEach(async () => {
  await floorwatch.stop()
})

test('without a configuration the setup opens, and leads to the demo factory', async ({ page }) => {
  const { expectQuiet } = watch(page)
  await page.goto(floorwatch.consoleUrl)
  await expect(page.getByRole('heading', { name: 'Connect to your factory' })).toBeVisible()
  await expectAccessible(page)

  await page.getByRole('button', { name: 'Look at the demo factory' }).click()
  await expect(statusBar(page)).toContainText('DEMO', { timeout: 20_000 })
  await expect(statusBar(page)).toContainText('1,056', { timeout: 20_000 })
  expectQuiet()
})

test('a factory is connected: tested, saved once, and on the screen', async ({ page }) => {
  const demo: LaunchedDemo = await launchDemo({
    entry: join(import.meta.dirname, '../../dist/main/demo.js'),
    args: ['--hosts', '6', '--faults', 'none'],
  })
  try {
    const lists = (await (await fetch(`${demo.control}/targets.json`)).json()) as { targets: string[] }[]
    const targets = lists.flatMap((group) => group.targets)
    await page.goto(floorwatch.consoleUrl)
    await page.getByLabel(/^Site name/).fill('Test floor')
    await page.getByLabel(/^dcgm-exporter addresses/).fill(targets.join('\n'))
    await page.getByRole('button', { name: 'Test only' }).click()
    await expect(page.getByText(/8 GPUs/).first()).toBeVisible({ timeout: 15_000 })
    await page.getByRole('button', { name: 'Test and save' }).click()
    await expect(statusBar(page)).toContainText('Test floor', { timeout: 15_000 })
    await expect(statusBar(page)).toContainText('48', { timeout: 20_000 })

    const saved = join(floorwatch.home, '.config', 'floorwatch', 'floorwatch.yaml')
    expect(existsSync(saved)).toBe(true)
    expect(readFileSync(saved, 'utf8')).toContain('Test floor')
    if (process.platform !== 'win32') expect(statSync(saved).mode & 0o777).toBe(0o600)
  } finally {
    await demo.stop()
  }
})

test('an address where nothing answers is told in words', async ({ page }) => {
  await page.goto(floorwatch.consoleUrl)
  await page.getByLabel('Address', { exact: true }).fill('http://127.0.0.1:9')
  await page.getByRole('button', { name: 'Test only' }).click()
  await expect(page.getByText(/connection refused/)).toBeVisible({ timeout: 15_000 })
})

test('a wall may look at the setup and not use it', async ({ page }) => {
  await page.goto(floorwatch.wallUrl)
  await expect(page.getByRole('heading', { name: 'Connect to your factory' })).toBeVisible()
  const demo = page.getByRole('button', { name: 'Look at the demo factory' })
  await expect(demo).toHaveAttribute('aria-disabled', 'true')
})
