import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { message } from '../../../shared/messages/message.ts'
import { textOf } from '../../../shared/messages/format.ts'
import type { BurnState, Objective } from '../../../shared/model/objective.ts'
import { AlertTrail } from './alert.ts'
import { historyOf } from './history.ts'
import { type Minute, MINUTE_MS, MinuteLedger } from './ledger.ts'
import { stateOf } from './state.ts'
import { minute, minutes, objective } from './testing/objectives.ts'

const START = 30_000_000
const DAY = 1440
const MONTH = 30 * DAY

function watched(of: Objective, ...stretches: readonly Minute[][]): MinuteLedger {
  const ledger = new MinuteLedger(of.windowDays * DAY)
  for (const stretch of stretches) ledger.put(stretch)
  return ledger
}

function judged(of: Objective, ledger: MinuteLedger): BurnState {
  const end = ledger.end ?? 0
  const alert = new AlertTrail(of, ledger).at(end, 0)
  return stateOf(of, ledger, { now: end * MINUTE_MS, alert, bucket: null, trouble: [] })
}

const words = (state: BurnState) => state.why.map((each) => textOf(each)).join(' ')

describe('the examples of the SRE workbook', () => {
  // 99.9 % over 30 days: an error rate of 14.4 times the budget spends 2 % of it in an hour.
  const slo = objective({ target: 0.999 })

  it('pages after an hour at 14.4 times the budget, and 2 % of the budget is gone then', () => {
    const healthy = minutes(START, MONTH - 60, 10_000, 0)
    const state = judged(slo, watched(slo, healthy, minutes(START + MONTH - 60, 60, 10_000, 145)))
    expect(state.state).toBe('page')
    expect(state.pairs[0]?.long?.burn).toBeCloseTo(14.5, 6)
    expect(state.budget?.left).toBeCloseTo(1 - 0.02 * (14.5 / 14.4), 4)
    // What is left, at this rate.
    expect((state.exhaustionMs ?? 0) / 86_400_000).toBeCloseTo((30 * 0.97986) / 14.5, 2)
  })

  it('does not page at the factor itself, only beyond it', () => {
    const healthy = minutes(START, MONTH - 60, 10_000, 0)
    const state = judged(slo, watched(slo, healthy, minutes(START + MONTH - 60, 60, 10_000, 143)))
    expect(state.pairs[0]?.firing).toBe(false)
  })

  it('pages within a minute where everything fails', () => {
    const ledger = watched(slo, minutes(START, 2 * DAY, 1000, 0))
    const bad = (count: number) => {
      ledger.put(minutes(START + 2 * DAY, count, 1000, 1000))
      return judged(slo, ledger).state
    }
    expect([bad(1), bad(2)]).toEqual(['page', 'page'])
  })

  it('opens a ticket for a slow burn of three days that never pages', () => {
    const state = judged(slo, watched(slo, minutes(START, MONTH, 10_000, 11)))
    expect(state.state).toBe('ticket')
    expect(state.pairs.map(({ firing }) => firing)).toEqual([false, false, false, true])
  })

  it('is over soon after the failures stop, because the short window sees it', () => {
    const ledger = watched(slo, minutes(START, DAY, 10_000, 0), minutes(START + DAY, 60, 10_000, 300))
    expect(judged(slo, ledger).state).toBe('page')
    // By the 6 h pair it goes on until half an hour has passed.
    ledger.put(minutes(START + DAY + 60, 26, 10_000, 0))
    const over = judged(slo, ledger)
    expect(over.pairs[0]?.firing).toBe(false)
    ledger.put(minutes(START + DAY + 86, 10, 10_000, 0))
    const resolved = judged(slo, ledger)
    expect(['resolved', 'ticket']).toContain(resolved.state)
  })
})

