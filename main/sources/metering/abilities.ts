import type { Capabilities, Group, LatencyKind } from '../../../shared/metering/capabilities.ts'
import type { MeteringAbilities, MeteringAbility } from './types.ts'

const GROUP_NAMES: Readonly<Record<Group, string>> = {
  tenant: 'tenants',
  model: 'models',
  endpoint: 'endpoints',
  gpuType: 'GPU types',
  key: 'keys',
}
export const LATENCY_NAMES: Readonly<Record<LatencyKind, string>> = {
  duration: 'the duration of requests',
  timeToFirstToken: 'the time to the first token',
  interToken: 'the time between tokens',
}
const DAY_MS = 86_400_000

/** What a back end of the Metering API says it can do, and what it lacks in plain words. */
export function abilitiesOf(capabilities: Capabilities): MeteringAbilities {
  const { backend, groups, tokenTypes, latencyKinds, calendarBuckets } = capabilities
  const who = [backend.name, backend.version].filter(Boolean).join(' ') || 'The metering'
  const lacks = new Map<MeteringAbility, string>()
  const lack = (ability: MeteringAbility, isThere: boolean, text: string) => {
    if (!isThere) lacks.set(ability, `${who} ${text}`)
  }
  for (const [group, names] of Object.entries(GROUP_NAMES) as [Group, string][]) {
    lack(group, groups.includes(group), `does not distinguish ${names}.`)
  }
  lack(
    'liveUsage',
    tokenTypes.includes('input') && tokenTypes.includes('output'),
    'does not count input and output tokens apart; what it counts can be had from its own screens only.',
  )
  lack(
    'cachedInput',
    tokenTypes.includes('cachedInput'),
    'does not count cached input apart from other input; inference servers may, see the served tokens.',
  )
  lack('reasoning', tokenTypes.includes('reasoning'), 'does not count reasoning apart from other output.')
  lack('errorTokens', capabilities.errorTokens, 'does not count the tokens that failed requests spent.')
  lack(
    'latency',
    latencyKinds.length > 0,
    'measures no latencies at the gateway; the inference servers tell theirs, without tenants.',
  )
  lack(
    'calendarBuckets',
    calendarBuckets.length > 0,
    'has no calendar of its own; hours, days and months are summed here from its steps.',
  )
  lack('workflows', capabilities.workflows, 'does not follow jobs; only single requests are counted.')
  lack(
    'statements',
    capabilities.statements,
    'has no statements to compare with; ask the billing system for what was charged.',
  )
  lack('events', capabilities.events, 'sends no events; changes show when it is asked the next time.')
  lack('throttle', capabilities.throttle !== null, 'meters and enforces nothing: limits are set elsewhere.')
  return {
    backend: who,
    minStepMs: capabilities.minStepSeconds * 1000,
    lagMs: capabilities.lagSeconds * 1000,
    retentionMs: capabilities.retentionDays * DAY_MS,
    groups: new Set(groups),
    lacks,
    throttle: capabilities.throttle,
  }
}
