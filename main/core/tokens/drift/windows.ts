import { Money, priceOf } from '../../../../shared/model/money.ts'
import type { ServedDoubt } from '../served/doubts.ts'
import type { ServedSum } from '../served/types.ts'

/** Metered tokens of one model on one GPU type. */
export type MeteredSum = ServedSum

/** One whole window as both sides tell it; the same window told again replaces what was known of it. */
export interface ComparedWindow {
  /** ms on the back end's clock. */
  readonly fromMs: number
  readonly toMs: number
  readonly served: readonly ServedSum[]
  /** False: nothing that is said of the servers in this time is to be believed. */
  readonly servedComplete: boolean
  /** Which servers are in doubt and why, in plain words. */
  readonly servedGaps: readonly string[]
  /** Single servers in doubt: they make their own row unknown, and the total where they are more than a little of it. */
  readonly servedDoubts?: readonly ServedDoubt[]
  readonly metered: readonly MeteredSum[]
  readonly meteredComplete: boolean
  /** List price per Mtok; null where there is none. */
  readonly price: (
    model: string,
    gpuType: string,
  ) => { readonly input: string; readonly output: string } | null
}

/** Both sides of one row in one window. */
export interface Cell {
  readonly served: bigint
  readonly metered: bigint
  /** Of the difference, at list price; null without one. */
  readonly amount: Money | null
  /** Tokens that may have been served beside those that are counted: too few to make it unknown. */
  readonly doubt: number
  /** Why it is not known, in plain words; '' where it is. */
  readonly why: string
}

/** One window of one row. */
export interface RowWindow {
  readonly fromMs: number
  readonly toMs: number
  readonly cell: Cell
}

/** A window as it is kept: rows by model and GPU type. */
export interface Kept {
  readonly fromMs: number
  readonly toMs: number
  readonly cells: ReadonlyMap<string, Cell>
  readonly total: Cell
  /** Of rows that this window does not name. */
  readonly nothing: Cell
}

/** Key of the sum over all rows. */
export const TOTAL = ''
const SEPARATOR = '\u0000'
const MOST_SHOWN_GAPS = 3

export const keyOf = (model: string, gpuType: string) => model + SEPARATOR + gpuType

export function namesOf(key: string): { readonly model: string; readonly gpuType: string } {
  const [model = '', gpuType = ''] = key.split(SEPARATOR)
  return { model, gpuType }
}

export function cellOf(kept: Kept, key: string): Cell {
  return key === TOTAL ? kept.total : (kept.cells.get(key) ?? kept.nothing)
}

/** @param threshold share of tokens whose drift is abnormal: up to half of it may be in doubt */
export function keptOf(window: ComparedWindow, threshold: number): Kept {
  const why = whyUnknown(window)
  const doubts = new Map(
    (window.servedDoubts ?? []).map((doubt) => [keyOf(doubt.model, doubt.gpuType), doubt]),
  )
  const doubted = (sum: ReturnType<typeof sumOf>, doubt: Doubt): Cell => {
    const most = (threshold / 2) * Number(sum.served > sum.metered ? sum.served : sum.metered)
    if (doubt.tokens !== null && doubt.tokens <= most) return { ...sum, doubt: doubt.tokens, why }
    return { ...sum, doubt: 0, why: why === '' ? gapsText(doubt.gaps) : why }
  }
  const sides = sidesOf(window)
  const cells = new Map<string, Cell>()
  for (const key of new Set([...sides.keys(), ...doubts.keys()])) {
    const { served, metered, input, output } = sides.get(key) ?? NO_SIDES
    const { model, gpuType } = namesOf(key)
    const list = window.price(model, gpuType)
    const amount = list === null ? null : priceOf(input, list.input).plus(priceOf(output, list.output))
    cells.set(key, doubted({ served, metered, amount }, doubts.get(key) ?? NO_DOUBT))
  }
  const tokens = [...doubts.values()].reduce<number | null>(
    (sum, doubt) => (sum === null || doubt.tokens === null ? null : sum + doubt.tokens),
    0,
  )
  return {
    fromMs: window.fromMs,
    toMs: window.toMs,
    cells,
    total: doubted(sumOf([...cells.values()]), { tokens, gaps: window.servedGaps }),
    nothing: { served: 0n, metered: 0n, amount: new Money(0), doubt: 0, why },
  }
}

export function sumOf(cells: readonly Cell[]): Pick<Cell, 'served' | 'metered' | 'amount'> {
  return {
    served: cells.reduce((sum, cell) => sum + cell.served, 0n),
    metered: cells.reduce((sum, cell) => sum + cell.metered, 0n),
    amount: cells.reduce<Money | null>(
      (sum, { amount }) => (sum === null || amount === null ? null : sum.plus(amount)),
      new Money(0),
    ),
  }
}

/** The newest known windows of a row that touch each other; an unknown one ends them, but for those at the very end. */
export function newestRun(windows: readonly RowWindow[]): RowWindow[] {
  const run: RowWindow[] = []
  for (const window of windows.toReversed()) {
    const next = run[0]
    if (window.cell.why !== '' || (next !== undefined && window.toMs !== next.fromMs)) {
      if (next !== undefined) break
      continue
    }
    run.unshift(window)
  }
  return run
}

function whyUnknown({ meteredComplete, servedComplete, servedGaps }: ComparedWindow): string {
  if (!meteredComplete) return 'The metering has not told all of that time.'
  if (servedComplete) return ''
  return gapsText(servedGaps)
}

function gapsText(gaps: readonly string[]): string {
  return gaps.slice(0, MOST_SHOWN_GAPS).join(' ') || 'What the servers served then is not wholly known.'
}

type Doubt = Pick<ServedDoubt, 'tokens' | 'gaps'>

const NO_DOUBT: Doubt = { tokens: 0, gaps: [] }
const NO_SIDES: Sides = { served: 0n, metered: 0n, input: 0n, output: 0n }

/** `input` and `output` are served less metered. */
interface Sides {
  served: bigint
  metered: bigint
  input: bigint
  output: bigint
}

function sidesOf({ served, metered }: ComparedWindow): Map<string, Sides> {
  const rows = new Map<string, Sides>()
  const add = (side: 'served' | 'metered', sums: readonly MeteredSum[]) => {
    const sign = side === 'served' ? 1n : -1n
    for (const { model, gpuType, input, output } of sums) {
      if (input === 0n && output === 0n) continue
      const key = keyOf(model, gpuType)
      const row = rows.get(key) ?? { served: 0n, metered: 0n, input: 0n, output: 0n }
      row[side] += input + output
      row.input += sign * input
      row.output += sign * output
      rows.set(key, row)
    }
  }
  add('served', served)
  add('metered', metered)
  return rows
}