describe('what is not known', () => {
  const slo = objective({ target: 0.99, pairs: objective().pairs.slice(0, 1) })
  const burning = [minutes(START, DAY, 100, 0), minutes(START + DAY, 30, 100, 60)]

  it('freezes an alert: it neither resolves nor is it forgotten, and goes on when figures come again', () => {
    const ledger = watched(slo, ...burning)
    const before = judged(slo, ledger)
    expect(before.state).toBe('page')
    ledger.giveUp(START + DAY + 40)
    const frozen = judged(slo, ledger)
    expect(frozen).toMatchObject({ state: 'page', since: before.since })
    expect(frozen.frozenSince).toBe((START + DAY + 32) * MINUTE_MS)
    expect(words(frozen)).toMatch(/^Frozen for 8 min: too little is known/)
    expect(frozen.sli).toBe(null)
    ledger.put(minutes(START + DAY + 40, 6, 100, 0))
    expect(judged(slo, ledger)).toMatchObject({ state: 'resolved', frozenSince: null })
  })

  it('is never good: a healthy objective becomes unknown', () => {
    const ledger = watched(slo, minutes(START, DAY, 100, 0))
    expect(judged(slo, ledger).state).toBe('ok')
    ledger.giveUp(START + DAY + 2)
    const state = judged(slo, ledger)
    expect(state).toMatchObject({ state: 'unknown', frozenSince: null })
    expect(words(state)).toContain('Too little is known to judge it: 60.0\u2009% of the last 5\u2009min.')
  })

  it('is neither good nor bad in the budget, and bounds it', () => {
    const ledger = watched(slo, minutes(START, 15 * DAY, 100, 0), minutes(START + 16 * DAY, 14 * DAY, 100, 1))
    const { budget, coverage } = judged(slo, ledger)
    expect(coverage).toBeCloseTo(29 / 30, 6)
    // Over what is measured.
    expect(budget?.left).toBeCloseTo(1 - 14 / 29, 6)
    // A day all bad is 100 of the 30 that a month may have.
    expect(budget?.leftWorst).toBeCloseTo(1 - (14 + 100) / 30, 6)
    expect(budget?.leftBest).toBeCloseTo(1 - 14 / 30, 6)
  })

  it('is said of an objective that no answer has come for', () => {
    const state = judged(slo, new MinuteLedger(MONTH))
    expect(state).toMatchObject({ state: 'unknown', sli: null, budget: null, coverage: 0, asOf: null })
    expect(words(state)).toBe('Nothing is known yet: the first answer is being waited for.')
  })

  it('counts a minute in part that a part of the servers told', () => {
    const part = Array.from({ length: 5 }, (_, i) => ({ ...minute(START + DAY + i, 70, 0), known: 7 / 9 }))
    const ledger = watched(slo, minutes(START, DAY, 100, 0), part)
    const short = judged(slo, ledger).pairs[0]?.short
    expect(short?.coverage).toBeCloseTo(7 / 9, 9)
    expect(judged(slo, ledger).state).toBe('ok')
  })
})

describe('little traffic', () => {
  const slo = objective({ target: 0.999 })

  it('does not page for two bad requests of five', () => {
    const ledger = watched(slo, minutes(START, 2 * DAY, 0, 0), [minute(START + 2 * DAY, 5, 2)])
    const state = judged(slo, ledger)
    expect(state.pairs[0]?.long?.burn).toBeCloseTo(400, 6)
    expect(state.state).toBe('pending')
    expect(words(state)).toContain('only 2 events were bad; it fires from 10 on')
  })

  it('is idle without any, never 100 %', () => {
    const ledger = watched(slo, minutes(START, DAY, 100, 0), minutes(START + DAY, 10, 0, 0))
    const state = judged(slo, ledger)
    expect(state.state).toBe('idle')
    expect(state.sli).toEqual({ good: 0, bad: 0, badLeast: 0, total: 0 })
    expect(state.pairs[0]?.short?.burn).toBe(null)
  })
})

describe('an objective that is watched for a short time', () => {
  const slo = objective({ target: 0.99 })

  it('has the windows that there are, and a budget that starts whole', () => {
    const state = judged(slo, watched(slo, minutes(START, 120, 100, 2)))
    expect(state.pairs.map(({ long }) => long?.burn)).toEqual(
      [2, 2, 2, 2].map((burn) => expect.closeTo(burn, 9)),
    )
    expect(state.coverage).toBe(1)
    expect(state.budget?.left).toBeCloseTo(1 - (2 * 120) / MONTH, 9)
    expect(words(state)).toContain('Known for only 2 h')
  })
})

