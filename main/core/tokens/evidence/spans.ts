/** A time that is asked for in steps of one length. All ms. */
export interface EvidenceSpan {
  readonly fromMs: number
  readonly toMs: number
  readonly stepMs: number
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
/** Steps that a time may be cut into, the coarsest first; they begin at multiples of themselves since 1970. */
const STEPS = [
  DAY_MS,
  12 * HOUR_MS,
  6 * HOUR_MS,
  HOUR_MS,
  30 * MINUTE_MS,
  15 * MINUTE_MS,
  5 * MINUTE_MS,
  MINUTE_MS,
]
/** Prices that change oftener are told at the older one for the rest of a step. */
const MOST_CUTS = 50

/**
 * Cuts a period into as few steps as can be: whole days of UTC, which every back end adds up, and finer steps where the
 * period does not begin or end with one, as in all other zones. A year of Kolkata is 364 days and 48 half hours, where
 * half hours alone would be 17,520. Where a price changes within, a step begins, so that none has two prices.
 *
 * @param cuts instants at which prices change, ms; those outside the period, or off the steps of the back end, are left out
 * @param minStepMs of the back end
 * @returns spans that follow each other without a gap; null where the period does not begin and end with a step
 */
export function evidenceSpans(
  range: { readonly fromMs: number; readonly toMs: number },
  cuts: readonly number[],
  minStepMs: number,
): EvidenceSpan[] | null {
  const { fromMs, toMs } = range
  const fits = (ms: number) => ms % minStepMs === 0
  if (!fits(fromMs) || !fits(toMs) || !(toMs > fromMs)) return null
  const within = [...new Set(cuts)].filter((cut) => cut > fromMs && cut < toMs && fits(cut))
  const bounds = [fromMs, ...within.toSorted((a, b) => a - b).slice(0, MOST_CUTS), toMs]
  return bounds.slice(1).flatMap((end, i) => spansOf(bounds[i] as number, end, minStepMs))
}

/**
 * The same, cut at the bounds of days too, so that every step lies in one day; stretches in steps of one length are one.
 * @param days without gaps, ascending
 */
export function dailySpans(
  days: readonly { readonly fromMs: number; readonly toMs: number }[],
  cuts: readonly number[],
  minStepMs: number,
): EvidenceSpan[] | null {
  const spans: EvidenceSpan[] = []
  for (const day of days) {
    const ofDay = evidenceSpans(day, cuts, minStepMs)
    if (ofDay === null) return null
    for (const span of ofDay) {
      const last = spans.at(-1)
      if (last?.stepMs === span.stepMs && last.toMs === span.fromMs && span.fromMs % span.stepMs === 0)
        spans[spans.length - 1] = { ...last, toMs: span.toMs }
      else spans.push(span)
    }
  }
  return spans
}

function spansOf(fromMs: number, toMs: number, minStepMs: number): EvidenceSpan[] {
  const firstDay = Math.ceil(fromMs / DAY_MS) * DAY_MS
  const lastDay = Math.floor(toMs / DAY_MS) * DAY_MS
  if (firstDay >= lastDay || DAY_MS % minStepMs !== 0) return [spanOf(fromMs, toMs, minStepMs)]
  return [
    ...(firstDay > fromMs ? [spanOf(fromMs, firstDay, minStepMs)] : []),
    { fromMs: firstDay, toMs: lastDay, stepMs: DAY_MS },
    ...(toMs > lastDay ? [spanOf(lastDay, toMs, minStepMs)] : []),
  ]
}

/** In the coarsest steps that it begins and ends with; those of the back end where none fits. */
function spanOf(fromMs: number, toMs: number, minStepMs: number): EvidenceSpan {
  const stepMs =
    STEPS.find((step) => step % minStepMs === 0 && fromMs % step === 0 && toMs % step === 0) ?? minStepMs
  return { fromMs, toMs, stepMs }
}
