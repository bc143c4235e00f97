import { expect, type Page, test } from '@playwright/test'
import { requirement } from '../support/peers.ts'
import { enter } from './support/enter.ts'
import { expectFits } from './support/fits.ts'
import { type RunningConsole, startConsole } from './support/floorwatch.ts'
import { expectAccessible, statusBar } from './support/page.ts'

const chromium = requirement('chromium')
test.skip(!chromium.present, chromium.reason)

let floorwatch: RunningConsole
test.beforeAll(async () => {
  floorwatch = await startConsole(['--demo'])
})
test.afterAll(async () => {
  await floorwatch?.stop()
})

/** Views in the order of the rail with something that each of them shows of the demo factory. */
const VIEWS = [
  ['f', /352\/352 present|Board power.*kW/s],
  ['t', /Tokens per second by model.*llama/s],
  ['y', /Yield by GPU type.*H100/s],
  ['n', /Meridian/],
  ['h', /answers/],
] as const
const LAST_GOOD = /last good \d\d:\d\d:\d\d UTC/

const go = async (page: Page, letter: string) => {
  await page.keyboard.press('g')
  await page.keyboard.press(letter)
}

/** Follows which streams this screen has opened and closed again: a view that was looked at is closed after its answer. */
function watchGlances(page: Page): { lookedAtAll: () => boolean } {
  const sent: string[] = []
  page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => sent.push(String(payload))))
  return {
    lookedAtAll() {
      const last = sent.findLastIndex((text) => text.includes('"tokens.drift"'))
      return last !== -1 && sent.slice(last).some((text) => text.includes('"t":"close"'))
    },
  }
}

test('without the engine every view opens, dated and hatched, with what was last known', async ({ page }) => {
  test.setTimeout(300_000)
  const errors: string[] = []
  page.on('pageerror', ({ message }) => errors.push(message))
  const glances = watchGlances(page)
  await enter(page, floorwatch)
  await expect(statusBar(page)).toContainText('critical', { timeout: 30_000 })
  // Nothing but the floor and the tokens is opened before the engine is gone.
  await go(page, 't')
  await expect(page.getByRole('main')).toContainText(VIEWS[1][1], { timeout: 30_000 })
  // All other views were looked at in the background, one after the other.
  await expect.poll(() => glances.lookedAtAll(), { timeout: 60_000 }).toBe(true)
  const counts = /(\d+)\D*critical\D*(\d+)\D*advisory/
  const before = counts.exec((await statusBar(page).innerText()).replaceAll(/\s+/g, ' '))?.slice(1)
  await floorwatch.end()
  await expect(page.getByText('Lost connection to the engine.')).toBeVisible({ timeout: 20_000 })
  await expect(statusBar(page)).toContainText('FLOOR UNKNOWN')
  expect(counts.exec((await statusBar(page).innerText()).replaceAll(/\s+/g, ' '))?.slice(1)).toEqual(before)

  for (const theme of ['dark', 'light'] as const) {
    await page.setViewportSize(
      theme === 'dark' ? { width: 1920, height: 1080 } : { width: 1366, height: 768 },
    )
    await page.emulateMedia({ colorScheme: theme })
    for (const [letter, shown] of VIEWS) {
      await go(page, letter)
      const main = page.getByRole('main')
      await expect(main).toContainText(shown)
      await expect(main).toContainText(LAST_GOOD)
      await expect(main).not.toContainText(/Waiting for|has failed/)
      await expect(page.locator('.figure[data-state=ok], .figure[data-state=zero]')).toHaveCount(0)
      // The same elements in other colours: those of the two densest views are enough in the second theme.
      if (theme === 'dark' || 'ft'.includes(letter)) await expectAccessible(page)
      await expectFits(page)
    }
  }
  expect(errors).toEqual([])
})
