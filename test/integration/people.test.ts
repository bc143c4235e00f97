import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Passwords } from '../../main/access/index.ts'
import { readConfig } from '../../main/config/load.ts'
import { createEngine, type Engine } from '../../main/engine/index.ts'
import { manualClock } from '../../main/platform/clock.ts'
import { createLogger } from '../../main/platform/logger.ts'
import { createHost, type Host } from '../../main/wall/host.ts'
import { type CommandName, COMMANDS, isCommandName } from '../../shared/contract/contract.ts'
import { WINDOW_HEADER } from '../../shared/contract/wire.ts'
import { includesRole, PERSON_ROLES, type PersonRole } from '../../shared/model/person.ts'
import { rightOf } from '../../shared/model/rights.ts'
import { Refused, Screen } from '../support/screen.ts'
import { webSocketWire } from '../support/webSocketWire.ts'

const PASSWORD = 'orchard lantern gravel'
const clock = manualClock({ now: Date.UTC(2026, 11, 1, 3) })
const log: string[] = []
let folder = ''
let engine: Engine
let host: Host
let attachUrl = ''

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'floorwatch-people-'))
  engine = createEngine({
    config: readConfig(
      'version: 1\nsite: { name: Test hall, timezone: UTC }\nexporters: { static: ["127.0.0.1:9"] }\n',
      join(folder, 'floorwatch.yaml'),
    ),
    host: { launchDemo: () => Promise.reject(new Error('no demo here')) },
    clock,
    logger: createLogger({ level: 'trace', destination: { write: (line) => void log.push(line) } }),
    version: '0.0.0-test',
    paths: { newConfig: join(folder, 'new.yaml') },
    state: { folder: join(folder, 'state'), keepsDemo: false },
    signIn: { passwords: new Passwords({ cost: { ln: 10, r: 8, p: 1 } }) },
  })
  host = await createHost({
    engine,
    rendererDir: folder,
    clock,
    logger: createLogger({ level: 'silent' }),
    allowedHosts: ['noc.example'],
  })
  attachUrl = host.attachUrl('console')
  const own = new Screen(await webSocketWire(attachUrl))
  // Whoever runs the engine makes the first administrator, who makes the others.
  await settle(
    'administrator',
    await own.call('access.add', { login: 'administrator', name: 'Administrator', role: 'administrator' }),
  )
  const chief = await signedIn('administrator')
  for (const role of PERSON_ROLES.filter((name) => name !== 'administrator')) {
    await settle(role, await chief.call('access.add', { login: role.toLowerCase(), name: role, role }))
  }
})
afterAll(async () => {
  await host.close()
  await engine.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A window on another machine, behind the proxy of the site. */
async function away(address = '10.0.0.7', window = `${address}-`.padEnd(32, 'w')): Promise<Screen> {
  const headers = {
    host: 'noc.example',
    'x-forwarded-for': address,
    [WINDOW_HEADER]: window.replaceAll('.', '-'),
  }
  return new Screen(await webSocketWire(attachUrl, headers))
}

async function settle(role: PersonRole, { login, code }: { login: string; code: string }): Promise<void> {
  const screen = await away(`10.1.0.${PERSON_ROLES.indexOf(role) + 1}`)
  await screen.call('access.redeem', { login, code, password: PASSWORD })
  screen.close()
}

async function signedIn(
  role: PersonRole,
  address = `10.2.0.${PERSON_ROLES.indexOf(role) + 1}`,
): Promise<Screen> {
  const screen = await away(address)
  await screen.call('access.signIn', { login: role.toLowerCase(), password: PASSWORD })
  return screen
}

/** Whether the table of rights lets it through; what becomes of it behind that is not the question here. */
async function letsThrough(screen: Screen, name: CommandName): Promise<boolean> {
  try {
    // What the input lacks is refused after the right was looked at.
    await screen.call(name, {})
    return true
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return !(error.failure.code === 'forbidden' && error.failure.text.includes('may only be done by'))
  }
}

const commands = Object.keys(COMMANDS)
  .filter(isCommandName)
  .filter((name) => rightOf(name) !== 'anyone')

describe('over real WebSockets', () => {
  it.each(PERSON_ROLES)(
    'every command is let through or refused by the table, for the role %s',
    async (role) => {
      const screen = await signedIn(role)
      for (const name of commands) {
        const least = rightOf(name)
        const expected = least !== 'anyone' && includesRole(role, least)
        expect([name, await letsThrough(screen, name)]).toEqual([name, expected])
      }
      screen.close()
    },
  )

  it('a console elsewhere at which no one signed in acts for no one, and looks at all that it could before', async () => {
    const screen = await away('10.9.0.1')
    for (const name of commands) expect([name, await letsThrough(screen, name)]).toEqual([name, false])
    const me = await screen.watch('access.me', {}).until('an answer', () => true)
    expect(me).toMatchObject({ state: 'signedOut', person: null, console: 'window at 10.9.0.1' })
    const status = await screen.watch('console.status', {}).until('an answer', () => true)
    expect(status.site.name).toBe('Test hall')
    screen.close()
  })

  it('another role and being disabled act on the next command of a session that stands', async () => {
    const chief = await signedIn('administrator')
    const screen = await signedIn('operator')
    expect(await letsThrough(screen, 'audit.export')).toBe(true)
    await chief.call('access.role', { login: 'operator', role: 'viewer' })
    expect(await letsThrough(screen, 'audit.export')).toBe(false)
    await chief.call('access.role', { login: 'operator', role: 'operator' })
    expect(await letsThrough(screen, 'audit.export')).toBe(true)
    await chief.call('access.disable', { login: 'operator', disabled: true })
    expect(await letsThrough(screen, 'audit.export')).toBe(false)
    await chief.call('access.disable', { login: 'operator', disabled: false })
    expect(await letsThrough(screen, 'audit.export')).toBe(false)
    chief.close()
    screen.close()
  })

  it('a window keeps its sign-in over a broken line, and shares it with no other window of the same token', async () => {
    const first = await signedIn('onCall', '10.3.0.1')
    first.close()
    expect(await letsThrough(await away('10.3.0.1'), 'audit.export')).toBe(true)
    expect(await letsThrough(await away('10.3.0.1', 'x'.repeat(32)), 'audit.export')).toBe(false)
  })

  it('guessing is slowed down, whatever window it comes from', async () => {
    const words: string[] = []
    for (let i = 0; i < 6; i++) {
      const screen = await away('10.4.0.1', `guess-${i}-`.padEnd(32, 'g'))
      await screen
        .call('access.signIn', { login: 'viewer', password: 'a guess at it' })
        .catch((error: unknown) => {
          if (error instanceof Refused) words.push(error.failure.text)
        })
      screen.close()
    }
    expect(words.slice(0, 4).every((text) => text.startsWith('User name or password is wrong'))).toBe(true)
    expect(words.slice(4)).toEqual(Array(2).fill(expect.stringContaining('possible in 1 second')))
    clock.advance(2_000)
    const screen = await signedIn('viewer', '10.4.0.2')
    expect(await letsThrough(screen, 'audit.page')).toBe(true)
    screen.close()
  })

  it('says who else is attached', async () => {
    const chief = await signedIn('administrator')
    const present = await chief
      .watch('access.present', {})
      .until('the administrator', ({ consoles }) => consoles.some(({ own }) => own))
    expect(present.consoles.find(({ own }) => own)).toMatchObject({
      name: 'Administrator',
      role: 'administrator',
    })
    chief.close()
  })

  it('no password and no code ever stands in the log or in the audit', async () => {
    const chief = await signedIn('administrator')
    const { code } = await chief.call('access.code', { login: 'viewer' })
    const { text } = await chief.call('audit.export', {})
    for (const secret of [PASSWORD, code, 'a guess at it']) {
      expect(text).not.toContain(secret)
      expect(log.join('')).not.toContain(secret)
    }
    expect(log.join('')).toContain('access.role')
    expect(await chief.call('audit.verify', {})).toMatchObject({ broken: null })
    chief.close()
  })
})
