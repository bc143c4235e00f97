import { expect, type Locator, type Page, test } from '@playwright/test'
import { visibleName } from '../../shared/model/foreignText.ts'
import { z } from 'zod'
import { changed } from '../support/mutilator.ts'
import { requirement } from '../support/peers.ts'
import { expectAccessible, watch } from './support/page.ts'
import { enter } from './support/enter.ts'
import { SITE_ZONE, startTokensFactory, type TokensFactory } from './support/tokensFactory.ts'

const chromium = requirement('chromium')
const prometheusHere = requirement('prometheus')
test.skip(!chromium.present, chromium.reason)

/** Names as a tenant might choose them to see what a console makes of them. */
const HOSTILE_MODEL = `<img src=x onerror="document.title='owned'">${'x'.repeat(160)}`
const HOSTILE_TENANT = `"><script>document.title='owned'</script>${'y'.repeat(160)}`
const RENAMED: Readonly<Record<string, string>> = {
  'qwen3-coder-30b': HOSTILE_MODEL,
  'helios-dev': HOSTILE_TENANT,
}

let factory: TokensFactory
test.beforeAll(async () => {
  test.setTimeout(90_000)
  factory = await startTokensFactory({
    mutilation: {
      answer: (_, answered) => ({
        ...answered,
        text: answered.text.startsWith('{')
          ? changed(answered.text, (_name, value) =>
              typeof value === 'string' ? (RENAMED[value] ?? value) : value,
            )
          : answered.text,
      }),
    },
  })
})
test.afterAll(async () => {
  await factory?.stop()
})

const point = z.object({
  input: z.union([z.number(), z.bigint()]),
  output: z.union([z.number(), z.bigint()]),
})
const usage = z.object({ dataAsOf: z.string(), series: z.array(z.object({ points: z.array(point) })) })

/** Input and output of everything, as the metering itself says it. */
async function metered(query: string): Promise<{ asOf: number; tokens: bigint }> {
  const { dataAsOf, series } = usage.parse(await factory.ask(`/v1/usage?${query}`))
  const tokens = series
    .flatMap(({ points }) => points)
    .reduce((sum, { input, output }) => sum + BigInt(input) + BigInt(output), 0n)
  return { asOf: Date.parse(dataAsOf), tokens }
}

async function open(page: Page, hash = '#/tokens'): Promise<void> {
  await enter(page, factory.floorwatch)
  await expect(page.getByRole('banner')).toBeVisible()
  await page.evaluate((to) => (location.hash = to), hash)
  await expect(strip(page)).toBeVisible({ timeout: 30_000 })
}

const strip = (page: Page) =>
  page.getByRole('region', { name: /^Summary of (all tokens|what the filters leave)$/ })
const tile = (page: Page, name: string) => strip(page).getByRole('region', { name, exact: true })
const ranking = (page: Page, name: string) => page.getByRole('region', { name: new RegExp(`^${name} by `) })

/** "1.64 M tok/s" as a number. */
async function rate(of: Locator): Promise<number> {
  const text = (await of.innerText()).replaceAll(/\s+/g, ' ')
  const [, digits = '', prefix = ''] = /([\d.,]+) ?([kMG]?) ?tok\/s/.exec(text) ?? []
  const factor = { '': 1, k: 1e3, M: 1e6, G: 1e9 }[prefix] ?? Number.NaN
  return Number(digits.replaceAll(',', '')) * factor
}

test('live figures arrive, add up, and are those of the metering itself', async ({ page }) => {
  test.setTimeout(90_000)
  const { expectQuiet } = watch(page)
  await open(page)
  await expect(tile(page, 'Tokens')).toContainText('tok/s', { timeout: 20_000 })

  // The mean of a minute that ends where both know everything; the two are asked at different moments.
  await expect
    .poll(
      async () => {
        const { asOf } = await metered(query(Date.now() - 70_000, Date.now() - 60_000))
        const { tokens } = await metered(query(asOf - 60_000, asOf))
        const shown = await rate(tile(page, 'Tokens').locator('.figure-large'))
        return Math.abs(shown / (Number(tokens) / 60) - 1)
      },
      { timeout: 30_000, intervals: [1000] },
    )
    .toBeLessThan(0.02)

  // Parts inside their whole, never beside it.
  await expect(tile(page, 'Input')).toContainText('cached')
  await expect(tile(page, 'Output')).toContainText('reasoning')
  const [all, input, output] = await Promise.all(
    ['Tokens', 'Input', 'Output'].map((name) => rate(tile(page, name).locator('.tile-figure'))),
  )
  expect(Math.abs(((input ?? 0) + (output ?? 0)) / (all ?? 1) - 1)).toBeLessThan(0.02)

  await expect(tile(page, 'Requests')).toContainText(/req\/s.*rejected.*req\/s/s)
  await expect(tile(page, 'Failed requests')).toContainText(/%.*% of tokens/s)
  for (const kind of ['TTFT', 'Inter-token', 'End to end']) {
    const quantiles = tile(page, 'Latency').getByRole('row').filter({ hasText: kind }).locator('.figure')
    await expect(quantiles).toHaveText(Array(4).fill(/\d\s?m?s$/), { timeout: 30_000 })
  }

  for (const dimension of ['GPU types', 'Models', 'Endpoints', 'Tenants']) {
    await expect(ranking(page, dimension).getByRole('listitem').first()).toBeVisible()
    const shares = await ranking(page, dimension).locator('.ranked-share').allInnerTexts()
    const sum = shares.reduce((total, text) => total + Number.parseFloat(text.split(':').at(-1) ?? ''), 0)
    expect(Math.round(sum), `shares of ${dimension}`).toBeGreaterThanOrEqual(98)
    expect(Math.round(sum), `shares of ${dimension}`).toBeLessThanOrEqual(102)
  }
  expectQuiet()
})

