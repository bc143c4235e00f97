import { randomBytes } from 'node:crypto'
import type { Person, PersonRole } from '../../shared/model/person.ts'
import type { Database } from '../store/index.ts'

/** An account as it is kept, without what opens it. */
export interface Account extends Person {
  /** What a person types, in lower case. */
  readonly login: string
  readonly disabled: boolean
  /** Grows with everything that ends the account's sessions: a new password, a new code, being disabled. */
  readonly epoch: number
  readonly createdAt: number
  readonly passwordAt: number | null
  readonly signedInAt: number | null
  /** Until when a one-time code waits; null where none does. */
  readonly codeUntil: number | null
}

/** What opens an account. Never leaves main/access. */
export interface Credentials {
  readonly password: string | null
  readonly codeDigest: Buffer | null
  readonly codeUntil: number | null
}

export const MOST_ACCOUNTS = 1024

const LOGIN = /^[a-z0-9][a-z0-9._@-]{0,63}$/

/** As it is kept and compared; null for what cannot be a user name. */
export function loginOf(typed: string): string | null {
  const login = typed.normalize('NFKC').trim().toLowerCase()
  return LOGIN.test(login) ? login : null
}

interface Row {
  readonly id: string
  readonly login: string
  readonly name: string
  readonly role: PersonRole
  readonly disabled: number
  readonly epoch: number
  readonly createdAt: number
  readonly passwordAt: number | null
  readonly signedInAt: number | null
  readonly codeUntil: number | null
}

const COLUMNS = 'id, login, name, role, disabled, epoch, createdAt, passwordAt, signedInAt, codeUntil'

function accountOf(row: Row): Account {
  return { ...row, disabled: row.disabled === 1 }
}

export function accountById(db: Database, id: string): Account | null {
  const row = db.prepare<[string], Row>(`SELECT ${COLUMNS} FROM account WHERE id = ?`).get(id)
  return row === undefined ? null : accountOf(row)
}

export function accountByLogin(db: Database, login: string): Account | null {
  const row = db.prepare<[string], Row>(`SELECT ${COLUMNS} FROM account WHERE login = ?`).get(login)
  return row === undefined ? null : accountOf(row)
}

export function credentialsOf(db: Database, id: string): Credentials {
  const row = db
    .prepare<[string], Credentials>('SELECT password, codeDigest, codeUntil FROM account WHERE id = ?')
    .get(id)
  return row ?? { password: null, codeDigest: null, codeUntil: null }
}

export function allAccounts(db: Database): Account[] {
  return db.prepare<[], Row>(`SELECT ${COLUMNS} FROM account ORDER BY login`).all().map(accountOf)
}

export function countAccounts(db: Database): number {
  return Number(db.prepare('SELECT count(*) FROM account').pluck().get())
}

export function insertAccount(
  db: Database,
  { login, name, role }: Pick<Account, 'login' | 'name' | 'role'>,
  now: number,
): Account {
  const id = `p-${randomBytes(8).toString('hex')}`
  db.prepare('INSERT INTO account (id, login, name, role, createdAt) VALUES (?, ?, ?, ?, ?)').run(
    id,
    login,
    name,
    role,
    now,
  )
  return { id, login, name, role, disabled: false, epoch: 1, createdAt: now, ...NEVER }
}

const NEVER = { passwordAt: null, signedInAt: null, codeUntil: null }

/** A code in the place of the password: whoever is signed in is signed out. */
export function setCode(db: Database, id: string, digest: Buffer, until: number): void {
  db.prepare(
    'UPDATE account SET codeDigest = ?, codeUntil = ?, password = NULL, epoch = epoch + 1 WHERE id = ?',
  ).run(digest, until, id)
}

/** Uses the code up and ends every session but those begun from now on. */
export function setPassword(db: Database, id: string, phc: string, now: number): void {
  db.prepare(
    `UPDATE account SET password = ?, passwordAt = ?, codeDigest = NULL, codeUntil = NULL, epoch = epoch + 1
     WHERE id = ?`,
  ).run(phc, now, id)
}

/** The same password at today's cost; `before` guards against one that was changed meanwhile. */
export function renewHash(db: Database, id: string, phc: string, before: string): void {
  db.prepare('UPDATE account SET password = ? WHERE id = ? AND password = ?').run(phc, id, before)
}

export function setRole(db: Database, id: string, role: PersonRole): void {
  db.prepare('UPDATE account SET role = ? WHERE id = ?').run(role, id)
}

export function setDisabled(db: Database, id: string, disabled: boolean): void {
  db.prepare('UPDATE account SET disabled = ?, epoch = epoch + 1 WHERE id = ?').run(disabled ? 1 : 0, id)
}

export function noteSignIn(db: Database, id: string, now: number): void {
  db.prepare('UPDATE account SET signedInAt = ? WHERE id = ?').run(now, id)
}

/** Administrators who can sign in, now or with their code, besides this one. */
export function otherAdministrators(db: Database, id: string): number {
  return Number(
    db
      .prepare(
        `SELECT count(*) FROM account
         WHERE role = 'administrator' AND disabled = 0 AND id <> ? AND (password IS NOT NULL OR codeDigest IS NOT NULL)`,
      )
      .pluck()
      .get(id),
  )
}
