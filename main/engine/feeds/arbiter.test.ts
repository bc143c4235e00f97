import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type ArbiterEvent,
  type ArbiterFacts,
  type ArbiterState,
  arbitrate,
  feedOf,
  startArbiter,
} from './arbiter.ts'

const both: ArbiterFacts = { prometheus: true, exporters: 128 }
const promOnly: ArbiterFacts = { prometheus: true, exporters: 0 }
const good: ArbiterEvent = { kind: 'answered', dataAgeMs: 2_000, cadenceMs: null }
const old: ArbiterEvent = { kind: 'answered', dataAgeMs: 240_000, cadenceMs: null }
const empty: ArbiterEvent = { kind: 'answered', dataAgeMs: null, cadenceMs: null }
const failed: ArbiterEvent = { kind: 'failed', text: 'connection refused' }
const tick: ArbiterEvent = { kind: 'tick' }
const WALL = 1_700_000_000_000

function instant(seconds: number) {
  return { at: seconds * 1000, wall: WALL + seconds * 1000 }
}

/** Events at five-second steps, the refresh of a usual site. */
function run(facts: ArbiterFacts, events: readonly ArbiterEvent[], stepSeconds = 5) {
  let state = startArbiter(instant(0))
  const paths = events.map((event, i) => {
    state = arbitrate(state, event, facts, instant((i + 1) * stepSeconds))
    return state.path
  })
  return { state, paths, reason: feedOf(state, facts, instant(events.length * stepSeconds)).reason }
}

describe('arbiter', () => {
  it.each<[string, ArbiterFacts, ArbiterEvent[], string[]]>([
    ['takes Prometheus with its first fresh answer', both, [good], ['prometheus']],
    ['bears one failure', both, [good, failed, good], ['prometheus', 'prometheus', 'prometheus']],
    ['leaves after two in a row', both, [good, failed, failed], ['prometheus', 'prometheus', 'direct']],
    ['tries the exporters at once where nothing is shown yet', both, [failed], ['direct']],
    ['leaves at once when the data is old', both, [good, old], ['prometheus', 'direct']],
    [
      'does not take a Prometheus without GPU series for a source',
      both,
      [good, empty, empty],
      ['prometheus', 'prometheus', 'direct'],
    ],
    [
      'returns after three good answers in a row',
      both,
      [failed, good, good, failed, good, good, good],
      ['direct', 'direct', 'direct', 'direct', 'direct', 'direct', 'prometheus'],
    ],
    ['does not return to old data', both, [failed, old, old, old, old], Array<string>(5).fill('direct')],
    ['has nothing without exporters', promOnly, [good, failed, failed], ['prometheus', 'prometheus', 'none']],
    [
      'takes the first answer again where there is no choice',
      promOnly,
      [failed, failed, good],
      ['none', 'none', 'prometheus'],
    ],
    ['keeps old figures where there is no choice', promOnly, [old, old], ['prometheus', 'prometheus']],
    ['goes direct without Prometheus', { prometheus: false, exporters: 4 }, [tick], ['direct']],
    ['is honest about nothing at all', { prometheus: false, exporters: 0 }, [tick], ['none']],
  ])('%s', (_, facts, events, paths) => {
    expect(run(facts, events).paths).toEqual(paths)
  })

  it('does not wait for the deadline of a hung Prometheus, neither at the start nor later', () => {
    let state = startArbiter(instant(0))
    state = arbitrate(state, tick, both, instant(2))
    expect(state.path).toBe('none')
    state = arbitrate(state, tick, both, instant(3))
    expect(state.path).toBe('direct')
    const later = run(both, [good]).state
    expect(arbitrate(later, tick, both, instant(32)).path).toBe('prometheus')
    expect(arbitrate(later, tick, both, instant(34)).path).toBe('direct')
  })

  it('turns when discovery finds exporters later, and back when they are gone', () => {
    const alone = run(promOnly, [good, failed, failed]).state
    expect(arbitrate(alone, tick, both, instant(16)).path).toBe('direct')
    const direct = run(both, [failed]).state
    expect(arbitrate(direct, tick, promOnly, instant(6)).path).toBe('none')
  })

  it('says why, in plain words', () => {
    expect(run(both, [good]).reason).toBe('Prometheus answers with fresh figures.')
    expect(run(both, [good, failed, failed]).reason).toBe(
      'Prometheus has given no figures for 10 s (connection refused); scraping 128 exporters directly.',
    )
    expect(run(both, [old]).reason).toBe(
      'The newest figure of Prometheus is 4 min old; scraping 128 exporters directly.',
    )
    expect(run(both, [failed, good]).reason).toContain('answered well 1 of 3 times')
    expect(run(promOnly, [failed, failed]).reason).toContain('no exporter is known to fall back to')
    expect(run(promOnly, [good, old]).reason).toContain('its newest figure is 4 min old')
    expect(run(both, [empty, empty]).reason).toContain('it answers, but has no GPU series')
  })

  it.each([30, 60, 120])('does not turn while samples of %i s age like a sawtooth', (cadence) => {
    const events = Array.from({ length: 400 }, (_, i): ArbiterEvent => {
      const dataAgeMs = ((i * 5) % cadence) * 1000
      return { kind: 'answered', dataAgeMs, cadenceMs: cadence * 1000 }
    })
    expect(new Set(run(both, events).paths)).toEqual(new Set(['prometheus']))
  })

  it('leaves once two and a half samples are lost, also of a slow one', () => {
    const lost = (seconds: number): ArbiterEvent => ({
      kind: 'answered',
      dataAgeMs: seconds * 1000,
      cadenceMs: 60_000,
    })
    expect(run(both, [lost(0), lost(150)]).paths.at(-1)).toBe('prometheus')
    expect(run(both, [lost(0), lost(151)]).paths.at(-1)).toBe('direct')
  })

  it('tells the second way from the only one', () => {
    expect(feedOf(startArbiter(instant(0)), both, instant(0)).fallback).toBe(true)
    expect(feedOf(startArbiter(instant(0)), promOnly, instant(0)).fallback).toBe(false)
  })

  it('decides as one who reads the whole log of answers each time', () => {
    const event = fc.oneof(
      fc.constant(tick),
      fc.constant(failed),
      fc.record({
        kind: fc.constant('answered' as const),
        dataAgeMs: fc.option(fc.integer({ min: 0, max: 200_000 })),
        cadenceMs: fc.constantFrom(null, 1_000, 15_000, 60_000),
      }),
    )
    const step = fc.record({ event, gap: fc.integer({ min: 0, max: 20_000 }), exporters: fc.nat(2) })
    fc.assert(
      fc.property(fc.boolean(), fc.array(step, { maxLength: 60 }), (prometheus, steps) => {
        let state: ArbiterState = startArbiter({ at: 0, wall: WALL })
        let at = 0
        const log: Logged[] = []
        for (const { event, gap, exporters } of steps) {
          at += gap
          const before = state
          const facts = { prometheus, exporters }
          const now = { at, wall: WALL + at }
          if (event.kind !== 'tick') log.push({ at, event })
          state = arbitrate(before, event, facts, now)
          expect(state.path).toBe(byTheLog(before.path, log, facts, at))
          expect(state.since).toBe(state.path === before.path ? before.since : now.wall)
          expect(feedOf(state, facts, now).reason).toMatch(/^[A-Z].*\.$/)
        }
      }),
      { numRuns: 500 },
    )
  })
})

