import type { RowWindow } from './windows.ts'

/**
 * Whether a difference of served and metered tokens is real.
 *
 * Both count the same tokens but cut time differently: a counter is read every few seconds and interpolated between, and
 * a long prompt counts at once. That error lives at the two edges of a span and does not grow with it, while a leak
 * grows with every window. How large it is shows in the windows themselves: by how much each differs from the one
 * before. The median of that is taken, because a leak that begins, a window that is late or a burst is a few of many and
 * must not hide what all the others say.
 */

/** Fewer tokens than this in a span say nothing about shares. */
export const ENOUGH_TOKENS = 200_000
/** So many times the usual error is beyond what the edges of a span explain. */
const EDGES = 4
/** Few windows show the usual error badly: with n steps between windows it is taken for 1 + this ÷ n times as large. */
const FEW_STEPS = 4
/** From the median of absolute steps to a standard deviation, and from a step, which has two windows, to one. */
const DEVIATION = 1.4826 / Math.SQRT2
/** Below the threshold for so many windows: one or two are so by chance. */
const CALM_WINDOWS = 3

/** The newest windows of a row, so many that touch. */
export interface Span {
  readonly fromMs: number
  readonly toMs: number
  /** Served less metered. */
  readonly drift: number
  /** So many tokens more may have been served. */
  readonly doubt: number
  /** Of the side that counts more. */
  readonly tokens: number
}

export interface DriftingSpan extends Span {
  /** Of what the larger side counts, signed: positive is given away. */
  readonly share: number
  /** The largest share of any span that drifts: what began a minute ago is thin in a span of ten. */
  readonly worst: number
}

export function spanOf(windows: readonly RowWindow[]): Span {
  const served = Number(windows.reduce((sum, { cell }) => sum + cell.served, 0n))
  const metered = Number(windows.reduce((sum, { cell }) => sum + cell.metered, 0n))
  return {
    fromMs: windows[0]?.fromMs ?? Number.NaN,
    toMs: windows.at(-1)?.toMs ?? Number.NaN,
    drift: served - metered,
    doubt: windows.reduce((sum, { cell }) => sum + cell.doubt, 0),
    tokens: Math.max(served, metered),
  }
}

export function isBeyond({ drift, tokens }: Span, threshold: number): boolean {
  return Math.abs(drift) > threshold * tokens
}

/** What the edges of a span can make, tokens. @param windows all that are known, ascending */
export function edgeError(windows: readonly RowWindow[]): number {
  const steps = stepsOf(windows)
  if (steps.length === 0) return Number.POSITIVE_INFINITY
  const median = steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0
  return EDGES * DEVIATION * (1 + FEW_STEPS / steps.length) * median
}

/**
 * The longest span up to the newest window that drifts, and the worst; null: none does. A span drifts when its
 * difference exceeds the threshold and still exceeds half of it without what the edges can make, and when the same is
 * nearly true without the window that adds most, which may just have been told late; so one window alone proves
 * nothing. Spans of 2, 3, 4, 6, 8 … windows are tried, so that a large leak shows with its second window and a small
 * one as soon as it can be told from noise.
 */
export function driftingSpan(
  run: readonly RowWindow[],
  error: number,
  threshold: number,
): DriftingSpan | null {
  const drifting = lengthsOf(run.length).flatMap((length) => {
    const windows = run.slice(-length)
    const span = spanOf(windows)
    if (!isProven(span, error, threshold)) return []
    const rest = spanOf(withoutLargest(windows, Math.sign(span.drift)))
    if (Math.sign(rest.drift) !== Math.sign(span.drift) || !isProven(rest, error / 2, threshold)) return []
    const share = span.drift / span.tokens
    return [{ ...span, share, worst: Math.min(Math.abs(share), Math.abs(rest.drift) / rest.tokens) }]
  })
  const [longest] = drifting.toSorted((a, b) => a.fromMs - b.fromMs)
  return longest === undefined ? null : { ...longest, worst: Math.max(...drifting.map(({ worst }) => worst)) }
}

/** The longest span up to the newest window that is below the threshold whatever its edges hide; null: none is. */
export function calmSpan(run: readonly RowWindow[], error: number, threshold: number): Span | null {
  const lengths = lengthsOf(run.length).filter((length) => length >= CALM_WINDOWS)
  const calm = lengths.flatMap((length) => {
    const windows = run.slice(-length)
    const span = spanOf(windows)
    // What usually strays little may have begun to stray far.
    const hidden = Math.max(error, ...stepsOf(windows))
    return Math.abs(span.drift) + span.doubt + hidden <= threshold * span.tokens ? [span] : []
  })
  return calm.toSorted((a, b) => a.fromMs - b.fromMs)[0] ?? null
}

/** By how much the difference of each window is not that of the one before. */
function stepsOf(windows: readonly RowWindow[]): number[] {
  const drifts = windows.map(({ cell }) => Number(cell.served - cell.metered))
  return drifts.slice(1).map((drift, i) => Math.abs(drift - (drifts[i] as number)))
}

function isProven(span: Span, error: number, threshold: number): boolean {
  const { tokens, doubt } = span
  // What may have been served beside what is counted takes from what seems to be metered too much.
  const drift = span.drift > 0 ? span.drift : Math.min(0, span.drift + doubt)
  return (
    tokens >= ENOUGH_TOKENS &&
    isBeyond({ ...span, drift }, threshold) &&
    Math.abs(drift) - error >= (threshold * tokens) / 2
  )
}

function withoutLargest(windows: readonly RowWindow[], sign: number): RowWindow[] {
  const sizes = windows.map(({ cell }) => sign * Number(cell.served - cell.metered))
  const largest = sizes.indexOf(Math.max(...sizes))
  return windows.filter((_, i) => i !== largest)
}

function lengthsOf(most: number): number[] {
  const lengths = new Set([most])
  for (let length = 2; length < most; length *= 2) {
    lengths.add(length)
    if (length * 1.5 < most) lengths.add(length * 1.5)
  }
  return [...lengths]
}
