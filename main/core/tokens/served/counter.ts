import { increase, type IncreaseKind, type Reading } from './increase.ts'
import { RecentRate, type RateLimits } from './recentRate.ts'

/** What one reading of a counter adds, and since when. */
export interface Step {
  readonly kind: IncreaseKind
  readonly by: number
  /** Time of the reading that this one is compared with: what was counted was counted since then, ms. */
  readonly since: number
  /** It had fallen behind its highest reading, and is above it again. */
  readonly caughtUp: boolean
}

/** Above this a double no longer holds every whole number, so that small growth is lost in it. */
const MOST = Number.MAX_SAFE_INTEGER
/**
 * Two replicas of Prometheus scrape a server at different moments, and a query layer may answer from either: a reading
 * may then be older than the one before. So long at most, ms, or three of the usual pauses.
 */
const LONGEST_BEHIND_MS = 90_000
const PAUSES_BEHIND = 3

/** Follows one counter of one server from reading to reading. */
export class Counter {
  /** The newest reading, or the highest one while it lies behind that. */
  #before: Reading | null = null
  #behind = false
  readonly #recent: RecentRate
  /** Readings of the time in which one could still come again; the older bounds how far a counter can fall behind. */
  #checkpoints: { readonly older: Reading; readonly newer: Reading } | null = null

  constructor(limits: RateLimits) {
    this.#recent = new RecentRate(limits)
  }

  /** It has been read at least once. */
  get known(): boolean {
    return this.#before !== null
  }

  /** Since when it lies behind its highest reading, ms; null where it does not. */
  get behindSince(): number | null {
    return this.#behind ? (this.#before?.at ?? null) : null
  }

  /**
   * @param gapMs readings further apart leave open when between them something was counted
   * @param pauseMs the usual pause between two readings; null until it is learnt
   */
  take(at: number, value: number, gapMs: number, pauseMs: number | null): Step {
    const before = this.#before
    const since = before?.at ?? at
    if (value > MOST) return { kind: 'implausible', by: 0, since, caughtUp: false }
    const elapsed = at - since
    const behindMs = Math.max(LONGEST_BEHIND_MS, PAUSES_BEHIND * (pauseMs ?? 0))
    const { kind, by } = increase(
      before,
      { at, value },
      {
        maxPerSecond: this.#recent.believable(at, elapsed, before?.value === 0),
        maxPerSecondAfterFall: this.#recent.believableAfterFall(at, elapsed),
        gapMs,
        behindMs,
        earliest: this.#checkpoints?.older.value ?? null,
      },
    )
    if (kind === 'stale') return { kind, by, since, caughtUp: false }
    if (kind === 'behind') {
      this.#behind = true
      return { kind, by, since, caughtUp: false }
    }
    const caughtUp = this.#behind && (kind === 'counted' || kind === 'gap')
    this.#behind = false
    if (before !== null) this.#learn(kind, (1000 * (value - before.value)) / elapsed, at)
    this.#before = { at, value }
    this.#remember(at, value, behindMs, kind === 'restarted' || kind === 'implausible')
    return { kind, by, since, caughtUp }
  }

  #learn(kind: IncreaseKind, perSecond: number, at: number): void {
    if (perSecond < 0) this.#recent.fell(at)
    else if (kind === 'implausible') this.#recent.refused(perSecond, at)
    else this.#recent.grew(perSecond, at)
  }

  #remember(at: number, value: number, behindMs: number, fresh: boolean): void {
    const reading = { at, value }
    const known = fresh ? null : this.#checkpoints
    if (known === null) this.#checkpoints = { older: reading, newer: reading }
    else if (at - known.newer.at >= behindMs / 2) this.#checkpoints = { older: known.newer, newer: reading }
  }
}
