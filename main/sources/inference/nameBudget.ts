import { message } from '../../../shared/messages/message.ts'
import type { SourceDoubt } from '../../../shared/model/source.ts'

/** How many names a source may use: in all, at once beside those of its first answer, and per minute. */
export interface NameAllowance {
  readonly inAll: number
  readonly burst: number
  readonly perMinute: number
}

/** Models (with their endpoints) of one server: a node of Ray or a gateway may have some dozens. */
export const MODELS_OF_SERVER: NameAllowance = { inAll: 256, burst: 16, perMinute: 4 }
/** Servers behind one address: a federating Prometheus may have thousands. */
export const SERVERS_OF_TARGET: NameAllowance = { inAll: 2048, burst: 128, perMinute: 64 }
/** Servers of a whole Prometheus: a rollout renames all pods of a deployment. */
export const SERVERS_OF_PROMETHEUS: NameAllowance = { inAll: 16_384, burst: 2048, perMinute: 1024 }

/** A name that is not used for so long is forgotten, ms. */
const FORGOTTEN_MS = 5 * 60_000
/** A refusal is told for so long after the last one, ms. */
const TOLD_MS = 2 * 60_000
const MOST_EXAMPLES = 3

/**
 * The names that a source has used lately. Real models and servers keep their names; a source that makes new ones up is
 * refused them one by one, and what was known of it goes on. Times are wall clock, ms.
 */
export class NameBudget {
  readonly #allowance: NameAllowance
  readonly #known = new Map<string, number>()
  #tokens: number
  #refilledAt = Number.NaN
  #first = true
  #refused = 0
  #refusedAt = Number.NEGATIVE_INFINITY
  #examples: string[] = []

  constructor(allowance: NameAllowance) {
    this.#allowance = allowance
    this.#tokens = allowance.inAll
  }

  /** Before each answer: what was refused in the one before is no longer counted. */
  begin(now: number): void {
    const { burst, perMinute } = this.#allowance
    if (!this.#first) {
      const minutes = Math.max(0, now - this.#refilledAt) / 60_000 || 0
      this.#tokens = Math.min(burst, this.#tokens + minutes * perMinute)
    }
    this.#refilledAt = now
    this.#refused = 0
    for (const [name, at] of this.#known) {
      // A clock that was set back makes nothing older.
      if (at > now) this.#known.set(name, now)
      else if (now - at > FORGOTTEN_MS) this.#known.delete(name)
    }
  }

  /** After each answer. */
  end(): void {
    if (this.#known.size > 0) this.#first = false
  }

  /** Whether what this name says is taken. */
  admit(name: string, now: number): boolean {
    if (this.#known.has(name)) {
      this.#known.set(name, now)
      return true
    }
    if (this.#known.size < this.#allowance.inAll && this.#tokens >= 1) {
      this.#tokens--
      this.#known.set(name, now)
      return true
    }
    if (this.#refused === 0) this.#examples = []
    if (this.#examples.length < MOST_EXAMPLES) this.#examples.push(name.slice(0, 80))
    this.#refused++
    this.#refusedAt = now
    return false
  }

  /** These names were used again. */
  keep(names: readonly string[], now: number): void {
    for (const name of names) if (this.#known.has(name)) this.#known.set(name, now)
  }

  /** Something was refused in the newest answer. */
  get refuses(): boolean {
    return this.#refused > 0
  }

  /** @param server the one server of several whose models they are; null where there is nothing to distinguish */
  doubt(what: 'model' | 'server', server: string | null, now: number): SourceDoubt | null {
    if (now - this.#refusedAt > TOLD_MS || this.#examples.length === 0) return null
    const { inAll, perMinute } = this.#allowance
    return {
      code: `too-many-${what}s`,
      severity: 'advisory',
      what: server === null ? message(`doubt.names.${what}`) : message('doubt.names.model.of', { server }),
      by: message('doubt.names.by', {
        refused: this.#refused,
        examples: this.#examples,
        most: inAll,
        perMinute,
      }),
      nextStep: message(`doubt.names.${what}.next`),
    }
  }
}
