import { tokenSeries, type TenantExcess, workSeries } from './excess.ts'
import { meanOf, type Span } from './series.ts'
import type { LoadSeries } from './types.ts'

/** Of a tenant's growth, what a narrower scope has to explain. */
const EXPLAINED = 0.8

export interface Narrowed {
  readonly models: readonly string[]
  readonly endpoints: readonly string[]
  readonly keys: readonly string[]
  /** Of the tenant's growth on these servers, 0–1. */
  readonly share: number
  /** Tokens per minute in this scope, and as usual. */
  readonly tokensNow: number
  readonly tokensUsual: number
}

interface Part extends Pick<LoadSeries, 'model' | 'endpoint' | 'key'> {
  readonly growth: number
  readonly load: LoadSeries
}

/**
 * The narrowest scope within a tenant that explains four fifths of its growth: first by key, then by model, then by
 * endpoint, each only where the tenant has others too. Keys that are not known narrow nothing.
 * @param everywhere all that the tenant does, on other servers as well
 */
export function narrow(
  one: TenantExcess,
  everywhere: readonly LoadSeries[],
  minutes: number,
  { usual, burning }: { readonly usual: Span; readonly burning: Span },
): Narrowed {
  const parts: Part[] = one.series.map((load) => {
    const work = workSeries([load], minutes)
    const grown = zero(meanOf(work, burning)) - zero(meanOf(work, usual))
    return { model: load.model, endpoint: load.endpoint, key: load.key, growth: Math.max(0, grown), load }
  })
  const total = parts.reduce((sum, { growth }) => sum + growth, 0)
  const others = everywhere.filter(({ tenant }) => tenant === one.tenant)
  let kept = parts
  const chosen: Record<'models' | 'endpoints' | 'keys', readonly string[]> = {
    models: [],
    endpoints: [],
    keys: [],
  }
  for (const [list, of] of [
    ['keys', 'key'],
    ['models', 'model'],
    ['endpoints', 'endpoint'],
  ] as const) {
    // A growth of all kinds of which one is unknown is not of the known ones.
    if (kept.some((part) => part[of] === null && part.growth > 0)) continue
    const has = new Set(others.map((load) => load[of]))
    if (has.size < 2) continue
    const names = fewest(kept, of, EXPLAINED * total)
    if (names === null || names.length >= has.size) continue
    chosen[list] = names
    kept = kept.filter((part) => names.includes(part[of] as string))
  }
  const tokens = tokenSeries(
    kept.map(({ load }) => load),
    minutes,
  )
  return {
    ...chosen,
    share: total > 0 ? kept.reduce((sum, { growth }) => sum + growth, 0) / total : 0,
    tokensNow: zero(meanOf(tokens, burning)),
    tokensUsual: zero(meanOf(tokens, usual)),
  }
}

/** The fewest names, largest first, that have so much of the growth; null where more than two are needed. */
function fewest(parts: readonly Part[], of: 'key' | 'model' | 'endpoint', enough: number): string[] | null {
  const byName = new Map<string, number>()
  for (const part of parts) {
    const name = part[of]
    if (name !== null) byName.set(name, (byName.get(name) ?? 0) + part.growth)
  }
  const names: string[] = []
  let sum = 0
  for (const [name, growth] of [...byName].toSorted((a, b) => b[1] - a[1])) {
    if (sum >= enough) break
    names.push(name)
    sum += growth
  }
  return names.length > 0 && names.length <= 2 ? names.toSorted() : null
}

const zero = (value: number) => (value === value ? value : 0)
