import { describe, expect, it } from 'vitest'
import { loadSqlite } from '../addon.ts'
import { migration } from './0004-accounts.ts'

describe('the step that brings accounts', () => {
  it('makes a table of people, each with a user name of their own and a known role', () => {
    const db = new (loadSqlite())(':memory:')
    migration.up(db)
    const add = (id: string, login: string, role: string) =>
      db
        .prepare('INSERT INTO account (id, login, name, role, createdAt) VALUES (?, ?, ?, ?, 1)')
        .run(id, login, login, role)
    add('1', 'ana', 'administrator')
    expect(() => add('2', 'ana', 'viewer')).toThrow('UNIQUE')
    expect(() => add('3', 'ben', 'root')).toThrow('CHECK')
    expect(db.prepare('SELECT disabled, epoch, password FROM account').get()).toEqual({
      disabled: 0,
      epoch: 1,
      password: null,
    })
    db.close()
  })
})
