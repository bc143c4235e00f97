import { COMMANDS } from '../../../shared/contract/contract.ts'
import type { AuditRowShown } from '../../../shared/contract/audit.ts'
import { type Audit, exportFrom, type ReadRow, readPage, verifyChain } from '../../audit/index.ts'
import type { Clock } from '../../platform/clock.ts'
import { StoreFailure, type Store } from '../../store/index.ts'
import { message } from '../../../shared/messages/message.ts'
import { actingPerson, bindCommand } from '../session/bind.ts'

export interface AuditChannelSource {
  readonly audit: Audit
  readonly store: () => Store
  readonly clock: Clock
  readonly siteName: () => string
}

/** How the engine answers about its audit. */
export function auditChannels({ audit, store, clock, siteName }: AuditChannelSource) {
  return {
    'audit.page': bindCommand(COMMANDS['audit.page'], async ({ filter, before, limit }) => {
      const db = store().database()
      if (db === null) return { rows: [], nextBefore: null, head: null, why: whyNone(store()) }
      const rows = readPage(db, { before, limit: limit + 1, ...filter })
      const shown = rows.slice(0, limit)
      return {
        rows: shown.map(rowOf),
        nextBefore: rows.length > limit ? (shown.at(-1)?.row.seq ?? null) : null,
        head: audit.head(),
        why: null,
      }
    }),
    'audit.verify': bindCommand(COMMANDS['audit.verify'], async () => {
      const started = clock.monotonic()
      const verdict = await verifyChain(
        reading(store()),
        () => new Promise((resolve) => setImmediate(resolve)),
      )
      return { ...verdict, tookMs: clock.monotonic() - started }
    }),
    'audit.export': bindCommand(COMMANDS['audit.export'], async ({ first }, caller) => {
      const { origin } = caller
      // First its own entry, so that whoever reads the file sees that it was taken; then nothing can come between.
      audit.append({
        actor: { ...actingPerson(caller) },
        origin: origin.console,
        action: 'audit.export',
        target: 'audit',
        after: { first },
      })
      const db = reading(store())
      const part = exportFrom(db, first, { site: siteName(), now: clock.now() })
      if (part === null) return { name: '', text: '', next: null }
      const name = `floorwatch-audit-${first}-${part.last}.jsonl`
      return { name, text: part.text, next: part.next }
    }),
  }
}

function rowOf({ row, record, broken }: ReadRow): AuditRowShown {
  const base = { seq: row.seq, at: row.at, hash: row.hash, broken }
  if (record === null) return { ...base, ...UNREADABLE, before: row.record.slice(0, 2000) }
  const { actor, origin, action, target, before, after, reason, intentId, incidentId } = record
  return {
    ...base,
    who: 'system' in actor ? actor.system : actor.name,
    role: 'system' in actor ? null : actor.role,
    origin,
    action,
    target,
    before: plain(before),
    after: plain(after),
    reason: reason ?? null,
    intentId: intentId ?? null,
    incidentId: incidentId ?? null,
  }
}

/** As JSON has it: entries come from JSON, so that nothing is lost. */
function plain(value: unknown): AuditRowShown['before'] {
  return value === undefined ? null : JSON.parse(JSON.stringify(value))
}

const UNREADABLE = {
  who: '',
  role: null,
  origin: '',
  action: '',
  target: '',
  after: null,
  reason: null,
  intentId: null,
  incidentId: null,
}

function whyNone(store: Store) {
  const health = store.health()
  return health.state === 'open' ? message('store.closed') : health.message
}

function reading(store: Store) {
  const db = store.database()
  if (db === null) throw new StoreFailure('none', whyNone(store))
  return db
}
