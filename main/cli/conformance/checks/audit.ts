import { createHash, createPublicKey, verify } from 'node:crypto'
import { canonicalJson } from '../../../../shared/model/canonicalJson.ts'
import type { AuditEntry } from '../../../../shared/metering/audit.ts'
import type { Area } from '../check.ts'
import type { Session } from '../session.ts'
import { Nonconformity, NotApplicable } from '../verdict.ts'

const MAX_PAGES = 50

export const auditChecks: Area = {
  title: 'Audit',
  checks: [
    { title: 'entries are numbered without a gap and chained by their hashes', run: chain },
    { title: 'the checkpoint is signed and names the end of the chain', run: checkpoint },
  ],
}

async function entries(
  session: Session,
): Promise<{ entries: AuditEntry[]; raw: Record<string, unknown>[]; whole: boolean }> {
  const all: AuditEntry[] = []
  const raw: Record<string, unknown>[] = []
  for (let page = 0; page < MAX_PAGES; page++) {
    const afterSeq = String(all.at(-1)?.seq ?? 0)
    const answer = await session.ask('listAudit', { query: { afterSeq, limit: '1000' } })
    if (answer.value.entries.length === 0) return { entries: all, raw, whole: true }
    all.push(...answer.value.entries)
    raw.push(...(answer.raw as { entries: Record<string, unknown>[] }).entries)
  }
  return { entries: all, raw, whole: false }
}

async function chain(session: Session): Promise<void> {
  const { entries: all, raw } = await entries(session)
  if (all.length === 0)
    throw new NotApplicable('The audit is empty; run with --write to put something into it.')
  all.forEach((entry, i) => {
    const before = all[i - 1]
    const place = `GET /v1/audit → entry ${entry.seq}`
    if (before !== undefined && entry.seq !== before.seq + 1)
      throw new Nonconformity(place, `number ${before.seq + 1}`, `${entry.seq}`)
    if (before !== undefined && entry.prevHash !== before.hash)
      throw new Nonconformity(`${place} → prevHash`, before.hash, entry.prevHash)
    // What came is hashed, not what the schema kept of it.
    const { hash: _, ...rest } = raw[i] ?? {}
    const hash = createHash('sha256').update(canonicalJson(rest)).digest('hex')
    if (hash !== entry.hash) {
      throw new Nonconformity(`${place} → hash`, `${hash}, the SHA-256 of the entry without it`, entry.hash)
    }
  })
}

async function checkpoint(session: Session): Promise<void> {
  const { value, reply } = await session.ask('getCheckpoint')
  const { entries: all, whole } = await entries(session)
  const named = value.seq === 0 ? null : all.find(({ seq }) => seq === value.seq)
  if (whole && named === undefined)
    throw new Nonconformity(`${reply.place} → seq`, 'the number of an entry', `${value.seq}`)
  if (named && named.hash !== value.hash)
    throw new Nonconformity(`${reply.place} → hash`, named.hash, value.hash)
  const key = createPublicKey({ key: Buffer.from(value.publicKey, 'base64'), format: 'der', type: 'spki' })
  const signed = Buffer.from(`${value.seq}:${value.hash}`)
  if (!verify(null, signed, key, Buffer.from(value.signature, 'base64'))) {
    throw new Nonconformity(
      `${reply.place} → signature`,
      'an Ed25519 signature of "seq:hash" by publicKey',
      'another',
    )
  }
}
