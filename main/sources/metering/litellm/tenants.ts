import type { AnswerOf } from '../../../../shared/metering/operations.ts'
import type { Tenant } from '../../../../shared/metering/tenants.ts'
import { isSecretKey } from './names.ts'
import type { KeysPage, Team } from './schema.ts'

type Key = AnswerOf<'listKeys'>['keys'][number]

/** A team is a tenant. Its budget is money, so it is no quota of tokens; what it has bought is agreed elsewhere. */
export function tenantOf(team: Team): Tenant {
  return {
    id: team.team_id,
    name: team.team_alias || team.team_id,
    state: team.blocked === true ? 'blocked' : 'active',
    entitlement: { tokensPerSecond: null },
    limits: { tpm: team.tpm_limit, rpm: team.rpm_limit, maxConcurrent: team.max_parallel_requests },
    quotas: [],
  }
}

/**
 * Keys by their hash. A proxy that hashes nothing hands out the keys themselves; those are not taken over.
 * @param now of the proxy, ms
 * @returns `secrets`: how many were left out for that
 */
export function keysOf(
  keys: KeysPage['keys'],
  now: number,
): { readonly keys: readonly Key[]; readonly secrets: number } {
  const whole = keys.map((key) => (typeof key === 'string' ? { token: key } : key))
  return {
    secrets: whole.filter(({ token }) => isSecretKey(token)).length,
    keys: whole.filter(({ token }) => !isSecretKey(token)).map((key) => keyOf(key, now)),
  }
}

function keyOf(key: { token: string } | Exclude<KeysPage['keys'][number], string>, now: number): Key {
  const blank = {
    key_alias: '',
    key_name: '',
    blocked: null,
    expires: null,
    created_at: null,
    last_active: null,
  }
  const { token, key_alias, key_name, blocked, expires, created_at, last_active } = { ...blank, ...key }
  const isExpired = expires !== null && expires !== undefined && expires <= now
  return {
    id: token,
    // LiteLLM's own short form of a key (sk-...Ab12) shows its end, so the hash stands for it.
    name: [key_alias, key_name].find((name) => name !== '' && !isSecretKey(name)) ?? '',
    state: blocked === true ? 'blocked' : isExpired ? 'expired' : 'active',
    createdAt: instantOf(created_at),
    lastUsedAt: instantOf(last_active),
  }
}

function instantOf(ms: number | null | undefined): string | null {
  return ms === null || ms === undefined ? null : new Date(ms).toISOString()
}