describe('every figure', () => {
  const stretch = fc.record({
    length: fc.integer({ min: 1, max: 40 }),
    total: fc.integer({ min: 0, max: 50 }),
    bad: fc.integer({ min: 0, max: 4 }),
    kind: fc.constantFrom('measured', 'measured', 'unmeasured'),
  })
  const slo = objective({
    target: 0.9,
    windowDays: 1,
    minBad: 1,
    pairs: [
      { longMs: 60 * MINUTE_MS, shortMs: 5 * MINUTE_MS, factor: 5, severity: 'page' },
      { longMs: 360 * MINUTE_MS, shortMs: 30 * MINUTE_MS, factor: 2, severity: 'ticket' },
    ],
  })

  it('is what counting the raw events one by one gives', () => {
    fc.assert(
      fc.property(fc.array(stretch, { minLength: 1, maxLength: 20 }), (stretches) => {
        const events: { at: number; bad: boolean }[] = []
        const known = new Set<number>()
        const ledger = new MinuteLedger(DAY)
        let at = START
        for (const { length, total, bad, kind } of stretches) {
          for (let i = 0; i < length; i++, at++) {
            if (kind === 'unmeasured') {
              ledger.giveUp(at + 1)
              continue
            }
            const wrong = Math.min(total, bad)
            known.add(at)
            for (let e = 0; e < total; e++) events.push({ at, bad: e < wrong })
            ledger.put([minute(at, total, wrong)])
          }
        }
        const end = ledger.end
        if (end === null) return
        const first = Math.max(Math.min(...known), end - DAY)
        const state = judged(slo, ledger)
        for (const { longMs, shortMs, long, short } of state.pairs) {
          for (const [ms, burn] of [
            [longMs, long],
            [shortMs, short],
          ] as const) {
            const from = Math.max(first, end - ms / MINUTE_MS)
            const inside = events.filter((event) => event.at >= from && event.at < end)
            const bad = inside.filter((event) => event.bad).length
            const covered = [...known].filter((each) => each >= from && each < end).length / (end - from)
            expect(burn?.total).toBe(inside.length)
            expect(burn?.bad).toBe(bad)
            expect(burn?.coverage).toBeCloseTo(covered, 9)
            const expected = covered < 0.75 || inside.length === 0 ? null : bad / inside.length / 0.1
            if (expected === null) expect(burn?.burn).toBe(null)
            else expect(burn?.burn).toBeCloseTo(expected, 9)
          }
        }
        const { budget } = state
        if (budget !== null) {
          expect(budget.leftWorst).toBeLessThanOrEqual(budget.left + 1e-9)
          expect(budget.leftBest).toBeGreaterThanOrEqual(budget.left - 1e-9)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('is the same minute by minute as all at once, also where minutes came late', () => {
    fc.assert(
      fc.property(
        fc.array(stretch, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 50 }),
        (stretches, back) => {
          const ledger = new MinuteLedger(DAY)
          const trail = new AlertTrail(slo, ledger)
          let at = START
          const put: Minute[] = []
          for (const { length, total, bad, kind } of stretches) {
            for (let i = 0; i < length; i++, at++) {
              if (kind === 'measured') put.push(minute(at, total, Math.min(total, bad)))
              ledger.giveUp(at + 1)
              const fresh = kind === 'measured' ? ledger.put(put.slice(-1)) : []
              const changed = Math.min(at, ...fresh.map((one) => one.at / MINUTE_MS))
              trail.at(ledger.end ?? at, changed)
            }
          }
          const late = Math.max(START, at - back)
          const fresh = ledger.put([minute(late, 50, 50)])
          const end = ledger.end ?? at
          const followed = trail.at(end, fresh.length === 0 ? end : late)
          expect(followed).toEqual(new AlertTrail(slo, ledger).at(end, 0))
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('the burn-down', () => {
  const slo = objective({ target: 0.99 })

  it('ends at the figure of the tile, and never seems to recover', () => {
    const ledger = watched(
      slo,
      minutes(START, 10 * DAY, 50, 0),
      minutes(START + 10 * DAY, DAY, 50, 5),
      minutes(START + 12 * DAY, 18 * DAY, 50, 0),
    )
    const state = judged(slo, ledger)
    const { points } = historyOf(slo, ledger, START * MINUTE_MS, (START + MONTH) * MINUTE_MS, 200)
    expect(points.length).toBeLessThanOrEqual(201)
    expect(points.at(-1)?.budget?.left).toBeCloseTo(state.budget?.left ?? Number.NaN, 12)
    expect(points.at(-1)?.budget?.leftWorst).toBeCloseTo(state.budget?.leftWorst ?? Number.NaN, 12)
    const lefts = points.map(({ budget }) => budget?.left ?? Number.NaN)
    for (const [i, left] of lefts.entries()) expect(left).toBeLessThanOrEqual((lefts[i - 1] ?? 1) + 1e-12)
    expect(points.reduce((sum, { bad }) => sum + bad, 0)).toBe(state.budget?.bad)
    expect(points.reduce((sum, { known }) => sum + known, 0)).toBe(29 * DAY)
  })
})

it('says in words how fast it burns, how long the budget lasts, and by which bucket', () => {
  const slo = objective({
    target: 0.95,
    kind: 'latency',
    latency: { kind: 'timeToFirstToken', thresholdMs: 500 },
  })
  const ledger = watched(
    slo,
    minutes(START, MONTH - 60, 50, 1),
    Array.from({ length: 60 }, (_, i) => minute(START + MONTH - 60 + i, 100, 75, 60)),
  )
  const end = ledger.end ?? 0
  const alert = new AlertTrail(slo, ledger).at(end, 0)
  const state = stateOf(slo, ledger, {
    now: end * MINUTE_MS,
    alert,
    bucket: { used: 0.4, next: 0.6 },
    trouble: [message('general.said', { text: '2 of 9 servers do not answer.' })],
  })
  expect(state.why.map((each) => textOf(each).replaceAll('\u2009', ' '))).toEqual([
    '15.0× over 1 h and 5 min: 4,500 of 6,000 were bad in the longer one. It fires above 14.4×.',
    '2 of 9 servers do not answer.',
    expect.stringMatching(/^At this rate what is left of the budget \(5\d\.\d %\) is gone in 2\d h\.$/),
    '25.0 % were good in the last 5 min (375 of 500 bad); the target is 95 %.',
    'Bucket used: 400 ms.',
    'Up to 600 ms it would be 40.0 %: the threshold 500 ms lies between two buckets.',
  ])
})
