import { expect, type Page, test } from '@playwright/test'
import { type BuiltPage, buildPage, openBuiltPage } from '../support/builtPage.ts'
import { requirement } from '../support/peers.ts'
import { expectAccessible } from './support/page.ts'

const chromium = requirement('chromium')
test.skip(!chromium.present, chromium.reason)

/** Figures that are old, missing, partly known or very long, which a factory in good health never shows. */
let tokens: BuiltPage
let yields: BuiltPage
test.beforeAll(async () => {
  tokens = await buildPage('test/fixtures/tokensPage')
  yields = await buildPage('test/fixtures/yieldPage')
})

const main = (page: Page) => page.getByRole('main')

const TOKENS: Readonly<Record<string, RegExp>> = {
  lagging: /The metering lags\..*3\smin old; at most 60\ss is allowed.*Source health/s,
  failing: /The metering does not answer\..*refused.*Start the metering/s,
  partial: /not complete\..*gateway gw-3/s,
  lacks: /LiteLLM does not know on which GPU type/,
  gaps: /Tokens per second by model/,
  long: /interminable/,
  quiet: /No usage was metered in this period\..*Choose another measure/s,
  refused: /answered 503: it is starting/,
  waiting: /has not answered yet/,
}
for (const theme of ['dark', 'light'] as const) {
  for (const [scene, said] of Object.entries(TOKENS)) {
    test(`tokens, ${scene}: said, within the screen and accessible in the ${theme} theme`, async ({
      page,
    }) => {
      await page.setViewportSize({ width: 1366, height: 768 })
      await page.emulateMedia({ colorScheme: theme })
      await openBuiltPage(page, tokens, `?scene=${scene}`)
      await expect(main(page)).toContainText(said, { timeout: 15_000 })
      if (scene === 'lagging' || scene === 'failing') {
        // The history beside the chart names its own instant; what speaks of now is old.
        const present = page.locator(':is(.tile, .ranked) .figure[data-state=ok]', { hasText: 'tok/s' })
        await expect(present).toHaveCount(0)
      }
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
      await expectAccessible(page)
    })
  }
}

test('an old metering makes every figure that is made of it old, in the strip and in the lists', async ({
  page,
}) => {
  await openBuiltPage(page, tokens, '?scene=failing')
  await expect(page.getByText('The metering does not answer.')).toBeVisible()
  const first = page.getByRole('region', { name: 'Tokens', exact: true }).locator('.figure').first()
  await expect(first).toHaveAttribute('data-state', 'stale')
  await first.hover()
  await expect(page.getByRole('tooltip')).toContainText(/no longer current.*refused.*3\smin ago/s)
})

const YIELD: Readonly<Record<string, RegExp>> = {
  leak: /llama-3\.3-70b on H100, since .*lost usage events/s,
  gaps: /unknown.*deepseek-r1/s,
  long: /3\.40\s% of the tokens name no GPU type.*2\.20\s% of the served tokens come from 5 servers/s,
  empty: /No GPU type is known yet\..*who used how many tokens is not known/s,
}
for (const theme of ['dark', 'light'] as const) {
  for (const [scene, said] of Object.entries(YIELD)) {
    test(`yield, ${scene}: said, within the screen and accessible in the ${theme} theme`, async ({
      page,
    }) => {
      await page.setViewportSize({ width: 1366, height: 768 })
      await page.emulateMedia({ colorScheme: theme })
      await openBuiltPage(page, yields, `?scene=${scene}`)
      await expect(main(page)).toContainText(said, { timeout: 15_000 })
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
      await expectAccessible(page)
    })
  }
}
