import { calendarBuckets } from '../../../core/tokens/usage/calendar.ts'
import type { UsageQuestion } from '../types.ts'

/** The steps that cover a question: their starts, ascending, and where the last one ends, ms. */
export interface UsageSteps {
  readonly times: readonly number[]
  readonly toMs: number
  /** Index of the step that starts there; -1 where none does. */
  indexOf(ms: number): number
}

/** The shortest that each can be, ms. */
const SHORTEST = { hour: 3_600_000, day: 20 * 3_600_000, month: 28 * 86_400_000 } as const

/** @throws RangeError for a zone that is none */
export function stepsOf({ fromMs, toMs, step }: Pick<UsageQuestion, 'fromMs' | 'toMs' | 'step'>): UsageSteps {
  if ('ms' in step) {
    const first = Math.floor(fromMs / step.ms) * step.ms
    const count = Math.max(0, Math.ceil((toMs - first) / step.ms))
    return {
      times: Array.from({ length: count }, (_, i) => first + i * step.ms),
      toMs: first + count * step.ms,
      indexOf(ms) {
        const index = (ms - first) / step.ms
        return Number.isInteger(index) && index >= 0 && index < count ? index : -1
      },
    }
  }
  const most = Math.ceil((toMs - fromMs) / SHORTEST[step.bucket]) + 2
  const buckets = calendarBuckets(step.bucket, most, step.timezone, toMs - 1).filter((b) => b.toMs > fromMs)
  const places = new Map(buckets.map((bucket, index) => [bucket.fromMs, index]))
  return {
    times: buckets.map((bucket) => bucket.fromMs),
    toMs: buckets.at(-1)?.toMs ?? toMs,
    indexOf: (ms) => places.get(ms) ?? -1,
  }
}
