import { expect, type Page, test } from '@playwright/test'
import { requirement } from '../support/peers.ts'
import { enter } from './support/enter.ts'
import { type RunningConsole, startConsole } from './support/floorwatch.ts'
import { expectAccessible, statusBar } from './support/page.ts'

const chromium = requirement('chromium')
test.skip(!chromium.present, chromium.reason)

let running: RunningConsole
test.beforeAll(async () => {
  running = await startConsole(['--demo'])
})
test.afterAll(() => running?.stop())

const sheet = (page: Page) => page.getByRole('dialog')
const headline = (page: Page) => page.locator('.throttle-headline')

test('a tenant is held back, seen to be, and released, by keyboard alone', async ({ page }) => {
  // A proof takes a minute of traffic.
  test.setTimeout(240_000)
  await enter(page, running)
  await expect(statusBar(page)).toContainText('tok/s', { timeout: 30_000 })
  let keys = 0
  const press = async (key: string): Promise<void> => {
    keys += 1
    await page.keyboard.press(key)
  }
  await press('g')
  await press('n')
  const list = page.getByRole('grid', { name: 'Tenants' })
  await expect(list.getByRole('row').nth(1)).toBeVisible({ timeout: 30_000 })
  await press('j')
  await expect(list.locator('[aria-selected=true]')).toHaveCount(1)
  await press('t')
  await expect(sheet(page)).toContainText(/1\s*Who.*2\s*What.*3\s*Then.*4\s*Reason/s)
  // Nothing is sent without a reason, and never by Enter.
  const send = sheet(page).getByRole('button', { name: /^Throttle .* tok\/min for 30 min$/ })
  await expect(send).toBeVisible({ timeout: 15_000 })
  await expect(send).toHaveAttribute('aria-disabled', 'true')
  await page.keyboard.type('looping agent')
  await page.keyboard.press('Enter')
  await expect(sheet(page)).toContainText('Ctrl Enter sends', { timeout: 15_000 })
  await expectAccessible(page)
  await press('Control+Enter')
  await expect(headline(page)).toContainText(/Stored|Reported/, { timeout: 15_000 })
  await expect(statusBar(page)).toContainText(/1 throttle, 29:\d\d left/)
  await expect(headline(page)).toContainText('Enforced', { timeout: 150_000 })
  await expect(page.locator('.throttle-proof')).toContainText(/Stored.*Reported.*3 of 3 gateways.*Observed/s)
  await expectAccessible(page)
  expect(keys).toBeLessThanOrEqual(12)

  await press('r')
  await expect(sheet(page).getByRole('button', { name: /^Release / })).toBeVisible()
  await press('Control+Enter')
  await expect(headline(page)).toContainText('Released', { timeout: 15_000 })
  await page.keyboard.press('Escape')
  await expect(sheet(page)).toHaveCount(0)
  await expect(statusBar(page)).not.toContainText('throttle')
  await press('g')
  await press('l')
  await expect(page.getByRole('grid', { name: 'Throttles' })).toContainText('Released')
  await expectAccessible(page)
})
