import type { ReconciliationRow } from '../../../shared/contract/tokens.ts'
import { Money, priceOf } from '../../../shared/model/money.ts'
import { figureText } from '../../../shared/model/units.ts'
import type { ServedSum } from './served.ts'

/** Metered tokens of one model on one GPU type. */
export type MeteredSum = ServedSum

export interface ReconcilerOptions {
  /** Share of served tokens that may differ before it is abnormal, 0–1. */
  readonly threshold: number
  readonly windowMs: number
  /** Windows that ended less than this ago are not judged: the metering may not know all of them, ms. */
  readonly lagMs: number
  /** So many windows are kept. */
  readonly keep: number
}

/** One whole window as both sides tell it; the same window told again replaces what was known of it. */
export interface ComparedWindow {
  /** ms on the back end's clock. */
  readonly fromMs: number
  readonly toMs: number
  readonly served: readonly ServedSum[]
  readonly servedComplete: boolean
  /** Which servers are in doubt and why, in plain words. */
  readonly servedGaps: readonly string[]
  readonly metered: readonly MeteredSum[]
  readonly meteredComplete: boolean
  /** List price per Mtok; null where there is none. */
  readonly price: (
    model: string,
    gpuType: string,
  ) => { readonly input: string; readonly output: string } | null
}

type Row = ReconciliationRow

export interface ReconcilerState {
  /** The compared time; null before the first whole window. */
  readonly fromMs: number | null
  readonly toMs: number | null
  readonly total: Row
  /** The largest drift in tokens first. */
  readonly rows: readonly Row[]
}

/**
 * Compares served with metered tokens, window by window.
 *
 * Both count the same tokens but cut time differently: a counter is read every few seconds and interpolated between, and
 * a long prompt counts at once. That error lives at the two edges of a span and does not grow with it, while a leak
 * grows with every window. How large it is shows in the windows themselves: by how much single ones stray from their
 * median. A span of windows drifts when its difference exceeds the threshold, and still exceeds half of it after
 * {@link EDGES} times the farthest stray is taken off. Spans of 1, 2, 3, 4, 6, 8 … windows up to the newest one are
 * tried, so that a large leak shows at once and a small one as soon as it can be told from noise.
 */
export interface Reconciler {
  observe(window: ComparedWindow): void
  /** @param now on the back end's clock, ms */
  state(now: number): ReconcilerState
}

/** A span has two edges, and both may be worse than any that was seen. */
const EDGES = 1.6
/** Fewer tokens than this in a span say nothing about shares. */
const ENOUGH_TOKENS = 200_000
/** Beyond this many times the threshold it is critical. */
const CRITICAL_FACTOR = 5
/** Before so many whole windows nobody knows how far they stray. */
const LEARNING_WINDOWS = 6
/** The newest windows are unknown for so long before the row is. */
const MOST_SHOWN_GAPS = 3

interface Cell {
  served: bigint
  metered: bigint
  /** At list price; null without one. */
  amount: Money | null
}

interface Kept {
  readonly fromMs: number
  readonly toMs: number
  readonly known: boolean
  readonly why: string
  readonly cells: ReadonlyMap<string, Cell>
  readonly total: Cell
}

export function createReconciler(options: ReconcilerOptions): Reconciler {
  const { threshold, lagMs, keep } = options
  let windows: Kept[] = []
  /** When each row began to drift. */
  const drifting = new Map<string, number>()

  return {
    observe(window) {
      const kept = keptOf(window)
      windows = [...windows.filter(({ fromMs }) => fromMs !== window.fromMs), kept]
        .toSorted((a, b) => a.fromMs - b.fromMs)
        .slice(-keep)
    },
    state(now) {
      const ended = windows.filter(({ toMs }) => toMs <= now - lagMs)
      const run = newestRun(ended)
      const keys = new Set(run.flatMap(({ cells }) => [...cells.keys()]))
      for (const key of drifting.keys()) if (key !== '' && !keys.has(key)) drifting.delete(key)
      const judge = (key: string, of: (kept: Kept) => Cell) => {
        const row = rowOf(run, ended, of, threshold, key !== '')
        if (row.state !== 'drifts') drifting.delete(key)
        else if (!drifting.has(key)) drifting.set(key, run.at(-1)?.fromMs ?? now)
        return { ...row, spark: sparkOf(ended, of), since: drifting.get(key) ?? null }
      }
      const total: Row = { model: '', gpuType: '', ...judge('', ({ total: cell }) => cell) }
      const rows = [...keys].map((key): Row => {
        const [model = '', gpuType = ''] = key.split(SEPARATOR)
        return { model, gpuType, ...judge(key, ({ cells }) => cells.get(key) ?? NOTHING) }
      })
      return {
        fromMs: run[0]?.fromMs ?? null,
        toMs: run.at(-1)?.toMs ?? null,
        total,
        rows: rows.toSorted(byDrift),
      }
    },
  }
}

