/** The pause that most installations of Prometheus have; stands in until one is learnt, ms. */
export const USUAL_CADENCE_MS = 15_000
/** How many pauses are looked at: a single outage moves the middle of five by one place at most. */
const PAUSES = 5
/** Two pauses that differ by no more than this share of the longer are the same. */
const SAME_SHARE = 0.2
/** No source is taken to be slower than this, ms: its figures would never be called old. */
const SLOWEST_MS = 300_000

/**
 * Learns how often a source has a new sample: the middle of its last pauses. An outage is one long pause among short
 * ones and changes nothing; a source that was told to sample less often is followed after two such pauses, one that samples oftener after three.
 */
export class Cadence {
  readonly #pauses: number[] = []
  #last = Number.NEGATIVE_INFINITY
  #ms: number | null = null

  /** Of the source's configuration or history, until two samples were seen, ms. */
  constructor(assumedMs: number | null = null) {
    this.#ms = assumedMs === null ? null : Math.min(SLOWEST_MS, assumedMs)
  }

  /** ms; null before two samples were seen. */
  get ms(): number | null {
    return this.#ms
  }

  /** @param sampledAt when the sample was taken, ms; the same one told again, or an older one, says nothing */
  note(sampledAt: number): void {
    const pause = sampledAt - this.#last
    if (!(pause > 0)) return
    this.#last = sampledAt
    if (!Number.isFinite(pause)) return
    if (this.#pauses.push(pause) > PAUSES) this.#pauses.shift()
    const sorted = this.#pauses.toSorted((a, b) => a - b)
    const middle = sorted[(sorted.length - 1) >> 1] as number
    const [before = Number.NaN, last = Number.NaN] = this.#pauses.slice(-2)
    // Twice the same longer pause is no outage: the source was told to sample less often.
    const again = Math.abs(before - last) <= SAME_SHARE * Math.max(before, last) ? Math.min(before, last) : 0
    this.#ms = Math.min(SLOWEST_MS, Math.max(middle, again))
  }
}
