import { describe, expect, it } from 'vitest'
import { loadSqlite } from '../addon.ts'
import { migration } from './0003-audit.ts'

describe('the step that brings the audit', () => {
  it('makes a table that is only ever added to', () => {
    const db = new (loadSqlite())(':memory:')
    migration.up(db)
    db.exec("INSERT INTO audit VALUES (1, 5, 'h', '{}')")
    expect(() => db.exec('UPDATE audit SET at = 6')).toThrow('only ever added')
    expect(() => db.exec('DELETE FROM audit')).toThrow('only ever added')
    expect(() => db.exec("INSERT INTO audit VALUES (1, 5, 'h', '{}')")).toThrow('UNIQUE')
    db.close()
  })
})
