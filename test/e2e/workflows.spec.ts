import { readFile } from 'node:fs/promises'
import { expect, type Page, test } from '@playwright/test'
import { LOOP_STEPS } from '../fixtures/syntheticJobs.ts'
import { type BuiltPage, buildPage, openBuiltPage } from '../support/builtPage.ts'
import { requirement } from '../support/peers.ts'
import { expectAccessible, watch } from './support/page.ts'

const chromium = requirement('chromium')
test.skip(!chromium.present, chromium.reason)

let built: BuiltPage
test.beforeAll(async () => {
  built = await buildPage('test/fixtures/tenantsPage')
})
test.beforeEach(async ({ page }) => {
  await openBuiltPage(page, built, '?scene=page')
  await expect(page.getByRole('heading', { level: 2 })).toBeVisible()
})

const jobs = (page: Page) => page.getByRole('grid', { name: 'Jobs' })
const steps = (page: Page) => page.getByRole('treegrid', { name: 'Steps of the job' })
const selected = (page: Page) => steps(page).locator('[aria-selected=true]')

/** Opens the row that stands for thousands of steps by keyboard. */
async function openRun(page: Page): Promise<void> {
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowDown')
  await expect(selected(page)).toContainText('4,909 × ')
  await page.keyboard.press('ArrowRight')
}

test('why a job took 400 million tokens is found by keyboard alone', async ({ page }) => {
  const { expectQuiet } = watch(page)
  await page.keyboard.press('w')
  await expect(jobs(page)).toBeFocused()
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await expect(steps(page)).toBeFocused()
  const reason = page.getByRole('button', { name: /Loop: crm-lookup failed 4,909 times/ })
  await expect(reason).toContainText('398')
  // What repeats thousands of times is one row that says so; open, it is one list of which only rows in sight exist.
  await expect(steps(page)).toHaveAttribute('aria-rowcount', '3')
  await expect(steps(page)).toContainText('4,909 × ')
  await openRun(page)
  await expect(steps(page)).toHaveAttribute('aria-rowcount', String(LOOP_STEPS + 2))
  expect(await steps(page).getByRole('row').count()).toBeLessThan(120)

  // Down and far down: what is selected is wholly in sight, above and below.
  await page.keyboard.press('ArrowDown')
  await expect(selected(page)).toHaveAttribute('aria-level', '3')
  await page.keyboard.press('End')
  await expect(selected(page)).toHaveAttribute('aria-rowindex', String(LOOP_STEPS + 2))
  await expect(selected(page)).toBeInViewport({ ratio: 0.99 })
  await expect(page.getByRole('region', { name: 'Step: mixtral-8x22b' })).toContainText('H200')
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowLeft')
  await expect(steps(page)).toHaveAttribute('aria-rowcount', '2')

  // Esc takes one thing away at a time: the step, the job, the list, the page.
  await page.keyboard.press('Escape')
  await expect(selected(page)).toHaveCount(0)
  await page.keyboard.press('Escape')
  await expect(jobs(page)).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('region', { name: 'Figures of the tenant' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('grid', { name: 'Tenants' })).toBeVisible()
  expectQuiet()
})

test('the row that the keyboard walks to is never hidden behind an edge', async ({ page }) => {
  await page.keyboard.press('w')
  await expect(jobs(page)).toBeFocused()
  for (let i = 0; i < 45; i++) await page.keyboard.press('ArrowDown')
  const row = jobs(page).locator('[aria-selected=true]')
  await expect(row).toHaveAttribute('aria-rowindex', '46')
  const below = async () => {
    const [box, frame] = await Promise.all([row.boundingBox(), jobs(page).boundingBox()])
    return (frame?.y ?? 0) + (frame?.height ?? 0) - ((box?.y ?? 0) + (box?.height ?? 0))
  }
  await expect.poll(below).toBeGreaterThanOrEqual(-1)
})

test('a reason lights its steps, and the picture is walked and entered', async ({ page }) => {
  await page.getByRole('button', { name: 'Jobs (w)', exact: true }).click()
  await jobs(page).getByText('job-0003').click()
  const picture = page.getByRole('application', { name: /^Tokens of the steps of/ })
  const readout = page.locator('.icicle-readout')

  await page.getByRole('button', { name: /^Dead ends/ }).click()
  await expect(selected(page)).toContainText('helper 4')
  await expect(steps(page).locator('.step-lit').first()).toBeVisible()
  await page.getByRole('button', { name: /^Dead ends/ }).click()
  await expect(steps(page).locator('.step-lit')).toHaveCount(0)

  await picture.focus()
  await page.keyboard.press('Home')
  await expect(readout).toContainText('the whole job')
  await page.keyboard.press('ArrowDown')
  await expect(readout).toContainText('plan, agent')
  await page.keyboard.press('ArrowDown')
  await expect(readout).toContainText(/helper \d, agent/)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('navigation', { name: 'Branch in sight' })).toContainText('helper')
  expect(page.url()).toContain('branch=')
  await page.keyboard.press('Backspace')
  await page.keyboard.press('0')
  await expect(page.getByRole('navigation', { name: 'Branch in sight' })).toHaveCount(0)
})

