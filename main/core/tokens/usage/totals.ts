import type { Charted, Measure, Totals } from '../../../../shared/model/tokens.ts'
import { MEASURES } from '../../../../shared/model/tokens.ts'
import type { UsageTable } from '../types.ts'

/** Exact totals of one row; a measure that the back end does not count is null. @param step index, or all of them */
export function sumTotals(table: UsageTable, row: number, step: number | 'all'): Totals {
  const steps = table.times.length
  const first = row * steps + (step === 'all' ? 0 : step)
  const end = step === 'all' ? first + steps : first + 1
  const sumOf = (measure: Measure): string | null => {
    const counts = table.counts[measure]
    if (counts === null) return null
    let sum = 0n
    for (let i = first; i < end; i++) sum += counts.exact(i)
    return sum.toString()
  }
  return totalsOf(sumOf)
}

/** Exact; a sum with a part that is not known is not known. */
export function addTotals(a: Totals, b: Totals): Totals {
  return totalsOf((measure) => {
    const left = a[measure]
    const right = b[measure]
    return left === null || right === null ? null : (BigInt(left) + BigInt(right)).toString()
  })
}

/** Of no usage at all: 0 of what the back end counts. */
export function zeroTotals({ counts }: Pick<UsageTable, 'counts'>): Totals {
  return totalsOf((measure) => (counts[measure] === null ? null : '0'))
}

/** Of a time of which nothing is known. */
export const UNKNOWN_TOTALS: Totals = totalsOf(() => null)

/** Input and output together; null where either is not counted. */
export function tokensIn({ input, output }: Pick<Totals, 'input' | 'output'>): bigint | null {
  return input === null || output === null ? null : BigInt(input) + BigInt(output)
}

function totalsOf(each: (measure: Measure) => string | null): Totals {
  return Object.fromEntries(MEASURES.map((measure) => [measure, each(measure)])) as Totals
}

/**
 * Per second, step by step: null for steps that are not wholly within the reach of the data, 0 for a step within it of
 * which the back end gave no point. All null where the measure is not counted.
 */
export function rateSeries(table: UsageTable, row: number, measure: Charted): (number | null)[] {
  const { times, toMs, counts } = table
  const parts = measure === 'tokens' ? [counts.input, counts.output] : [counts[measure]]
  return times.map((time, step) => {
    const end = times[step + 1] ?? toMs
    if (!isKnownStep(table, step)) return null
    let sum = 0
    for (const part of parts) {
      if (part === null) return null
      sum += part.approximate(row * times.length + step)
    }
    return (sum * 1000) / (end - time)
  })
}

/** Whether a step lies wholly within the reach of the data. */
export function isKnownStep({ times, toMs, dataAsOf }: UsageTable, step: number): boolean {
  const from = times[step] ?? toMs
  const end = times[step + 1] ?? toMs
  return end <= dataAsOf && end > from
}

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** Steps whose starts a person can name. */
const NICE_STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  DAY,
] as const

/**
 * The finest step that cuts a range into at most `maxPoints` and that the back end can answer: a multiple of its own,
 * at a size that a person can name. Beyond a day whole days, as many as are needed. ms
 */
export function fitStep(fromMs: number, toMs: number, maxPoints: number, minStepMs: number): number {
  const least = Math.max((toMs - fromMs) / Math.max(1, maxPoints), minStepMs)
  const nice = NICE_STEPS.find((step) => step >= least && step % minStepMs === 0)
  if (nice !== undefined) return nice
  const days = Math.ceil(least / DAY) * DAY
  return days % minStepMs === 0 ? days : Math.ceil(least / minStepMs) * minStepMs
}
