import { describe, expect, it } from 'vitest'
import { keysSchema, teamSchema } from './schema.ts'
import { keysOf, tenantOf } from './tenants.ts'

const NOW = Date.UTC(2026, 10, 24, 9)

describe('teams of LiteLLM', () => {
  it('are tenants, with limits and without quotas: budgets are money', () => {
    const team = {
      team_id: 't1',
      team_alias: 'ACME',
      tpm_limit: 1000,
      rpm_limit: 10.0,
      max_budget: 5,
      spend: 1,
      blocked: false,
    }
    expect(tenantOf(teamSchema.parse(team))).toEqual({
      id: 't1',
      name: 'ACME',
      state: 'active',
      entitlement: { tokensPerSecond: null },
      limits: { tpm: 1000, rpm: 10, maxConcurrent: null },
      quotas: [],
    })
  })

  it('go by their id where they have no name, and may be blocked', () => {
    const team = teamSchema.parse({
      team_id: 't1',
      team_alias: null,
      blocked: true,
      max_parallel_requests: 4,
    })
    expect(tenantOf(team)).toMatchObject({
      name: 't1',
      state: 'blocked',
      limits: { tpm: null, maxConcurrent: 4 },
    })
  })
})

describe('keys of LiteLLM', () => {
  const keys = (...all: unknown[]) => keysOf(keysSchema.parse({ keys: all, total_pages: 1 }).keys, NOW)

  it('go by their hash and alias', () => {
    const { keys: found, secrets } = keys(
      { token: 'f00d', key_alias: 'batch', key_name: 'sk-...Ab12', created_at: '2026-01-02T03:04:05Z' },
      {
        token: 'beef',
        key_alias: null,
        key_name: 'sk-...Cd34',
        blocked: true,
        expires: '2026-01-01T00:00:00',
      },
      { token: 'cafe', expires: '2026-11-24T08:59:59Z', last_active: 'never' },
      '0123abcd',
    )
    expect(secrets).toBe(0)
    expect(found).toEqual([
      { id: 'f00d', name: 'batch', state: 'active', createdAt: '2026-01-02T03:04:05.000Z', lastUsedAt: null },
      { id: 'beef', name: '', state: 'blocked', createdAt: null, lastUsedAt: null },
      { id: 'cafe', name: '', state: 'expired', createdAt: null, lastUsedAt: null },
      { id: '0123abcd', name: '', state: 'active', createdAt: null, lastUsedAt: null },
    ])
  })

  it('are left out and counted where they are the keys themselves', () => {
    const { keys: found, secrets } = keys(
      'sk-1234567890',
      { token: 'sk-abcdef' },
      { token: 'f00d', key_alias: 'sk-pasted' },
    )
    expect(secrets).toBe(2)
    expect(JSON.stringify(found)).not.toContain('sk-')
  })
})
