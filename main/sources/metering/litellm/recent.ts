import { grouped } from '../../../../shared/model/phrases.ts'
import type { Reach, UsageTable } from '../../../core/tokens/types.ts'
import type { ParsedScrape } from '../../exposition/index.ts'
import type { UsageQuestion } from '../types.ts'
import { withTop } from '../usage/builder.ts'
import type { UsageSteps } from '../usage/steps.ts'
import { Counters, MOST_ROWS, type Slice } from './counters.ts'
import { tableOfSlices } from './recentTable.ts'
import type { Labelled } from './series.ts'

/** Long enough for the last hour of a key, ms. */
const KEPT_MS = 65 * 60_000
/** So long after it a gap is told with the newest usage, ms: as long as that shows. */
const TOLD_MS = 15 * 60_000
/** Rows of all slices together; each costs about 60 bytes. */
const MOST_KEPT = 1_000_000

/**
 * The newest usage by the counters of a proxy, kept here because it is kept nowhere else. Times are this machine's; a
 * question and its answer are moved to the proxy's clock by `offsetMs`. Counts of one reading are spread evenly over the
 * time since the reading before, whole numbers that add up exactly.
 */
export class Recent {
  readonly #counters = new Counters()
  #slices: Slice[] = []
  #rows = 0
  #at: number | null = null

  /**
   * @param at this machine's clock, ms
   * @param offsetMs to add to it for the clock of the processes that are read
   */
  read(scrape: Pick<ParsedScrape, 'series' | 'values'>, at: number, offsetMs = 0): void {
    // The wall clock was set back: what is kept lies in the future now.
    if (this.#at !== null && at <= this.#at) this.#forget()
    const slice = this.#counters.read(scrape, at, offsetMs)
    if (this.#counters.vanished) return
    this.#at = at
    const last = this.#slices.at(-1)
    // What another process counted is not joined to what comes.
    if (slice === null || (last !== undefined && last.toMs !== slice.fromMs)) this.#forget()
    if (slice === null) return
    this.#slices.push(slice)
    this.#rows += slice.rows.length
    while (
      this.#slices.length > 1 &&
      (this.#rows > MOST_KEPT || (this.#slices[0] as Slice).toMs < at - KEPT_MS)
    ) {
      this.#rows -= (this.#slices.shift() as Slice).rows.length
    }
  }

  /** Whether any counter was understood so far. */
  get hasAny(): boolean {
    return this.#counters.seen.size > 0
  }

  /** The last reading had none of the counters that were there before; nothing was taken of it. */
  get hasVanished(): boolean {
    return this.#counters.vanished
  }

  /** See {@link Counters.stranger}. */
  get stranger(): Counters['stranger'] {
    return this.#counters.stranger
  }

  get areSeveral(): boolean {
    return this.#counters.areSeveral
  }

  /** Whether any counter of tokens was there; null before the first reading. */
  get hasTokens(): boolean | null {
    return this.#at === null ? null : this.#counters.seen.has('input') || this.#counters.seen.has('output')
  }

  /** What the counters of tokens distinguish; see {@link Counters.labels}. */
  get labels(): ReadonlySet<Labelled> {
    return this.#counters.labels
  }

  /** From when on usage is known, this machine's clock, ms; null before the second reading. */
  since(): number | null {
    return this.#slices[0]?.fromMs ?? null
  }

  /** The same, and since then also its course: the counters were never unread for long. Null where the last reading ended a gap. */
  steadySince(): number | null {
    return this.#slices[this.#slices.findLastIndex(({ isGap }) => isGap) + 1]?.fromMs ?? null
  }

  /** Of the newest reading, this machine's clock, ms. */
  at(): number | null {
    return this.#at
  }

  /**
   * Steps that begin before anything is known are left out of the table.
   * @param ofNow asked for what is newest, of which older steps are only a picture
   */
  table(
    { groupBy, filters, top }: Pick<UsageQuestion, 'groupBy' | 'filters' | 'top'>,
    steps: UsageSteps,
    offsetMs: number,
    ofNow = false,
  ): UsageTable {
    const { rows, seen, isFull } = this.#counters
    const since = this.since()
    const times = since === null ? [] : steps.times.filter((time) => time >= since + offsetMs)
    const missing = isFull
      ? [`names of teams, models and keys beyond ${grouped(MOST_ROWS)}, which are summed without a name`]
      : []
    const reach = {
      dataAsOf: (this.#at ?? 0) + offsetMs,
      complete: !isFull,
      missing,
      ...this.#gapsIn(times[0] ?? steps.toMs, steps.toMs, offsetMs, ofNow),
    }
    const known = { times, toMs: steps.toMs, indexOf: (ms: number) => times.indexOf(ms) }
    const kept = { slices: this.#slices, rows, counted: seen, reach }
    return withTop(tableOfSlices({ groupBy, filters }, known, kept, offsetMs), top)
  }

  /** What is to be said of times without a reading. A total that holds all of such a time is right; a part is not. */
  #gapsIn(
    fromMs: number,
    toMs: number,
    offsetMs: number,
    ofNow: boolean,
  ): Pick<Reach, 'doubts' | 'notes' | 'spread'> {
    const newest = (this.#at ?? 0) - TOLD_MS + offsetMs
    const gaps = this.#slices
      .filter(({ isGap }) => isGap)
      .map((slice) => ({
        fromMs: slice.fromMs + offsetMs,
        toMs: slice.toMs + offsetMs,
        isShort: slice.isShort,
      }))
    const isInside = (gap: (typeof gaps)[number]) => gap.fromMs < toMs && gap.toMs > fromMs
    const told = gaps.filter((gap) => isInside(gap) || (ofNow && gap.toMs >= newest))
    const cut = ofNow ? [] : told.filter((gap) => gap.fromMs < fromMs || gap.toMs > toMs)
    return {
      spread: told.map((gap) => ({ fromMs: gap.fromMs, toMs: gap.toMs })),
      notes: told.map(
        (gap) =>
          `The counters of LiteLLM were not read from ${spanOf(gap)}: what was used then is spread evenly over that time.`,
      ),
      doubts: [
        ...told
          .filter(({ isShort }) => isShort)
          .map(
            (gap) =>
              `LiteLLM restarted while its counters were not read (${spanOf(gap)}), and what it had counted of that time before is not known`,
          ),
        ...cut.map(
          (gap) =>
            `the counters of LiteLLM were not read from ${spanOf(gap)}, and only a part of that time is asked for`,
        ),
      ],
    }
  }

  #forget(): void {
    this.#slices = []
    this.#rows = 0
  }
}

function spanOf({ fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }): string {
  const [from, to] = [fromMs, toMs].map((ms) => new Date(ms).toISOString().slice(11, 19))
  return `${from} to ${to} UTC`
}