const SEPARATOR = '\u0000'
const NOTHING: Cell = { served: 0n, metered: 0n, amount: new Money(0) }

function keptOf(window: ComparedWindow): Kept {
  const { served, metered, price, servedComplete, meteredComplete, servedGaps } = window
  const inputs = new Map<string, { input: bigint; output: bigint }>()
  const cells = new Map<string, Cell>()
  const add = (side: 'served' | 'metered', sums: readonly ServedSum[]) => {
    const sign = side === 'served' ? 1n : -1n
    for (const { model, gpuType, input, output } of sums) {
      if (input === 0n && output === 0n) continue
      const key = model + SEPARATOR + gpuType
      const cell = cells.get(key) ?? { served: 0n, metered: 0n, amount: null }
      cell[side] += input + output
      cells.set(key, cell)
      const drift = inputs.get(key) ?? { input: 0n, output: 0n }
      inputs.set(key, { input: drift.input + sign * input, output: drift.output + sign * output })
    }
  }
  add('served', served)
  add('metered', metered)
  for (const [key, cell] of cells) {
    const [model = '', gpuType = ''] = key.split(SEPARATOR)
    const list = price(model, gpuType)
    const drift = inputs.get(key) ?? { input: 0n, output: 0n }
    cell.amount =
      list === null ? null : priceOf(drift.input, list.input).plus(priceOf(drift.output, list.output))
  }
  const known = servedComplete && meteredComplete
  const why = meteredComplete
    ? servedComplete
      ? ''
      : servedGaps.slice(0, MOST_SHOWN_GAPS).join(' ') || 'What the servers served then is not wholly known.'
    : 'The metering has not told all of that time.'
  const all = [...cells.values()]
  return {
    fromMs: window.fromMs,
    toMs: window.toMs,
    known,
    why,
    cells,
    total: {
      served: all.reduce((sum, cell) => sum + cell.served, 0n),
      metered: all.reduce((sum, cell) => sum + cell.metered, 0n),
      amount: all.some(({ amount }) => amount === null) ? null : sumOf(all.map(({ amount }) => amount)),
    },
  }
}

/** The newest known windows that touch each other; an unknown one ends them, but for one at the very end. */
function newestRun(windows: readonly Kept[]): Kept[] {
  const run: Kept[] = []
  for (const window of windows.toReversed()) {
    const next = run[0]
    if (!window.known || (next !== undefined && window.toMs !== next.fromMs)) {
      if (next !== undefined) break
      continue
    }
    run.unshift(window)
  }
  return run
}

type Judged = Omit<Row, 'model' | 'gpuType' | 'spark' | 'since'>

function rowOf(
  run: readonly Kept[],
  ended: readonly Kept[],
  of: (kept: Kept) => Cell,
  threshold: number,
  part: boolean,
): Judged {
  const newest = ended.at(-1)
  if (newest === undefined) return unknown('Not one whole window has been compared yet.', 'learning')
  if (run.length === 0) return unknown(newest.why, 'unknown')
  const cells = run.map(of)
  const served = cells.reduce((sum, cell) => sum + cell.served, 0n)
  const metered = cells.reduce((sum, cell) => sum + cell.metered, 0n)
  const drift = served - metered
  const figures = {
    served: served.toString(),
    metered: metered.toString(),
    drift: drift.toString(),
    driftShare: shareOf(drift, served),
    driftAmount: cells.some(({ amount }) => amount === null)
      ? null
      : sumOf(cells.map(({ amount }) => amount))
          .toDecimalPlaces(6)
          .toString(),
  }
  const behind = newest.known ? '' : ` The newest window is not known: ${newest.why}`
  if (!newest.known && !touches(run, newest)) {
    return { ...figures, state: 'unknown', severity: 'normal', note: newest.why }
  }
  const known = ended.filter((kept) => kept.known).map(of)
  if (known.length < LEARNING_WINDOWS) {
    return {
      ...figures,
      state: 'learning',
      severity: 'normal',
      note: `${known.length} of ${LEARNING_WINDOWS} windows compared.${behind}`,
    }
  }
  const stray = strayOf(known)
  const newestSpan = driftingSpan(run, cells, stray, threshold)
  // A part has fewer requests, and there are many parts: one of them strays far now and then, but not twice.
  const lasts = !part || driftingSpan(run.slice(0, -1), cells.slice(0, -1), stray, threshold) !== null
  const span = lasts ? newestSpan : null
  if (span !== null) {
    const factor = span.worst / threshold
    return {
      ...figures,
      state: 'drifts',
      severity: factor >= CRITICAL_FACTOR ? 'critical' : 'advisory',
      note: `${driftText(span.share)} over the last ${minutes(span.ms)}.${behind}`,
    }
  }
  if (served === 0n && metered === 0n) {
    return { ...figures, state: 'agrees', severity: 'normal', note: `No tokens in this time.${behind}` }
  }
  return { ...figures, state: 'agrees', severity: 'normal', note: behind.trim() }
}

