import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { manualClock } from '../platform/clock.ts'
import { createLogger } from '../platform/logger.ts'
import { loadSqlite } from './addon.ts'
import { StoreFailure } from './failure.ts'
import { noStore, openStore } from './store.ts'
import type { Migration, Store } from './types.ts'
import { message } from '../../shared/messages/message.ts'

const logger = createLogger({ level: 'silent' })

const NOTES: Migration = {
  id: 7,
  name: 'notes',
  up: (db) => db.exec('CREATE TABLE note (text TEXT NOT NULL UNIQUE) STRICT'),
}

function place() {
  const folder = join(mkdtempSync(join(tmpdir(), 'floorwatch-store-')), 'site')
  onTestFinished(() => rmSync(join(folder, '..'), { recursive: true, force: true }))
  const clock = manualClock({ now: Date.UTC(2026, 11, 1, 3) })
  const open = (migrations: readonly Migration[] = [NOTES]): Store => {
    const store = openStore({ folder, clock, logger, migrations })
    onTestFinished(() => store.close())
    return store
  }
  return { folder, path: join(folder, 'floorwatch.db'), clock, open }
}

function note(store: Store, text: string, durable = false): void {
  store.write(durable, (db) => db.prepare('INSERT INTO note (text) VALUES (?)').run(text))
}

function notes(store: Store): unknown[] {
  return store.database()?.prepare('SELECT text FROM note ORDER BY rowid').pluck().all() ?? []
}

function failureOf(work: () => unknown): StoreFailure {
  try {
    work()
  } catch (error) {
    if (error instanceof StoreFailure) return error
    throw error
  }
  throw new Error('it did not fail')
}

describe('a store', () => {
  it('keeps what was written, durably or not, over a restart', () => {
    const { open, path } = place()
    const first = open()
    note(first, 'a')
    note(first, 'b', true)
    expect(first.health()).toMatchObject({ state: 'open', path, notice: null })
    first.close()
    expect(existsSync(`${path}-wal`)).toBe(false)
    expect(notes(open())).toEqual(['a', 'b'])
  })

  it('is for its user alone', () => {
    const { folder, path, open } = place()
    note(open(), 'a')
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    for (const name of ['floorwatch.db', 'floorwatch.db-wal', 'floorwatch.db-shm', 'lock'])
      expect([name, statSync(join(path, '..', name)).mode & 0o777]).toEqual([name, 0o600])
  })

  it('keeps all of a write or nothing', () => {
    const store = place().open()
    expect(() =>
      store.write(true, () => {
        note(store, 'half')
        throw new Error('stop')
      }),
    ).toThrow('stop')
    expect(() =>
      store.write(false, () => {
        note(store, 'once')
        note(store, 'once')
      }),
    ).toThrow('UNIQUE')
    expect(notes(store)).toEqual([])
    expect(store.health().state).toBe('open')
  })

  it('refuses a durable write inside one that is not, and work that goes on after it returned', () => {
    const store = place().open()
    expect(() => store.write(false, () => note(store, 'a', true))).toThrow('begin the outer one durably')
    expect(() => store.write(false, () => Promise.resolve())).toThrow('promise')
    store.write(true, () => note(store, 'a'))
    expect(notes(store)).toEqual(['a'])
  })

  it('flushes the log at each durable write alone', () => {
    const store = place().open()
    const level = (durable: boolean): unknown =>
      store.write(durable, (db) => db.pragma('synchronous', { simple: true }))
    expect([level(false), level(true)]).toEqual([1, 2])
  })

  it('belongs to one engine at a time, and to the next one once that has let go', () => {
    const { open, clock } = place()
    const first = open()
    note(first, 'a')
    const second = open()
    expect(second.database()).toBeNull()
    expect(second.health()).toMatchObject({ state: 'none', message: { id: 'store.locked' } })
    expect(failureOf(() => note(second, 'b')).trouble).toBe('none')
    first.close()
    expect(second.database()).toBeNull()
    clock.advance(30_000)
    expect(notes(second)).toEqual(['a'])
    expect(second.health().state).toBe('open')
  })

  it('takes nothing once it is full, keeps what it had, and takes again when there is room', () => {
    const { open, clock } = place()
    const store = open()
    note(store, 'before')
    store.write(false, (db) => db.pragma('max_page_count = 4'))
    const long = 'x'.repeat(40_000)
    const failure = failureOf(() => store.write(false, () => [note(store, 'half'), note(store, long)]))
    expect(failure.trouble).toBe('full')
    expect(store.health()).toMatchObject({ state: 'full', message: { id: 'store.full' }, since: clock.now() })
    expect(notes(store)).toEqual(['before'])
    store.database()?.pragma('max_page_count = 10000')
    note(store, long)
    expect(notes(store)).toEqual(['before', long])
    expect(store.health().state).toBe('open')
  })

  it('finds out by itself that there is room again', () => {
    const { open, clock } = place()
    const store = open()
    store.write(true, (db) => db.pragma('max_page_count = 4'))
    failureOf(() => note(store, 'x'.repeat(40_000), true))
    clock.advance(30_000)
    expect(store.health().state).toBe('full')
    store.write(true, (db) => db.pragma('max_page_count = 10000'))
    expect(store.health().state).toBe('open')
  })

  it('is refused whole after its end', () => {
    const store = place().open()
    store.close()
    store.close()
    expect(store.database()).toBeNull()
    expect(failureOf(() => note(store, 'a')).reason.id).toBe('store.closed')
  })
})

