import { createHash, createPublicKey, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { auditEntrySchema, checkpointSchema, type AuditEntry } from '../../../../shared/metering/audit.ts'
import { createAuditLog, GENESIS } from './audit.ts'

/** As a reader would verify it, with nothing of the log but its entries: names sorted, no spaces. */
function hashOf(entry: AuditEntry): string {
  const content: Partial<AuditEntry> = { ...entry }
  delete content.hash
  const sorted = (value: unknown): unknown =>
    typeof value !== 'object' || value === null || Array.isArray(value)
      ? value
      : Object.fromEntries(
          Object.entries(value)
            .toSorted(([a], [b]) => (a < b ? -1 : 1))
            .map(([name, member]) => [name, sorted(member)]),
        )
  return createHash('sha256')
    .update(JSON.stringify(sorted(content)))
    .digest('hex')
}

function logOf(count: number) {
  const log = createAuditLog(() => Date.UTC(2026, 10, 23))
  for (let i = 1; i <= count; i++) {
    log.append({
      actor: 'on-call',
      action: 'throttle.create',
      target: `throttle/thr-${i}`,
      before: null,
      after: { z: 'Grüße', a: i, limits: { tpm: null } },
      requestId: `r-${i}`,
    })
  }
  return log
}

describe('the audit log', () => {
  it('is a chain that a reader can verify with SHA-256 alone', () => {
    const entries = logOf(20).page(0, 1000)
    let previous = GENESIS
    for (const entry of entries) {
      auditEntrySchema.parse(entry)
      expect(entry.prevHash).toBe(previous)
      expect(entry.hash).toBe(hashOf(entry))
      previous = entry.hash
    }
    expect(entries.map((entry) => entry.seq)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
    const forged = entries.map((entry) => ({ ...entry, actor: 'nobody' }))
    for (const entry of forged) expect(hashOf(entry)).not.toBe(entry.hash)
  })

  it('pages by the last sequence number that the reader has', () => {
    const log = logOf(20)
    expect(log.page(18, 100).map((entry) => entry.seq)).toEqual([19, 20])
    expect(log.page(5, 3).map((entry) => entry.seq)).toEqual([6, 7, 8])
    expect(log.page(20, 100)).toEqual([])
    expect(log.page(99, 100)).toEqual([])
  })

  it('signs its end', () => {
    const log = logOf(7)
    const checkpoint = checkpointSchema.parse(log.checkpoint())
    expect([checkpoint.seq, checkpoint.hash]).toEqual([7, log.page(6, 1)[0]?.hash])
    const key = createPublicKey({
      key: Buffer.from(checkpoint.publicKey, 'base64'),
      format: 'der',
      type: 'spki',
    })
    const signature = Buffer.from(checkpoint.signature, 'base64')
    const signs = (text: string) => verify(null, Buffer.from(text), key, signature)
    expect(signs(`7:${checkpoint.hash}`)).toBe(true)
    expect(signs(`6:${checkpoint.hash}`)).toBe(false)
  })

  it('begins with a checkpoint of nothing, and keeps what was true at the time', () => {
    const log = createAuditLog(() => 0)
    expect(checkpointSchema.parse(log.checkpoint())).toMatchObject({ seq: 0, hash: GENESIS })
    const after = { tpm: 1 }
    log.append({ actor: 'a', action: 'b', target: 'c', before: null, after, requestId: 'r' })
    after.tpm = 2
    expect(log.page(0, 1)[0]?.after).toEqual({ tpm: 1 })
  })
})
