import { describe, expect, it } from 'vitest'
import type { BurnState, Objective } from '../../../shared/model/objective.ts'
import { recoveryOf } from './recovery.ts'

const HOUR = 3_600_000
const scope = { models: [], endpoints: ['chat'], keys: [] }

function objective(id: string, endpoint: string): Objective {
  return {
    id,
    name: id,
    kind: 'latency',
    latency: { kind: 'timeToFirstToken', thresholdMs: 500 },
    target: 0.95,
    scope: { endpoint },
    source: 'metering',
    windowDays: 30,
    pairs: [],
    minBad: 10,
  }
}

function state(objectiveId: string, change: Partial<BurnState> & { burn?: number } = {}): BurnState {
  const { burn = 10, ...rest } = change
  const long = { burn, good: 50, bad: 50, badLeast: 50, total: 100, coverage: 1 }
  return {
    objectiveId,
    at: 0,
    asOf: 0,
    knownFrom: 0,
    sli: { good: 90, bad: 10, badLeast: 10, total: 100 },
    pairs: [
      { longMs: HOUR, shortMs: HOUR / 12, factor: 14.4, severity: 'page', long, short: null, firing: true },
      {
        longMs: 6 * HOUR,
        shortMs: HOUR / 2,
        factor: 6,
        severity: 'page',
        long: null,
        short: null,
        firing: false,
      },
    ],
    budget: null,
    exhaustionMs: null,
    coverage: 1,
    state: 'page',
    since: 0,
    frozenSince: null,
    why: [],
    ...rest,
  }
}

describe('recoveryOf', () => {
  const objectives = [objective('chat', 'chat'), objective('chat-2', 'chat'), objective('code', 'code')]

  it('is of the objective in its reach that burned fastest, with the windows that are known', () => {
    const states = [state('chat'), state('chat-2', { burn: 12 }), state('code', { burn: 20 })]
    expect(recoveryOf(objectives, states, { scope })).toEqual({
      objective: 'chat-2',
      bad: 10,
      total: 100,
      allowed: expect.closeTo(0.05, 12),
      windows: [{ longMs: HOUR, burn: 12 }],
    })
    const everything = { models: [], endpoints: [], keys: [] }
    expect(recoveryOf(objectives, states, { scope: everything })?.objective).toBe('code')
  })

  it('says nothing where none alerts, or the last minutes are not known', () => {
    expect(recoveryOf(objectives, [state('chat', { state: 'ok' })], { scope })).toBeNull()
    expect(recoveryOf(objectives, [state('code')], { scope })).toBeNull()
    expect(recoveryOf(objectives, [state('chat', { sli: null })], { scope })).toBeNull()
    expect(recoveryOf(objectives, [state('gone')], { scope })).toBeNull()
    expect(recoveryOf(objectives, [state('chat', { state: 'resolved' })], { scope })).not.toBeNull()
  })
})
