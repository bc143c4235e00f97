import { createCalendar } from '../factory/calendar.ts'
import type { Factory } from '../factory/factory.ts'
import { createRandom, type Random } from '../factory/random.ts'
import { type Client, SURGING_TENANT } from './clients.ts'
import { DAY_MS, HOUR_MS } from './measures.ts'
import { expectedLoad } from './rhythm.ts'
import { callTokens } from './shapes.ts'
import type { Account, KeySpec, QuotaSpec } from './types.ts'

/**
 * The tenants and what they have bought, sized by what they usually take: most have room, meridian takes more than its
 * entitlement whenever it is busy, and a few will reach the end of their quota within the month.
 */
export function listAccounts(
  factory: Factory,
  clients: readonly Client[],
  startMs: number,
): ReadonlyMap<string, Account> {
  const weekly = weeklyLoads(factory, startMs)
  const { seed } = factory.options
  const accounts = [...Map.groupBy(clients, (client) => client.tenant)].map(([tenant, own]) => {
    const random = createRandom(seed, `account/${tenant}`)
    const rate = (kind: 'mean' | 'peak') =>
      own.reduce((sum, { deployment, share }) => {
        const { capacity } = factory.placement.deployments[deployment] ?? { capacity: 0 }
        return sum + share * capacity * (weekly[deployment]?.[kind] ?? 0)
      }, 0)
    const mean = rate('mean')
    const peak = rate('peak')
    const calls = own.reduce((sum, { share, shape }) => sum + share * callTokens(shape), 0)
    const perCall =
      calls /
      Math.max(
        1e-9,
        own.reduce((sum, { share }) => sum + share, 0),
      )
    return { mean, account: accountOf(tenant, own, { mean, peak, perCall }, startMs, random) }
  })
  return new Map(
    accounts.toSorted((a, b) => b.mean - a.mean).map(({ account }) => [account.id, account] as const),
  )
}

interface Use {
  /** Tokens per second over a week, and at the weekly peak. */
  readonly mean: number
  readonly peak: number
  readonly perCall: number
}

/** Tenants whose contract is smaller than what they take. */
const TIGHT: Readonly<Record<string, { readonly entitled: number; readonly quota: number }>> = {
  meridian: { entitled: 0.62, quota: 1.3 },
  'borealis-agents': { entitled: 0.85, quota: 0.95 },
  'helios-dev': { entitled: 1.05, quota: 1.08 },
}
/**
 * Token limits in relation to the usual peak where they are not the usual: two tenants were never given one that holds
 * them back, which is what an accident needs.
 */
const LOOSE: Readonly<Record<string, number>> = { 'borealis-agents': 6, [SURGING_TENANT]: 400 }

function accountOf(
  tenant: string,
  own: readonly Client[],
  { mean, peak, perCall }: Use,
  startMs: number,
  random: Random,
): Account {
  const large = mean > 1000
  const tight = TIGHT[tenant]
  const entitled = tight?.entitled ?? 0.95 + 0.5 * random.next()
  const quota = tight?.quota ?? 0.9 + 0.9 * random.next()
  const bought = large || random.next() < 0.6
  const quotas: QuotaSpec[] = [
    { name: 'Tokens per month', period: 'month', limit: round(mean * quota * 30 * 86_400) },
  ]
  if (!large && random.next() < 0.4) {
    quotas.push({
      name: 'Tokens per day',
      period: 'day',
      limit: round(mean * (1.4 + random.next()) * 86_400),
    })
  }
  const usual = tenant === 'meridian' ? 1.45 : 1.7 + random.next()
  const tpm = Number(round(peak * 60 * (LOOSE[tenant] ?? usual)))
  return {
    id: tenant,
    name: displayName(tenant),
    state: 'active',
    entitled: bought ? Number(round(peak * entitled)) : null,
    base: {
      tpm: Math.max(10_000, tpm),
      rpm: large ? null : Math.max(60, Number(round((tpm / perCall) * 1.5))),
      maxConcurrent: null,
    },
    quotas,
    keys: keysOf(tenant, own, startMs, random),
  }
}

function keysOf(tenant: string, own: readonly Client[], startMs: number, random: Random): KeySpec[] {
  const used = [...Map.groupBy(own, (client) => client.key)].map(([id, clients]) => {
    const days = Math.max(...clients.map((client) => client.days)) + 30 * random.next()
    const application = id.slice(tenant.length + 1)
    return { id, name: capital(application), state: 'active' as const, createdAt: dayBefore(startMs, days) }
  })
  // Keys are rotated; the old one stays in the list.
  const first = used[0]
  if (first === undefined || random.next() < 0.4) return used
  return [
    ...used,
    { ...first, id: `${first.id}-2024`, name: `${first.name}, rotated`, state: 'expired' as const },
  ]
}

/** Mean and peak of the expected load over a week, by deployment. */
function weeklyLoads({ placement, options }: Factory, startMs: number) {
  const localTime = createCalendar(options.timezone)
  const hours = Array.from({ length: 7 * 24 }, (_, i) => localTime(startMs - i * HOUR_MS))
  return placement.deployments.map(({ spec }) => {
    if (spec.kind !== 'serving') return { mean: 0, peak: 0 }
    const loads = hours.map((local) => expectedLoad(spec, local))
    return { mean: loads.reduce((a, b) => a + b, 0) / loads.length, peak: Math.max(...loads) }
  })
}

/** Contracts are made in round numbers: two significant digits. */
function round(value: number): bigint {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, value))) - 1)
  return BigInt(Math.max(1, Math.round(value / unit))) * BigInt(unit)
}

function displayName(tenant: string): string {
  return tenant.split('-').map(capital).join(' ')
}

function capital(word: string): string {
  return word === 'api' || word === 'hr' ? word.toUpperCase() : word.charAt(0).toUpperCase() + word.slice(1)
}

function dayBefore(startMs: number, days: number): number {
  return (Math.floor(startMs / DAY_MS) - Math.ceil(days)) * DAY_MS
}
