import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Throttle } from '../../../shared/metering/throttles.ts'
import type { Usage, UsedStep } from './observed.ts'
import { prove, type ProofOptions } from './proof.ts'

const STEP = 10_000
const LAID = 1_000_000_000_000
const REPORTED = LAID + 5_000
const CAP = 600_000
const text = (ms: number) => new Date(ms).toISOString()
const NONE = { tpm: null, rpm: null, maxConcurrent: null }

function throttle(change: Partial<Throttle> = {}, inForce = 3, of = 3): Throttle {
  const limits = { ...NONE, tpm: CAP }
  return {
    id: 'thr-1',
    tenantId: 't',
    state: 'reported',
    version: 1,
    desired: { mode: 'cap', scope: { models: [], endpoints: [], keys: [] }, limits },
    reported: Array.from({ length: of }, (_, i) => ({
      gateway: `gw-${i}`,
      value: i < inForce ? limits : null,
      at: text(i < inForce ? REPORTED : LAID),
    })),
    reportedAt: text(REPORTED),
    idempotencyKey: null,
    reason: 'r',
    incidentId: null,
    createdBy: 'a',
    createdAt: text(LAID),
    expiresAt: text(LAID + 1_800_000),
    releasedAt: null,
    approval: null,
    breakGlass: null,
    ...change,
  }
}

/** @param per minute, before and after the throttle */
function usage(
  before: readonly [tokens: number, rejected: number | null],
  after: readonly [tokens: number, rejected: number | null],
  minutesAfter: number,
): Usage {
  const steps: UsedStep[] = []
  for (let at = LAID - 600_000; at < LAID + minutesAfter * 60_000; at += STEP) {
    const [tokens, rejected] = at < REPORTED - 5_000 ? before : after
    steps.push({ at, tokens: tokens / 6, requests: 10, rejected: rejected === null ? null : rejected / 6 })
  }
  return { stepMs: STEP, steps, until: LAID + minutesAfter * 60_000 }
}

const judged = (change: Partial<ProofOptions>) =>
  prove({
    throttle: throttle(),
    decidedAt: LAID,
    propagationMs: 10_000,
    streamsMs: 40_000,
    usage: usage([2_000_000, 0], [600_000, 300], 3),
    now: LAID + 190_000,
    instant: (at) => Date.parse(at),
    ...change,
  })

describe('the proof of a throttle', () => {
  it('is enforced once the rate is within the limit and rejections rise', () => {
    const proof = judged({})
    expect(proof.verdict).toBe('enforced')
    expect(proof.observed).toMatchObject({ state: 'observed', before: { tokens: 2_000_000 } })
    expect(proof.observed.at).toBeLessThanOrEqual(LAID + 80_000)
    expect(proof.reported).toMatchObject({ inForce: 3, at: REPORTED })
  })

  it.each<[string, Partial<ProofOptions>, string, string]>([
    [
      'without a rise of rejections',
      { usage: usage([2_000_000, 30], [600_000, 32], 3) },
      'untested',
      'untested',
    ],
    [
      'a limit above what is asked for',
      { usage: usage([300_000, 0], [300_000, 0], 3) },
      'untested',
      'untested',
    ],
    [
      'a rate above the limit, soon after',
      { usage: usage([2_000_000, 0], [2_000_000, 300], 3) },
      'reported',
      'early',
    ],
    [
      'a rate above the limit for good',
      { usage: usage([2_000_000, 0], [2_000_000, 300], 6), now: LAID + 400_000 },
      'disobeyed',
      'disobeyed',
    ],
    ['no usage', { usage: null }, 'reported', 'unmeasured'],
    [
      'rejections that are not counted',
      { usage: usage([2_000_000, null], [600_000, null], 3) },
      'reported',
      'unmeasured',
    ],
    ['a metering that lags', { usage: usage([2_000_000, 0], [600_000, 9], 0) }, 'reported', 'lagging'],
    [
      'too early',
      { usage: usage([2_000_000, 0], [600_000, 9], 0.5), now: LAID + 40_000 },
      'reported',
      'early',
    ],
    ['one gateway that lags', { throttle: throttle({ state: 'partial' }, 2) }, 'partial', 'observed'],
    [
      'no gateway at all, in time',
      { throttle: throttle({ state: 'applying' }, 0), now: LAID + 9_000 },
      'applying',
      'early',
    ],
    ['no gateway at all, too late', { throttle: throttle({ state: 'applying' }, 0) }, 'failed', 'early'],
    ['a back end that knows no gateways', { throttle: throttle({}, 0, 0) }, 'failed', 'early'],
    [
      'a second person who is waited for',
      { throttle: throttle({ state: 'pending_approval' }, 0) },
      'waiting',
      'early',
    ],
    ['the end', { throttle: throttle({ state: 'expired' }) }, 'expired', 'observed'],
  ])('%s', (_, change, verdict, observed) => {
    const proof = judged(change)
    expect([proof.verdict, proof.observed.state]).toEqual([verdict, observed])
  })

  it('does not take what a gateway had before a tightening for what was decided', () => {
    const loose = { ...NONE, tpm: 2 * CAP }
    const { reported } = throttle()
    const old = throttle({ reported: reported.map((each) => ({ ...each, value: loose })) })
    expect(judged({ throttle: old }).verdict).toBe('failed')
  })

  it('stays enforced through a minute above the limit once it was observed: queued work is served in waves', () => {
    const told = usage([2 * CAP, 0], [0.9 * CAP, 90], 10)
    const wave = told.steps.map((step) =>
      step.at >= LAID + 6 * 60_000 && step.at < LAID + 7 * 60_000
        ? { ...step, tokens: (1.4 * CAP) / 6 }
        : step,
    )
    for (const until of [6.5, 7, 7.5, 10]) {
      const seen = wave.filter(({ at }) => at < LAID + until * 60_000)
      const end = LAID + until * 60_000
      const proof = judged({ usage: { ...told, steps: seen, until: end }, now: end + 15_000 })
      expect([until, proof.verdict]).toEqual([until, 'enforced'])
    }
  })

  it('sees a gateway that stops obeying after it was observed', () => {
    const good = usage([2_000_000, 0], [600_000, 300], 4)
    const bad = usage([2_000_000, 0], [2_000_000, 300], 12).steps.filter(({ at }) => at >= good.until)
    const steps = [...good.steps, ...bad]
    const proof = judged({ usage: { ...good, steps, until: LAID + 720_000 }, now: LAID + 720_000 })
    expect(proof.verdict).toBe('disobeyed')
  })

  it('is never enforced unless all gateways report, the rate is within and rejections are counted', () => {
    const series = fc.tuple(fc.nat(3_000_000), fc.option(fc.nat(500), { nil: null }))
    fc.assert(
      fc.property(series, series, fc.nat(10), fc.nat(3), (before, after, minutes, inForce) => {
        const proof = judged({
          throttle: throttle({}, inForce),
          usage: usage(before, after, minutes),
          now: LAID + minutes * 60_000 + 10_000,
        })
        if (proof.verdict !== 'enforced') return
        expect(inForce).toBe(3)
        expect(minutes).toBeGreaterThan(0)
        expect(before[1]).not.toBeNull()
        expect(after[1] ?? 0).toBeGreaterThan(before[1] ?? 0)
        expect(after[0]).toBeLessThanOrEqual(Math.max(CAP * 1.1, before[0] * 0.02))
      }),
    )
  })
})
