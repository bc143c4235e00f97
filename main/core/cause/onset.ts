import { meanOf, quantileOf, smoothed, type Span } from './series.ts'

/** Minutes below the mark that do not yet end a burn: minutes differ, and some are not measured. */
const SHORT_LULL = 4
/** A burn that began longer ago than this before now has no onset in sight, minutes from the start of the series. */
const LEAST_BEFORE = 10

/**
 * First minute of the bad time that lasts until now: from there on the bad ratio is beyond what the objective allows, and
 * beyond three times its usual. Null where it is not bad now; 0 or little more where it has always been bad.
 */
export function burnOnset(events: { bad: Float64Array; total: Float64Array }, target: number): number | null {
  const { bad, total } = events
  const [badSmooth, totalSmooth] = [smoothed(bad, 3), smoothed(total, 3)]
  const ratio = badSmooth.map((value, minute) => value / (totalSmooth[minute] as number))
  const usual = quantileOf([...ratio], 0.25)
  const mark = Math.max(1 - target, 3 * (usual === usual ? usual : 0))
  let onset: number | null = null
  let lull = 0
  for (let minute = ratio.length - 1; minute >= 0; minute--) {
    const value = ratio[minute] as number
    if (value > mark) {
      onset = minute
      lull = 0
    } else if (value === value) lull += 1
    if (lull > SHORT_LULL) break
  }
  if (onset === null) return null
  // The mean of three minutes lags by up to two.
  while (onset > 0 && (bad[onset - 1] as number) > mark * (total[onset - 1] as number)) onset -= 1
  return onset
}

/** The time to learn from what is usual: before the burn, and where there is enough of it, well before. */
export function usualSpan(onset: number): Span | null {
  if (onset < LEAST_BEFORE) return null
  const farBefore = onset - 45
  return { from: 0, to: farBefore >= 30 ? farBefore : onset - Math.min(3, Math.floor(onset / 5)) }
}

/**
 * First minute of the rise that lasts: from there on the load stays a quarter of the way above its usual.
 * @returns null where there is no rise
 */
export function riseOnset(series: Float64Array, usual: number, now: number): number | null {
  const mark = usual + (now - usual) / 4
  if (!(now > usual)) return null
  const smooth = smoothed(series, 3)
  let onset: number | null = null
  let lull = 0
  for (let minute = series.length - 1; minute >= 0; minute--) {
    const value = smooth[minute] as number
    if (value > mark) {
      onset = minute
      lull = 0
    } else if (value === value) lull += 1
    if (onset !== null && lull > SHORT_LULL) break
  }
  return onset
}

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
