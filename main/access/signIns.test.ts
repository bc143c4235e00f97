import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { message } from '../../shared/messages/message.ts'
import type { PersonRole } from '../../shared/model/person.ts'
import { createAudit, readPage } from '../audit/index.ts'
import { manualClock } from '../platform/clock.ts'
import { createLogger } from '../platform/logger.ts'
import { noStore, openStore, type Store } from '../store/index.ts'
import { AccountBook } from './accountBook.ts'
import { credentialsOf } from './accounts.ts'
import { Passwords } from './passwords.ts'
import { AccessRefusal } from './refusal.ts'
import { type SignInPlace, SignIns } from './signIns.ts'

const CHEAP = { ln: 10, r: 8, p: 1 }
const PASSWORD = 'orchard lantern gravel'
const TERMINAL = { actor: { system: 'terminal' }, origin: 'terminal' }
const OWN: SignInPlace = { holder: 'own', console: 'window on this machine', address: '', ownMachine: true }

function remote(holder = 'r', address = '10.0.0.7'): SignInPlace {
  return { holder, address, console: `browser at ${address}`, ownMachine: false }
}

function site(cost = CHEAP) {
  const folder = mkdtempSync(join(tmpdir(), 'floorwatch-access-'))
  const clock = manualClock({ now: Date.UTC(2026, 11, 1, 3) })
  const logger = createLogger({ level: 'silent' })
  const store = openStore({ folder: join(folder, 'site'), clock, logger })
  onTestFinished(() => {
    store.close()
    rmSync(folder, { recursive: true, force: true })
  })
  let used: Store = store
  const audit = createAudit({ store: () => used, clock })
  const accounts = new AccountBook({ store: () => used, audit, clock })
  const open = (passwords = new Passwords({ cost })) =>
    new SignIns({
      store: () => used,
      audit,
      passwords,
      clock,
      logger,
      standing: () => ({ id: 'owner', name: 'root', role: 'administrator' }),
      watchesSite: () => true,
    })
  const signIns = open()
  const account = async (login: string, role: PersonRole = 'administrator') => {
    const { code } = accounts.add(TERMINAL, { login, name: login.toUpperCase(), role })
    await signIns.redeem(remote(`setting ${login}`), login, code, PASSWORD)
  }
  const db = () => {
    const found = store.database()
    if (found === null) throw new Error('no store')
    return found
  }
  const actions = () =>
    readPage(db(), { before: null, limit: 500, text: '', action: '' }).map(({ record }) => record?.action)
  const without = (next: Store) => {
    used = next
  }
  return { folder, clock, store, audit, accounts, signIns, open, account, db, actions, without }
}

async function refusalOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    if (error instanceof AccessRefusal) return error.text.id
    throw error
  }
  return 'done'
}

describe('before there is an account', () => {
  it('whoever runs the engine acts at its own machine, and no one elsewhere', () => {
    const { signIns } = site()
    expect(signIns.state(OWN)).toMatchObject({ kind: 'standing', person: { name: 'root' } })
    expect(signIns.state(remote())).toMatchObject({ kind: 'signedOut', why: { id: 'access.why.noAccounts' } })
  })

  it('they can sign out, and go on', () => {
    const { signIns } = site()
    signIns.signOut(OWN)
    expect(signIns.state(OWN)).toMatchObject({ kind: 'signedOut', offered: { name: 'root' } })
    signIns.resume(OWN)
    expect(signIns.state(OWN)).toMatchObject({ kind: 'standing' })
  })

  it('the first account has to be an administrator, and from then on everyone signs in', async () => {
    const { accounts, signIns, account } = site()
    expect(() => accounts.add(TERMINAL, { login: 'ana', name: 'Ana', role: 'onCall' })).toThrow(AccessRefusal)
    await account('ana')
    expect(signIns.state(OWN)).toMatchObject({ kind: 'signedOut', offered: null })
    expect(() => signIns.resume(OWN)).toThrow(AccessRefusal)
  })

  it('without a store no one acts at all, and everyone hears why', () => {
    const { signIns, without } = site()
    without(noStore(message('store.notKept'), 0))
    for (const place of [OWN, remote()])
      expect(signIns.state(place)).toMatchObject({ kind: 'signedOut', why: { id: 'access.why.noStore' } })
  })
})