function query(fromMs: number, toMs: number): string {
  const whole = (at: number) => new Date(Math.floor(at / 10_000) * 10_000).toISOString()
  return `from=${whole(fromMs)}&to=${whole(toMs)}&step=10`
}

test('a name that is chosen narrows everything else, and the address says so', async ({ page }) => {
  const { expectQuiet } = watch(page)
  await open(page)
  const before = await ranking(page, 'Tenants').getByRole('heading').locator('..').innerText()
  await ranking(page, 'Models').getByRole('button', { name: 'llama-3.3-70b' }).click()
  await expect(page).toHaveURL(/model=llama-3\.3-70b/)
  await expect(page.getByRole('region', { name: 'Summary of what the filters leave' })).toBeVisible()
  // That model runs on one type and at one endpoint, and fewer tenants use it; the other models stay to be compared.
  await expect(ranking(page, 'GPU types').getByRole('listitem')).toHaveCount(1)
  await expect(ranking(page, 'Endpoints').getByRole('listitem')).toHaveText([/chat/])
  await expect(ranking(page, 'Models').getByRole('listitem')).not.toHaveCount(1)
  await expect
    .poll(() => ranking(page, 'Tenants').getByRole('heading').locator('..').innerText())
    .not.toBe(before)
  expect(await rate(tile(page, 'Tokens').locator('.figure-large'))).toBeLessThan(
    await rate(page.getByRole('banner').locator('.status-tokens')),
  )

  await page
    .getByRole('button', { name: /^TenantT?/ })
    .first()
    .click()
  await ranking(page, 'Tenants').getByRole('button', { name: 'meridian' }).click()
  await expect(page).toHaveURL(/tenant=meridian/)
  await page.keyboard.press('Escape')
  await expect(page.getByRole('region', { name: 'Summary of all tokens' })).toBeVisible()
  await expect(ranking(page, 'GPU types').getByRole('listitem')).toHaveCount(3)
  expectQuiet()
})

test('totals of an hour that is over are exact to the last digit, in the hours of the site', async ({
  page,
}) => {
  const { expectQuiet } = watch(page)
  await open(page, '#/tokens?range=hourly')
  const table = page.getByRole('grid', { name: 'Tokens per hour' })
  await expect(table.getByRole('row').nth(2)).toBeVisible({ timeout: 20_000 })
  await expect(page.getByRole('heading', { name: `totals of 24 hours in ${SITE_ZONE}` })).toBeVisible()
  await expect(table.getByRole('row').nth(1)).toContainText(/CES?T so far/)

  // Between the question and the answer an hour may begin: the row is found by its own clock.
  const hour = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 3_600_000
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone: SITE_ZONE,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(hour)
  const row = table
    .getByRole('row')
    .filter({ hasText: ` ${clock} CE` })
    .first()
  const { tokens } = await metered(
    `from=${new Date(hour).toISOString()}&to=${new Date(hour + 3_600_000).toISOString()}&step=3600`,
  )
  await row.locator('.figure').first().hover()
  await expect(page.getByRole('tooltip')).toContainText(tokens.toLocaleString('en'))

  for (const [key, name] of [
    ['6', 'Tokens per day'],
    ['7', 'Tokens per month'],
    ['1', ''],
  ] as const) {
    await page.keyboard.press(key)
    if (name !== '') await expect(page.getByRole('grid', { name })).toBeVisible({ timeout: 20_000 })
    else await expect(page.getByRole('heading', { name: 'the last 15 min' })).toBeVisible()
  }
  expectQuiet()
})

