import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Passwords } from '../../main/access/index.ts'
import { runLine } from '../../main/cli/main.ts'
import { loadConfig } from '../../main/config/load.ts'
import { createEngine, type Engine, inProcessWire, OWN_WINDOW } from '../../main/engine/index.ts'
import { systemClock } from '../../main/platform/clock.ts'
import { createLogger } from '../../main/platform/logger.ts'
import { siteFolder } from '../../main/store/index.ts'
import { Screen } from '../support/screen.ts'

let folder = ''
let config = ''
let state = ''
let engine: Engine | null = null

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'floorwatch-user-'))
  config = join(folder, 'floorwatch.yaml')
  state = join(folder, 'state')
  writeFileSync(
    config,
    'version: 1\nsite: { name: Test hall, timezone: UTC }\nexporters: { static: ["127.0.0.1:9"] }\n',
  )
})
afterEach(async () => {
  await engine?.close()
  engine = null
  rmSync(folder, { recursive: true, force: true })
})

async function line(...words: string[]): Promise<{ code: number; out: string[]; err: string[] }> {
  const out: string[] = []
  const err: string[] = []
  const code = await runLine(words, {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
  })
  return { code, out, err }
}

const user = (...words: string[]) => line('user', ...words, '--config', config, '--state', state)

async function attached(): Promise<Screen> {
  engine ??= createEngine({
    config: await loadConfig(config),
    host: { launchDemo: () => Promise.reject(new Error('no demo here')) },
    clock: systemClock,
    logger: createLogger({ level: 'silent' }),
    version: '0.0.0-test',
    paths: { newConfig: 'unused.yaml' },
    state: { folder: state, keepsDemo: false },
    signIn: { passwords: new Passwords({ cost: { ln: 10, r: 8, p: 1 } }) },
  })
  const { engineEnd, screenEnd } = inProcessWire()
  engine.attach(engineEnd, 'console', OWN_WINDOW)
  return new Screen(screenEnd)
}

const CODE = /^ {2}([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})$/

describe('floorwatch user', () => {
  it('makes the first administrator beside a running engine, which follows at once', async () => {
    const screen = await attached()
    const me = screen.watch('access.me', {})
    await me.until('whoever runs the engine', ({ state: who }) => who === 'standing')
    const added = await user('add', 'ana', '--name', 'Ana Lima')
    expect(added).toMatchObject({ code: 0, err: [] })
    const code = CODE.exec(added.out[1] ?? '')?.[1] ?? ''
    await me.until('to be asked to sign in', ({ state: who }) => who === 'signedOut')
    await screen.call('access.redeem', { login: 'ana', code, password: 'orchard lantern gravel' })
    const signedIn = await me.until('Ana', ({ state: who }) => who === 'signedIn')
    expect(signedIn.person).toMatchObject({ name: 'Ana Lima', role: 'administrator' })
    expect((await user('list')).out.join('\n')).toMatch(/ana +Ana Lima +administrator +active/)
    expect(await user('add', 'ben', '--role', 'on-call')).toMatchObject({ code: 0 })
    expect(await user('role', 'ana', 'viewer')).toMatchObject({
      code: 1,
      err: [expect.stringContaining('last administrator')],
    })
    await user('password', 'ana')
    await me.until('her sign-in to end', ({ state: who }) => who === 'signedOut')
  })

  it('works before the engine was ever started, and says what is wrong', async () => {
    expect((await user('list')).out).toEqual([expect.stringContaining('There are no accounts')])
    expect(await user('add', 'ben', '--role', 'operator')).toMatchObject({
      code: 1,
      err: [expect.stringContaining('first account of a site has to be an administrator')],
    })
    expect(await user('disable', 'nobody')).toMatchObject({
      code: 1,
      err: [expect.stringContaining('no account')],
    })
    expect(await line('user', 'list', '--demo')).toMatchObject({ code: 2 })
  })
})

describe('floorwatch verify', () => {
  it('finds the database whole, beside a running engine too, and an exported file', async () => {
    const screen = await attached()
    await user('add', 'ana')
    const database = join(siteFolder(state, 'Test hall'), 'floorwatch.db')
    const whole = await line('verify', database)
    expect(whole).toMatchObject({ code: 0, err: [] })
    const head = /Its end: (\d+:[0-9a-f]{64})/.exec(whole.out.join('\n'))?.[1] ?? ''
    expect(await line('verify', database, '--head', head)).toMatchObject({ code: 0 })
    expect(await line('verify', database, '--head', `99:${'a'.repeat(64)}`)).toMatchObject({
      code: 1,
      err: [expect.stringContaining('broken at entry 3'), expect.anything()],
    })
    screen.close()
  })

  it('names the first broken entry of an exported file', async () => {
    const screen = await attached()
    for (let i = 0; i < 5; i++) await screen.call('audit.export', {})
    const { text, name } = await screen.call('audit.export', {})
    expect(name).toBe('floorwatch-audit-1-7.jsonl')
    const path = join(folder, name)
    writeFileSync(path, text)
    expect(await line('verify', path)).toMatchObject({ code: 0, err: [] })
    writeFileSync(path, readFileSync(path, 'utf8').replace('"seq":4', '"seq":5'))
    expect(await line('verify', path)).toMatchObject({
      code: 1,
      err: [
        'The chain is broken at entry 4. It was changed: its content does not have its hash.',
        '3 entries before it are in order.',
      ],
    })
    writeFileSync(path, `${text.split('\n').slice(0, -2).join('\n')}\n`)
    expect(await line('verify', path)).toMatchObject({
      code: 1,
      err: [expect.stringContaining('at entry 7. It is missing'), expect.anything()],
    })
    writeFileSync(path, 'x')
    expect(await line('verify', path)).toMatchObject({
      code: 1,
      err: [expect.stringContaining('is not an audit')],
    })
    expect(await line('verify', join(folder, 'none'))).toMatchObject({ code: 1 })
  })
})
