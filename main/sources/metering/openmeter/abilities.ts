import type { Group } from '../../../../shared/metering/capabilities.ts'
import type { MeteringSettings } from '../connection.ts'
import type { MeteringAbilities, MeteringAbility } from '../types.ts'
import type { Meter } from './schema.ts'

export type OpenmeterSettings = MeteringSettings['openmeter']

const MINUTE_MS = 60_000
/** Events are sent, queued and written before they are counted: so long after a minute its sum no longer reads low. */
export const LAG_MS = MINUTE_MS
/** It does not say how long it keeps events; what it no longer has comes back as nothing, so no more is promised. */
const RETENTION_MS = 366 * 86_400_000

/** The subject of an event is no group of the meter: every event has one. */
export const SUBJECT = 'subject'

const LACKS: readonly (readonly [MeteringAbility, string])[] = [
  ['key', 'OpenMeter does not know API keys.'],
  ['cachedInput', 'OpenMeter has no agreed name for cached input; inference servers may count it.'],
  ['reasoning', 'OpenMeter has no agreed name for reasoning tokens.'],
  ['rejected', 'OpenMeter counts what was used, not what was refused; ask the gateway for rejections.'],
  ['errors', 'OpenMeter does not know which requests failed; the inference servers do.'],
  ['errorTokens', 'OpenMeter does not know which tokens failed requests spent.'],
  ['latency', 'OpenMeter measures no latencies; the inference servers tell theirs, without tenants.'],
  ['capacity', 'OpenMeter does not know GPU-hours; they come from the floor.'],
  ['prices', 'The price list is not read from OpenMeter; economics: in floorwatch.yaml holds costs.'],
  ['quotas', 'Entitlements of OpenMeter are not read; see its own screens.'],
  ['limits', 'OpenMeter meters and enforces nothing: limits stand at the gateway.'],
  ['workflows', 'OpenMeter does not follow jobs; only sums are kept.'],
  ['statements', 'Bills are not read from OpenMeter; ask the billing system for what was charged.'],
  ['events', 'OpenMeter sends no events; changes show when it is asked the next time.'],
  ['throttle', 'OpenMeter meters and enforces nothing: limits are set elsewhere.'],
]

const DIMENSIONS = [
  ['tenant', 'tenants'],
  ['model', 'models'],
  ['endpoint', 'endpoints'],
  ['gpuType', 'GPU types'],
] as const satisfies readonly (readonly [Exclude<Group, 'key'>, string])[]

/** What the configured meters can tell; never more than their groups hold. */
export function abilitiesOf(settings: OpenmeterSettings, meter: Meter): MeteringAbilities {
  const lacks = new Map<MeteringAbility, string>(LACKS)
  const groups = new Set<Group>()
  for (const [dimension, names] of DIMENSIONS) {
    const group = settings.groups[dimension]
    if (group === null) {
      lacks.set(
        dimension,
        `No groupBy of the meter "${meter.slug}" is configured for ${names}; metering.openmeter.groups names it.`,
      )
    } else if (has(meter, group)) groups.add(dimension)
    else {
      lacks.set(dimension, `The meter "${meter.slug}" of OpenMeter has no groupBy "${group}" for ${names}.`)
    }
  }
  const wrong = aggregationProblem(meter)
  if (wrong !== null) lacks.set('liveUsage', wrong)
  else if (!has(meter, settings.typeGroup)) {
    lacks.set(
      'liveUsage',
      `The meter "${meter.slug}" of OpenMeter has no groupBy "${settings.typeGroup}", so it does not tell input from output; metering.openmeter.typeGroup names it.`,
    )
  }
  return {
    backend: 'OpenMeter',
    minStepMs: MINUTE_MS,
    lagMs: LAG_MS,
    retentionMs: RETENTION_MS,
    groups,
    lacks,
    throttle: null,
  }
}

/** Tokens add up: a meter that takes the mean or the largest of events cannot say how many there were. */
function aggregationProblem({ slug, aggregation }: Meter): string | null {
  if (aggregation.toUpperCase() === 'SUM') return null
  return `The meter "${slug}" of OpenMeter takes ${aggregation}, and tokens need SUM; metering.openmeter.tokens names another meter.`
}

function has(meter: Meter, group: string): boolean {
  return group === SUBJECT || Object.hasOwn(meter.groupBy ?? {}, group)
}