describe('a damaged file', () => {
  const sizes = [0, 99, 100, 4_096]

  it.each(sizes)('that is no database (%i bytes) is put aside, never deleted, and said', (size) => {
    const { folder, path, open } = place()
    open().close()
    writeFileSync(path, Buffer.alloc(size, 'no database '))
    const store = open()
    if (size === 0) return expect(store.health()).toMatchObject({ state: 'open', notice: null })
    const aside = `${path}.broken-20261201T030000Z`
    expect(store.health()).toMatchObject({
      state: 'open',
      notice: { id: 'store.putAside', values: { path, aside } },
    })
    expect(readFileSync(aside)).toHaveLength(size)
    note(store, 'a')
    expect(notes(store)).toEqual(['a'])
    expect(readdirSync(folder)).toContain('floorwatch.db')
  })

  it('of another program is left as it is', () => {
    const { path, open } = place()
    open().close()
    rmSync(path)
    const Database = loadSqlite()
    const other = new Database(path)
    other.exec('CREATE TABLE theirs (x)')
    other.close()
    const before = readFileSync(path)
    const store = open()
    expect(store.health()).toMatchObject({ state: 'broken', message: { id: 'store.foreign' } })
    store.close()
    expect(readFileSync(path)).toEqual(before)
  })
})

describe('the schema', () => {
  const MORE: Migration = {
    id: 3,
    name: 'more',
    up: (db) => db.exec("CREATE TABLE more (x) STRICT; INSERT INTO note VALUES ('moved')"),
  }
  const FIXED: Migration = { ...MORE, up: (db) => db.exec('CREATE TABLE more (x ANY) STRICT') }

  it('takes each step once, also one of a lower number that came later, and copies the file before', () => {
    const { folder, open, clock } = place()
    const first = open()
    note(first, 'a')
    first.close()
    clock.advance(1_000)
    open([NOTES, FIXED]).close()
    expect(readdirSync(join(folder, 'backups'))).toEqual(['floorwatch-20261201T030001Z.db'])
    clock.advance(1_000)
    const third = open([NOTES, FIXED])
    expect(readdirSync(join(folder, 'backups'))).toHaveLength(1)
    expect(notes(third)).toEqual(['a'])
    const Database = loadSqlite()
    const copy = new Database(join(folder, 'backups', 'floorwatch-20261201T030001Z.db'), { readonly: true })
    expect(copy.prepare('SELECT text FROM note').pluck().all()).toEqual(['a'])
    copy.close()
    expect(statSync(join(folder, 'backups', 'floorwatch-20261201T030001Z.db')).mode & 0o777).toBe(0o600)
  })

  it('is taken whole or not at all, and a step that fails costs no copy', () => {
    const { folder, open } = place()
    const first = open()
    note(first, 'a')
    first.close()
    const failing = {
      ...FIXED,
      id: 9,
      up: () => {
        throw new Error('no such step')
      },
    } // prettier-ignore
    const store = open([NOTES, FIXED, failing])
    expect(store.health()).toMatchObject({ state: 'none', message: { values: { code: 'no such step' } } })
    store.close()
    expect(readdirSync(join(folder, 'backups'))).toEqual([])
    const again = open()
    expect(notes(again)).toEqual(['a'])
  })

  it('of a newer Floorwatch is refused in words, and the file is left alone', () => {
    const { open } = place()
    open([NOTES, FIXED]).close()
    const store = open()
    expect(store.health()).toMatchObject({
      state: 'broken',
      message: { id: 'store.newer', values: { steps: '3 more' } },
    })
    store.close()
    expect(open([NOTES, FIXED]).health().state).toBe('open')
  })

  it('keeps the last three copies', () => {
    const { folder, open, clock } = place()
    const steps: Migration[] = []
    for (let id = 1; id <= 6; id += 1) {
      steps.push({ id, name: `step ${id}`, up: (db) => db.exec(`CREATE TABLE t${id} (x ANY) STRICT`) })
      open(steps).close()
      clock.advance(1_000)
    }
    expect(readdirSync(join(folder, 'backups'))).toEqual(
      [3, 4, 5].map((s) => `floorwatch-20261201T03000${s}Z.db`),
    )
  })
})

describe('without a store', () => {
  it('every write is refused with the reason', () => {
    const store = noStore(message('store.notKept'), 5)
    expect(failureOf(() => note(store, 'a')).reason.id).toBe('store.notKept')
    expect(store.database()).toBeNull()
    expect(store.health()).toEqual({ state: 'none', message: message('store.notKept'), since: 5 })
  })

  it('SQLite is not loaded into a process that it would end', () => {
    const versions = { ...process.versions, napi: '9', node: '20.18.1' }
    expect(failureOf(() => loadSqlite(versions)).reason).toEqual(
      message('store.oldNode', { node: '20.18.1', found: 9, needed: 10 }),
    )
  })
})
