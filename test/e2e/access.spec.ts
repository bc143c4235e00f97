import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { readdirSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { WebSocket } from 'ws'
import { requirement } from '../support/peers.ts'
import { type RunningConsole, startConsole } from './support/floorwatch.ts'

const chromium = requirement('chromium')
test.skip(!chromium.present, chromium.reason)

let floorwatch: RunningConsole
test.beforeEach(async () => {
  floorwatch = await startConsole()
})
test.afterEach(async () => {
  await floorwatch.stop()
})

test('an address admits one browser, and its keys leave the address', async ({ page, browser }) => {
  const answer = await page.goto(floorwatch.consoleUrl)
  expect(answer?.status()).toBe(200)
  await isConnected(page)
  expect(page.url()).not.toContain('token')
  expect(page.url()).not.toContain('proof')
  expect(answer?.headers()['content-security-policy']).toContain("default-src 'none'")

  const other = await browser.newPage()
  const again = await other.goto(floorwatch.consoleUrl)
  expect(again?.status()).toBe(401)
  await expect(other.locator('body')).toContainText('Floorwatch refuses this browser')
  await other.close()
})

test('a reload and a second tab stay admitted', async ({ page, context }) => {
  await page.goto(floorwatch.consoleUrl)
  await isConnected(page)
  await page.reload()
  await isConnected(page)
  const second = await context.newPage()
  await second.goto(new URL(floorwatch.consoleUrl).origin)
  await isConnected(second)
})

test('a page of another site gets no line to the engine', async ({ page }) => {
  await page.route('https://evil.example/', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<p>evil</p>' }),
  )
  await page.goto('https://evil.example/')
  expect(await opens(page)).toBe(false)
})

test('another port of 127.0.0.1 receives the cookie, and gets nowhere with it', async ({ page, context }) => {
  await page.goto(floorwatch.consoleUrl)
  await isConnected(page)
  const neighbour = await startNeighbour()
  try {
    const lured = await context.newPage()
    await lured.goto(neighbour.url)
    const { port, origin } = new URL(floorwatch.consoleUrl)
    // Cookies ignore ports: this is the attack's first half, and it works.
    expect(neighbour.cookies.join()).toContain(`floorwatch_${port}=`)
    expect(await opens(lured)).toBe(false)
    const stolen = neighbour.cookies.find((cookie) => cookie.includes(`floorwatch_${port}=`)) ?? ''
    for (const offered of [
      [],
      ['floorwatch'],
      ['floorwatch', 'proof.'],
      ['floorwatch', `proof.${'x'.repeat(43)}`],
    ]) {
      const headers = { cookie: stolen, origin }
      const socket = new WebSocket(`ws://127.0.0.1:${port}/wire`, offered, { headers })
      const said: string[] = []
      socket.on('message', (data: Buffer) => said.push(data.toString('utf8')))
      await once(socket, 'open')
      socket.send('{"t":"open","id":1,"name":"console.status","params":{}}')
      const [code]: unknown[] = await once(socket, 'close')
      expect([code, said]).toEqual([4402, []])
    }
    // What lies in the storage of the page's origin lies in no other.
    expect(await lured.evaluate(() => Object.keys(localStorage))).toEqual([])
    await isConnected(page)
  } finally {
    neighbour.server.close()
  }
})

test('a page that is refused says so, and what to do', async ({ page }) => {
  await page.goto(floorwatch.consoleUrl)
  await isConnected(page)
  await page.evaluate(() => localStorage.clear())
  await page.reload()
  await expect(page.locator('main')).toContainText('The engine refuses this screen.')
  await expect(page.locator('main')).toContainText('press Enter there for a new address')
  await expect(page.locator('main')).not.toContainText('cannot be reached')
})

test('a wall comes back by itself after a restart, and is told when it is revoked', async ({ page }) => {
  const { port } = new URL(floorwatch.wallUrl)
  await page.goto(floorwatch.wallUrl)
  await isConnected(page)
  await floorwatch.end()
  await expect(page.locator('main')).toContainText('Lost connection to the engine', { timeout: 20_000 })
  floorwatch = await startConsole(['--port', port], { home: floorwatch.home })
  await expect(page.locator('main')).not.toContainText('Lost connection', { timeout: 30_000 })

  const folder = join(floorwatch.home, 'state', 'walls')
  for (const name of readdirSync(folder)) rmSync(join(folder, name))
  await expect(page.locator('main')).toContainText('The engine refuses this screen.', { timeout: 20_000 })
  await expect(page.locator('main')).toContainText('floorwatch wall add')
})

function isConnected(page: Page): Promise<void> {
  return expect(page.getByRole('heading', { name: /set up|connect/i }).first()).toBeVisible()
}

/** Whether this page, wherever it came from, gets a WebSocket to the engine. */
function opens(page: Page): Promise<boolean> {
  return page.evaluate(
    (at) =>
      new Promise<boolean>((resolve) => {
        const socket = new WebSocket(`ws://127.0.0.1:${at}/wire`)
        socket.addEventListener('open', () => resolve(true))
        socket.addEventListener('error', () => resolve(false))
      }),
    new URL(floorwatch.consoleUrl).port,
  )
}

/** A server of somebody else on this machine, which keeps every cookie that a browser brings. */
async function startNeighbour(): Promise<{ server: Server; url: string; cookies: string[] }> {
  const cookies: string[] = []
  const server = createServer(({ headers }, response) => {
    cookies.push(headers.cookie ?? '')
    response.setHeader('content-type', 'text/html').end('<p>hello</p>')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, cookies }
}
