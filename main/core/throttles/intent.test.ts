import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { message } from '../../../shared/messages/message.ts'
import {
  advance,
  type IntentEvent,
  type IntentState,
  isOpen,
  LEAST_READS,
  mayCall,
  outcomeIn,
  SETTLES_MS,
} from './intent.ts'

const WHY = message('throttles.intent.absent')
const BEGIN: IntentState = { step: 'intended' }

const event = fc.oneof(
  fc.constant({ kind: 'call' as const }),
  fc.constant({ kind: 'answer' as const, throttleId: 't', version: 1 }),
  fc.constant({ kind: 'refusal' as const, why: WHY }),
  fc.constant({ kind: 'lost' as const, why: WHY }),
  fc.constant({ kind: 'restart' as const }),
  fc.constant({ kind: 'found' as const, throttleId: 't', version: 1 }),
  fc.constant({ kind: 'absent' as const }),
  fc.constant({ kind: 'overtaken' as const }),
)
/** Events in any order, each some time after the one before it. */
const events = fc.array(fc.tuple(event, fc.nat(SETTLES_MS)), { maxLength: 30 }).map((list) => {
  let at = 0
  return list.map(([each, after]): IntentEvent => ({ ...each, at: (at += after) }))
})

function run(list: readonly IntentEvent[]): IntentState[] {
  let state = BEGIN
  return [BEGIN, ...list.map((each) => (state = advance(state, each)))]
}

describe('an intent, whatever happens in whatever order', () => {
  it('is called at most once', () => {
    fc.assert(
      fc.property(events, (list) => {
        const states = run(list)
        const calls = states.filter(
          (state, i) => state.step === 'calling' && states[i - 1]?.step !== 'calling',
        )
        expect(calls.length).toBeLessThanOrEqual(1)
        const called = states.findIndex(({ step }) => step === 'calling')
        if (called >= 0) expect(states.slice(called).some(mayCall)).toBe(false)
      }),
    )
  })

  it('stays stored or refused once it is', () => {
    fc.assert(
      fc.property(events, (list) => {
        const states = run(list)
        const left = ['stored', 'refused'].filter((end) => {
          const at = states.findIndex(({ step }) => step === end)
          return at >= 0 && states.slice(at).some(({ step }) => step !== end)
        })
        expect(left).toEqual([])
      }),
    )
  })

  it('is never given up before the time in which it may still arrive, unless it was never sent or overtaken', () => {
    fc.assert(
      fc.property(events, (list) => {
        const states = run(list)
        const given = states.findIndex(({ step }) => step === 'notApplied')
        if (given < 1) return
        const before = states[given - 1] ?? BEGIN
        const why = list[given - 1]
        if (before.step !== 'unknown' || why?.kind !== 'absent') {
          expect(before.step === 'intended' || why?.kind === 'overtaken').toBe(true)
        } else expect(why.at - before.since).toBeGreaterThanOrEqual(SETTLES_MS)
      }),
    )
  })

  it('is open until its end is known, and ends when it is looked for long enough', () => {
    fc.assert(
      fc.property(events, (list) => {
        const last = run(list).at(-1) ?? BEGIN
        const at = (list.at(-1)?.at ?? 0) + 2 * SETTLES_MS
        let after = advance(last, { kind: 'restart', at })
        for (let read = 0; read < LEAST_READS; read++) after = advance(after, { kind: 'absent', at })
        expect(isOpen(after)).toBe(false)
      }),
    )
  })

  it('is taken back when it arrives after it was given up', () => {
    const given = advance(
      { step: 'unknown', since: 0, why: WHY, reads: LEAST_READS - 1 },
      { kind: 'absent', at: SETTLES_MS },
    )
    expect(given.step).toBe('notApplied')
    expect(advance(given, { kind: 'found', at: SETTLES_MS + 1, throttleId: 't', version: 1 }).step).toBe(
      'stored',
    )
  })
})

describe('what a throttle says about a change of it', () => {
  const now = '2026-11-23T14:00:00Z'
  const throttle = (change: object = {}) => ({
    state: 'reported' as const,
    version: 2,
    expiresAt: now,
    desired: {
      mode: 'cap' as const,
      scope: { models: [], endpoints: [], keys: [] },
      limits: { tpm: 100, rpm: null, maxConcurrent: null },
    },
    ...change,
  })
  const wish = { limits: { tpm: 100, rpm: null, maxConcurrent: null }, expiresAt: Date.parse(now) }

  it.each([
    ['release', throttle({ version: 1 }), 'absent'],
    ['release', throttle({ state: 'released' }), 'found'],
    ['release', throttle({ state: 'expired' }), 'found'],
    ['release', throttle(), 'overtaken'],
    ['extend', throttle(), 'found'],
    ['extend', throttle({ expiresAt: '2026-11-23T13:59:59Z' }), 'overtaken'],
    ['extend', throttle({ state: 'released' }), 'overtaken'],
    ['extend', throttle({ version: 1 }), 'absent'],
    ['tighten', throttle(), 'found'],
    [
      'tighten',
      throttle({ desired: { ...throttle().desired, limits: { tpm: 101, rpm: null, maxConcurrent: null } } }),
      'overtaken',
    ],
  ] as const)('%s', (act, read, outcome) => {
    expect(outcomeIn(act, wish, 1, read)).toBe(outcome)
  })
})
