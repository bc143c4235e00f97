import type { Query } from './transport/address.ts'
import type { MeteringAbility, UsageQuestion } from './types.ts'

/** Longer times are asked for by people, and their answers say nothing about the live figures, ms. */
const LIVE_MS = 60 * 60_000

/** A question that belongs to the live figures: short, and about everything. */
export function isLive({ fromMs, toMs, filters, top }: UsageQuestion): boolean {
  return toMs - fromMs <= LIVE_MS && top === null && Object.keys(filters).length === 0
}

export function dimensionsOf({
  groupBy,
  filters,
}: Pick<UsageQuestion, 'groupBy' | 'filters'>): MeteringAbility[] {
  const narrowed = Object.entries(filters).flatMap(([name, names]) => (names === undefined ? [] : [name]))
  return [...new Set([...groupBy, ...(narrowed as typeof groupBy)])]
}

export function usageQuery(question: UsageQuestion): Query {
  const { step, groupBy, filters, top } = question
  return {
    ...rangeQuery(question),
    ...('ms' in step ? { step: step.ms / 1000 } : { bucket: step.bucket, timezone: step.timezone }),
    groupBy: groupBy.join() || undefined,
    top: top ?? undefined,
    ...filterQuery(filters),
  }
}

export function rangeQuery({ fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }): Query {
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() }
}

export function filterQuery(filters: UsageQuestion['filters']): Query {
  for (const [name, names] of Object.entries(filters)) {
    // On the wire an empty list cannot be told from no list, which would ask for everything.
    if (names?.length === 0) throw new RangeError(`the filter by ${name} names nothing`)
  }
  return filters
}
