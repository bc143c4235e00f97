import type { TenantsItem } from '../../../../shared/contract/tenants.ts'
import { NOISE_PARTS } from '../../../../shared/model/noise.ts'

interface Row {
  readonly id: string
  readonly name?: string
  readonly state?: TenantsItem['states'][number]
  readonly tokens?: number | null
  readonly noise?: number | null
  readonly quotaUsed?: number | null
  readonly exhaustsAt?: number | null
  readonly excess?: number | null
  readonly rejected?: number | null
  readonly tpmLimit?: number | null
}

/** An item of a few tenants, for tests; what is left out is not known. */
export function itemOf(rows: readonly Row[], at = 1_000_000): TenantsItem {
  const column = (pick: (row: Row) => number | null | undefined): (number | null)[] =>
    rows.map((row) => pick(row) ?? null)
  const all = rows.reduce((sum, { tokens }) => sum + (tokens ?? 0), 0)
  return {
    at,
    origin: {
      state: 'ok',
      name: 'Metering API at metering:8080',
      text: null,
      nextStep: null,
      dataAsOf: at - 6000,
      lagAllowedMs: 60_000,
      missing: [],
      lacks: [],
      corrections: [],
    },
    windowMs: 60_000,
    ids: rows.map(({ id }) => id),
    names: rows.map(({ id, name }) => name ?? id),
    states: rows.map(({ state }) => state ?? 'active'),
    tokensPerSecond: column(({ tokens }) => tokens),
    inputPerSecond: column(({ tokens }) => (tokens == null ? null : tokens * 0.8)),
    outputPerSecond: column(({ tokens }) => (tokens == null ? null : tokens * 0.2)),
    requestsPerSecond: column(({ tokens }) => (tokens == null ? null : tokens / 4000)),
    share: column(({ tokens }) => (tokens == null || all === 0 ? null : tokens / all)),
    entitled: column(({ tokens, excess }) => (tokens == null || excess == null ? null : tokens - excess)),
    excess: column(({ excess }) => excess),
    tpmLimit: column(({ tpmLimit }) => tpmLimit),
    quotaUsed: column(({ quotaUsed }) => quotaUsed),
    exhaustsAt: column(({ exhaustsAt }) => exhaustsAt),
    rejectedPerSecond: column(({ rejected }) => rejected),
    errorTokensPerSecond: column(() => null),
    noise: column(({ noise }) => noise),
    noiseParts: Object.fromEntries(
      NOISE_PARTS.map((part) => [part, column(({ noise }) => noise)]),
    ) as TenantsItem['noiseParts'],
  }
}
