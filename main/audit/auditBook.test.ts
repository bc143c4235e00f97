import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { AuditEntry } from '../core/audit/entry.ts'
import { checkExport } from '../core/audit/exported.ts'
import { manualClock } from '../platform/clock.ts'
import { createLogger } from '../platform/logger.ts'
import { openStore } from '../store/index.ts'
import { createAudit, exportFrom, readPage, sha256, verifyChain } from './index.ts'

const ALL = { before: null, limit: 100, text: '', action: '' }

function book() {
  const folder = mkdtempSync(join(tmpdir(), 'floorwatch-audit-'))
  const clock = manualClock()
  const store = openStore({ folder: join(folder, 'site'), clock, logger: createLogger({ level: 'silent' }) })
  onTestFinished(() => {
    store.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const audit = createAudit({ store: () => store, clock })
  const db = () => {
    const found = store.database()
    if (found === null) throw new Error('no store')
    return found
  }
  const verify = () => verifyChain(db(), () => Promise.resolve())
  /** As someone with the file and a tool would. */
  const tamper = (sql: string) => {
    db().exec('DROP TRIGGER auditIsNotChanged; DROP TRIGGER auditIsNotCut')
    db().exec(sql)
  }
  return { store, audit, db, verify, tamper, clock }
}

function entry(target: string, more: Partial<AuditEntry> = {}): AuditEntry {
  return {
    actor: { id: 'a', name: 'Ana Lima', role: 'onCall' },
    origin: 'here',
    action: 'throttle.intent',
    target,
    ...more,
  }
}

describe('an audit', () => {
  it('begins with why it begins, and goes on by hash', async () => {
    const { audit, db, verify } = book()
    expect(audit.head()).toBeNull()
    const second = audit.append(entry('tenant/a'))
    expect(second).toMatchObject({ seq: 2, target: 'tenant/a' })
    const rows = readPage(db(), ALL)
    expect(rows.map(({ record }) => record?.action)).toEqual(['throttle.intent', 'audit.start'])
    expect(rows[1]?.record).toMatchObject({ reason: 'the store is new', actor: { system: 'engine' } })
    expect(rows[0]?.record?.prev).toBe(rows[1]?.record?.hash)
    expect(audit.head()).toMatchObject({ seq: 2, hash: second.hash })
    await expect(verify()).resolves.toMatchObject({ entries: 2, broken: null })
  })

  it('keeps an entry with what was done, or neither', () => {
    const { store, audit, db } = book()
    audit.append(entry('tenant/a'))
    expect(() =>
      store.write(true, (own) => {
        audit.append(entry('tenant/b'), own)
        throw new Error('it did not work')
      }),
    ).toThrow('it did not work')
    expect(readPage(db(), ALL)).toHaveLength(2)
    store.write(true, (own) => {
      audit.append(entry('tenant/c'), own)
      // Without being given the connection it joins the write all the same.
      audit.append(entry('tenant/d'))
    })
    expect(readPage(db(), ALL).map(({ record }) => record?.seq)).toEqual([4, 3, 2, 1])
  })

  it('is read by pages and filters', () => {
    const { audit, db } = book()
    for (let i = 0; i < 20; i++) audit.append(entry(`tenant/t-${i}`, { reason: `100 % "quoted" ${i}` }))
    audit.append(entry('account/ana', { action: 'access.role' }))
    const first = readPage(db(), { ...ALL, limit: 5 })
    expect(first.map(({ row }) => row.seq)).toEqual([22, 21, 20, 19, 18])
    expect(readPage(db(), { ...ALL, limit: 2, before: 18 }).map(({ row }) => row.seq)).toEqual([17, 16])
    expect(readPage(db(), { ...ALL, action: 'access' }).map(({ row }) => row.seq)).toEqual([22])
    expect(readPage(db(), { ...ALL, text: '100 % "QUOTED" 7' }).map(({ row }) => row.seq)).toEqual([9])
    expect(readPage(db(), { ...ALL, text: '_' })).toEqual([])
  })

  it('is never changed by a slip of our own', () => {
    const { audit, db } = book()
    audit.append(entry('tenant/a'))
    expect(() => db().exec("UPDATE audit SET record = '{}'")).toThrow('only ever added')
    expect(() => db().exec('DELETE FROM audit WHERE seq = 2')).toThrow('only ever added')
  })

  it.each([
    [
      'changed',
      "UPDATE audit SET record = replace(record, 'tenant/a', 'tenant/x') WHERE seq = 2",
      2,
      'changed',
    ],
    [
      'reformatted',
      "UPDATE audit SET record = replace(record, '{\"action', '{ \"action') WHERE seq = 2",
      2,
      'unreadable',
    ],
    ['taken out', 'DELETE FROM audit WHERE seq = 2', 2, 'missing'],
    ['dated otherwise', 'UPDATE audit SET at = at + 1 WHERE seq = 3', 3, 'unreadable'],
  ])('shows and names an entry that was %s', async (_how, sql, seq, kind) => {
    const { audit, db, verify, tamper } = book()
    for (const name of ['a', 'b', 'c']) audit.append(entry(`tenant/${name}`))
    tamper(sql)
    await expect(verify()).resolves.toMatchObject({ broken: { seq, kind } })
    expect(readPage(db(), ALL).filter(({ broken }) => broken !== null)).not.toEqual([])
  })

  it('is exported as lines that can be checked, in parts too', async () => {
    const { audit, db } = book()
    for (let i = 0; i < 9; i++) audit.append(entry(`tenant/${i}`))
    for (const first of [1, 5]) {
      const part = exportFrom(db(), first, { site: 'Lyon 2', now: 1 })
      const lines = part?.text.split('\n').slice(0, -1) ?? []
      expect(checkExport(lines, true, sha256)).toMatchObject({
        header: { site: 'Lyon 2', first, last: 10 },
        entries: 11 - first,
        broken: null,
      })
    }
    expect(exportFrom(db(), 11, { site: 'Lyon 2', now: 1 })).toBeNull()
  })
})
