import { describe, expect, it } from 'vitest'
import { loadSqlite } from '../addon.ts'
import { migration } from './0002-incidents.ts'

function migrated() {
  const Database = loadSqlite()
  const db = new Database(':memory:')
  db.pragma('foreign_keys = ON')
  migration.up(db)
  const add = db.prepare(
    'INSERT INTO incident (number, cause, state, resolvedAt, body) VALUES (?, ?, ?, ?, ?)',
  )
  return { db, add }
}

describe('step 2, incidents', () => {
  it('takes one incident of a cause that is not resolved, and any number of resolved ones', () => {
    const { add, db } = migrated()
    add.run(1, 'lost/host/h-1', 'resolved', 5, '{}')
    add.run(2, 'lost/host/h-1', 'resolved', 6, '{}')
    add.run(3, 'lost/host/h-1', 'open', null, '{}')
    expect(() => add.run(4, 'lost/host/h-1', 'recovered', null, '{}')).toThrow('UNIQUE')
    add.run(4, 'lost/host/h-2', 'open', null, '{}')
    expect(() => db.prepare("UPDATE incident SET state = 'open' WHERE number = 1").run()).toThrow('UNIQUE')
    expect(() => add.run(5, 'x', 'gone', null, '{}')).toThrow('CHECK')
  })

  it('keeps entries of incidents alone, each number once', () => {
    const { add, db } = migrated()
    add.run(1, 'a', 'open', null, '{}')
    const note = db.prepare("INSERT INTO incidentEntry (incident, seq, body) VALUES (?, ?, '{}')")
    note.run(1, 1)
    expect(() => note.run(1, 1)).toThrow('UNIQUE')
    expect(() => note.run(2, 1)).toThrow('FOREIGN KEY')
  })
})
