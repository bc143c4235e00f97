import type { ServerRole } from '../../core/tokens/types.ts'
import type { Labels } from './identity.ts'

/**
 * Which part of a request a server has under disaggregated serving: SGLang says it of itself, Dynamo, llm-d and vLLM's
 * connectors by the labels that their charts give.
 */
export const ROLE_LABELS = [
  'engine_type',
  'dynamo_component',
  'llm_d_ai_role',
  'llm_d_role',
  'kv_role',
  'disaggregation_mode',
  'role',
] as const

const WORDS: Readonly<Record<ServerRole, RegExp>> = {
  prefill: /prefill|kv_producer/i,
  decode: /decode|kv_consumer/i,
}

/**
 * Dynamo's name of the decode worker, and of a worker that does both: where no prefill server stands beside it, nothing
 * comes of it (core/tokens/servedRoles.ts).
 */
const DYNAMO_DECODE = 'backend'

/** Null where no label says it, or one says both ("prefill-decode"). @param sets most specific first */
export function roleOf(...sets: readonly Labels[]): ServerRole | null {
  for (const labels of sets) {
    for (const name of ROLE_LABELS) {
      const value = labels.get(name) ?? ''
      if (name === 'dynamo_component' && value === DYNAMO_DECODE) return 'decode'
      const roles = (['prefill', 'decode'] as const).filter((role) => WORDS[role].test(value))
      const [role] = roles
      if (role !== undefined && roles.length === 1) return role
    }
  }
  return null
}

/** Labels by which routers name the server whose series they show again. */
export const ROUTED_LABELS = ['server', 'worker_addr', 'worker_url'] as const

/** vLLM's router and SGLang's gateway re-expose gauges and counters of their servers under the servers' own names. */
export function isRouted(labels: Labels): boolean {
  return ROUTED_LABELS.some((name) => /^(?:\w+:\/\/\S+|[\w.[\]:-]+:\d+)$/.test(labels.get(name) ?? ''))
}
