import { describe, expect, it } from 'vitest'
import { loadSqlite } from '../addon.ts'
import { migration } from './0005-throttles.ts'

describe('the table of intents', () => {
  it('keeps an intent once, with an act that is known', () => {
    const db = new (loadSqlite())(':memory:')
    migration.up(db)
    const insert = db.prepare(
      `INSERT INTO throttle_intents (id, at, act, tenant, content, step, state) VALUES (?, 1, ?, 't', '{}', 'intended', '{}')`,
    )
    insert.run('a', 'create')
    expect(() => insert.run('a', 'create')).toThrow(/UNIQUE/)
    expect(() => insert.run('b', 'approve')).toThrow(/CHECK/)
    expect(db.prepare(`SELECT id, verdict FROM throttle_intents WHERE step IN ('intended')`).all()).toEqual([
      { id: 'a', verdict: null },
    ])
    db.close()
  })
})
