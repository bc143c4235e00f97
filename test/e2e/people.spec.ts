import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { runLine } from '../../main/cli/main.ts'
import { enter } from './support/enter.ts'
import { type RunningConsole, startConsole } from './support/floorwatch.ts'
import { expectAccessible } from './support/page.ts'

const PASSWORD = 'orchard lantern gravel'
/** A password costs 128 MiB and some tenths of a second, on a busy machine several. */
const HASHING = { timeout: 30_000 }

test.describe.configure({ mode: 'serial' })

let running: RunningConsole
let code = ''

test.beforeAll(async () => {
  running = await startConsole(['--demo'])
})
test.afterAll(() => running.stop())

test('in the demo one person stands ready, and says who it is', async ({ page }) => {
  await enter(page, running)
  await expect(page.getByRole('button', { name: /M\. Ortiz/ })).toBeVisible()
  await page.keyboard.press('g')
  await page.keyboard.press('u')
  const sheet = page.getByRole('dialog', { name: 'Who acts here' })
  await expect(sheet).toContainText('administrator')
  await expect(sheet).toContainText('this console, since')
  await expectAccessible(page)
  await page.keyboard.press('Escape')
  await expect(sheet).toBeHidden(HASHING)
})

test('an account is made by keyboard; from then on everyone signs in', async ({ page }) => {
  await enter(page, running)
  await page.keyboard.press('g')
  await page.keyboard.press('a')
  await page.getByRole('link', { name: 'Access' }).press('Enter')
  await expect(page.getByText('There are no accounts yet.')).toBeVisible()
  await page.getByLabel('User name').fill('ana')
  await page.getByLabel('Name, as others see it').fill('Ana Lima')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
  // The list is for administrators, and no one is one any more; the code stays until it was passed on.
  code = (await page.locator('.accounts-code-letters').textContent()) ?? ''
  expect(code).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/)
})

test('with the code a person chooses a password; a wrong one is refused in words', async ({ page }) => {
  await enter(page, running)
  await page.getByRole('button', { name: 'Sign in' }).click()
  const sheet = page.getByRole('dialog')
  await expectAccessible(page)
  await sheet.getByRole('button', { name: 'Use a one-time code' }).click()
  await sheet.getByLabel('User name').fill('ana')
  await sheet.getByLabel('One-time code').fill(code)
  await sheet.getByLabel('New password', { exact: true }).fill(PASSWORD)
  await sheet.getByLabel('New password again').fill(PASSWORD)
  await page.keyboard.press('Enter')
  await expect(sheet).toBeHidden(HASHING)
  await expect(page.getByRole('button', { name: /Ana Lima/ })).toBeVisible()

  await page.keyboard.press('Shift+L')
  await page.getByRole('button', { name: 'Locked' }).click()
  await expect(sheet.getByLabel('Password')).toBeFocused()
  await page.keyboard.type('not the password at all')
  await page.keyboard.press('Enter')
  await expect(sheet.getByRole('alert')).toContainText('User name or password is wrong', HASHING)
  await sheet.getByLabel('Password').fill(PASSWORD)
  await page.keyboard.press('Enter')
  await expect(sheet).toBeHidden(HASHING)
  await expect(page.getByRole('button', { name: /Ana Lima/ })).toBeVisible()
})

test('the audit has it all, in order, and its export is verified at the terminal', async ({ page }) => {
  await enter(page, running)
  await page.keyboard.press('g')
  await page.keyboard.press('a')
  const entries = page.getByRole('region', { name: 'Entries of the audit' })
  await expect(entries).toContainText('access.add')
  await expect(entries).toContainText('access.unlock.refused')
  await expect(entries).not.toContainText(PASSWORD)
  await page.getByRole('button', { name: 'Check the whole chain' }).press('Enter')
  await expect(page.getByRole('status')).toContainText('are in order')
  await expectAccessible(page)
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export as JSON lines' }).press('Enter')
  const path = join(running.home, 'audit.jsonl')
  await (await download).saveAs(path)
  expect(await verified(path)).toBe(0)
  writeFileSync(path, readFileSync(path, 'utf8').replace('Ana Lima', 'Ann Lima'))
  expect(await verified(path)).toBe(1)

  await page.getByLabel('Filter').fill('unlock')
  await expect(entries).not.toContainText('access.add')
  await page.getByRole('link', { name: 'Access' }).click()
  await expect(page.getByRole('cell', { name: 'Ana Lima', exact: true })).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Disable' }).click()
  await expect(page.getByRole('alert')).toContainText('last administrator')
})

async function verified(path: string): Promise<number> {
  return runLine(['verify', path], { out: () => undefined, err: () => undefined })
}
