import { type Message, message } from '../../shared/messages/message.ts'
import type { Person } from '../../shared/model/person.ts'
import type { Audit } from '../audit/types.ts'
import type { AuditEntry } from '../core/audit/entry.ts'
import type { Clock } from '../platform/clock.ts'
import type { Logger } from '../platform/logger.ts'
import { RateLimit } from '../platform/rateLimit.ts'
import { type Database, type Store, StoreFailure } from '../store/index.ts'
import {
  type Account,
  accountById,
  accountByLogin,
  countAccounts,
  credentialsOf,
  loginOf,
  noteSignIn,
  renewHash,
  setPassword,
} from './accounts.ts'
import { matchesCode } from './codes.ts'
import { type Attempt, Guesses, type GuessPlace } from './guesses.ts'
import { weaknessOf } from './passwordRules.ts'
import { type Passwords, PasswordsBusy } from './passwords.ts'
import { AccessRefusal } from './refusal.ts'

/** Where a screen is, as far as signing in is concerned. */
export interface SignInPlace extends GuessPlace {
  /** For the audit. */
  readonly console: string
  /** Only whoever runs the engine can have opened it. */
  readonly ownMachine: boolean
}

export interface SignInLimits {
  /** Without a sign of the person for so long, a session is locked, ms. */
  readonly idleMs: number
  /** A session ends after so long, whatever is done, ms. */
  readonly longestMs: number
}

export const SIGN_IN_LIMITS: SignInLimits = { idleMs: 15 * 60_000, longestMs: 12 * 3_600_000 }

export interface SignInsOptions {
  readonly store: () => Store
  readonly audit: Audit
  readonly passwords: Passwords
  readonly clock: Clock
  readonly logger: Logger
  readonly limits?: SignInLimits
  /** Whoever runs the engine: acts at the own machine for as long as there is no account at all. */
  readonly standing: () => Person
  /** Whether a site is watched. Before that there is no store and nothing but the setup to act on. */
  readonly watchesSite: () => boolean
}

/** Who acts at a place. Wall times, ms. */
export type SignInState =
  | {
      readonly kind: 'signedIn'
      readonly person: Person
      readonly login: string
      readonly since: number
      readonly locksAt: number
      readonly endsAt: number
    }
  /** Without an account, at the own machine. */
  | { readonly kind: 'standing'; readonly person: Person }
  | { readonly kind: 'locked'; readonly person: Person; readonly login: string; readonly endsAt: number }
  | {
      readonly kind: 'signedOut'
      readonly why: Message
      readonly nextStep: Message
      /** Who can act again here without a password. */
      readonly offered: Person | null
    }

interface Session {
  readonly accountId: string
  readonly login: string
  epoch: number
  /** All on the clock that also counts sleep. */
  readonly beganAt: number
  usedAt: number
  locked: boolean
  /** It was ended, and why; kept so that the person hears it. */
  ended: Message | null
}

const MOST_SESSIONS = 256
/** Refused sign-ins with an entry of their own in the audit, per minute; the others are counted in the next one. */
const REFUSED_PER_MINUTE = 12

/**
 * Who is signed in where. Sessions live in memory: they end with the engine, as the admissions of browsers do. Each
 * question looks at the account's row, so that a role that was taken or an account that was disabled acts at once.
 */
export class SignIns {
  readonly #options: SignInsOptions
  readonly #limits: SignInLimits
  readonly #guesses = new Guesses()
  readonly #sessions = new Map<string, Session>()
  readonly #refusedRate = new RateLimit(REFUSED_PER_MINUTE, 60_000)
  #refusedHidden = 0

  constructor(options: SignInsOptions) {
    this.#options = options
    this.#limits = options.limits ?? SIGN_IN_LIMITS
  }

