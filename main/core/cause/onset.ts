import { meanOf, quantileOf, smoothed, type Span } from './series.ts'

/** Minutes below the mark that do not yet end a burn: minutes differ, and some are not measured. */
const SHORT_LULL = 4
/** Fewer minutes before the burn than this tell nothing of what is usual: load wanders for as long. */
const LEAST_BEFORE = 25

/** Of the worst since, what counts as bad already: a lone bad minute before is not yet the burn. */
const BEGINS_AT = 0.15

/**
 * First minute of the bad time that lasts until now: from there on the bad ratio is beyond what the objective allows,
 * beyond three times its usual, and beyond a good part of what it is now. Null where it is not bad now; 0 or little more
 * where it has always been bad.
 */
export function burnOnset(events: { bad: Float64Array; total: Float64Array }, target: number): number | null {
  const { bad, total } = events
  const [badSmooth, totalSmooth] = [smoothed(bad, 3), smoothed(total, 3)]
  const ratio = badSmooth.map((value, minute) => value / (totalSmooth[minute] as number))
  const usual = quantileOf([...ratio], 0.25)
  const worst = quantileOf([...ratio.subarray(-5)], 1)
  const mark = Math.max(1 - target, 3 * known(usual), BEGINS_AT * known(worst))
  const onset = lastingFrom(ratio, mark)
  if (onset === null) return null
  return backdated(onset, (minute) => (bad[minute] as number) > mark * (total[minute] as number))
}

/** The time to learn from what is usual: before the burn, and where there is enough of it, well before. */
export function usualSpan(onset: number): Span | null {
  if (onset < LEAST_BEFORE) return null
  const farBefore = onset - 45
  return { from: 0, to: farBefore >= 30 ? farBefore : onset - Math.min(3, Math.floor(onset / 5)) }
}

/**
 * First minute of the rise that lasts: from there on the load stays a quarter of the way above its usual. Minutes that
 * were not measured right before belong to it: it may have begun there.
 * @returns null where there is no rise
 */
export function riseOnset(series: Float64Array, usual: number, now: number): number | null {
  if (!(now > usual)) return null
  const mark = usual + (now - usual) / 4
  const onset = lastingFrom(smoothed(series, 3), mark)
  if (onset === null) return null
  return backdated(onset, (minute) => !((series[minute] as number) <= mark))
}

/** First minute from which values stay above a mark until now, but for short lulls; null where they are not above it now. */
function lastingFrom(values: Float64Array, mark: number): number | null {
  let onset: number | null = null
  let lull = 0
  for (let minute = values.length - 1; minute >= 0 && lull <= SHORT_LULL; minute--) {
    const value = values[minute] as number
    if (value > mark) {
      onset = minute
      lull = 0
    } else if (value === value) lull += 1
  }
  return onset
}

/** The mean of three minutes lags by up to two. */
function backdated(onset: number, isBeyond: (minute: number) => boolean): number {
  let first = onset
  while (first > Math.max(0, onset - 4) && isBeyond(first - 1)) first -= 1
  return first
}

const known = (value: number) => (value === value ? value : 0)

/** Mean over the newest minutes, to tell whether something still goes on. */
export function latest(series: Float64Array, minutes: number): number {
  return meanOf(series, { from: series.length - minutes, to: series.length })
}

/** The highest load that a tenant has had for five minutes together in a time, but for one such in twenty. */
export function burstsOf(series: Float64Array, span: Span): number {
  const inside = smoothed(series.subarray(span.from, span.to), 5).subarray(4)
  const high = quantileOf([...inside], 0.95)
  return high === high ? high : 0
}
