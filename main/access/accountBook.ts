import { message } from '../../shared/messages/message.ts'
import { MOST_NAME, type PersonRole } from '../../shared/model/person.ts'
import type { Audit } from '../audit/types.ts'
import type { AuditActor, JsonValue } from '../core/audit/entry.ts'
import type { Clock } from '../platform/clock.ts'
import { type Database, type Store, StoreFailure } from '../store/index.ts'
import {
  type Account,
  accountByLogin,
  allAccounts,
  countAccounts,
  insertAccount,
  loginOf,
  MOST_ACCOUNTS,
  otherAdministrators,
  setCode,
  setDisabled,
  setRole,
} from './accounts.ts'
import { CODE_LIFETIME_MS, codeDigest, newCode } from './codes.ts'
import { AccessRefusal } from './refusal.ts'

/** Who changes accounts, and from where: for the audit. */
export interface By {
  readonly actor: AuditActor
  readonly origin: string
}

/** Shown once and kept as a digest: with it a person chooses a password. */
export interface IssuedCode {
  readonly account: Account
  readonly code: string
  /** Wall clock, ms. */
  readonly until: number
}

export interface AccountBookOptions {
  readonly store: () => Store
  readonly audit: Audit
  readonly clock: Clock
}

/** Accounts of a site, for the engine and for the terminal. What is done and its entry in the audit are kept together. */
export class AccountBook {
  readonly #store: () => Store
  readonly #audit: Audit
  readonly #clock: Clock

  constructor({ store, audit, clock }: AccountBookOptions) {
    this.#store = store
    this.#audit = audit
    this.#clock = clock
  }

  /** @throws StoreFailure */
  list(): Account[] {
    return allAccounts(this.#reading())
  }

  /** Null where there is no store to tell. */
  count(): number | null {
    const db = this.#store().database()
    return db === null ? null : countAccounts(db)
  }

  /** @throws AccessRefusal, StoreFailure */
  add(
    by: By,
    wanted: { readonly login: string; readonly name: string; readonly role: PersonRole },
  ): IssuedCode {
    const login = loginOf(wanted.login)
    const name = wanted.name.normalize('NFC').trim().slice(0, MOST_NAME)
    if (login === null || name === '') {
      throw new AccessRefusal(
        message('access.add.login', { login: wanted.login.slice(0, 80) }),
        message('access.add.login.next'),
      )
    }
    return this.#store().write(true, (db) => {
      const count = countAccounts(db)
      if (count === 0 && wanted.role !== 'administrator')
        throw new AccessRefusal(message('access.add.first'), message('access.add.first.next'))
      if (count >= MOST_ACCOUNTS)
        throw new AccessRefusal(
          message('access.add.many', { most: MOST_ACCOUNTS }),
          message('access.add.many.next'),
        )
      if (accountByLogin(db, login) !== null)
        throw new AccessRefusal(message('access.add.taken', { login }), message('access.add.taken.next'))
      const account = insertAccount(db, { login, name, role: wanted.role }, this.#clock.now())
      this.#note(db, by, 'access.add', account, { after: { name, role: account.role } })
      return this.#issue(db, account)
    })
  }

  /** @throws AccessRefusal, StoreFailure */
  setRole(by: By, login: string, role: PersonRole): Account {
    return this.#store().write(true, (db) => {
      const account = this.#known(db, login)
      if (account.role === role) return account
      if (account.role === 'administrator') this.#keepOne(db, account)
      setRole(db, account.id, role)
      this.#note(db, by, 'access.role', account, { before: { role: account.role }, after: { role } })
      return { ...account, role }
    })
  }

  /** @throws AccessRefusal, StoreFailure */
  setDisabled(by: By, login: string, disabled: boolean): Account {
    return this.#store().write(true, (db) => {
      const account = this.#known(db, login)
      if (account.disabled === disabled) return account
      if (disabled && account.role === 'administrator') this.#keepOne(db, account)
      setDisabled(db, account.id, disabled)
      const action = disabled ? 'access.disable' : 'access.enable'
      this.#note(db, by, action, account, { before: { disabled: account.disabled }, after: { disabled } })
      return { ...account, disabled }
    })
  }

  /**
   * A new one-time code. The password it replaces no longer works, and whoever is signed in with it is signed out.
   * @throws AccessRefusal, StoreFailure
   */
  newCode(by: By, login: string): IssuedCode {
    return this.#store().write(true, (db) => {
      const account = this.#known(db, login)
      const issued = this.#issue(db, account)
      this.#note(db, by, 'access.code', account, { after: { until: issued.until } })
      return issued
    })
  }

  #issue(db: Database, account: Account): IssuedCode {
    const code = newCode()
    const until = this.#clock.now() + CODE_LIFETIME_MS
    setCode(db, account.id, codeDigest(code), until)
    return { account, code, until }
  }

  #known(db: Database, typed: string): Account {
    const login = loginOf(typed)
    const account = login === null ? null : accountByLogin(db, login)
    if (account !== null) return account
    throw new AccessRefusal(
      message('access.unknown', { login: typed.slice(0, 80) }),
      message('access.unknown.next'),
    )
  }

  /** Without an administrator there would be no one to make another. */
  #keepOne(db: Database, account: Account): void {
    if (account.disabled || otherAdministrators(db, account.id) > 0) return
    throw new AccessRefusal(
      message('access.lastAdministrator', { name: account.name }),
      message('access.lastAdministrator.next'),
    )
  }

  #note(
    db: Database,
    { actor, origin }: By,
    action: string,
    account: Account,
    states: { before?: JsonValue; after?: JsonValue },
  ): void {
    this.#audit.append({ actor, origin, action, target: `account/${account.login}`, ...states }, db)
  }

  #reading(): Database {
    const store = this.#store()
    const db = store.database()
    if (db !== null) return db
    const health = store.health()
    throw new StoreFailure('none', health.state === 'open' ? message('store.closed') : health.message)
  }
}
