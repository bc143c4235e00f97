import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { launchDemo, type LaunchedDemo } from '../../main/demo/launch.ts'
import { requirement } from '../support/peers.ts'
import { type RunningServer, startPrometheus } from '../support/prometheus.ts'
import { type RunningConsole, startConsole } from './support/floorwatch.ts'
import { statusBar, watch } from './support/page.ts'

const chromium = requirement('chromium')
const prometheusHere = requirement('prometheus')
test.skip(!chromium.present, chromium.reason)
test.skip(!prometheusHere.present, prometheusHere.reason)

/** Six hosts of eight: every type, no fault, so that anything abnormal on the screen is false. */
const GPUS = '48'
const ALL_PRESENT = /present: 48 .*expected: 48/

let demo: LaunchedDemo
let prometheus: RunningServer
let floorwatch: RunningConsole

test.beforeAll(async () => {
  demo = await launchDemo({
    entry: join(import.meta.dirname, '../../dist/main/demo.js'),
    args: ['--hosts', '6', '--faults', 'none', '--mig', '0'],
  })
  const folder = join(demo.configPath, '..')
  prometheus = await startPrometheus({
    fileSd: join(folder, 'targets.json'),
    scrapeInterval: '2s',
    honorLabels: true,
  })
  await prometheus.until('DCGM_FI_DEV_POWER_USAGE', Number(GPUS), 30_000)
  // The demo describes itself; the Prometheus that scrapes it is added as a person would.
  const config = join(folder, 'with-prometheus.yaml')
  const own = readFileSync(demo.configPath, 'utf8')
  writeFileSync(config, `${own}\nprometheus:\n  url: ${prometheus.url}\n  refresh: 2s\n`)
  floorwatch = await startConsole(['--config', config])
})
test.afterAll(async () => {
  await floorwatch?.stop()
  await prometheus?.stop()
  await demo?.stop()
})

const presentCount = async (page: Page) => (await statusBar(page).innerText()).replaceAll(/\s+/g, ' ')

test('a real Prometheus feeds the floor; when it dies the exporters do, and nothing false is shown meanwhile', async ({
  page,
}) => {
  test.setTimeout(120_000)
  const { expectQuiet } = watch(page)
  await page.goto(floorwatch.consoleUrl)
  await expect(statusBar(page)).toContainText('Prometheus', { timeout: 20_000 })
  await expect.poll(() => presentCount(page), { timeout: 20_000 }).toMatch(ALL_PRESENT)
  await expect(page.getByRole('application', { name: / GPUs$/ })).toBeVisible()

  await prometheus.kill()
  const seen: string[] = []
  await expect
    .poll(
      async () => {
        const text = await presentCount(page)
        seen.push(text)
        return text
      },
      { timeout: 40_000, intervals: [250] },
    )
    .toContain('direct')
  // While it turned: figures may age, but no GPU was called missing, and nothing was called wrong with the GPUs.
  for (const text of seen) {
    expect(text).not.toMatch(/critical/)
    expect(text).toMatch(ALL_PRESENT)
  }

  await page.keyboard.press('g')
  await page.keyboard.press('h')
  await expect(page.getByText(/connection refused/).first()).toBeVisible()
  await page.keyboard.press('g')
  await page.keyboard.press('f')
  await expect
    .poll(() => presentCount(page), { timeout: 20_000 })
    .toMatch(/FLOOR OK.*present: 48 .*expected: 48/)
  expectQuiet()
})