  state(place: SignInPlace): SignInState {
    const db = this.#options.store().database()
    if (db === null) return this.#withoutStore(place)
    const session = this.#sessions.get(place.holder)
    if (session === undefined) return this.#withoutSession(place, db)
    if (session.ended !== null) return this.#withoutSession(place, db, session.ended)
    const account = accountById(db, session.accountId)
    if (account === null || account.disabled || account.epoch !== session.epoch) {
      return this.#end(place, db, session, message('access.why.revoked'))
    }
    const now = this.#elapsed()
    if (now - session.beganAt >= this.#limits.longestMs)
      return this.#end(
        place,
        db,
        session,
        message('access.why.expired', { hours: Math.round(this.#limits.longestMs / 3_600_000) }),
      )
    if (now - session.usedAt >= this.#limits.idleMs) session.locked = true
    const person = { id: account.id, name: account.name, role: account.role }
    const wall = this.#options.clock.now()
    const endsAt = wall + session.beganAt + this.#limits.longestMs - now
    const { login } = account
    if (session.locked) return { kind: 'locked', person, login, endsAt }
    const since = wall + session.beganAt - now
    return {
      kind: 'signedIn',
      person,
      login,
      since,
      locksAt: wall + session.usedAt + this.#limits.idleMs - now,
      endsAt,
    }
  }

  /** The person is there: a key was pressed or the pointer moved. */
  touch({ holder }: SignInPlace): void {
    const session = this.#sessions.get(holder)
    if (session === undefined || session.locked || session.ended !== null) return
    if (this.#elapsed() - session.usedAt < this.#limits.idleMs) session.usedAt = this.#elapsed()
  }

  /** @throws AccessRefusal, StoreFailure */
  async signIn(place: SignInPlace, typed: string, password: string): Promise<void> {
    const before = this.state(place)
    const account = await this.#prove(place, typed, password, 'access.signIn')
    this.#options.store().write(true, (db) => {
      noteSignIn(db, account.id, this.#options.clock.now())
      const replaced = before.kind === 'signedIn' || before.kind === 'locked' ? before.person : null
      const instead =
        replaced !== null && replaced.id !== account.id ? { before: { person: replaced.name } } : {}
      this.#note(db, place, account, { action: 'access.signIn', target: targetOf(account), ...instead })
    })
    this.#begin(place, account)
  }

  /**
   * The same person goes on after a lock.
   * @throws AccessRefusal, StoreFailure
   */
  async unlock(place: SignInPlace, password: string): Promise<void> {
    const state = this.state(place)
    if (state.kind !== 'locked') return
    const account = await this.#prove(place, state.login, password, 'access.unlock')
    const session = this.#sessions.get(place.holder)
    if (session === undefined || session.ended !== null || session.accountId !== account.id) {
      throw new AccessRefusal(message('access.why.revoked'), message('access.why.signIn.next'))
    }
    this.#options
      .store()
      .write(true, (db) =>
        this.#note(db, place, account, { action: 'access.unlock', target: targetOf(account) }),
      )
    session.locked = false
    session.usedAt = this.#elapsed()
  }

  /**
   * Chooses a password with a one-time code, and signs in.
   * @throws AccessRefusal, StoreFailure
   */
  async redeem(place: SignInPlace, typed: string, code: string, password: string): Promise<void> {
    const { clock, passwords, store } = this.#options
    const login = loginOf(typed) ?? ''
    const weakness = weaknessOf(password, login)
    if (weakness !== null) throw new AccessRefusal(weakness, message('access.password.next'))
    const attempt = this.#attempt(place, login, typed, 'access.code.use')
    const reading = store().database()
    const known = reading === null ? null : this.#accountWithCode(reading, login, code)
    if (known === null) {
      this.#noteRefused(place, 'access.code.use', typed)
      throw new AccessRefusal(message('access.code.wrong'), message('access.code.wrong.next'))
    }
    const phc = await this.#busy(attempt, passwords.hash(password))
    const account = store().write(true, (db) => {
      // Meanwhile it may have been used, or another one issued.
      const still = this.#accountWithCode(db, login, code)
      if (still === null || still.epoch !== known.epoch) {
        throw new AccessRefusal(message('access.code.wrong'), message('access.code.wrong.next'))
      }
      setPassword(db, still.id, phc, clock.now())
      noteSignIn(db, still.id, clock.now())
      this.#note(db, place, still, { action: 'access.code.use', target: targetOf(still) })
      return accountById(db, still.id) ?? still
    })
    attempt.right()
    this.#begin(place, account)
  }

  /** @throws AccessRefusal, StoreFailure */
  async changePassword(place: SignInPlace, current: string, password: string): Promise<void> {
    const { clock, passwords, store } = this.#options
    const state = this.state(place)
    if (state.kind !== 'signedIn')
      throw new AccessRefusal(message('access.password.noAccount'), message('access.why.signIn.next'))
    const weakness = weaknessOf(password, state.login)
    if (weakness !== null) throw new AccessRefusal(weakness, message('access.password.next'))
    const proved = await this.#prove(place, state.login, current, 'access.password')
    const phc = await this.#busy(null, passwords.hash(password))
    const session = this.#sessions.get(place.holder)
    const account = store().write(true, (db) => {
      const still = accountById(db, proved.id)
      if (still === null || still.epoch !== proved.epoch)
        throw new AccessRefusal(message('access.why.revoked'), message('access.why.signIn.next'))
      setPassword(db, still.id, phc, clock.now())
      this.#note(db, place, still, { action: 'access.password', target: targetOf(still) })
      return accountById(db, still.id) ?? still
    })
    // All of their sessions end but the one at which they are.
    if (session !== undefined && session.accountId === account.id) session.epoch = account.epoch
  }

  /** Views stay, and nothing can be done until the same person has typed the password. */
  lock(place: SignInPlace): void {
    const session = this.#sessions.get(place.holder)
    if (this.state(place).kind === 'signedIn' && session !== undefined) session.locked = true
  }

  signOut(place: SignInPlace): void {
    const state = this.state(place)
    if (state.kind === 'signedOut') return
    if (state.kind !== 'standing') {
      const { person, login } = state
      this.#try(() =>
        this.#options.audit.append({
          actor: { ...person },
          origin: place.console,
          action: 'access.signOut',
          target: `account/${login}`,
        }),
      )
    }
    this.#keep(place.holder, { ...NO_ONE, ended: message('access.why.signedOut') })
  }

  /**
   * Whoever runs the engine acts again at the own machine, after having signed out there.
   * @throws AccessRefusal
   */
  resume(place: SignInPlace): void {
    const state = this.state(place)
    if (state.kind !== 'signedOut') return
    if (state.offered === null) throw new AccessRefusal(state.why, state.nextStep)
    this.#sessions.delete(place.holder)
  }

  #withoutStore(place: SignInPlace): SignInState {
    if (!this.#options.watchesSite()) {
      if (place.ownMachine) return { kind: 'standing', person: this.#options.standing() }
      return out(message('access.why.setup'), message('access.why.setup.next'))
    }
    const health = this.#options.store().health()
    const why = health.state === 'open' ? message('store.closed') : health.message
    return out(message('access.why.noStore', { why }), message('access.why.noStore.next'))
  }

  #withoutSession(place: SignInPlace, db: Database, why: Message | null = null): SignInState {
    const some = countAccounts(db) > 0
    if (!some && place.ownMachine) {
      const person = this.#options.standing()
      if (why === null) return { kind: 'standing', person }
      return { ...out(why, message('access.why.offered.next', { name: person.name })), offered: person }
    }
    if (some) return out(why ?? message('access.why.signIn'), message('access.why.signIn.next'))
    return out(message('access.why.noAccounts'), message('access.why.noAccounts.next'))
  }

