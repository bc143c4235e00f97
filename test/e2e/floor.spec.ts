import { expect, test } from '@playwright/test'
import { requirement } from '../support/peers.ts'
import { type RunningConsole, startConsole } from './support/floorwatch.ts'
import { enter } from './support/enter.ts'
import { expectAccessible, statusBar, watch } from './support/page.ts'

const chromium = requirement('chromium')
test.skip(!chromium.present, chromium.reason)

let floorwatch: RunningConsole
test.beforeAll(async () => {
  floorwatch = await startConsole(['--demo'])
})
test.afterAll(async () => {
  await floorwatch?.stop()
})
test.beforeEach(async ({ page }) => {
  await enter(page, floorwatch)
  await expect(statusBar(page)).toContainText('1,056', { timeout: 20_000 })
  await expect(page.getByRole('application', { name: / GPUs$/ })).toBeVisible()
})

test('the demo floor is seen with what is wrong with it', async ({ page }) => {
  const { expectQuiet } = watch(page)
  const abnormal = page.getByRole('grid', { name: 'Abnormal' })
  await expect(abnormal.getByText(/XID 48/).first()).toBeVisible({ timeout: 30_000 })
  await expect(page.getByRole('region', { name: 'Hottest GPU' })).toContainText('°C')
  await expectAccessible(page)
  expectQuiet()
})

for (const theme of ['dark', 'light'] as const) {
  test(`everything shown is accessible in the ${theme} theme, with a drawer open`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme })
    await page.goto(`${new URL(floorwatch.consoleUrl).origin}/#/floor?gpu=h-0028/0`)
    await expect(page.getByRole('complementary', { name: 'h-0028 · GPU 0' })).toContainText('XID', {
      timeout: 20_000,
    })
    await expectAccessible(page)
  })
}

test('the floor is worked by keyboard alone', async ({ page }) => {
  // A metric by its digit.
  await page.keyboard.press('5')
  await expect(page.getByRole('radio', { name: 'Board power' })).toHaveAttribute('aria-checked', 'true')

  // The worst finding: j selects it and opens its place.
  await expect(page.getByRole('grid', { name: 'Abnormal' }).getByRole('row')).not.toHaveCount(1, {
    timeout: 30_000,
  })
  await page.keyboard.press('j')
  await expect(page.getByRole('complementary')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('complementary')).toHaveCount(0)

  // The filter.
  await page.keyboard.press('/')
  await page.keyboard.type('h-0042')
  await expect(page.getByText(/\b8 of .*1,056/)).toBeVisible()
  await page.keyboard.press('Escape')

  // A host through the palette.
  await page.keyboard.press('Control+k')
  await page.keyboard.type('h-0100')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('complementary', { name: 'h-0100' })).toContainText('8 of 8 GPUs present')

  // Every key is listed.
  await page.keyboard.press('Escape')
  await page.keyboard.press('Shift+?')
  await expect(page.getByRole('dialog')).toContainText('Board power')
})

test('every GPU is listed, abnormal first', async ({ page }) => {
  await page.keyboard.press('l')
  const list = page.getByRole('grid', { name: 'GPUs' })
  await expect(list).toHaveAttribute('aria-rowcount', '1057')
  // The GPU that the roll-call misses, or one with a critical XID, stands before more than a thousand good ones.
  await expect(list.getByRole('row').nth(1)).toContainText(/h-0123 · GPU 5|h-0028 · GPU 0/)
})

test('the history of a GPU is drawn from the console’s memory', async ({ page }) => {
  await page.goto(`${new URL(floorwatch.consoleUrl).origin}/#/floor?gpu=h-0060/1`)
  const drawer = page.getByRole('complementary', { name: 'h-0060 · GPU 1' })
  await expect(drawer.getByRole('application', { name: 'Board power' })).toBeVisible({ timeout: 30_000 })
  await expect(drawer).toContainText('the console’s memory')
})

test('when the engine goes away, everything shown is called last known, with its age', async ({ page }) => {
  const own = await startConsole(['--demo'])
  await page.goto(own.wallUrl)
  await expect(statusBar(page)).toContainText('1,056', { timeout: 20_000 })
  await own.stop()
  await expect(page.getByText(/Lost connection to the engine/)).toBeVisible({ timeout: 20_000 })
  await expect(statusBar(page)).not.toContainText('FLOOR OK')
})
