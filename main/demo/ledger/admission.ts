import type { Client } from './clients.ts'
import { callTokens } from './shapes.ts'
import type { LimitsOf } from './types.ts'

/** What a stream asks for now. */
export interface Asked {
  /** Per second. */
  readonly tokens: number
  /** Mean seconds that a call lasts. */
  readonly seconds: number
}

export interface Admissions {
  /** Part of each stream's calls that the limits let through, 0–1. */
  readonly parts: Float64Array
  update(limitsOf: LimitsOf, askedOf: (stream: number) => Asked): void
}

interface Wish {
  readonly stream: number
  /** In the unit of the limit. */
  readonly amount: number
  readonly limit: number
}

/** What gateways let through: token, request and concurrency limits, each shared by the streams that it holds for. */
export function createAdmissions(clients: readonly Client[]): Admissions {
  const parts = new Float64Array(clients.length).fill(1)
  const byTenant = [...Map.groupBy(clients.keys(), (stream) => clients[stream]?.tenant ?? '').values()]

  function updateTenant(streams: readonly number[], limitsOf: LimitsOf, askedOf: (stream: number) => Asked) {
    const wishes: Record<'tpm' | 'rpm' | 'maxConcurrent', Wish[]> = { tpm: [], rpm: [], maxConcurrent: [] }
    for (const stream of streams) {
      const client = clients[stream]
      if (client === undefined) continue
      const limits = limitsOf(client)
      parts[stream] = limits.block ? 0 : 1
      if (limits.block) continue
      const { tokens, seconds } = askedOf(stream)
      const calls = tokens / callTokens(client.shape)
      if (limits.tpm !== null) wishes.tpm.push({ stream, amount: tokens * 60, limit: limits.tpm })
      if (limits.rpm !== null) wishes.rpm.push({ stream, amount: calls * 60, limit: limits.rpm })
      if (limits.maxConcurrent !== null) {
        wishes.maxConcurrent.push({ stream, amount: calls * seconds, limit: limits.maxConcurrent })
      }
    }
    for (const kind of ['tpm', 'rpm', 'maxConcurrent'] as const) fit(wishes[kind], parts)
  }

  return {
    parts,
    update(limitsOf, askedOf) {
      for (const streams of byTenant) updateTenant(streams, limitsOf, askedOf)
    },
  }
}

/**
 * Cuts wishes to their limits, the lowest limit first: streams whose limit is no higher share it, and what they get
 * counts towards the higher ones.
 */
function fit(wishes: readonly Wish[], parts: Float64Array): void {
  const groups = [...Map.groupBy(wishes, (wish) => wish.limit)].toSorted(([a], [b]) => a - b)
  let granted = 0
  for (const [limit, group] of groups) {
    const wanted = group.reduce((sum, { stream, amount }) => sum + amount * (parts[stream] ?? 0), 0)
    const left = Math.max(0, limit - granted)
    const part = wanted <= left ? 1 : left / wanted
    for (const { stream } of group) parts[stream] = (parts[stream] ?? 0) * part
    granted += wanted * part
  }
}
