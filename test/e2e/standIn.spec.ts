import { expect, type Page, test } from '@playwright/test'
import { type BuiltPage, buildPage, openBuiltPage } from '../support/builtPage.ts'
import { requirement } from '../support/peers.ts'
import { expectAccessible } from './support/page.ts'

const chromium = requirement('chromium')
test.skip(!chromium.present, chromium.reason)

/** Inference servers in the place of a metering that does not distinguish GPU types, or of none at all. */
let tokens: BuiltPage
let yields: BuiltPage
test.beforeAll(async () => {
  tokens = await buildPage('test/fixtures/tokensPage')
  yields = await buildPage('test/fixtures/yieldPage')
})

const main = (page: Page) => page.getByRole('main')
const types = (page: Page) => page.getByRole('region', { name: 'GPU types by tokens per second' })

test.describe('served tokens by GPU type', () => {
  test('stand under their own name, with what is not mapped to a GPU as a row', async ({ page }) => {
    await openBuiltPage(page, tokens, '?scene=served#/tokens?by=gpuType')
    await expect(types(page)).toContainText(/H100.*not mapped to a GPU.*Served, from inference servers/s)
    await expect(types(page)).toContainText(
      /LiteLLM does not know on which GPU type.*6\.20\s% are not mapped to a GPU: canary\/llama-0/s,
    )
    await expect(page.getByText('tokens, mean of 1 min, served')).toHaveCount(1)
    await types(page).locator('.figure').nth(1).hover()
    await expect(page.getByRole('tooltip')).toContainText(
      /served, from inference servers.*not metered: LiteLLM/s,
    )
    // The picture is of the same figures, and says so.
    await expect(main(page)).toContainText(/served, from inference servers through Prometheus, one point per/)
    await expect(page.getByText('not mapped to a GPU', { exact: true })).toHaveCount(2)
    await expectAccessible(page)
  })

  test('are not split by a tenant that they do not know', async ({ page }) => {
    await openBuiltPage(page, tokens, '?scene=served#/tokens?tenant=tenant-001')
    await expect(types(page)).toContainText(
      'Inference servers know no tenants, so served tokens by GPU type cannot be narrowed to one.',
    )
    await expect(types(page).getByRole('listitem')).toHaveCount(0)
    // What the metering tells stays as it is.
    await expect(main(page)).toContainText('llama-3.3-70b')
  })

  test('name their unjoined row in the filter that it becomes', async ({ page }) => {
    await openBuiltPage(page, tokens, '?scene=served#/tokens')
    await types(page)
      .getByRole('button', { name: /not mapped to a GPU/ })
      .click()
    await expect(page.getByRole('group', { name: 'Filters' })).toContainText('GPU type')
    await expect(page.getByRole('group', { name: 'Filters' })).toContainText('not mapped to a GPU')
    await expect(main(page)).toContainText(
      'Inference servers know no tenants, so who used the tokens is not known.',
    )
  })
})

for (const theme of ['dark', 'light'] as const) {
  test(`without metering all that is served is shown, calmly, in the ${theme} theme`, async ({ page }) => {
    await page.setViewportSize({ width: 1366, height: 768 })
    await page.emulateMedia({ colorScheme: theme })
    await openBuiltPage(page, tokens, '?scene=unmetered')
    const banner = page.getByRole('status').filter({ hasText: 'No metering is configured' })
    await expect(banner).toContainText('which tenants use the tokens is not known')
    await expect(banner).toContainText('Add metering:')
    await expect(banner).not.toHaveClass(/notice-critical/)
    await expect(main(page)).toContainText(/3,412.*run.*118.*wait/s)
    await expect(main(page)).toContainText(/TTFT.*318\sms/s)
    await expect(types(page)).toContainText(/H100.*not mapped to a GPU/s)
    await expect(main(page)).toContainText('Inference servers know no tenants')
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    await expectAccessible(page)
  })

  test(`yield without metering is of served tokens, unjoined share and all, in the ${theme} theme`, async ({
    page,
  }) => {
    await page.emulateMedia({ colorScheme: theme })
    await openBuiltPage(page, yields, '?scene=unmetered')
    await expect(page.getByRole('row', { name: /not mapped to a GPU/ })).toContainText(/78\.0\sk tok\/s/)
    await expect(main(page)).toContainText(
      /3\.40\s% of the served tokens come from 5 servers not mapped to a GPU/,
    )
    await expectAccessible(page)
  })
}

test('yield by type says that it is of served tokens under a metered total', async ({ page }) => {
  await openBuiltPage(page, yields, '?scene=served')
  await expect(page.getByRole('row', { name: /all, as metered/ })).toBeVisible()
  await expect(main(page)).toContainText(
    /Served, from inference servers through Prometheus\. LiteLLM does not know/,
  )
  await page.getByRole('row', { name: /^H100/ }).locator('.figure').nth(3).hover()
  await expect(page.getByRole('tooltip')).toContainText(/not metered: LiteLLM/)
})

test('the metering’s capacity stands beside the floor’s, and in its place where there is none', async ({
  page,
}) => {
  await openBuiltPage(page, yields, '?scene=capacity')
  await expect(main(page)).toContainText(/Where the floor has no figure of its own.*H200 active/s)
  await page.getByText(/counts the capacity of 4 GPU types differently from the floor/).click()
  await expect(main(page)).toContainText(
    /H100, allocated GPUs: 307 by the metering \(held by serving pods\), 440 by the floor/,
  )
  await page.getByRole('columnheader', { name: 'Output against the reference' }).locator('span').hover()
  await expect(page.getByRole('tooltip')).toContainText(/Output tokens per second per active GPU/)
})