test('everything is reached by keyboard, and every figure tells where it comes from', async ({ page }) => {
  const { expectQuiet } = watch(page)
  await enter(page, factory.floorwatch)
  // Keys are heard once the first view is there.
  await expect(page.getByRole('region', { name: 'Summary of the floor' })).toBeVisible({ timeout: 20_000 })
  await page.keyboard.press('g')
  await page.keyboard.press('t')
  await expect(strip(page)).toBeVisible({ timeout: 20_000 })

  await page.keyboard.press('i')
  const tooltip = page.getByRole('tooltip')
  await expect(tooltip).toContainText(/Tokens per second.*measured.*Source.*Metering API at 127\.0\.0\.1/s)
  await page.keyboard.press('i')
  await expect(tooltip).toContainText('Input per second')
  await page.keyboard.press('Escape')
  await expect(tooltip).toBeHidden()

  await page.keyboard.press('b')
  await expect(page).toHaveURL(/by=endpoint/)
  await page.keyboard.press('m')
  await expect(page).toHaveURL(/measure=input/)
  await page.keyboard.press('p')
  await expect(page).toHaveURL(/latency=interToken/)
  await page.keyboard.press('2')
  await expect(page).toHaveURL(/range=hour/)
  // The tiles follow the range and say theirs; what is of now says so too.
  await expect(page.getByRole('region', { name: 'Tokens', exact: true })).toContainText(
    'mean of the last hour',
  )
  await expect(page.getByRole('region', { name: 'Latency, now' })).toBeVisible()

  // Into the list of models by Tab alone, down, and chosen; the focus is seen all the way.
  const models = ranking(page, 'Models')
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.matches(':focus-visible'))).toBe(true)
    if ((await models.locator(':focus').count()) > 0) break
  }
  await page.keyboard.press('j')
  const name = await models.locator(':focus').innerText()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/[?&]model=/)
  await expect(models.locator(':focus')).toHaveText(name)
  await page.keyboard.press('Escape')
  await expect(page).not.toHaveURL(/[?&]model=/)
  expectQuiet()
})

test('hostile names are text, whole in their explanation and cut off on the screen', async ({ page }) => {
  const { expectQuiet } = watch(page)
  await open(page, '#/tokens?by=tenant')
  for (const [dimension, name] of [
    ['Models', HOSTILE_MODEL],
    ['Tenants', HOSTILE_TENANT],
  ] as const) {
    // A long name begins with what tells it from another one, because its end is cut off.
    const shown = visibleName(name)
    const button = ranking(page, dimension).getByRole('button', { name: shown, exact: true })
    await expect(button).toHaveText(shown, { timeout: 20_000 })
    await expect(button).toHaveAttribute('title', shown)
    const [own, list] = await Promise.all([button.boundingBox(), ranking(page, dimension).boundingBox()])
    expect((own?.x ?? 0) + (own?.width ?? 0)).toBeLessThanOrEqual((list?.x ?? 0) + (list?.width ?? 0))
  }
  await expect(page.locator('.stacked-name', { hasText: visibleName(HOSTILE_TENANT) })).toBeVisible()
  await expect(page.locator('main :is(img, script, iframe)')).toHaveCount(0)
  expect(await page.title()).not.toBe('owned')
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
  expect(wide).toBe(false)
  expectQuiet()
})

for (const theme of ['dark', 'light'] as const) {
  test(`live rates and totals are accessible in the ${theme} theme`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme })
    await open(page, '#/tokens?model=llama-3.3-70b')
    await expect(page.getByRole('application', { name: /^Tokens per second by model/ })).toBeVisible({
      timeout: 20_000,
    })
    await expectAccessible(page)
    await page.keyboard.press('6')
    await expect(page.getByRole('grid', { name: 'Tokens per day' })).toBeVisible({ timeout: 20_000 })
    await expectAccessible(page)
  })
}

test('without Prometheus the inference servers are asked directly, and nothing false is shown meanwhile', async ({
  page,
}) => {
  test.skip(!prometheusHere.present, prometheusHere.reason)
  test.setTimeout(120_000)
  const { expectQuiet } = watch(page)
  await open(page)
  const picture = page.getByRole('region', { name: 'Time to first token' })
  await expect(picture).toContainText('through Prometheus', { timeout: 30_000 })
  await expect(picture.getByRole('application')).toBeVisible({ timeout: 30_000 })
  const servers = tile(page, 'Inference servers')
  const count = /Inference servers:\s*(\d+)/.exec(await servers.innerText())?.[1]
  expect(count).toBeDefined()

  await factory.prometheus?.kill()
  const seen: { servers: string; tokens: number }[] = []
  await expect
    .poll(
      async () => {
        seen.push({
          servers: await servers.innerText(),
          tokens: await rate(tile(page, 'Tokens').locator('.figure-large')),
        })
        return picture.innerText()
      },
      { timeout: 60_000, intervals: [500] },
    )
    .toContain('asked directly')
  // The metering went on all the while, and no server was called gone: silent ones are named as that.
  for (const { servers: text, tokens } of seen) {
    expect(tokens).toBeGreaterThan(0)
    expect(text).toMatch(new RegExp(`Inference servers:\\s*(?:${count}\\b|—)`))
  }
  await expect(picture).toContainText('own memory')
  await expect(servers).not.toContainText('silent', { timeout: 30_000 })
  expectQuiet()
})
