import { expect, test } from '@playwright/test'
import { requirement } from '../support/peers.ts'
import { type RunningConsole, startConsole } from './support/floorwatch.ts'

const chromium = requirement('chromium')
test.skip(!chromium.present, chromium.reason)

let floorwatch: RunningConsole
test.beforeAll(async () => {
  floorwatch = await startConsole()
})
test.afterAll(async () => {
  await floorwatch.stop()
})

test('an address admits one browser, and its token leaves the address', async ({ page, browser }) => {
  const answer = await page.goto(floorwatch.consoleUrl)
  expect(answer?.status()).toBe(200)
  expect(page.url()).not.toContain('token')
  expect(answer?.headers()['content-security-policy']).toContain("default-src 'none'")

  const other = await browser.newPage()
  const again = await other.goto(floorwatch.consoleUrl)
  expect(again?.status()).toBe(401)
  await expect(other.locator('body')).toContainText('Floorwatch')
  await other.close()
})

test('a page of another site gets no line to the engine', async ({ page }) => {
  const port = new URL(floorwatch.consoleUrl).port
  await page.route('https://evil.example/', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<p>evil</p>' }),
  )
  await page.goto('https://evil.example/')
  const opened = await page.evaluate(
    (at) =>
      new Promise<boolean>((resolve) => {
        const socket = new WebSocket(`ws://127.0.0.1:${at}/wire`)
        socket.addEventListener('open', () => resolve(true))
        socket.addEventListener('error', () => resolve(false))
      }),
    port,
  )
  expect(opened).toBe(false)
})
