import { canonicalJson } from '../../../shared/model/canonicalJson.ts'
import { type AuditEntry, type AuditRecord, auditRecordSchema } from './entry.ts'

/** SHA-256 of a text in UTF-8, as 64 lower-case hexadecimal digits. */
export type Sha256 = (text: string) => string

/** Makes hashes of this chain differ from those of anything else. */
const DOMAIN = 'floorwatch-audit-v1\n'

/** The hash that an entry has to have: over all of it, in canonical JSON, except the hash itself. */
export function hashOf(record: AuditRecord, sha256: Sha256): string {
  // Canonical JSON leaves out what is undefined.
  return sha256(DOMAIN + canonicalJson({ ...record, hash: undefined }))
}

/**
 * An entry in its place in the chain. Texts from outside are made well-formed, because half of a surrogate pair has no
 * bytes that could be hashed, and are cut to what an entry holds.
 * @param place `prev` is the hash of the entry before it
 * @throws TypeError for values that JSON cannot hold, such as NaN
 */
export function link(
  entry: AuditEntry,
  place: { readonly seq: number; readonly at: number; readonly prev: string },
  sha256: Sha256,
): AuditRecord {
  const { seq, at, prev } = place
  const content = wellFormed({ ...entry, origin: cut(entry.origin), target: cut(entry.target) })
  const draft = { v: 1, seq, at: Math.round(at), ...content, prev, hash: prev }
  if (typeof draft.reason === 'string') draft.reason = cut(draft.reason)
  const record = auditRecordSchema.parse(withoutUndefined(draft))
  return { ...record, hash: hashOf(record, sha256) }
}

const MOST_TEXT = 4096

function cut(text: string): string {
  return text.slice(0, MOST_TEXT)
}

function withoutUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined))
}

function wellFormed<T>(value: T): T
function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed()
  if (Array.isArray(value)) return value.map((member) => wellFormed(member))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name.toWellFormed(), wellFormed(member)]),
  )
}
