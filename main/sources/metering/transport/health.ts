import { unknownHealth } from '../../../platform/unknownHealth.ts'
import type { SourceDoubt, SourceError, SourceHealth } from '../../../../shared/model/source.ts'

/** What an answer says of its own worth. */
export interface Remarks {
  /** Points, rows, tenants: whatever the answer holds. */
  readonly samples?: number
  /** In plain words: what is missing from it. */
  readonly warnings?: readonly string[]
}

interface Topic {
  error: SourceError | null
  failures: number
  warnings: readonly string[]
}

const MAX_WARNINGS = 20

/**
 * Health of one back end that is asked about several topics. A topic fails by itself: an answer about tenants does not
 * make unreadable usage well. What concerns the whole server (it is down, it refuses the token) ends for all topics
 * with the first answer that comes.
 */
export class MeteringHealth {
  readonly #topics = new Map<string, Topic>()
  readonly #doubts = new Map<string, SourceDoubt>()
  #health: SourceHealth

  constructor(id: string, name: string, address: string) {
    this.#health = unknownHealth('metering', id, name, address)
  }

  /** @param slowAfterMs a success that took longer counts as `slow`, as does one that something is missing from */
  succeeded(
    topic: string,
    startedAt: number,
    at: number,
    answer: Remarks & { readonly latencyMs: number; readonly bytes: number },
    slowAfterMs: number,
  ): void {
    this.#topics.set(topic, { error: null, failures: 0, warnings: answer.warnings ?? [] })
    for (const other of this.#topics.values()) {
      if (other.error !== null && concernsServer(other.error.code)) {
        other.error = null
        other.failures = 0
      }
    }
    const slow = answer.latencyMs > slowAfterMs || (answer.warnings ?? []).length > 0
    this.#health = {
      ...this.#health,
      state: slow ? 'slow' : 'ok',
      feeding: true,
      lastAttemptAt: startedAt,
      lastSuccessAt: at,
      latencyMs: answer.latencyMs,
      samples: answer.samples ?? this.#health.samples,
      bytes: answer.bytes,
    }
  }

  /** What was last known stays, with its age. */
  failed(topic: string, startedAt: number, error: SourceError): void {
    const { failures = 0, warnings = [] } = this.#topics.get(topic) ?? {}
    // Set again, so that the newest failure is the last of all.
    this.#topics.delete(topic)
    this.#topics.set(topic, { error, failures: failures + 1, warnings })
    this.#health = { ...this.#health, lastAttemptAt: startedAt }
  }

  /** Something beside the questions that a person should know; null takes it back. */
  remark(topic: string, text: string | null): void {
    this.#topics.set(topic, { error: null, failures: 0, warnings: text === null ? [] : [text] })
  }

  /** What its figures say against one another, or what was refused of it, by its code; null takes it back. */
  doubt(code: string, doubt: Omit<SourceDoubt, 'code'> | null): void {
    if (doubt === null) this.#doubts.delete(code)
    else this.#doubts.set(code, { code, ...doubt })
  }

  /** @param pausedUntil wall clock, ms: nothing is asked before; null where nothing holds it back */
  read(pausedUntil: number | null): SourceHealth {
    const topics = [...this.#topics.values()]
    const failing = topics.filter((topic) => topic.error !== null)
    const warnings = [...new Set(topics.flatMap((topic) => topic.warnings))].slice(0, MAX_WARNINGS)
    const health = { ...this.#health, warnings, doubts: [...this.#doubts.values()] }
    if (failing.length === 0) return { ...health, consecutiveFailures: 0, error: null }
    return {
      ...health,
      state: pausedUntil === null ? 'failing' : 'backoff',
      feeding: false,
      consecutiveFailures: Math.max(...failing.map((topic) => topic.failures)),
      error: failing.at(-1)?.error ?? null,
      nextAttemptAt: pausedUntil,
    }
  }
}

/** Not about one question, so that any answer at all disproves it. */
function concernsServer(code: string): boolean {
  const ofQuestion = ['timeout', 'parse', 'html', 'too-large', 'http-400', 'http-403', 'http-404', 'http-422']
  return !ofQuestion.includes(code)
}
