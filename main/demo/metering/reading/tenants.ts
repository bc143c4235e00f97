import type { AnswerOf } from '../../../../shared/metering/operations.ts'
import { AT, CELL_MS, DAY_MS, HOUR_MS, WIDTH } from '../../ledger/measures.ts'
import type { Account, QuotaSpec } from '../../ledger/types.ts'
import type { Handlers } from '../http/handler.ts'
import { accountOf, asOf, instant, page, type ReadingContext } from './context.ts'

type Quota = AnswerOf<'getQuotas'>['quotas'][number]

/** A key that was not used for so long counts as unused. */
const LAST_USE_HOURS = 24

/** Tenants, what they have bought and how much of it is used. */
export function createTenantHandlers(
  context: ReadingContext,
): Pick<Handlers, 'listTenants' | 'getQuotas' | 'listKeys'> {
  const { ledger } = context
  const quotasOf = createQuotas(context)

  return {
    listTenants({ query }) {
      const { entries, nextCursor } = page([...ledger.accounts.values()], 'tenants', query)
      return {
        body: {
          ...asOf(ledger),
          tenants: entries.map((account) => ({
            id: account.id,
            name: account.name,
            state: context.isBlocked(account.id) ? ('blocked' as const) : account.state,
            entitlement: { tokensPerSecond: account.entitled },
            limits: context.effective(account.id),
            quotas: quotasOf(account),
          })),
          nextCursor,
        },
      }
    },

    getQuotas: ({ params }) => ({
      body: { ...asOf(ledger), quotas: quotasOf(accountOf(context, params.id)) },
    }),

    listKeys({ params, query }) {
      const account = accountOf(context, params.id)
      const { entries, nextCursor } = page(account.keys, `keys/${account.id}`, query)
      return {
        body: {
          ...asOf(ledger),
          keys: entries.map(({ id, name, state, createdAt }) => ({
            id,
            name,
            state,
            createdAt: instant(createdAt),
            lastUsedAt: lastUse(context, account.id, id),
          })),
          nextCursor,
        },
      }
    },
  }
}

/** What is used of every quota, counted once per reach of the data. */
function createQuotas({ ledger }: ReadingContext): (account: Account) => Quota[] {
  const periods = ['day', 'month'] as const
  let countedAt = Number.NaN
  let used: Record<QuotaSpec['period'], ReadonlyMap<string, bigint>> = { day: new Map(), month: new Map() }

  function count(reach: number): void {
    if (reach === countedAt) return
    countedAt = reach
    used = Object.fromEntries(
      periods.map((period) => {
        const sums = new Float64Array(ledger.metered.length * WIDTH)
        ledger.history.add(sums, periodOf(period, reach).fromMs, reach)
        const byTenant = new Map<string, bigint>()
        ledger.metered.forEach(({ tenant }, stream) => {
          const at = stream * WIDTH
          const tokens = BigInt(sums[at + AT.input] ?? 0) + BigInt(sums[at + AT.output] ?? 0)
          byTenant.set(tenant, (byTenant.get(tenant) ?? 0n) + tokens)
        })
        return [period, byTenant]
      }),
    ) as unknown as typeof used
  }

  return (account) => {
    const reach = ledger.dataAsOf()
    count(reach)
    return account.quotas.map(({ name, period, limit }) => {
      const tokens = used[period].get(account.id) ?? 0n
      return {
        name,
        limit,
        used: tokens,
        remaining: tokens >= limit ? 0n : limit - tokens,
        resetsAt: instant(periodOf(period, reach).toMs),
      }
    })
  }
}

/** The calendar period in UTC that holds an instant. */
function periodOf(period: QuotaSpec['period'], atMs: number): { fromMs: number; toMs: number } {
  if (period === 'day') {
    const fromMs = Math.floor(atMs / DAY_MS) * DAY_MS
    return { fromMs, toMs: fromMs + DAY_MS }
  }
  const at = new Date(atMs)
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()]
  return { fromMs: Date.UTC(year, month, 1), toMs: Date.UTC(year, month + 1, 1) }
}

/** The newest step in which a key was used; beyond the last hours only the hour is looked for. */
function lastUse({ ledger }: ReadingContext, tenant: string, key: string): string | null {
  const only = [...ledger.metered.keys()].filter((stream) => {
    const spec = ledger.metered[stream]
    return spec?.tenant === tenant && spec.key === key
  })
  const sums = new Float64Array(ledger.metered.length * WIDTH)
  const isUsed = (fromMs: number, toMs: number) => {
    sums.fill(0)
    ledger.history.add(sums, fromMs, toMs, only)
    return only.some((stream) => (sums[stream * WIDTH + AT.requests] ?? 0) > 0)
  }
  if (only.length === 0) return null
  const reach = ledger.dataAsOf()
  for (let hours = 1; hours <= LAST_USE_HOURS; hours++) {
    const fromMs = reach - hours * HOUR_MS
    if (!isUsed(fromMs, fromMs + HOUR_MS)) continue
    let toMs = fromMs + HOUR_MS
    while (!isUsed(toMs - CELL_MS, toMs)) toMs -= CELL_MS
    return instant(toMs)
  }
  return null
}