/** One unknown window behind the known ones is waited for; a second means that nobody knows. */
function touches(run: readonly Kept[], newest: Kept): boolean {
  return run.at(-1)?.toMs === newest.fromMs
}

interface DriftingSpan {
  /** Of what the larger side counts, signed: positive is given away. */
  readonly share: number
  readonly ms: number
  /** The largest share of any span that drifts: what began a minute ago is thin in a span of ten. */
  readonly worst: number
}

/** The longest span up to the newest window that drifts beyond threshold and edges, and the worst; null: none does. */
function driftingSpan(
  run: readonly Kept[],
  cells: readonly Cell[],
  stray: number,
  threshold: number,
): DriftingSpan | null {
  const lengths = new Set([run.length])
  for (let length = 1; length < run.length; length *= 2) {
    lengths.add(length)
    if (length > 1 && length * 1.5 < run.length) lengths.add(length * 1.5)
  }
  const drifting = [...lengths].flatMap((length) => {
    const first = run.at(-length)
    const last = run.at(-1)
    if (first === undefined || last === undefined) return []
    const newest = cells.slice(-length)
    const served = Number(newest.reduce((sum, cell) => sum + cell.served, 0n))
    const metered = Number(newest.reduce((sum, cell) => sum + cell.metered, 0n))
    const more = Math.max(served, metered)
    const drift = served - metered
    const beyond =
      more >= ENOUGH_TOKENS &&
      Math.abs(drift) > threshold * more &&
      Math.abs(drift) - EDGES * stray >= (threshold * more) / 2
    return beyond ? [{ share: drift / more, ms: last.toMs - first.fromMs }] : []
  })
  const [longest] = drifting.toSorted((a, b) => b.ms - a.ms)
  if (longest === undefined) return null
  return { ...longest, worst: Math.max(...drifting.map(({ share }) => Math.abs(share))) }
}

/** How far single windows stray from their median, at most: tokens. A leak that is in all of them is in the median, too. */
function strayOf(cells: readonly Cell[]): number {
  const drifts = cells.map(({ served, metered }) => Number(served - metered)).toSorted((a, b) => a - b)
  const median = drifts[Math.floor(drifts.length / 2)] ?? 0
  return Math.max(median - (drifts[0] ?? 0), (drifts.at(-1) ?? 0) - median)
}

function unknown(note: string, state: 'learning' | 'unknown'): Judged {
  return {
    state,
    severity: 'normal',
    served: null,
    metered: null,
    drift: null,
    driftShare: null,
    driftAmount: null,
    note,
  }
}

function sparkOf(windows: readonly Kept[], of: (kept: Kept) => Cell): (number | null)[] {
  return windows.map((window) => {
    if (!window.known) return null
    const { served, metered } = of(window)
    return shareOf(served - metered, served)
  })
}

function shareOf(drift: bigint, served: bigint): number | null {
  return served > 0n ? Number(drift) / Number(served) : null
}

function sumOf(amounts: readonly (Money | null)[]): Money {
  return amounts.reduce<Money>((sum, amount) => sum.plus(amount ?? 0), new Money(0))
}

function driftText(share: number): string {
  const size = figureText(Math.abs(share) * 100, { unit: '%' })
  return share > 0 ? `${size} of what was served is not metered` : `${size} more is metered than was served`
}

function minutes(ms: number): string {
  return ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`
}

function byDrift(a: Row, b: Row): number {
  const size = (row: Row) => (row.drift === null ? -1 : Math.abs(Number(row.drift)))
  return Number(b.state === 'drifts') - Number(a.state === 'drifts') || size(b) - size(a)
}
