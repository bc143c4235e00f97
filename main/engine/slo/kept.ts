import { createHash } from 'node:crypto'
import type { ObjectiveOptions } from '../../config/types.ts'
import { type Minute, MINUTE_MS } from '../../core/slo/index.ts'
import type { Logger } from '../../platform/logger.ts'
import { type Store, StoreFailure } from '../../store/index.ts'

/** Minutes are kept for a day longer than they are needed. */
const SLACK_MINUTES = 1440

interface Row {
  readonly at: number
  readonly good: number
  readonly bad: number
  readonly badLeast: number
  readonly known: number
}

/** The minutes of one objective on disk. Without a store, or with one that fails, everything goes on from memory. */
export class KeptMinutes {
  readonly #store: Store
  readonly #key: string
  readonly #logger: Logger

  constructor(store: Store, objective: ObjectiveOptions, logger: Logger) {
    this.#store = store
    this.#key = keyOf(objective)
    this.#logger = logger
  }

  /**
   * Those of [from, to), ascending, and how far back the source was asked already; null where it never was. What lies
   * ahead was written while the clock was wrong.
   */
  load(fromMinute: number, toMinute: number): { minutes: Minute[]; askedFrom: number | null } {
    try {
      const db = this.#store.database()
      if (db === null) return { minutes: [], askedFrom: null }
      const rows = db
        .prepare<[string, number, number], Row>(
          'SELECT at, good, bad, badLeast, known FROM minute WHERE objective = ? AND at >= ? AND at < ? ORDER BY at',
        )
        .all(this.#key, fromMinute, toMinute)
      const reach = db
        .prepare<[string], { askedFrom: number }>('SELECT askedFrom FROM minuteReach WHERE objective = ?')
        .get(this.#key)
      return {
        minutes: rows.map((row) => ({ ...row, at: row.at * MINUTE_MS })),
        askedFrom: reach?.askedFrom ?? null,
      }
    } catch (error) {
      this.#logger.warn({ err: error }, 'the kept minutes of an objective could not be read')
      return { minutes: [], askedFrom: null }
    }
  }

  /** @returns whether they were kept: what was not is to be offered again */
  save(minutes: readonly Minute[], askedFrom: number | null, nowMinute: number): boolean {
    try {
      this.#store.write(false, (db) => {
        const insert = db.prepare(
          'INSERT OR REPLACE INTO minute (objective, at, good, bad, badLeast, known) VALUES (?, ?, ?, ?, ?, ?)',
        )
        for (const { at, good, bad, badLeast, known } of minutes) {
          if (known > 0) insert.run(this.#key, at / MINUTE_MS, good, bad, badLeast, known)
        }
        if (askedFrom !== null) {
          db.prepare(
            'INSERT OR REPLACE INTO minuteReach (objective, askedFrom, usedAt) VALUES (?, ?, ?)',
          ).run(this.#key, askedFrom, nowMinute)
        }
      })
      return true
    } catch (error) {
      // The store itself tells what is wrong with it.
      if (!(error instanceof StoreFailure)) throw error
      return false
    }
  }
}

/** Deletes what no window reaches any more: of every objective, also of those that are no longer watched. */
export function dropOldMinutes(store: Store, nowMinute: number, longestMinutes: number): void {
  const oldest = nowMinute - longestMinutes - SLACK_MINUTES
  try {
    store.write(false, (db) => {
      const keys = db.prepare<[], { objective: string }>('SELECT DISTINCT objective FROM minute').all()
      const drop = db.prepare('DELETE FROM minute WHERE objective = ? AND at < ?')
      for (const { objective } of keys) drop.run(objective, oldest)
      db.prepare('DELETE FROM minuteReach WHERE usedAt < ?').run(oldest)
    })
  } catch (error) {
    if (!(error instanceof StoreFailure)) throw error
  }
}

/** Whatever changes what is counted changes the key; what is owed of it may change. */
function keyOf({ id, kind, latency, scope, source, promql, rejectionsAreBad }: ObjectiveOptions): string {
  const counted = JSON.stringify([
    kind,
    latency?.kind,
    latency?.thresholdMs,
    scope.model,
    scope.endpoint,
    scope.tenant,
    source,
    promql,
    rejectionsAreBad,
  ])
  return `${id} ${createHash('sha256').update(counted).digest('hex').slice(0, 16)}`
}
