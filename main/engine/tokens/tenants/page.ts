import type { TenantDetail } from '../../../../shared/contract/tenants.ts'
import type { TokenOrigin } from '../../../../shared/contract/tokens.ts'
import { NOISE_PARTS, NOISE_WEIGHTS } from '../../../../shared/model/noise.ts'
import type { Dimension } from '../../../../shared/metering/capabilities.ts'
import type { Tenant } from '../../../../shared/metering/tenants.ts'
import type { Cube } from '../../../core/tokens/usage/cube/cube.ts'
import { noiseOf } from '../../../core/tokens/tenants/noise.ts'
import { quotaState } from '../../../core/tokens/tenants/quota.ts'
import type { RemoteTime } from '../../../platform/remoteClock.ts'
import { NO_RATES, noLatency } from '../answers/blank.ts'
import { excessOf } from './excess.ts'
import type { LatencyReader } from '../latency/figures.ts'
import { errorShareOf, shareOf, tokensOf } from '../usage/shares.ts'
import type { TenantFigures } from './figures.ts'
import { rateWindow } from '../windows.ts'

export interface TenantPageParts {
  readonly cube: Cube
  readonly figures: TenantFigures
  readonly latency: LatencyReader
  readonly backendClock: RemoteTime
  readonly origin: () => TokenOrigin
  readonly now: () => number
}

const MINUTE_S = 60

/** Everything about one tenant as it is now; null where neither the usage nor the list of tenants knows the name. */
export function tenantPage(parts: TenantPageParts, id: string): TenantDetail | null {
  const { cube, figures, latency, backendClock, origin, now } = parts
  const found = figures.find(id)
  if (found === null) return null
  const { tenant, noise: measured } = found
  const windowMs = rateWindow(cube.stepMs())
  const filters = { tenant: [id] }
  const rates = cube.reach() === null ? NO_RATES : cube.rates(filters, windowMs)
  const tokensPerSecond = tokensOf(rates)
  const entitled = tenant?.entitlement.tokensPerSecond ?? null
  const limits = tenant?.limits ?? { tpm: null, rpm: null, maxConcurrent: null }
  const noise = noiseOf({ ...measured, baselineMs: cube.times().length * cube.stepMs() })
  const gateway = latency.atGateway({ tenant: [id] }) ?? noLatency('')
  const trend = cube.trend(filters)
  return {
    at: now(),
    origin: origin(),
    id,
    name: tenant?.name ?? id,
    state: tenant?.state ?? 'unlisted',
    windowMs,
    rates,
    errorShare: errorShareOf(rates),
    share: measured.share,
    entitled,
    excess: excessOf(tokensPerSecond, entitled),
    limits,
    limitUse: {
      tpm: shareOf(perMinute(tokensPerSecond), limits.tpm),
      rpm: shareOf(perMinute(rates.requests), limits.rpm),
    },
    quotas: (tenant?.quotas ?? []).map((quota) => quotaRow(quota, tokensPerSecond, backendClock, now())),
    noise: noise.score,
    noiseParts: NOISE_PARTS.map((part) => ({
      part,
      value: noise.parts[part],
      weight: NOISE_WEIGHTS[part],
      text: noise.texts[part],
    })),
    latency: {
      duration: gateway.duration,
      timeToFirstToken: gateway.timeToFirstToken,
      interToken: gateway.interToken,
      note: gateway.note,
    },
    trend: {
      times: trend.times.map((time) => backendClock.toLocal(time)),
      input: [...trend.input],
      output: [...trend.output],
      rejected: [...trend.rejected],
    },
    models: breakdown(cube, 'model', filters, windowMs),
    endpoints: breakdown(cube, 'endpoint', filters, windowMs),
    gpuTypes: breakdown(cube, 'gpuType', filters, windowMs),
  }
}

/** The most that a screen lists of one tenant's models or endpoints. */
const MOST_PARTS = 100

function breakdown(
  cube: Cube,
  dimension: Dimension,
  filters: { readonly tenant: readonly string[] },
  windowMs: number,
): TenantDetail['models'] {
  return cube
    .rank(dimension, filters, windowMs, MOST_PARTS)
    .rows.map(({ name, rates, share }) => ({ name, rates, share }))
}

function quotaRow(
  quota: Tenant['quotas'][number],
  tokensPerSecond: number | null,
  backendClock: RemoteTime,
  now: number,
): TenantDetail['quotas'][number] {
  const { usedShare, exhaustsAt } = quotaState(quota, tokensPerSecond, backendClock.toRemote(now))
  return {
    name: quota.name,
    limit: quota.limit.toString(),
    used: quota.used.toString(),
    remaining: quota.remaining.toString(),
    usedShare,
    resetsAt: backendClock.readLocal(quota.resetsAt) ?? 0,
    exhaustsAt: exhaustsAt === null ? null : backendClock.toLocal(exhaustsAt),
  }
}

function perMinute(perSecond: number | null): number | null {
  return perSecond === null ? null : perSecond * MINUTE_S
}