  #end(place: SignInPlace, db: Database, session: Session, why: Message): SignInState {
    session.ended = why
    return this.#withoutSession(place, db, why)
  }

  #begin(place: SignInPlace, { id, login, epoch }: Account): void {
    const now = this.#elapsed()
    this.#keep(place.holder, {
      accountId: id,
      login,
      epoch,
      beganAt: now,
      usedAt: now,
      locked: false,
      ended: null,
    })
  }

  #keep(holder: string, session: Session): void {
    this.#sessions.delete(holder)
    this.#sessions.set(holder, session)
    const [oldest] = this.#sessions.keys()
    if (this.#sessions.size > MOST_SESSIONS && oldest !== undefined) this.#sessions.delete(oldest)
  }

  /**
   * The account whose password this is.
   * @throws AccessRefusal in the same words, after the same time, whatever is wrong
   */
  async #prove(place: SignInPlace, typed: string, password: string, action: string): Promise<Account> {
    const { passwords, store } = this.#options
    const login = loginOf(typed) ?? ''
    const reading = this.#reading()
    const attempt = this.#attempt(place, login, typed, action)
    const account = accountByLogin(reading, login)
    const kept = account === null ? null : credentialsOf(reading, account.id).password
    const { right, outdated } = await this.#busy(attempt, passwords.verify(password, kept))
    // Meanwhile it may have been disabled, or have another password.
    const db = store().database()
    const still = db === null || account === null ? null : accountById(db, account.id)
    if (!right || still === null || still.disabled || still.epoch !== account?.epoch) {
      this.#noteRefused(place, action, typed)
      throw new AccessRefusal(message('access.wrong'), message('access.wrong.next'))
    }
    attempt.right()
    if (outdated && kept !== null) void this.#renew(still.id, password, kept)
    return still
  }

  #attempt(place: SignInPlace, login: string, typed: string, action: string): Attempt {
    try {
      return this.#guesses.begin(login === '' ? typed.slice(0, 64) : login, place, this.#elapsed())
    } catch (error) {
      this.#noteRefused(place, action, typed)
      throw error
    }
  }

  async #busy<T>(attempt: Attempt | null, work: Promise<T>): Promise<T> {
    try {
      return await work
    } catch (error) {
      attempt?.withdraw()
      if (!(error instanceof PasswordsBusy)) throw error
      throw new AccessRefusal(message('access.busy'), message('access.wait.next'))
    }
  }

  async #renew(id: string, password: string, before: string): Promise<void> {
    try {
      const phc = await this.#options.passwords.hash(password)
      this.#options.store().write(true, (db) => renewHash(db, id, phc, before))
    } catch (error) {
      // It is renewed with the next sign-in.
      this.#options.logger.warn({ err: error }, 'a password could not be kept at the present cost')
    }
  }

  #accountWithCode(db: Database, login: string, code: string): Account | null {
    const account = accountByLogin(db, login)
    const { codeDigest, codeUntil } =
      account === null ? { codeDigest: null, codeUntil: null } : credentialsOf(db, account.id)
    const right = matchesCode(codeDigest ?? NO_DIGEST, code)
    const inTime = codeUntil !== null && this.#options.clock.now() < codeUntil
    return right && inTime && account?.disabled === false ? account : null
  }

  #note(
    db: Database,
    { console }: SignInPlace,
    { id, name, role }: Account,
    entry: Pick<AuditEntry, 'action' | 'target' | 'before'>,
  ): void {
    this.#options.audit.append({ actor: { id, name, role }, origin: console, ...entry }, db)
  }

  /** Some a minute have an entry of their own; a flood is counted, so that it does not fill the disk. */
  #noteRefused({ console }: SignInPlace, action: string, typed: string): void {
    if (!this.#refusedRate.take(this.#elapsed())) {
      this.#refusedHidden += 1
      return
    }
    const hidden = this.#refusedHidden
    this.#refusedHidden = 0
    // What was typed as a name may be a password in the wrong field: only what is a name of ours is kept.
    const login = loginOf(typed)
    const known = this.#try(() => {
      const db = this.#options.store().database()
      return db !== null && login !== null && accountByLogin(db, login) !== null
    })
    this.#try(() =>
      this.#options.audit.append({
        actor: { system: 'access' },
        origin: console,
        action: `${action}.refused`,
        target: known === true ? `account/${login}` : 'account/(unknown)',
        ...(hidden === 0 ? {} : { after: { moreRefused: hidden } }),
      }),
    )
  }

  /** What is refused or ended anyway does not wait for a disk with room. */
  #try<T>(work: () => T): T | null {
    try {
      return work()
    } catch (error) {
      if (!(error instanceof StoreFailure)) throw error
      this.#options.logger.warn({ err: error }, 'the audit could not keep an entry about a sign-in')
      return null
    }
  }

  /** @throws StoreFailure */
  #reading(): Database {
    const store = this.#options.store()
    const db = store.database()
    if (db !== null) return db
    const health = store.health()
    throw new StoreFailure('none', health.state === 'open' ? message('store.closed') : health.message)
  }

  #elapsed(): number {
    const { clock } = this.#options
    return clock.sinceBoot?.() ?? clock.monotonic()
  }
}

const NO_DIGEST = Buffer.alloc(32)
const NO_ONE = { accountId: '', login: '', epoch: 0, beganAt: 0, usedAt: 0, locked: false }

function out(why: Message, nextStep: Message): Extract<SignInState, { kind: 'signedOut' }> {
  return { kind: 'signedOut', why, nextStep, offered: null }
}

function targetOf({ login }: Account): string {
  return `account/${login}`
}