describe('a one-time code', () => {
  it('lets a person choose a password, once, within a day', async () => {
    const { accounts, signIns, clock } = site()
    const { code } = accounts.add(TERMINAL, { login: 'Ana', name: 'Ana Lima', role: 'administrator' })
    expect(await refusalOf(signIns.redeem(remote(), 'ana', code, 'too short'))).toBe('access.password.short')
    expect(await refusalOf(signIns.redeem(remote(), 'ana', 'AAAA-AAAA-AAAA', PASSWORD))).toBe(
      'access.code.wrong',
    )
    await signIns.redeem(remote(), 'ana', code.toLowerCase(), PASSWORD)
    expect(signIns.state(remote())).toMatchObject({ kind: 'signedIn', person: { name: 'Ana Lima' } })
    expect(await refusalOf(signIns.redeem(remote('b'), 'ana', code, PASSWORD))).toBe('access.code.wrong')

    const late = accounts.newCode(TERMINAL, 'ana')
    expect(signIns.state(remote())).toMatchObject({ kind: 'signedOut', why: { id: 'access.why.revoked' } })
    clock.advance(24 * 3_600_000)
    expect(await refusalOf(signIns.redeem(remote(), 'ana', late.code, PASSWORD))).toBe('access.code.wrong')
  })
})

describe('a password', () => {
  it('is refused in the same words, whatever is wrong', async () => {
    const { accounts, signIns, account } = site()
    await account('ana')
    await account('ben', 'operator')
    accounts.setDisabled(TERMINAL, 'ben', true)
    accounts.add(TERMINAL, { login: 'cy', name: 'Cy', role: 'viewer' })
    for (const [login, password] of [
      ['ana', 'a wrong password'],
      ['ben', PASSWORD],
      ['cy', PASSWORD],
      ['unknown', PASSWORD],
      ['not a name at all!', PASSWORD],
    ] as const)
      expect(await refusalOf(signIns.signIn(remote(), login, password))).toBe('access.wrong')
    await signIns.signIn(remote(), 'ANA ', PASSWORD)
    expect(signIns.state(remote())).toMatchObject({ kind: 'signedIn', login: 'ana' })
  })

  it('that is guessed at has to wait longer and longer, per account and per address', async () => {
    const { signIns, account, clock } = site()
    await account('ana')
    const outcomes: string[] = []
    for (let i = 0; i < 6; i++)
      outcomes.push(await refusalOf(signIns.signIn(remote('x'), 'ana', 'guess guess guess')))
    expect(outcomes).toEqual([
      'access.wrong',
      'access.wrong',
      'access.wrong',
      'access.wrong',
      'access.wait',
      'access.wait',
    ])
    // The right one has to wait as well, or guessing could go on behind it.
    expect(await refusalOf(signIns.signIn(remote('x'), 'ana', PASSWORD))).toBe('access.wait')
    clock.advance(1_000)
    expect(await refusalOf(signIns.signIn(remote('x'), 'ana', PASSWORD))).toBe('done')
    for (let i = 0; i < 30; i++)
      await refusalOf(signIns.signIn(remote('y'), `name-${i}`, 'guess guess guess'))
    expect(await refusalOf(signIns.signIn(remote('y'), 'other', 'guess guess guess'))).toBe('access.wait')
    expect(await refusalOf(signIns.signIn(remote('z', '10.0.0.8'), 'ana', PASSWORD))).toBe('done')
  })

  it('that a stranger guesses at does not keep the person out where they were before', async () => {
    const { signIns, account } = site()
    await account('ana')
    await signIns.signIn(remote('desk', '10.0.0.1'), 'ana', PASSWORD)
    for (let i = 0; i < 9; i++)
      await refusalOf(signIns.signIn(remote('evil', '10.6.6.6'), 'ana', 'guess guess guess'))
    signIns.signOut(remote('desk', '10.0.0.1'))
    expect(await refusalOf(signIns.signIn(remote('desk', '10.0.0.1'), 'ana', PASSWORD))).toBe('done')
  })

  it('is kept at a higher cost once that grows, with the next sign-in', async () => {
    const { signIns, account, db, open, accounts } = site()
    await account('ana')
    const { id } = accounts.list()[0] ?? { id: '' }
    expect(credentialsOf(db(), id).password).toContain('ln=10')
    const later = open(new Passwords({ cost: { ...CHEAP, ln: 11 } }))
    await later.signIn(remote(), 'ana', PASSWORD)
    await expect.poll(() => credentialsOf(db(), id).password).toContain('ln=11')
    expect(later.state(remote())).toMatchObject({ kind: 'signedIn' })
    expect(await refusalOf(signIns.signIn(remote('b'), 'ana', PASSWORD))).toBe('done')
  })

  it('that is changed ends all other sessions of the person', async () => {
    const { signIns, account } = site()
    await account('ana')
    await signIns.signIn(remote('here'), 'ana', PASSWORD)
    await signIns.signIn(remote('there'), 'ana', PASSWORD)
    expect(await refusalOf(signIns.changePassword(remote('here'), 'not it, surely', 'another orchard'))).toBe(
      'access.wrong',
    )
    await signIns.changePassword(remote('here'), PASSWORD, 'another lantern gravel')
    expect(signIns.state(remote('here'))).toMatchObject({ kind: 'signedIn' })
    expect(signIns.state(remote('there'))).toMatchObject({
      kind: 'signedOut',
      why: { id: 'access.why.revoked' },
    })
  })

  it('never stands in the file of the store, nor does a code', async () => {
    const { signIns, accounts, account, store, folder } = site()
    await account('ana')
    await refusalOf(signIns.signIn(remote(), PASSWORD, PASSWORD))
    const { code } = accounts.newCode(TERMINAL, 'ana')
    store.close()
    const kept = readFileSync(join(folder, 'site', 'floorwatch.db'), 'latin1')
    expect(kept).toContain('access.signIn.refused')
    expect(kept).not.toContain(PASSWORD)
    expect(kept).not.toContain(code)
  })
})