interface Logged {
  readonly at: number
  readonly event: Exclude<ArbiterEvent, { kind: 'tick' }>
}

/**
 * The rules of docs/architecture.md in the plainest form: no counters, every question asked of the whole log. Two
 * useless answers in a row, or a newest sample that is too old, give Prometheus up; three fresh ones in a row bring it
 * back; without a second way old figures are kept while answers come.
 */
function byTheLog(
  path: string,
  log: readonly Logged[],
  facts: ArbiterFacts,
  at: number,
): 'prometheus' | 'direct' | 'none' {
  const carrying = log.flatMap(({ at: answeredAt, event }) =>
    event.kind === 'answered' && event.dataAgeMs !== null
      ? [{ answeredAt, dataAgeMs: event.dataAgeMs, cadenceMs: event.cadenceMs }]
      : [],
  )
  const last = carrying.at(-1)
  const limit = Math.max(30_000, 2.5 * (last?.cadenceMs ?? 0))
  const useless = (one: Logged) => one.event.kind === 'failed' || one.event.dataAgeMs === null
  const fresh = ({ event }: Logged) =>
    event.kind === 'answered' &&
    event.dataAgeMs !== null &&
    event.dataAgeMs <= Math.max(30_000, 2.5 * (event.cadenceMs ?? 0))
  const lastTwoUseless = log.length >= 2 && log.slice(-2).every(useless)
  const lastUseful = log.length > 0 && !useless(log.at(-1) as Logged)
  const silentTooLong = last !== undefined && at - last.answeredAt > limit
  const age = last === undefined ? 0 : at - last.answeredAt + last.dataAgeMs
  const current = age <= limit

  if (!facts.prometheus) return facts.exporters > 0 ? 'direct' : 'none'
  if (path === 'prometheus') {
    if (!lastTwoUseless && current) return 'prometheus'
    if (facts.exporters > 0) return 'direct'
    return lastTwoUseless || silentTooLong ? 'none' : 'prometheus'
  }
  if (path === 'direct') {
    if (log.length >= 3 && log.slice(-3).every(fresh) && current) return 'prometheus'
    if (facts.exporters > 0) return 'direct'
    return lastUseful ? 'prometheus' : 'none'
  }
  if (log.length > 0 && fresh(log.at(-1) as Logged) && current) return 'prometheus'
  if (facts.exporters > 0) return log.length > 0 || at >= 3_000 ? 'direct' : 'none'
  return lastUseful && !silentTooLong ? 'prometheus' : 'none'
}
