import { expect, type Page, test } from '@playwright/test'
import { changed } from '../support/mutilator.ts'
import { requirement } from '../support/peers.ts'
import { watch } from './support/page.ts'
import { enter } from './support/enter.ts'
import { startTokensFactory, type TokensFactory } from './support/tokensFactory.ts'

/** In a file of its own because it takes a minute and a half: six windows have to agree before anything is judged. */

const chromium = requirement('chromium')
test.skip(!chromium.present, chromium.reason)

/** Set to true, a quarter of the metered tokens is lost on the way to the console. */
let leaks = false
const LOST = new Set(['input', 'output', 'cachedInput', 'reasoning', 'errorTokens'])

let factory: TokensFactory
test.beforeAll(async () => {
  test.setTimeout(90_000)
  factory = await startTokensFactory({
    more: 'drift:\n  window: 10s\n  lag: 10s\n',
    mutilation: {
      answer: ({ path }, answered) =>
        leaks && path === '/v1/usage' && answered.status === 200
          ? {
              ...answered,
              text: changed(answered.text, (name, value) => (LOST.has(name) ? less(value) : value)),
            }
          : answered,
    },
  })
})
test.afterAll(async () => {
  await factory?.stop()
})

function less(value: unknown): unknown {
  if (typeof value === 'bigint') return (value * 3n) / 4n
  return typeof value === 'number' ? Math.floor(value * 0.75) : value
}

const drift = (page: Page) => page.getByRole('region', { name: 'Served against metered', exact: true })

test('tokens that are not metered become an abnormal drift, with where to look; before, all agrees', async ({
  page,
}) => {
  test.setTimeout(420_000)
  const { expectQuiet } = watch(page)
  await enter(page, factory.floorwatch)
  await page.evaluate(() => (location.hash = '#/yield'))
  const all = drift(page).getByRole('row', { name: /all models/ })
  await expect(all).toContainText('agrees', { timeout: 210_000 })
  await expect(page.getByRole('list', { name: 'Drifts beyond the threshold' })).toHaveCount(0)
  await expect(page.getByRole('banner').locator('.status-drift')).not.toContainText('drift')

  leaks = true
  await expect(all).toContainText('drifts', { timeout: 120_000 })
  await expect(all.locator('[data-severity=critical], [data-severity=advisory]').first()).toBeVisible()
  await expect(page.getByRole('banner').locator('.status-drift')).toContainText('drift')
  const list = page.getByRole('list', { name: 'Drifts beyond the threshold' })
  await expect(list).toContainText(/of what was served is not metered/, { timeout: 60_000 })
  await expect(drift(page)).toContainText('lost usage events')
  expectQuiet()
})