test('a click leaves the keyboard in the list, however far it goes then', async ({ page }) => {
  await page.keyboard.press('w')
  await jobs(page).getByText('ticket-resolution').first().click()
  await expect(steps(page)).toBeFocused()
  await openRun(page)
  await steps(page).locator('[role=row][aria-level="3"]').first().click()
  await expect(steps(page)).toBeFocused()
  await page.keyboard.press('End')
  await page.keyboard.press('ArrowUp')
  await expect(selected(page)).toHaveAttribute('aria-rowindex', String(LOOP_STEPS + 1))
})

test('a link to a step that is gone does not keep Esc from leading back', async ({ page }) => {
  await page.evaluate(() => (location.hash = `${location.hash}&job=job-0003&step=nowhere&branch=nowhere`))
  await expect(steps(page)).toBeVisible()
  await expect.poll(() => page.url()).not.toContain('nowhere')
  await page.keyboard.press('Escape')
  await expect(jobs(page)).toBeVisible()
})

test('the list goes on, is narrowed by outcome, and a link leads back to the same job', async ({ page }) => {
  await page.keyboard.press('w')
  await expect(jobs(page)).toHaveAttribute('aria-rowcount', '101')
  await page.getByRole('button', { name: 'Show more' }).click()
  await expect(jobs(page)).toHaveAttribute('aria-rowcount', '201')
  await page.getByRole('button', { name: 'Show more' }).click()
  await expect(jobs(page)).toHaveAttribute('aria-rowcount', '251')
  await expect(page.getByRole('button', { name: 'Show more' })).toHaveCount(0)
  await page.getByRole('button', { name: /^running/ }).click()
  await expect(jobs(page)).toHaveAttribute('aria-rowcount', '2')
  await jobs(page).getByText('job-0001').click()
  await expect(page.getByRole('heading', { name: 'market-research' })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('heading', { name: 'market-research' })).toBeVisible()
})

test('evidence is refused for days that are none and saved for those that are', async ({ page }) => {
  await page.keyboard.press('e')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('First day').fill('2026-02-30')
  await expect(dialog.getByRole('status')).toContainText('Write days as')
  await expect(dialog.getByRole('button', { name: 'Save as CSV' })).toHaveAttribute('aria-disabled', 'true')
  await dialog.getByRole('button', { name: 'Last month' }).click()
  const csv = page.waitForEvent('download')
  await dialog.getByRole('button', { name: 'Save as CSV' }).click()
  expect((await csv).suggestedFilename()).toMatch(/^tokens-\d{4}-\d\d-01-\d{4}-\d\d-\d\d\.csv$/)
  expect(await readFile(await (await csv).path(), 'utf8')).toBe('tenant,from,to\r\n')
  await expect(dialog.getByRole('status')).toContainText('matches the bill: 199018.15 USD')
  // What was told is true of those days alone.
  await dialog.getByRole('button', { name: 'This month' }).click()
  await expect(dialog.getByRole('status')).toHaveText('')
  await dialog.getByRole('button', { name: 'Save as JSON' }).click()
  await expect(dialog.getByRole('status')).toContainText('a difference of -2.00')
  await expectAccessible(page)
})

for (const theme of ['dark', 'light'] as const) {
  test(`jobs of all tenants are accessible in the ${theme} theme`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme })
    await openBuiltPage(page, built, '?scene=many')
    await page.getByRole('button', { name: /^Jobs of all tenants/ }).click()
    await expect(page.getByRole('heading', { name: 'Jobs of all tenants' })).toBeVisible()
    await expect(jobs(page)).toBeVisible()
    await expectAccessible(page)
  })

  test(`jobs and a job with a hostile name are accessible in the ${theme} theme`, async ({ page }) => {
    const { expectQuiet } = watch(page)
    await page.emulateMedia({ colorScheme: theme })
    await page.keyboard.press('w')
    await expect(jobs(page)).toBeFocused()
    await expectAccessible(page)
    await jobs(page)
      .getByText(/of every branch/)
      .first()
      .click()
    await expect(page.getByRole('heading', { name: /img src=x onerror/ })).toBeVisible()
    await page.getByRole('button', { name: /^Dead ends/ }).click()
    await expectAccessible(page)
    expectQuiet()
  })
}
