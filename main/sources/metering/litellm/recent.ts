import { grouped } from '../../../../shared/model/words.ts'
import { MEASURES, type Measure } from '../../../../shared/model/tokens.ts'
import type { UsageTable } from '../../../core/tokens/types.ts'
import type { ParsedScrape } from '../../exposition/index.ts'
import type { UsageQuestion } from '../types.ts'
import { passes, stepAt, UsageBuilder, withoutStepsBefore, withTop } from '../usageBuilder.ts'
import type { UsageSteps } from '../usageSteps.ts'
import { COUNTED, type CountedMeasure, Counters, type Labelled, MOST_ROWS, type Slice } from './counters.ts'

/** Long enough for the last hour of a key, ms. */
const KEPT_MS = 65 * 60_000
/** Rows of all slices together; each costs about 60 bytes. */
const MOST_KEPT = 1_000_000

/**
 * The newest usage by the counters of a proxy, kept here because nobody else keeps it. Times are this machine's; a
 * question and its answer are moved to the proxy's clock by `offsetMs`. Counts of one reading are spread evenly over the
 * time since the reading before, whole numbers that add up exactly.
 */
export class Recent {
  readonly #counters = new Counters()
  #slices: Slice[] = []
  #rows = 0
  #at: number | null = null

  /** @param at this machine's clock, ms */
  read(scrape: Pick<ParsedScrape, 'series' | 'values'>, at: number): void {
    // The wall clock was set back: what is kept lies in the future now.
    if (this.#at !== null && at <= this.#at) this.#forget()
    const slice = this.#counters.read(scrape, at)
    this.#at = at
    const last = this.#slices.at(-1)
    // After a gap nothing before it is joined to what comes.
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

  get areSeveral(): boolean {
    return this.#counters.areSeveral
  }

  /** Whether any counter of tokens was there; null before the first reading. */
  get hasTokens(): boolean | null {
    return this.#at === null ? null : this.#counters.seen.has('input') || this.#counters.seen.has('output')
  }

  /** What the counters of tokens tell apart; see {@link Counters.labels}. */
  get labels(): ReadonlySet<Labelled> {
    return this.#counters.labels
  }

  /** From when on usage is known, this machine's clock, ms; null before the second reading. */
  since(): number | null {
    return this.#slices[0]?.fromMs ?? null
  }

  /** Of the newest reading, this machine's clock, ms. */
  at(): number | null {
    return this.#at
  }

  /** Steps that begin before anything is known are left out of the table. */
  table(
    { groupBy, filters, top }: Pick<UsageQuestion, 'groupBy' | 'filters' | 'top'>,
    steps: UsageSteps,
    offsetMs: number,
  ): UsageTable {
    const builder = new UsageBuilder(groupBy, steps)
    const passing = this.#counters.rows.map((dims) => passes(dims, filters))
    const from = (steps.times[0] ?? steps.toMs) - offsetMs
    for (const slice of this.#slices) {
      if (slice.toMs <= from) continue
      slice.rows.forEach((row, i) => {
        const dims = this.#counters.rows[row]
        if (dims === undefined || passing[row] !== true) return
        const values = slice.values.subarray(i * COUNTED.length, (i + 1) * COUNTED.length)
        spread(slice, values, steps, offsetMs, (step, addition) => builder.add(dims, step, addition))
      })
    }
    const dataAsOf = (this.#at ?? 0) + offsetMs
    const missing = this.#counters.isFull
      ? [`names of teams, models and keys beyond ${grouped(MOST_ROWS)}, which are summed without a name`]
      : []
    const table = builder.table(this.#counted(), { dataAsOf, complete: missing.length === 0, missing })
    const since = this.since()
    const known = since === null ? steps.times.length : firstFrom(steps, since + offsetMs)
    return withTop(withoutStepsBefore(table, known), top)
  }

  #counted(): Readonly<Record<Measure, boolean>> {
    const { seen } = this.#counters
    return Object.fromEntries(
      MEASURES.map((measure) => [measure, seen.has(measure as CountedMeasure)]),
    ) as Record<Measure, boolean>
  }

  #forget(): void {
    this.#slices = []
    this.#rows = 0
  }
}

/** Index of the first step that begins at `ms` or later. */
function firstFrom({ times }: UsageSteps, ms: number): number {
  const first = times.findIndex((time) => time >= ms)
  return first < 0 ? times.length : first
}

/** Calls `add` for each step that a slice touches, with its share of whole numbers. */
function spread(
  slice: Pick<Slice, 'fromMs' | 'toMs'>,
  values: Float64Array,
  steps: UsageSteps,
  offsetMs: number,
  add: (step: number, addition: Partial<Record<CountedMeasure, number>>) => void,
): void {
  const from = slice.fromMs + offsetMs
  const to = slice.toMs + offsetMs
  const start = Math.max(from, steps.times[0] ?? to)
  const end = Math.min(to, steps.toMs)
  for (let at = start; at < end; ) {
    const step = stepAt(steps, at)
    const until = Math.min(end, steps.times[step + 1] ?? steps.toMs)
    const addition: Partial<Record<CountedMeasure, number>> = {}
    COUNTED.forEach((measure, column) => {
      const total = values[column] as number
      const upTo = (ms: number) => Math.floor((total * (ms - from)) / (to - from))
      addition[measure] = (until === to ? total : upTo(until)) - upTo(at)
    })
    add(step, addition)
    at = until
  }
}
