import { RETENTION_DAYS } from '../ledger.ts'
import { DAY_MS } from '../measures.ts'
import type { TokenSplit } from '../prices.ts'
import { SLOT_MS } from './plan.ts'

export const MEASURED = ['input', 'output', 'cachedInput', 'reasoning'] as const

/**
 * Budgets of slots that were lived, so that a job stays what it was when the grain of its usage gets coarser; before the
 * start they come from the formula again and again.
 */
export function createBudgets(sources: number, startMs: number) {
  const slotsPerDay = DAY_MS / SLOT_MS
  const days = new Map<number, Float64Array>()
  const place = (source: number, slot: number) => {
    const day = Math.floor(slot / slotsPerDay)
    return { day, at: ((slot - day * slotsPerDay) * sources + source) * MEASURED.length }
  }
  return {
    get(source: number, slot: number): TokenSplit | null {
      const { day, at } = place(source, slot)
      const column = days.get(day)
      if (column === undefined || Number.isNaN(column[at])) return null
      const [input = 0, output = 0, cachedInput = 0, reasoning = 0] = column.subarray(
        at,
        at + MEASURED.length,
      )
      return { input, output, cachedInput, reasoning }
    },
    set(source: number, slot: number, split: TokenSplit, endMs: number): TokenSplit {
      if (endMs <= startMs) return split
      const { day, at } = place(source, slot)
      let column = days.get(day)
      if (column === undefined) {
        column = new Float64Array(slotsPerDay * sources * MEASURED.length).fill(Number.NaN)
        days.set(day, column)
        if (days.size > RETENTION_DAYS) days.delete(days.keys().next().value ?? day)
      }
      MEASURED.forEach((measure, i) => {
        column[at + i] = split[measure]
      })
      return split
    },
  }
}
