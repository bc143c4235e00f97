import { expect, type Page, test } from '@playwright/test'
import { requirement } from '../support/peers.ts'
import { expectAccessible, watch } from './support/page.ts'
import { enter } from './support/enter.ts'
import { startTokensFactory, type TokensFactory } from './support/tokensFactory.ts'

const chromium = requirement('chromium')
test.skip(!chromium.present, chromium.reason)

let factory: TokensFactory
test.beforeAll(async () => {
  test.setTimeout(90_000)
  factory = await startTokensFactory({
    // Windows as short as they may be, so that there is something to compare soon.
    more: 'drift:\n  window: 10s\n  lag: 10s\n',
  })
})
test.afterAll(async () => {
  await factory?.stop()
})

const strip = (page: Page) => page.getByRole('region', { name: 'Yield of the factory' })
const breakEven = (page: Page) => page.getByRole('region', { name: /^One GPU in a year/ })
const drift = (page: Page) => page.getByRole('region', { name: 'Served against metered', exact: true })

async function open(page: Page, hash = '#/yield'): Promise<void> {
  await enter(page, factory.floorwatch)
  await expect(page.getByRole('banner')).toBeVisible()
  await page.evaluate((to) => (location.hash = to), hash)
  await expect(strip(page)).toBeVisible({ timeout: 30_000 })
}

test('the published assumptions give the published revenues, and others give others, by keyboard', async ({
  page,
}) => {
  const { expectQuiet } = watch(page)
  await enter(page, factory.floorwatch)
  // Keys are heard once the first view is there.
  await expect(page.getByRole('region', { name: 'Summary of the floor' })).toBeVisible({ timeout: 20_000 })
  await page.keyboard.press('g')
  await page.keyboard.press('y')
  await expect(breakEven(page)).toContainText('$18,396', { timeout: 30_000 })
  await expect(breakEven(page)).toContainText('$157,680')
  await expect(breakEven(page)).toContainText('8.57× the rent')
  await expect(breakEven(page)).toContainText(/Both earn the same at.*3\.50\sM tok/s)

  const tokens = breakEven(page).getByLabel('Tokens per GPU-hour', { exact: true })
  await tokens.focus()
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.type('60')
  await expect(breakEven(page)).toContainText('$315,360')
  await expect(page).toHaveURL(/mtok=60/)
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.type('plenty')
  await expect(breakEven(page)).toContainText('Expected a number')
  await expect(breakEven(page).getByText('$315,360')).toHaveCount(0)

  await breakEven(page).getByRole('button', { name: 'Reset to configured values' }).click()
  await expect(breakEven(page)).toContainText('$157,680')
  await expect(page).not.toHaveURL(/mtok/)
  await expect(
    breakEven(page).getByRole('img', { name: /Rented, it earns \$18,396.*as much at 3\.50\sM tok/ }),
  ).toBeVisible()
  expectQuiet()
})

test('every yield names its denominator and its dollar, and tells where it comes from', async ({ page }) => {
  const { expectQuiet } = watch(page)
  await open(page)
  for (const name of [
    'Tokens per allocated GPU-hour',
    'Tokens per dollar of cost',
    'Tokens per dollar of spend',
    'Cost of a million tokens',
    'Tokens per joule',
  ]) {
    await expect(strip(page).getByRole('region', { name }).locator('.figure-large')).toHaveText(/\d/, {
      timeout: 30_000,
    })
  }
  const types = page.getByRole('region', { name: 'Yield by GPU type' })
  for (const column of ['per active GPU-hour', 'per allocated GPU-hour', 'per provisioned GPU-hour']) {
    await expect(types.getByRole('columnheader', { name: column })).toBeVisible()
  }
  for (const type of ['H100', 'H200', 'A100']) {
    await expect(types.getByRole('row', { name: new RegExp(`^${type} `) })).toContainText(/\d\sM? ?k?\s?tok/)
  }
  await expect(types.getByRole('row', { name: /^H100 / }).locator('.yield-reference')).toHaveText(/\d\s%$/)

  await page.keyboard.press('i')
  await expect(page.getByRole('tooltip')).toContainText(
    /Tokens per allocated GPU-hour.*measured.*Metering API at 127\.0\.0\.1.*GPUs and power from the floor/s,
  )
  await page.keyboard.press('Escape')
  await expect(page.getByRole('tooltip')).toBeHidden()

  // What is measured here becomes the assumptions, and the address holds them.
  await breakEven(page).getByRole('button', { name: 'Use measured values' }).click()
  await expect(page).toHaveURL(/mtok=[\d.]+.*price=[\d.]+.*sold=[\d.]+/)
  await expect(breakEven(page).getByText('$157,680')).toHaveCount(0)
  expectQuiet()
})

for (const theme of ['dark', 'light'] as const) {
  test(`yields, comparison and drift are accessible in the ${theme} theme`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme })
    await open(page)
    await expect(drift(page).getByRole('row').nth(1)).toBeVisible({ timeout: 60_000 })
    await expectAccessible(page)
  })
}
