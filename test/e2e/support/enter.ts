import type { Page } from '@playwright/test'
import type { RunningConsole } from './floorwatch.ts'

interface Keys {
  readonly cookie: string
  readonly proof: string
}

/** An address admits one browser, and a test file has one for each test: they share the two keys of that one. */
const admitted = new WeakMap<RunningConsole, Promise<Keys>>()

async function admit({ consoleUrl }: RunningConsole): Promise<Keys> {
  const { headers } = await fetch(consoleUrl, { redirect: 'manual' })
  const cookie = headers.get('set-cookie')?.split(';')[0]
  const proof = headers.get('location')?.split('#proof=')[1]
  if (cookie === undefined || proof === undefined) throw new Error('the address did not admit this browser')
  return { cookie, proof }
}

/** Opens the console in this page with everything that an operator may see and do, as often as it is asked to. */
export async function enter(page: Page, console_: RunningConsole): Promise<void> {
  const keys = admitted.get(console_) ?? admit(console_)
  admitted.set(console_, keys)
  const { cookie, proof } = await keys
  const [name = '', value = ''] = cookie.split('=')
  const { origin } = new URL(console_.consoleUrl)
  await page.context().addCookies([{ name, value, url: origin, httpOnly: true, sameSite: 'Strict' }])
  await page.goto(`${origin}/#proof=${proof}`)
}
