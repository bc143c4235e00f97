import { expect, type Page, test } from '@playwright/test'
import { requirement } from '../support/peers.ts'
import { enter } from './support/enter.ts'
import { expectAccessible, watch } from './support/page.ts'
import { startTokensFactory, type TokensFactory } from './support/tokensFactory.ts'

const chromium = requirement('chromium')
test.skip(!chromium.present, chromium.reason)

/** A metering that goes down while it is looked at. */
let isDown = false
let factory: TokensFactory
test.beforeAll(async () => {
  test.setTimeout(90_000)
  factory = await startTokensFactory({
    mutilation: {
      answer: (_, answered) => (isDown ? { ...answered, status: 503, text: 'down for repairs' } : answered),
    },
  })
})
test.afterAll(async () => {
  await factory?.stop()
})

const main = (page: Page) => page.getByRole('main')
const tokensTile = (page: Page) => page.getByRole('region', { name: 'Tokens', exact: true })

test('the picture stays, dated, and served tokens continue it; the rankings and the yield follow', async ({
  page,
}) => {
  test.setTimeout(180_000)
  const { expectQuiet } = watch(page)
  await enter(page, factory.floorwatch)
  await expect(page.getByRole('banner')).toBeVisible()
  await page.evaluate(() => (location.hash = '#/tokens'))
  await expect(tokensTile(page).locator('.figure[data-state=ok]').first()).toBeVisible({ timeout: 60_000 })
  await expect(main(page)).toContainText(/Metering API at .*, one point per/, { timeout: 30_000 })

  isDown = true
  await expect(main(page)).toContainText('The metering does not answer.', { timeout: 60_000 })
  // From its last point on, in the words of whoever tells it now.
  await expect(main(page)).toContainText(/From \d\d:\d\d(:\d\d)? \S+ on: served, from /, { timeout: 60_000 })
  await expect(tokensTile(page)).toContainText('served', { timeout: 30_000 })
  await expect(page.getByRole('region', { name: 'Models by tokens per second' })).toContainText('served')
  // Who used them no server knows: the last known ranking is old, and not empty.
  const tenants = page.getByRole('region', { name: 'Tenants by tokens per second' })
  await expect(tenants.getByRole('listitem').first()).toBeVisible()
  await expect(tenants.locator('.figure[data-state=ok]', { hasText: 'tok/s' })).toHaveCount(0)
  await expectAccessible(page)

  await page.keyboard.press('2')
  await expect(tokensTile(page)).toContainText(/mean of the last hour served/, { timeout: 30_000 })
  await expectAccessible(page)

  await page.evaluate(() => (location.hash = '#/yield'))
  await expect(main(page)).toContainText('The metering does not answer.')
  await expect(main(page)).toContainText('all types')
  await expectAccessible(page)
  expectQuiet()
})
