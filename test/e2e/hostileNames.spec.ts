import { expect, type Page, test } from '@playwright/test'
import { type BuiltPage, buildPage, openBuiltPage } from '../support/builtPage.ts'
import { requirement } from '../support/peers.ts'
import { expectFits } from './support/fits.ts'
import { watch } from './support/page.ts'

const chromium = requirement('chromium')
test.skip(!chromium.present, chromium.reason)

/** Each page over an engine whose every name is hostile: 3,000 characters, turned round, invisible, piled up. */
const PAGES = ['shellPage', 'tokensPage', 'yieldPage', 'tenantsPage'] as const
const built = new Map<string, BuiltPage>()
test.beforeAll(async () => {
  for (const name of PAGES) built.set(name, await buildPage(`test/fixtures/${name}`))
})

const main = (page: Page) => page.getByRole('main')

async function open(page: Page, name: (typeof PAGES)[number], query = '', hash = ''): Promise<void> {
  await openBuiltPage(page, built.get(name) as BuiltPage, `?hostile${query}${hash}`)
}

/** Waits for names to be there, then looks at everything that is shown. */
async function expectMarked(page: Page): Promise<void> {
  await expect(main(page)).toContainText(/‹(?:U\+|space|#\w{5}, |right to left)/, {
    timeout: 15_000,
  })
  await expectFits(page)
}

test('the floor, its lists and its drawers', async ({ page }) => {
  const { expectQuiet } = watch(page)
  await open(page, 'shellPage', '', '#/floor')
  await expectMarked(page)
  const abnormal = page.getByRole('grid', { name: 'Abnormal' })
  await abnormal.getByRole('row').nth(1).click()
  await expect(page.getByRole('complementary')).toContainText('Identity')
  await expectMarked(page)
  await page.getByRole('complementary').getByRole('button', { name: /h-0/ }).first().click()
  await expect(page.getByRole('complementary')).toContainText('Board power')
  await expectMarked(page)
  await page.keyboard.press('Escape')
  await page.keyboard.press('l')
  await expect(page.getByRole('grid', { name: 'GPUs' })).toBeVisible()
  await expectMarked(page)
  // The card beside a cell, and the picture at its nearest.
  const picture = page.getByRole('application', { name: / GPUs$/ })
  await picture.hover({ position: { x: 89, y: 136 } })
  await expect(page.locator('.hover-card')).toBeVisible()
  await expectMarked(page)
  await picture.focus()
  for (const key of ['z', 'z', 'z', '.']) await page.keyboard.press(key)
  await expectMarked(page)
  await page.keyboard.press('Control+k')
  await page.keyboard.type('h-00')
  await expect(page.getByRole('dialog')).toContainText('Hosts')
  await expectFits(page)
  expectQuiet()
})

test('the sources and their drawer', async ({ page }) => {
  await open(page, 'shellPage', '', '#/sources')
  await expectMarked(page)
  await page.getByRole('grid', { name: 'Sources' }).getByRole('row').nth(1).click()
  await expect(page.getByRole('complementary')).toBeVisible()
  await expectMarked(page)
})

test('tokens: live, over time, totals, and filtered by such a name', async ({ page }) => {
  await open(page, 'tokensPage', '', '#/tokens')
  await expectMarked(page)
  for (const range of ['3', '5', '7']) {
    await page.keyboard.press(range)
    await expect(main(page).locator('.stacked-legend, [role=grid]').first()).toBeVisible({ timeout: 15_000 })
    await expectMarked(page)
  }
  await page.keyboard.press('1')
  await page.locator('.ranked-name').first().click()
  await expect(page.locator('.tokens-chip-name').first()).toBeVisible()
  await expectMarked(page)
})

test('tokens of a back end that is not well', async ({ page }) => {
  await open(page, 'tokensPage', '&scene=partial', '#/tokens')
  await expectMarked(page)
})

test('the yield', async ({ page }) => {
  await open(page, 'yieldPage', '&scene=leak')
  await expectMarked(page)
})

test('tenants, a tenant, its jobs, one job and its evidence', async ({ page }) => {
  await open(page, 'tenantsPage', '&scene=few', '#/tenants')
  await expectMarked(page)
  const list = page.getByRole('grid', { name: 'Tenants' })
  await list.getByRole('row').nth(1).dblclick()
  await expect(page.getByRole('heading', { level: 2 })).toBeVisible()
  await expectMarked(page)
  await page.keyboard.press('e')
  await expect(page.getByRole('dialog')).toBeVisible()
  await expectFits(page)
  await page.keyboard.press('Escape')
  await page.keyboard.press('w')
  const jobs = page.getByRole('grid', { name: /[Jj]obs/ })
  await expect(jobs.getByRole('row').nth(1)).toBeVisible({ timeout: 15_000 })
  await expectMarked(page)
  await jobs.getByRole('row').nth(1).dblclick()
  await expect(page.getByRole('treegrid')).toBeVisible({ timeout: 15_000 })
  await expectMarked(page)
})
