import { Money, priceOf } from '../../../shared/model/money.ts'
import type { ComparedWindow, MeteredSum } from './reconcile.ts'

/** Both sides of one row in one window. */
export interface Cell {
  readonly served: bigint
  readonly metered: bigint
  /** Of the difference, at list price; null without one. */
  readonly amount: Money | null
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

export function keptOf(window: ComparedWindow): Kept {
  const why = whyUnknown(window)
  const cells = new Map<string, Cell>()
  for (const [key, { served, metered, input, output }] of sidesOf(window)) {
    const { model, gpuType } = namesOf(key)
    const list = window.price(model, gpuType)
    const amount = list === null ? null : priceOf(input, list.input).plus(priceOf(output, list.output))
    cells.set(key, { served, metered, amount, why })
  }
  const all = [...cells.values()]
  return {
    fromMs: window.fromMs,
    toMs: window.toMs,
    cells,
    total: { ...sumOf(all), why },
    nothing: { served: 0n, metered: 0n, amount: new Money(0), why },
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
  return servedGaps.slice(0, MOST_SHOWN_GAPS).join(' ') || 'What the servers served then is not wholly known.'
}

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
