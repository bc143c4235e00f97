import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../../shared/model/canonicalJson.ts'
import { link } from './chain.ts'
import { ChainCheck, type KnownHead } from './check.ts'
import { type AuditRecord, GENESIS } from './entry.ts'
import { checkExport, headerLine } from './exported.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

function chain(length: number): AuditRecord[] {
  const records: AuditRecord[] = []
  for (let seq = 1; seq <= length; seq++) {
    const entry = {
      actor: seq % 3 === 0 ? { system: 'engine' } : { id: 'a', name: 'Ana Lima', role: 'onCall' },
      origin: 'browser at 10.0.0.7',
      action: seq === 1 ? 'audit.start' : 'throttle.intent',
      target: `tenant/t-${seq}`,
      before: { limit: null },
      after: { limit: seq * 1000, scope: ['chat', 'code'] },
      reason: `reason "${seq}" é`,
    }
    records.push(link(entry, { seq, at: 1_000 + seq, prev: records.at(-1)?.hash ?? GENESIS }, sha256))
  }
  return records
}

function check(records: readonly AuditRecord[], heads: readonly KnownHead[] = []) {
  const checking = new ChainCheck(sha256, undefined, heads)
  for (const record of records) checking.take(canonicalJson(record))
  return checking.end()
}

function exported(records: readonly AuditRecord[]): string {
  const first = records[0]
  const last = records.at(-1)
  if (first === undefined || last === undefined) throw new Error('nothing to export')
  const header = headerLine(
    {
      floorwatch: 'audit',
      v: 1,
      site: 'Lyon 2',
      exportedAt: 5,
      first: first.seq,
      last: last.seq,
      prev: first.prev,
      head: last.hash,
    },
    sha256,
  )
  return [header, ...records.map((record) => canonicalJson(record)), ''].join('\n')
}

function verify(text: string) {
  const lines = text.split('\n')
  const ended = lines.at(-1) === ''
  return checkExport(ended ? lines.slice(0, -1) : lines, ended, sha256).broken
}

describe('a chain', () => {
  it('that is whole is in order, and so is one against the head that was kept', () => {
    const records = chain(6)
    expect(check(records)).toBeNull()
    expect(check(records, [{ seq: 6, hash: records[5]?.hash ?? '' }])).toBeNull()
    expect(check(records, [{ seq: null, hash: records[3]?.hash ?? '' }])).toBeNull()
  })

  it('names the first entry that was changed', () => {
    const records = chain(6)
    const forged = records.map((record) => (record.seq === 3 ? { ...record, reason: 'nothing' } : record))
    expect(check(forged)).toEqual({ seq: 3, kind: 'changed' })
  })

  it('names the entry behind one that was changed and hashed again', () => {
    const records = chain(6)
    const third = records[2]
    if (third === undefined) throw new Error('too short')
    const { seq, at, prev, actor, origin, action, target } = third
    const entry = { actor, origin, action, target }
    const forged = link({ ...entry, reason: 'nothing' }, { seq, at, prev }, sha256)
    expect(check(records.with(2, forged))).toEqual({ seq: 4, kind: 'unlinked' })
  })

  it('names what is missing, what stands in another place, and what stands there twice', () => {
    const records = chain(6)
    expect(check(records.toSpliced(2, 1))).toEqual({ seq: 3, kind: 'missing' })
    expect(check(records.toSpliced(0, 1))).toEqual({ seq: 1, kind: 'missing' })
    const [, second, third] = records
    if (second === undefined || third === undefined) throw new Error('too short')
    expect(check(records.with(1, third).with(2, second))).toEqual({ seq: 2, kind: 'reordered' })
    expect(check(records.toSpliced(3, 0, third))).toEqual({ seq: 4, kind: 'reordered' })
  })

  it('that was cut off at its end is in order by itself, and broken against the head that was kept', () => {
    const records = chain(6)
    const head = { seq: 6, hash: records[5]?.hash ?? '' }
    expect(check(records.slice(0, 4))).toBeNull()
    expect(check(records.slice(0, 4), [head])).toEqual({ seq: 5, kind: 'truncated' })
  })

  it('that was begun again is another one against the head that was kept', () => {
    const other = chain(6).map((record) => record.hash)[4] ?? ''
    const begun = link(
      { actor: { system: 'x' }, origin: 'o', action: 'audit.start', target: 't' },
      { seq: 1, at: 1, prev: GENESIS },
      sha256,
    )
    expect(check([begun], [{ seq: 1, hash: other }])).toEqual({ seq: 1, kind: 'otherHead' })
  })
})

describe('an exported chain', () => {
  const records = chain(12)
  const text = exported(records)
  const lines = text.split('\n').slice(0, -1)

  it('is in order, whole and from the middle', () => {
    expect(verify(text)).toBeNull()
    expect(verify(exported(records.slice(5)))).toBeNull()
  })

  it('is found broken by any one character that was changed, added or taken out', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: text.length - 1 }),
        fc.constantFrom('replace', 'insert', 'delete'),
        fc.constantFrom(...Array.from('0123456789abcdefZ "{}[]:,\\\n\r\té😀')),
        (at, how, sign) => {
          const rest = how === 'insert' ? at : at + 1
          const mutated = text.slice(0, at) + (how === 'delete' ? '' : sign) + text.slice(rest)
          fc.pre(mutated !== text)
          expect(verify(mutated)).not.toBeNull()
        },
      ),
      { numRuns: 3_000 },
    )
  })

  it('is found broken by any line that was taken out, doubled or put elsewhere, the last one too', () => {
    for (let i = 0; i < lines.length; i++) {
      const line = lines[i] ?? ''
      expect(verify(`${lines.toSpliced(i, 1).join('\n')}\n`)).not.toBeNull()
      for (let j = 0; j <= lines.length; j++) {
        expect(verify(`${lines.toSpliced(j, 0, line).join('\n')}\n`)).not.toBeNull()
        const moved = lines.toSpliced(i, 1).toSpliced(j, 0, line)
        if (moved.join('\n') !== lines.join('\n')) expect(verify(`${moved.join('\n')}\n`)).not.toBeNull()
      }
    }
  })

  it('is found broken wherever it is cut off', () => {
    for (let length = 0; length < text.length; length++) expect(verify(text.slice(0, length))).not.toBeNull()
  })
})
