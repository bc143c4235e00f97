import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { requirement } from '../support/peers.ts'
import { enter } from './support/enter.ts'
import { type RunningConsole, startConsole } from './support/floorwatch.ts'
import { expectAccessible, statusBar, watch } from './support/page.ts'

const chromium = requirement('chromium')
test.skip(!chromium.present, chromium.reason)

const list = (page: Page) => page.getByRole('grid', { name: 'Incidents' })
const timeline = (page: Page) => page.getByRole('region', { name: 'Timeline' })

test('an incident is taken on by keyboard, and is there after a restart with all that was done', async ({
  page,
}) => {
  test.setTimeout(150_000)
  const state = mkdtempSync(join(tmpdir(), 'floorwatch-incidents-'))
  let running: RunningConsole = await startConsole(['--demo', '--state', state])
  try {
    const { expectQuiet } = watch(page)
    await enter(page, running)
    const mark = statusBar(page).getByRole('link', { name: /open incidents?/ })
    await expect(mark).toContainText(/P[123]/, { timeout: 60_000 })
    await page.keyboard.press('g')
    await page.keyboard.press('i')
    await expect(list(page)).toContainText(/INC-\d+.*open.*not acknowledged/, { timeout: 10_000 })
    await expectAccessible(page)

    await page.keyboard.press('j')
    const chosen = list(page).locator('[aria-selected=true]')
    const id = /INC-\d+/.exec((await chosen.textContent()) ?? '')?.[0] ?? ''
    await page.keyboard.press('a')
    await expect(page.getByRole('dialog')).toContainText(`Acknowledge ${id}`)
    await expect(page.getByRole('textbox', { name: 'Reason' })).toBeFocused()
    await expectAccessible(page)
    await page.keyboard.type('on my way')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await expect(chosen).toContainText('M. Ortiz')

    await page.keyboard.press('Enter')
    await expect(timeline(page)).toContainText('Acknowledged until it is resolved · M. Ortiz')
    await page.keyboard.press('c')
    await page.keyboard.type('card reseated')
    await page.keyboard.press('Control+Enter')
    await expect(timeline(page)).toContainText('card reseated')
    await expectAccessible(page)
    // What still lasts is not resolved; the dialog says why and stays.
    await page.keyboard.press('r')
    await page.keyboard.type('done')
    await page.keyboard.press('Control+Enter')
    await expect(page.getByRole('alert')).toContainText('still lasts, so it cannot be resolved')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await expect(list(page)).toBeVisible()
    expectQuiet()

    await running.end()
    await expect(list(page)).toContainText('M. Ortiz')
    running = await startConsole(['--demo', '--state', state], { home: running.home })
    await enter(page, running)
    await expect(statusBar(page)).toContainText('Demo factory', { timeout: 20_000 })
    await page.goto(`${new URL(running.consoleUrl).origin}/#/incidents?incident=${id}`)
    await expect(timeline(page)).toContainText('on my way', { timeout: 30_000 })
    await expect(timeline(page)).toContainText('card reseated')
  } finally {
    await running.stop()
    rmSync(state, { recursive: true, force: true })
  }
})
