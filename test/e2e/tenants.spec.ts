import { expect, type Page, test } from '@playwright/test'
import { type BuiltPage, buildPage, openBuiltPage } from '../support/builtPage.ts'
import { requirement } from '../support/peers.ts'
import { expectAccessible } from './support/page.ts'

const chromium = requirement('chromium')
test.skip(!chromium.present, chromium.reason)

let built: BuiltPage
test.beforeAll(async () => {
  built = await buildPage('test/fixtures/tenantsPage')
})

const list = (page: Page) => page.getByRole('grid', { name: 'Tenants' })
const first = (page: Page) => list(page).getByRole('row').nth(1)

async function open(page: Page, scene: string): Promise<void> {
  await openBuiltPage(page, built, `?scene=${scene}`)
}

test('the tenants are ranked, filtered, opened and left by keyboard alone', async ({ page }) => {
  await open(page, 'many')
  await expect(list(page)).toHaveAttribute('aria-rowcount', '10001')
  await expect(first(page)).toContainText('Northwind Research 1')

  // The noisiest first, then the soonest to run out: the address says so.
  await page.keyboard.press('2')
  await expect(page.getByRole('columnheader', { name: 'Noisy' })).toHaveAttribute('aria-sort', 'descending')
  await page.keyboard.press('3')
  await expect(page.getByRole('columnheader', { name: 'Runs out' })).toHaveAttribute('aria-sort', 'ascending')
  await expect(first(page)).toContainText('used up')
  expect(page.url()).toContain('sort=exhaustion')

  // Only letters of the filter go into it, digits included.
  await page.keyboard.press('/')
  await page.keyboard.type('Orbis 14')
  await expect(page.getByRole('status').filter({ hasText: 'Tenants that match' })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(list(page)).toBeFocused()
  await expect(first(page)).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('ArrowDown')
  const selected = list(page).locator('[aria-selected=true]')
  await expect(selected).toHaveAttribute('aria-rowindex', '3')
  const cell = await selected.getByRole('gridcell').nth(1).textContent()

  // Into its page and back: the selection, the order and the filter are as they were.
  await page.keyboard.press('Enter')
  const name = await page.getByRole('heading', { level: 2 }).textContent()
  expect(cell).toContain(name ?? 'nobody')
  await expect(page.getByRole('region', { name: 'Noisy' })).toContainText('Rejections')
  await page.keyboard.press('Escape')
  await expect(list(page)).toBeFocused()
  await expect(list(page).locator('[aria-selected=true]')).toContainText(name ?? 'nobody')
  expect(page.url()).toContain('text=Orbis')

  // Esc takes one thing away at a time.
  await page.keyboard.press('Escape')
  await expect(list(page)).toHaveAttribute('aria-rowcount', '10001')
  await expect(list(page).locator('[aria-selected=true]')).toHaveCount(1)
  await page.keyboard.press('Escape')
  await expect(list(page).locator('[aria-selected=true]')).toHaveCount(0)
})

test('a tenant far down is in sight again when its page is left', async ({ page }) => {
  await open(page, 'many')
  await expect(list(page)).toHaveAttribute('aria-rowcount', '10001')
  await list(page).focus()
  await page.keyboard.press('End')
  const last = list(page).locator('[aria-selected=true]')
  await expect(last).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 2 })).toBeVisible()
  await page.goBack()
  await expect(list(page).locator('[aria-selected=true]')).toBeInViewport()
})

test('an address of an unknown tenant says so and leads back', async ({ page }) => {
  await open(page, 'missing')
  await expect(page.getByText(/^No tenant t-00003 is known/)).toBeVisible()
  await page.getByRole('button', { name: /All tenants/ }).click()
  await expect(list(page)).toBeVisible()
})

test('a name among the models leads to the tokens view, with both as filters', async ({ page }) => {
  await open(page, 'page')
  await page.getByRole('button', { name: 'qwen3-235b' }).click()
  await expect(page).toHaveURL(/#\/tokens\?.*tenant=t-00003/)
  expect(page.url()).toContain('model=qwen3-235b')
})

for (const theme of ['dark', 'light'] as const) {
  for (const scene of ['many', 'gaps', 'lagging', 'page', 'pageGaps']) {
    test(`the scene ${scene} is accessible in the ${theme} theme`, async ({ page }) => {
      await page.emulateMedia({ colorScheme: theme })
      await open(page, scene)
      await expect(
        scene.startsWith('page') ? page.getByRole('heading', { level: 2 }) : first(page),
      ).toBeVisible()
      await expectAccessible(page)
    })
  }
}
