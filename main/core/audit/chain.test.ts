import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { hashOf, link } from './chain.ts'
import { type AuditEntry, GENESIS } from './entry.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const entry: AuditEntry = {
  actor: { id: 'a', name: 'Ana Lima', role: 'onCall' },
  origin: 'browser at 10.0.0.7',
  action: 'throttle.intent',
  target: 'tenant/borealis',
  after: { limit: 4_200_000, scope: ['chat'] },
  reason: 'looping agent',
}

describe('an entry of the audit', () => {
  it('is hashed as the documents say: SHA-256 of the domain, a line feed and its canonical JSON', () => {
    const record = link(entry, { seq: 1, at: 1_000, prev: GENESIS }, sha256)
    const canonical =
      '{"action":"throttle.intent","actor":{"id":"a","name":"Ana Lima","role":"onCall"},' +
      '"after":{"limit":4200000,"scope":["chat"]},"at":1000,"origin":"browser at 10.0.0.7",' +
      `"prev":"${GENESIS}","reason":"looping agent","seq":1,"target":"tenant/borealis","v":1}`
    expect(record.hash).toBe(sha256(`floorwatch-audit-v1\n${canonical}`))
    expect(hashOf(record, sha256)).toBe(record.hash)
  })

  it('takes texts that have no bytes, and texts longer than it holds', () => {
    const record = link(
      { ...entry, reason: `half \ud800 ${'x'.repeat(10_000)}`, after: { note: '\udc00' } },
      { seq: 1, at: 1, prev: GENESIS },
      sha256,
    )
    expect(record.reason).toHaveLength(4096)
    expect(record.reason).toContain('half \ufffd')
    expect(record.after).toEqual({ note: '\ufffd' })
  })

  it('refuses what JSON cannot hold', () => {
    const place = { seq: 1, at: 1, prev: GENESIS }
    expect(() => link({ ...entry, after: Number.NaN }, place, sha256)).toThrow(/expected|NaN|input/i)
  })
})
