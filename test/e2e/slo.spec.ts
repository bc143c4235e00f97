import { expect, type Page, test } from '@playwright/test'
import { requirement } from '../support/peers.ts'
import { enter } from './support/enter.ts'
import { type RunningConsole, startConsole } from './support/floorwatch.ts'
import { expectAccessible, watch } from './support/page.ts'

const chromium = requirement('chromium')
test.skip(!chromium.present, chromium.reason)

let running: RunningConsole
test.beforeAll(async () => {
  test.setTimeout(90_000)
  running = await startConsole(['--demo'], { readyMs: 60_000 })
})
test.afterAll(async () => {
  await running?.stop()
})

const matrix = (page: Page) => page.getByRole('region', { name: 'Objectives and how fast they burn' })
const chosen = (page: Page, name: string) => page.getByRole('region', { name, exact: true })

async function open(page: Page, hash = '#/slo'): Promise<void> {
  await enter(page, running)
  await expect(page.getByRole('banner')).toBeVisible()
  await page.evaluate((to) => (location.hash = to), hash)
  await expect(matrix(page)).toBeVisible({ timeout: 30_000 })
}

test('the matrix shows every objective with its counts, and the worst one stands in the status bar', async ({
  page,
}) => {
  const { expectQuiet } = watch(page)
  await enter(page, running)
  await expect(page.getByRole('region', { name: 'Summary of the floor' })).toBeVisible({ timeout: 20_000 })
  await page.keyboard.press('g')
  await page.keyboard.press('s')
  const row = matrix(page).getByRole('row').filter({ hasText: 'ttft-chat' })
  await expect(row).toContainText(/of [\d,]+ bad/, { timeout: 30_000 })
  await expect(row).toContainText('≤ 500\u2009ms · 95\u2009%')
  await expect(row).toContainText('ok')
  await expect(page.getByRole('banner')).toContainText(/worst burn [\d.]+×/, { timeout: 45_000 })
  await expectAccessible(page)
  expectQuiet()
})

test('an objective is chosen by keyboard: its budget, its words, and what it takes to fire', async ({
  page,
}) => {
  await open(page, '#/slo?objective=ttft-chat')
  const story = chosen(page, 'ttft-chat')
  await expect(story).toContainText('at least 95\u2009% of requests of chat start within 500\u2009ms')
  await expect(story).toContainText(/\d were good|good in the last 5 min/, { timeout: 30_000 })
  await expect(story).toContainText('Bucket used: 500\u2009ms')
  // 14.4 × 5 %: what has to be bad, and for how long.
  await expect(story.getByRole('row').filter({ hasText: '14.4×' })).toContainText(/72\.0\s%.*43\smin/)
  const chart = story.getByRole('application', { name: /^Budget left, 30 days/ })
  await expect(chart).toBeVisible({ timeout: 30_000 })
  await chart.focus()
  await page.keyboard.press('ArrowLeft')
  await expect(chart).toHaveAccessibleName(/of the budget left, [\d,]+ of [\d,]+ bad/)
  await page.keyboard.press('j')
  await expect(page).toHaveURL(/objective=(?!ttft-chat)/)
})

test('a threshold between two buckets names the one that is used', async ({ page }) => {
  await open(page, '#/slo?objective=itl-reasoning')
  await expect(matrix(page)).toContainText('≤ 250\u2009ms → 200\u2009ms', { timeout: 30_000 })
  await expect(chosen(page, 'itl-reasoning')).toContainText('Buckets that exist: 10\u2009ms')
})

for (const theme of ['dark', 'light'] as const) {
  test(`is readable in the ${theme} theme at 1366 × 768`, async ({ page }) => {
    await page.setViewportSize({ width: 1366, height: 768 })
    await open(page, '#/slo?objective=ttft-chat')
    await page.evaluate((to) => (document.documentElement.dataset['theme'] = to), theme)
    await expect(matrix(page)).toContainText(/of [\d,]+ bad/, { timeout: 30_000 })
    await expectAccessible(page)
  })
}
