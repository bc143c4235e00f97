import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import type { AuditEntry } from '../../../../shared/metering/audit.ts'
import type { AnswerOf } from '../../../../shared/metering/operations.ts'
import { canonicalJson } from '../../../../shared/model/canonicalJson.ts'

/** What happened, before it has its place in the chain. */
export interface Deed {
  readonly actor: string
  readonly action: string
  /** `throttle/thr-0001`, `tenant/meridian`. */
  readonly target: string
  readonly before: object | null
  readonly after: object | null
  readonly requestId: string
}

/** Who did what, each entry bound to the one before it by its hash. */
export interface AuditLog {
  append(deed: Deed): void
  /** Entries behind `afterSeq`, oldest first. */
  page(afterSeq: number, limit: number): readonly AuditEntry[]
  /** The signed end: whoever keeps it can show later that nothing before it was changed or cut off. */
  checkpoint(): AnswerOf<'getCheckpoint'>
}

/** The first entry's `prevHash`. */
export const GENESIS = '0'.repeat(64)
/** Older entries go; the chain of those that stay still verifies from their first `prevHash`. */
const MAX_ENTRIES = 50_000

/**
 * @param now simulated time, ms; the key lives as long as the log
 */
export function createAuditLog(now: () => number): AuditLog {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
  const entries: AuditEntry[] = []
  let seq = 0
  let last = GENESIS

  return {
    append(deed) {
      seq += 1
      const content = {
        seq,
        ts: new Date(now()).toISOString(),
        ...deed,
        before: toJson(deed.before),
        after: toJson(deed.after),
        prevHash: last,
      }
      last = createHash('sha256').update(canonicalJson(content)).digest('hex')
      entries.push({ ...content, hash: last })
      if (entries.length > MAX_ENTRIES) entries.splice(0, entries.length - MAX_ENTRIES)
    },
    page(afterSeq, limit) {
      const start = Math.max(0, afterSeq + 1 - (entries[0]?.seq ?? 1))
      return entries.slice(start, start + limit)
    },
    checkpoint() {
      const signature = sign(null, Buffer.from(`${seq}:${last}`), privateKey).toString('base64')
      return {
        seq,
        hash: last,
        at: new Date(now()).toISOString(),
        algorithm: 'Ed25519',
        publicKey: spki,
        signature,
      }
    },
  }
}

/** A copy as it will be read: what is changed later does not change the record. */
function toJson(value: object | null): AuditEntry['before'] {
  return JSON.parse(JSON.stringify(value)) as AuditEntry['before']
}
