import type { Group } from '../../../../shared/metering/capabilities.ts'
import type { MeteringAbilities, MeteringAbility } from '../types.ts'
import { READING_MS } from './metrics.ts'

/** What is known of a proxy besides its counters. */
export interface Proxy {
  /** '' where it does not say; since 1.84 it tells its version to those with a key only. */
  readonly version: string
  /** `none`: it runs without one. `away`: it has one and cannot reach it now. */
  readonly database: 'connected' | 'away' | 'none'
}

const MINUTE_MS = 60_000
/** Totals by day are kept until somebody deletes them, so no end is known; no more is promised. */
const RETENTION_MS = 366 * 86_400_000

export const GROUPS = ['tenant', 'model', 'key'] as const satisfies readonly Group[]

export const NO_DATABASE =
  'LiteLLM runs without a database, so it keeps no teams, keys, days or single requests; give it a DATABASE_URL.'
export const NO_METRICS =
  'Newest usage comes from the counters of the proxy, and metering.litellm.metrics in floorwatch.yaml does not say where they are; totals by day are known without them.'

const LACKS: readonly (readonly [MeteringAbility, string])[] = [
  ['endpoint', 'LiteLLM does not distinguish endpoints in all of its figures; ask by model instead.'],
  [
    'gpuType',
    'LiteLLM does not know on which GPUs a model runs; the inference servers tell their GPU types.',
  ],
  [
    'reasoning',
    'LiteLLM counts reasoning in newer versions and not in its totals by day; where its counters or logs hold it, it is shown.',
  ],
  [
    'rejected',
    'LiteLLM counts refused requests (HTTP 429) among the failed ones in its totals by day; its counters and logs distinguish them.',
  ],
  ['errorTokens', 'LiteLLM counts no tokens of failed requests; the inference servers may have spent some.'],
  ['latency', 'Latencies are not read from LiteLLM; the inference servers tell theirs, without tenants.'],
  ['capacity', 'LiteLLM does not know GPU-hours; they come from the floor.'],
  ['quotas', 'Budgets of LiteLLM are money and no quotas of tokens; see its own screens.'],
  ['workflows', 'LiteLLM does not follow jobs; only single requests are counted.'],
  ['statements', 'LiteLLM writes no bills; ask the billing system for what was charged.'],
  ['events', 'LiteLLM sends no events; changes show when it is asked the next time.'],
  [
    'throttle',
    'Limits of LiteLLM are only shown here: it has none that ends by itself and none that is laid on a condition, so a throttle would stay in force if this console went away. Its own screens change limits.',
  ],
]

/** @param trouble why the counters cannot tell the newest usage; null where they can */
export function abilitiesOf(
  { version, database }: Proxy,
  counters: { readonly configured: boolean; readonly trouble: string | null },
): MeteringAbilities {
  const lacks = new Map<MeteringAbility, string>(LACKS)
  if (!counters.configured)
    lacks.set('liveUsage', database === 'none' ? `${NO_METRICS} ${NO_DATABASE}` : NO_METRICS)
  else if (counters.trouble !== null) lacks.set('liveUsage', counters.trouble)
  if (database === 'none') {
    lacks.set('tenants', NO_DATABASE)
    lacks.set('limits', NO_DATABASE)
  }
  return {
    backend: version === '' ? 'LiteLLM' : `LiteLLM ${version}`,
    minStepMs: counters.configured ? READING_MS : MINUTE_MS,
    lagMs: READING_MS,
    retentionMs: RETENTION_MS,
    groups: new Set<Group>(GROUPS),
    lacks,
    throttle: null,
  }
}
