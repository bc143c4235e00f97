import type { Relief, Replay } from '../../../shared/model/preview.ts'

export type { Range, Relief, Replay } from '../../../shared/model/preview.ts'

/** Limits as a gateway enforces them; null where a measure is not limited. */
export interface Cap {
  readonly tokensPerMin: number | null
  readonly requestsPerMin: number | null
  /** Cannot be replayed: it needs the duration of every request. Named in the notes where it is set. */
  readonly maxConcurrent?: number | null
}

/** What was asked for in the scope of a limit within one minute. Null: not measured, which is never zero. */
export interface ReplayMinute {
  /** Start, ms. */
  readonly at: number
  readonly requests: number | null
  /** Input and output. */
  readonly tokens: number | null
}

/** One request in the scope of a limit. */
export interface ReplayRequest {
  /** Arrival, ms. */
  readonly at: number
  readonly tokens: number
}

export interface ReplayQuestion {
  readonly cap: Cap
  /** Ascending and without holes: a minute that was not measured has nulls. */
  readonly minutes: readonly ReplayMinute[]
  /** All requests of the same time, ascending, where single requests are known. */
  readonly requests?: readonly ReplayRequest[]
}

/** The servers that an objective depends on, within one minute. Null: not measured. */
export interface ReliefMinute {
  /** Start, ms. */
  readonly at: number
  /** Work asked for: see `workOf` in core/cause/work.ts. Waiting requests that came in the minute are part of it. */
  readonly work: number | null
  /** Work done in the minute; less than asked for while a queue grows. */
  readonly done: number | null
  /** Servers that answered. */
  readonly servers: number | null
  /** Requests that wait at its end. */
  readonly waiting: number | null
  readonly bad: number | null
  readonly total: number | null
}

export interface ReliefQuestion {
  /** Recorded minutes of these servers, ascending; hours of them, the newest last. */
  readonly minutes: readonly ReliefMinute[]
  /** What is asked of the servers once the limit is in force, per minute; see `workAfter`. */
  readonly workAfter: { readonly low: number; readonly mid: number; readonly high: number } | null
  /** Of the objective, 0–1: burn = bad ratio ÷ (1 − target). */
  readonly target: number
}

/** The seam to `engine/throttles`. */
export interface Preview {
  replay(question: ReplayQuestion): Replay
  relief(question: ReliefQuestion): Relief
}
