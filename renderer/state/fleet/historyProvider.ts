import type { FieldId } from '../../../shared/model/field.ts'
import type { Client } from '../../transport/types.ts'
import { engineNow } from '../../transport/engineClock.ts'
import { fleetStore, type FrameStore } from './frameStore.ts'

/** Recent figures of rows in sight, fetched when they are wanted; what the floor picture's small charts read. */
export interface HistoryProvider {
  /** The rows now in sight; an empty list stops asking. */
  want(rows: readonly number[]): void
  /** Oldest first, in the exporter's unit, null for gaps; null while unknown. */
  of(row: number): readonly (number | null)[] | null
  /** Told when `of` knows more. */
  subscribe(listener: () => void): () => void
  close(): void
}

const SPAN_MS = 15 * 60_000
const POINTS = 60
/** As many rows as one question may name. */
const ROWS_PER_CALL = 64
/** A view that is still moving asks for nothing. */
const SETTLE_MS = 150
const REFRESH_MS = 15_000
const MOST_KEPT = 2000

/** Asks the engine's history for one field. A failed question leaves the chart empty and is asked again later. */
export function createHistoryProvider(
  client: Client,
  field: FieldId,
  store: FrameStore = fleetStore,
): HistoryProvider {
  let wanted: readonly number[] = []
  let timer: ReturnType<typeof setTimeout> | null = null
  let asking: AbortController | null = null
  let version = -1
  const kept = new Map<number, { readonly values: readonly (number | null)[]; readonly at: number }>()
  const listeners = new Set<() => void>()

  const schedule = (ms: number): void => {
    timer ??= setTimeout(() => {
      timer = null
      void ask()
    }, ms)
  }
  const ask = async (): Promise<void> => {
    if (asking !== null || wanted.length === 0) return
    const { topology } = store.picture()
    if (topology.version !== version) {
      kept.clear()
      version = topology.version
    }
    const now = engineNow()
    const due = wanted.filter((row) => now - (kept.get(row)?.at ?? 0) > REFRESH_MS).slice(0, ROWS_PER_CALL)
    if (due.length === 0) {
      schedule(REFRESH_MS)
      return
    }
    asking = new AbortController()
    try {
      const { series } = await client.call(
        'fleet.history',
        {
          topologyVersion: version,
          rows: due,
          fields: [field],
          fromMs: now - SPAN_MS,
          toMs: now,
          maxPoints: POINTS,
        },
        { signal: asking.signal },
      )
      if (kept.size > MOST_KEPT) kept.clear()
      // A row without an answer is not asked for again at once.
      for (const row of due) kept.set(row, { values: [], at: now })
      for (const { row, values } of series) kept.set(row, { values, at: now })
      for (const listener of listeners) listener()
      asking = null
      schedule(SETTLE_MS)
    } catch {
      const closed = asking?.signal.aborted === true
      asking = null
      if (!closed) schedule(REFRESH_MS)
    }
  }
  return {
    want(rows) {
      const before = wanted
      wanted = rows
      if (rows.length === 0) return
      // A refresh may lie far ahead; rows that have just come into sight do not wait for it.
      if (rows.some((row) => !kept.has(row)) && (before[0] !== rows[0] || before.length !== rows.length)) {
        if (timer !== null) clearTimeout(timer)
        timer = null
      }
      schedule(SETTLE_MS)
    },
    of: (row) => (store.picture().topology.version === version ? (kept.get(row)?.values ?? null) : null),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close() {
      wanted = []
      if (timer !== null) clearTimeout(timer)
      timer = null
      asking?.abort()
      listeners.clear()
    },
  }
}