describe('a session', () => {
  it('is locked when the person is away, opened again by the same person alone, and ends after its time', async () => {
    const { signIns, account, clock } = site()
    await account('ana')
    await account('ben', 'operator')
    await signIns.signIn(remote(), 'ana', PASSWORD)
    for (let i = 0; i < 10; i++) {
      clock.advance(10 * 60_000)
      signIns.touch(remote())
    }
    expect(signIns.state(remote())).toMatchObject({ kind: 'signedIn' })
    clock.advance(15 * 60_000)
    expect(signIns.state(remote())).toMatchObject({ kind: 'locked', person: { name: 'ANA' } })
    signIns.touch(remote())
    expect(signIns.state(remote())).toMatchObject({ kind: 'locked' })
    expect(await refusalOf(signIns.unlock(remote(), 'a wrong password'))).toBe('access.wrong')
    await signIns.unlock(remote(), PASSWORD)
    expect(signIns.state(remote())).toMatchObject({ kind: 'signedIn' })
    signIns.lock(remote())
    await signIns.signIn(remote(), 'ben', PASSWORD)
    expect(signIns.state(remote())).toMatchObject({ kind: 'signedIn', person: { name: 'BEN' } })
    clock.advance(12 * 3_600_000)
    expect(signIns.state(remote())).toMatchObject({ kind: 'signedOut', why: { id: 'access.why.expired' } })
  })

  it('is locked after a night in which the machine slept', async () => {
    const { signIns, account, clock } = site()
    await account('ana')
    await signIns.signIn(remote(), 'ana', PASSWORD)
    clock.sleep(8 * 3_600_000)
    expect(signIns.state(remote())).toMatchObject({ kind: 'locked' })
  })

  it('follows the account: another role acts at once, and being disabled ends it', async () => {
    const { signIns, accounts, account } = site()
    await account('ana')
    await account('ben', 'onCall')
    await signIns.signIn(remote(), 'ben', PASSWORD)
    accounts.setRole(TERMINAL, 'ben', 'viewer')
    expect(signIns.state(remote())).toMatchObject({ kind: 'signedIn', person: { role: 'viewer' } })
    accounts.setDisabled(TERMINAL, 'ben', true)
    expect(signIns.state(remote())).toMatchObject({ kind: 'signedOut', why: { id: 'access.why.revoked' } })
    accounts.setDisabled(TERMINAL, 'ben', false)
    expect(signIns.state(remote())).toMatchObject({ kind: 'signedOut' })
  })

  it('belongs to one browser or window', async () => {
    const { signIns, account } = site()
    await account('ana')
    await signIns.signIn(remote('a'), 'ana', PASSWORD)
    expect(signIns.state(remote('b'))).toMatchObject({ kind: 'signedOut' })
  })
})

describe('the last administrator', () => {
  it('stays one, and stays enabled', async () => {
    const { accounts, account } = site()
    await account('ana')
    await account('ben', 'operator')
    expect(() => accounts.setRole(TERMINAL, 'ana', 'viewer')).toThrow(AccessRefusal)
    expect(() => accounts.setDisabled(TERMINAL, 'ana', true)).toThrow(AccessRefusal)
    accounts.setRole(TERMINAL, 'ben', 'administrator')
    expect(accounts.setRole(TERMINAL, 'ana', 'viewer').role).toBe('viewer')
  })
})

describe('the audit', () => {
  it('has every sign-in and change, and of a flood of refused ones some, with the number of the others', async () => {
    const { signIns, account, actions, db, clock } = site()
    await account('ana')
    await signIns.signIn(remote(), 'ana', PASSWORD)
    signIns.signOut(remote())
    expect(actions().toReversed()).toEqual([
      'audit.start',
      'access.add',
      'access.code.use',
      'access.signIn',
      'access.signOut',
    ])
    for (let i = 0; i < 200; i++) await refusalOf(signIns.signIn(remote(), `n${i}`, 'guess guess guess'))
    const refused = () => actions().filter((action) => action === 'access.signIn.refused').length
    expect(refused()).toBe(12)
    clock.advance(60_000)
    await refusalOf(signIns.signIn(remote(), 'ana', 'guess guess guess'))
    const [newest] = readPage(db(), { before: null, limit: 1, text: '', action: '' })
    expect(newest?.record).toMatchObject({ after: { moreRefused: 188 } })
  })
})
