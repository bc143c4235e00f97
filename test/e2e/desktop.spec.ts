import { expect, type Page, test } from '@playwright/test'
import { type Desktop, needsDesktop, type Shell, startDesktop } from './support/desktop.ts'
import { type RunningConsole, startConsole } from './support/floorwatch.ts'
import { statusBar, watch } from './support/page.ts'

needsDesktop()

let desktop: Desktop
let floorwatch: RunningConsole
let shell: Shell
let page: Page
test.beforeAll(async () => {
  desktop = await startDesktop()
  floorwatch = await startConsole(['--demo'])
  shell = await desktop.open(['--engine', floorwatch.attachUrl])
  page = shell.page
})
test.afterAll(async () => {
  await desktop?.close()
  await floorwatch?.stop()
})

test('a window shows the floor of an engine that runs elsewhere, live', async () => {
  await expect(page).toHaveURL('floorwatch://app/index.html')
  await expect(statusBar(page)).toContainText('DEMO', { timeout: 20_000 })
  await expect(statusBar(page)).toContainText('1,056')
  const power = () => page.getByText(/Power/).first().locator('..').innerText()
  const before = await power()
  await expect.poll(power, { timeout: 20_000 }).not.toBe(before)
})

test('the page is sandboxed: no Node, no shell beyond its one bridge, no token', async () => {
  const found = await page.evaluate(() => ({
    node: ['require', 'process', 'Buffer', 'module', 'global', 'electron'].filter((name) => name in window),
    bridge: Object.keys(Reflect.get(window, 'floorwatchShell') as object).toSorted(),
    storage: JSON.stringify([localStorage, sessionStorage]) + document.documentElement.outerHTML,
  }))
  expect(found.node).toEqual([])
  expect(found.bridge).toEqual(['platform', 'requestPort'])
  const token = new URL(floorwatch.attachUrl).searchParams.get('token') as string
  expect(token.length).toBeGreaterThan(20)
  expect(found.storage).not.toContain(token)
  expect(shell.log()).not.toContain(token)

  const preferences = await shell.app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows()
    const contents = window?.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }
    return contents.getLastWebPreferences()
  })
  expect(preferences).toMatchObject({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    webviewTag: false,
  })
})

test('the policy is there, holds, and is not in the way of the page itself', async () => {
  const { expectQuiet } = watch(page)
  await page.reload()
  await expect(statusBar(page)).toContainText('1,056', { timeout: 20_000 })
  expectQuiet()

  const policy = await page.evaluate(async () =>
    (await fetch('./index.html')).headers.get('content-security-policy'),
  )
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("connect-src 'self'")
  expect(policy).not.toContain('unsafe')
  const tried = await page.evaluate(async () => {
    const violations: string[] = []
    document.addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective))
    const reached = await fetch('https://example.com/').then(
      () => true,
      () => false,
    )
    const image = new Image()
    image.src = 'https://example.com/a.png'
    await new Promise((resolve) => image.addEventListener('error', resolve))
    return { reached, violations: violations.toSorted() }
  })
  expect(tried).toEqual({ reached: false, violations: ['connect-src', 'img-src'] })
})

test('the window goes nowhere and opens nothing', async () => {
  await page.evaluate(() => {
    location.href = 'https://example.com/'
  })
  const opened = await page.evaluate(() =>
    ['https://example.com/', 'about:blank', 'floorwatch://app/index.html', 'file:///etc/passwd'].map(
      (url) => window.open(url) !== null,
    ),
  )
  expect(opened).toEqual([false, false, false, false])
  await page.evaluate(() => {
    const link = document.createElement('a')
    link.href = 'https://example.com/'
    link.target = '_blank'
    document.body.append(link)
    link.click()
    link.remove()
  })
  // Playwright waits for ever for a navigation that was refused, so the shell is asked what its windows show.
  const shown = await shell.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map(({ webContents }) => webContents.getURL()),
  )
  expect(shown).toEqual([expect.stringMatching(/^floorwatch:\/\/app\/index\.html/)])
  expect(await page.evaluate(() => document.body.innerText)).toContain('1,056')
})

test('every permission is denied', async () => {
  const answers = await page.evaluate(async () => ({
    notifications: await Notification.requestPermission(),
    geolocation: await new Promise((resolve) =>
      navigator.geolocation.getCurrentPosition(
        () => resolve('granted'),
        (error) => resolve(error.code === error.PERMISSION_DENIED ? 'denied' : error.message),
        { timeout: 5000 },
      ),
    ),
    microphone: (await navigator.permissions.query({ name: 'microphone' })).state,
    clipboard: await navigator.clipboard.readText().then(
      () => 'granted',
      () => 'denied',
    ),
  }))
  expect(answers).toEqual({
    notifications: 'denied',
    geolocation: 'denied',
    microphone: 'denied',
    clipboard: 'denied',
  })
})

test('its menu zooms and fills the screen, and neither reloads the page nor opens developer tools', async () => {
  const items = await shell.app.evaluate(({ Menu }) => {
    const all: { role: string; accelerator: string }[] = []
    const walk = (menu: Electron.Menu | null | undefined): void => {
      for (const item of menu?.items ?? []) {
        // What a role stands for, its accelerator among it, only the running shell knows.
        const { role, accelerator, getDefaultRoleAccelerator } = item as unknown as {
          role?: string
          accelerator?: string
          getDefaultRoleAccelerator?: () => string | undefined
        }
        all.push({
          role: (role ?? '').toLowerCase(),
          accelerator: accelerator ?? getDefaultRoleAccelerator?.call(item) ?? '',
        })
        walk(item.submenu)
      }
    }
    walk(Menu.getApplicationMenu())
    return all
  })
  const roles = items.map(({ role }) => role)
  expect(roles).toEqual(
    expect.arrayContaining(['zoomin', 'zoomout', 'resetzoom', 'togglefullscreen', 'copy']),
  )
  expect(roles.filter((role) => /reload|devtools/.test(role))).toEqual([])
  expect(items.filter(({ accelerator }) => /(^|\+)(R|F5|F12|I)$/i.test(accelerator))).toEqual([])
})

test('a page that crashes comes back by itself', async () => {
  const crashed = page.waitForEvent('crash')
  await shell.app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer()
  })
  await crashed
  // Playwright gives a crashed page up, so the shell is asked what its window shows now.
  const shown = () =>
    shell.app.evaluate(async ({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents
      if (contents === undefined || contents.isCrashed() || contents.isLoading()) return ''
      return String(await contents.executeJavaScript('document.body.innerText'))
    })
  await expect.poll(shown, { timeout: 20_000 }).toContain('1,056')
  expect(shell.log()).toContain('reloading it in')
})
