import { type Span, sumOf } from './series.ts'
import type { Suffers, TenantEvents } from './types.ts'

const MOST = 20

/** Tenants by their share of the bad events in a time, most first; null where the source knows no tenants. */
export function suffersOf(byTenant: readonly TenantEvents[] | null, span: Span): Suffers[] | null {
  if (byTenant === null) return null
  const sums = new Map<string, { bad: number; total: number }>()
  for (const { tenant, bad, total } of byTenant) {
    const sum = sums.get(tenant) ?? { bad: 0, total: 0 }
    sum.bad += sumOf(bad, span)
    sum.total += sumOf(total, span)
    sums.set(tenant, sum)
  }
  const all = [...sums.values()].reduce((sum, { bad }) => sum + bad, 0)
  return [...sums]
    .filter(([, { bad }]) => bad > 0)
    .map(([tenant, { bad, total }]) => ({ tenant, bad, total, share: bad / all }))
    .toSorted((a, b) => b.bad - a.bad || (a.tenant < b.tenant ? -1 : 1))
    .slice(0, MOST)
}
