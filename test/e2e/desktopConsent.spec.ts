import { existsSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { type Desktop, needsDesktop, type Shell, startDesktop } from './support/desktop.ts'

needsDesktop()

const TOKEN = 'sk-canary-4711'

let desktop: Desktop
let server: Server
/** What the server was sent as authorization, '' for nothing. */
let sent: string[] = []
let address = ''
test.beforeEach(async () => {
  sent = []
  server = createServer((request, response) => {
    sent.push(request.headers.authorization ?? '')
    response.end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  desktop = await startDesktop()
})
test.afterEach(async () => {
  await desktop.close()
  server.closeAllConnections()
  server.close()
})

interface Question {
  readonly message: string
  readonly detail: string
  readonly buttons: readonly string[]
  readonly defaultId: number
  readonly cancelId: number
}

/** From now on the person answers every question of the shell with this button; asked again, so it counts from none. */
function answerWith(shell: Shell, button: string): Promise<void> {
  return shell.app.evaluate(({ dialog }, wanted) => {
    const asked: unknown[] = []
    Reflect.set(globalThis, 'asked', asked)
    Reflect.set(dialog, 'showMessageBox', (options: { buttons: string[] }) => {
      asked.push(options)
      return Promise.resolve({ response: options.buttons.indexOf(wanted), checkboxChecked: false })
    })
  }, button)
}

function asked(shell: Shell): Promise<Question[]> {
  return shell.app.evaluate(() => Reflect.get(globalThis, 'asked') as Question[])
}

const windowCount = (shell: Shell): Promise<number> =>
  shell.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)

test('a secret of the setup goes to a new address only once the person at the desktop has allowed it', async () => {
  const shell = await desktop.open([], { env: { SETUP_TOKEN: TOKEN } })
  const { page } = shell
  await page.getByLabel('Address', { exact: true }).fill(address)
  await page.getByLabel('Bearer token').selectOption('env')
  await page.getByLabel('Name of the variable').fill('SETUP_TOKEN')

  await answerWith(shell, 'Do not send')
  await page.getByRole('button', { name: 'Test only' }).click()
  await expect(page.getByText(`environment variable SETUP_TOKEN may not be sent to ${address}`)).toBeVisible()
  expect(sent).toEqual([])
  const [question, ...more] = await asked(shell)
  expect(more).toEqual([])
  expect(question?.message).toBe(`Send a secret to ${address}?`)
  expect(question?.detail).toContain('environment variable SETUP_TOKEN')
  // Enter and Escape send nothing.
  for (const id of [question?.defaultId, question?.cancelId])
    expect(question?.buttons[id ?? 1]).toBe('Do not send')
  expect(JSON.stringify(question)).not.toContain(TOKEN)

  await answerWith(shell, 'Send')
  await page.getByRole('button', { name: 'Test only' }).click()
  await expect.poll(() => sent).toContain(`Bearer ${TOKEN}`)
  expect(await asked(shell)).toHaveLength(1)

  // The same secret to the same address again: the person has said so once.
  await answerWith(shell, 'Do not send')
  sent = []
  await page.getByRole('button', { name: 'Test only' }).click()
  await expect.poll(() => sent).toContain(`Bearer ${TOKEN}`)
  expect(await asked(shell)).toEqual([])

  // Another address is another question.
  await page.getByLabel('Address', { exact: true }).fill(address.replace('127.0.0.1', 'localhost'))
  sent = []
  await page.getByRole('button', { name: 'Test only' }).click()
  await expect.poll(async () => (await asked(shell)).length).toBe(1)
  expect(sent).toEqual([])
})

test('a configuration that lay in the working folder is used only once the person has seen where its secrets go', async () => {
  const path = join(desktop.home, 'floorwatch.yaml')
  const text = (token: string) =>
    `version: 1\nsite: { name: Planted }\nprometheus: { url: '${address}', bearer: { env: ${token} } }\n`
  const kept = join(desktop.home, '.config', 'floorwatch', 'accepted-folders.json')
  const shell = await desktop.open(['--engine', 'http://127.0.0.1:9/?token=none'], {
    env: { PLANTED_TOKEN: TOKEN, OTHER_TOKEN: 'another-token' },
  })
  writeFileSync(path, text('PLANTED_TOKEN'), { mode: 0o600 })

  await answerWith(shell, 'Do not use it')
  expect((await desktop.run([])).code).toBe(0)
  await expect.poll(async () => (await asked(shell)).length).toBe(1)
  const [question] = await asked(shell)
  expect(question?.message).toBe(`Use ${path}?`)
  expect(question?.detail).toContain(`the environment variable PLANTED_TOKEN to ${address}`)
  for (const id of [question?.defaultId, question?.cancelId])
    expect(question?.buttons[id ?? 1]).toBe('Do not use it')
  expect(await windowCount(shell)).toBe(1)
  expect([sent, existsSync(kept)]).toEqual([[], false])

  await answerWith(shell, 'Use it from now on')
  const opened = shell.app.waitForEvent('window')
  expect((await desktop.run([])).code).toBe(0)
  await opened
  await expect.poll(() => sent).toContain(`Bearer ${TOKEN}`)
  expect(await asked(shell)).toHaveLength(1)
  expect(existsSync(kept)).toBe(true)

  // Known: not asked again, and the same floor comes forward.
  expect((await desktop.run([])).code).toBe(0)
  expect(await asked(shell)).toHaveLength(1)
  expect(await windowCount(shell)).toBe(2)

  // It sends another secret since: that is asked about.
  await answerWith(shell, 'Do not use it')
  writeFileSync(path, text('OTHER_TOKEN'), { mode: 0o600 })
  expect((await desktop.run([])).code).toBe(0)
  await expect.poll(async () => (await asked(shell)).length).toBe(1)
  expect((await asked(shell))[0]?.detail).toContain('OTHER_TOKEN')
  expect(sent.filter((header) => header.includes('another-token'))).toEqual([])
})
