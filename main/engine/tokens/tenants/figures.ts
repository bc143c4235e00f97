import type { TenantsItem } from '../../../../shared/contract/tenants.ts'
import { NOISE_PARTS, type NoisePart, scoreOf } from '../../../../shared/model/noise.ts'
import type { TokenOrigin } from '../../../../shared/contract/tokens.ts'
import type { Tenant } from '../../../../shared/metering/tenants.ts'
import type { Measure } from '../../../../shared/model/tokens.ts'
import { type NoiseInput, noiseParts } from '../../../core/tokens/tenants/noise.ts'
import { tightestQuota } from '../../../core/tokens/tenants/quota.ts'
import type { RemoteTime } from '../../../platform/remoteClock.ts'
import { byName } from '../answers/blank.ts'
import { excessOf } from './excess.ts'
import { shareOf } from '../usage/shares.ts'
import type { SlowFacts } from '../slowFacts.ts'
import type { UsageLive } from '../usage/live.ts'
import { rateWindow } from '../windows.ts'

export interface TenantFacts {
  /** Null where usage names a tenant that the list does not hold. */
  readonly tenant: Tenant | null
  readonly noise: NoiseInput
}

interface Parts {
  readonly usage: Pick<UsageLive, 'cube' | 'revision'>
  readonly facts: SlowFacts
  readonly backendClock: RemoteTime
  readonly origin: () => TokenOrigin
  readonly now: () => number
}

/**
 * All tenants side by side: those that use something and those that are only listed. Put together when something has
 * changed and not for every screen, because there may be ten thousand.
 */
export class TenantFigures {
  readonly #parts: Parts
  #key = ''
  #originKey = ''
  #item: TenantsItem | null = null
  #facts = new Map<string, TenantFacts>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** The same object until a figure, the list or the state of the source changes. */
  item(): TenantsItem {
    this.#look()
    return this.#item as TenantsItem
  }

  find(id: string): TenantFacts | null {
    this.#look()
    return this.#facts.get(id) ?? null
  }

  #look(): void {
    const { usage, facts, origin } = this.#parts
    const known = origin()
    const key = `${usage.revision()} ${facts.revision()}`
    const originKey = JSON.stringify(known)
    if (key !== this.#key || this.#item === null) this.#item = this.#make(known)
    // During an outage the figures stay, and what is said of their age does not.
    else if (originKey !== this.#originKey) this.#item = { ...this.#item, origin: known }
    this.#key = key
    this.#originKey = originKey
  }

  #make(origin: TokenOrigin): TenantsItem {
    const { usage, facts, backendClock, now } = this.#parts
    const { cube } = usage
    const windowMs = rateWindow(cube.stepMs())
    const columns = cube.byTenant(windowMs)
    const listed = new Map((facts.tenants().value ?? []).map((tenant) => [tenant.id, tenant]))
    const place = new Map(columns.ids.map((id, i) => [id, i]))
    const ids = [...columns.ids, ...[...listed.keys()].filter((id) => !place.has(id))]
    /** A tenant that usage does not name used nothing, where usage is known at all. */
    const idle = cube.reach() === null ? null : 0
    const rateOf = (measure: Measure, id: string): number | null => {
      const column = columns.rates[measure]
      if (column === null) return null
      const at = place.get(id)
      return at === undefined ? idle : (column[at] as number)
    }
    const tokensOf = (id: string) => sumOf(rateOf('input', id), rateOf('output', id))
    const all = ids.reduce((sum, id) => sum + (tokensOf(id) ?? 0), 0)
    const using = ids.filter((id) => (tokensOf(id) ?? 0) > 0).length
    const ranked = ids
      .map((id) => ({ id, tokens: tokensOf(id) ?? -1 }))
      .toSorted((a, b) => b.tokens - a.tokens || (a.id < b.id ? -1 : 1))
      .map(({ id }) => id)

    this.#facts = new Map(
      ranked.map((id) => {
        const tokensPerSecond = tokensOf(id)
        const tenant = listed.get(id) ?? null
        const at = place.get(id)
        const noise: NoiseInput = {
          tokensPerSecond,
          share: shareOf(tokensPerSecond, all),
          tenants: using,
          entitled: tenant?.entitlement.tokensPerSecond ?? null,
          baseline: at === undefined ? idle : (columns.baseline[at] as number),
          requestsPerSecond: rateOf('requests', id),
          rejectedPerSecond: rateOf('rejected', id),
          errorTokensPerSecond: rateOf('errorTokens', id),
        }
        return [id, { tenant, noise }]
      }),
    )
    const of = <T>(pick: (facts: TenantFacts) => T): T[] => [...this.#facts.values()].map(pick)
    const at = backendClock.toRemote(now())
    const quotas = of(({ tenant, noise }) =>
      tenant === null ? null : tightestQuota(tenant.quotas, noise.tokensPerSecond, at),
    )
    const parts = of(({ noise }) => noiseParts(noise))
    return {
      at: now(),
      origin,
      windowMs,
      ids: ranked,
      names: of(({ tenant }) => tenant?.name ?? '').map((name, i) => name || (ranked[i] ?? '')),
      states: of(({ tenant }) => tenant?.state ?? 'unlisted'),
      tokensPerSecond: shown(of(({ noise }) => noise.tokensPerSecond)),
      inputPerSecond: shown(ranked.map((id) => rateOf('input', id))),
      outputPerSecond: shown(ranked.map((id) => rateOf('output', id))),
      requestsPerSecond: shown(of(({ noise }) => noise.requestsPerSecond)),
      share: shown(of(({ noise }) => noise.share)),
      entitled: of(({ noise }) => noise.entitled),
      excess: shown(of(({ noise }) => excessOf(noise.tokensPerSecond, noise.entitled))),
      tpmLimit: of(({ tenant }) => tenant?.limits.tpm ?? null),
      quotaUsed: shown(quotas.map((quota) => quota?.usedShare ?? null)),
      exhaustsAt: quotas.map((quota) =>
        quota === null || quota.exhaustsAt === null
          ? null
          : Math.round(backendClock.toLocal(quota.exhaustsAt)),
      ),
      rejectedPerSecond: shown(of(({ noise }) => noise.rejectedPerSecond)),
      errorTokensPerSecond: shown(of(({ noise }) => noise.errorTokensPerSecond)),
      noise: shown(parts.map(scoreOf)),
      noiseParts: byName(NOISE_PARTS, (part: NoisePart) => shown(parts.map((each) => each[part]))),
    }
  }
}

function sumOf(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b
}

/** A screen shows three digits of these; all that a double has would make ten thousand tenants three times as long. */
const DIGITS = 5

function shown(values: readonly (number | null)[]): (number | null)[] {
  return values.map((value) => {
    if (value === null || value === 0) return value
    const scale = 10 ** Math.max(0, DIGITS - 1 - Math.floor(Math.log10(Math.abs(value))))
    return Math.round(value * scale) / scale
  })
}
