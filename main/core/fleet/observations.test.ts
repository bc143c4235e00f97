import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Completeness } from '../observation.ts'
import {
  fleetWith,
  gpu,
  gpuLabels,
  inventoryOf,
  rowOf,
  type Sample,
  scraper,
  SECOND,
  START,
} from './testkit.ts'
import { plainly } from '../../../test/support/plainly.ts'

/** What an answer proves and what it does not: only a complete one takes anything back. */

const WELL = { power: 400, gpuTemp: 60, gpuUtil: 80, smActive: 0.5 }
const CUT_OFF = { why: 'results truncated due to limit' }

/** Living boards: their energy counters move. */
let joules = 1e9
function living() {
  joules += 100
  return { ...WELL, energy: joules }
}

function hall(...slots: readonly number[]): Sample[] {
  return slots.flatMap((slot) => gpu('h-1', slot, living()))
}

describe('a partial answer', () => {
  it('takes no GPU and no figure away, however often it comes', () => {
    const fleet = fleetWith()
    const source = scraper(fleet, 'prometheus')
    source.answer(hall(0, 1, 2, 3), START)
    for (let s = 5; s <= 120; s += 5) {
      source.answer(hall(0, 1), START + s * SECOND, CUT_OFF)
      fleet.evaluate(START + s * SECOND)
    }
    expect(rowOf(fleet, 'h-1', 0)).toMatchObject({ state: 'ok', presence: 'unlisted' })
    const unheard = rowOf(fleet, 'h-1', 3)
    expect(unheard).toMatchObject({ state: 'stale', presence: 'unlisted', ageMs: 120 * SECOND })
    expect(unheard.conditions).toEqual(['stale'])
    expect([unheard.value('power'), unheard.figure('power')]).toEqual([400, 'stale'])
    expect(fleet.abnormal().critical).toBe(0)
  })

  it('is made good by the next complete one, which takes back what is really gone', () => {
    const fleet = fleetWith()
    const source = scraper(fleet, 'prometheus')
    source.answer(hall(0, 1, 2, 3), START)
    source.answer(hall(0, 1), START + 5 * SECOND, CUT_OFF)
    source.answer(hall(0, 1, 2), START + 10 * SECOND)
    fleet.evaluate(START + 30 * SECOND)
    expect([2, 3].map((slot) => rowOf(fleet, 'h-1', slot).presence)).toEqual(['unlisted', 'missing'])
  })

  it('at the very start makes no listed GPU missing', () => {
    const fleet = fleetWith({ inventory: inventoryOf({ 'h-1': 16 }) })
    const source = scraper(fleet, 'prometheus')
    for (let s = 0; s <= 300; s += 5) {
      source.answer(hall(0, 1), START + s * SECOND, CUT_OFF)
      fleet.evaluate(START + s * SECOND)
    }
    expect(fleet.findings().total).toBe(0)
    source.answer(hall(0, 1), START + 305 * SECOND)
    fleet.evaluate(START + 330 * SECOND)
    expect(fleet.abnormal().critical).toBe(14)
  })

  it('with nothing in it leaves the floor as it was', () => {
    const fleet = fleetWith()
    const source = scraper(fleet, 'exporter')
    source.answer(hall(0, 1), START)
    source.answer([], START + 5 * SECOND, { why: 'answers with nothing' })
    fleet.evaluate(START + 20 * SECOND)
    expect(rowOf(fleet, 'h-1', 1)).toMatchObject({ state: 'ok', presence: 'unlisted' })
  })
})

describe('an answer of which a part was not read', () => {
  /** Figures of GPU 0, of which the named ones are not read. */
  const partly = (figures: Record<string, number>, ...unread: string[]) => {
    const samples = gpu('h-1', 0, figures)
    return [samples, Uint8Array.from(Object.keys(figures), (id) => (unread.includes(id) ? 1 : 0))] as const
  }

  it('takes back what was read, and nothing else', () => {
    const fleet = fleetWith()
    const source = scraper(fleet, 'prometheus')
    source.answer(gpu('h-1', 0, { ...WELL, xid: 79 }), START)
    fleet.evaluate(START)
    expect(rowOf(fleet, 'h-1', 0).conditions).toContain('xid')
    for (let s = 5; s <= 60; s += 5) {
      const [samples, unread] = partly(
        { ...WELL, gpuTemp: Number.NaN, xid: 0, smActive: Number.NaN },
        'smActive',
      )
      source.answer(samples, START + s * SECOND, true, unread)
      fleet.evaluate(START + s * SECOND)
    }
    const row = rowOf(fleet, 'h-1', 0)
    expect(row.conditions).toEqual([])
    expect([row.figure('gpuTemp'), row.figure('smActive'), row.value('smActive')]).toEqual([
      'absent',
      'stale',
      0.5,
    ])
  })

  it('takes back what was read also where it may lack GPUs', () => {
    const fleet = fleetWith()
    const source = scraper(fleet, 'prometheus')
    source.answer(hall(0, 1), START)
    const figures = { ...WELL, energy: 1, gpuTemp: Number.NaN, power: Number.NaN }
    const [samples, unread] = partly(figures, 'power')
    source.answer(samples, START + 5 * SECOND, CUT_OFF, unread)
    fleet.evaluate(START + 20 * SECOND)
    const row = rowOf(fleet, 'h-1', 0)
    expect([row.figure('gpuTemp'), row.figure('power')]).toEqual(['absent', 'ok'])
    expect(rowOf(fleet, 'h-1', 1).figure('gpuTemp')).toBe('ok')
  })

  it('makes no GPU missing that it names, and each one that it does not name', () => {
    const fleet = fleetWith()
    const source = scraper(fleet, 'prometheus')
    const all = [0, 1].flatMap((slot) => gpu('h-1', slot, { fbUsed: 1000 }))
    source.answer([...all, ...gpu('h-1', 2, { fbUsed: 1000, power: 300 })], START)
    for (let s = 5; s <= 300; s += 5) {
      const named = gpu('h-1', 0, { fbUsed: Number.NaN })
      source.answer(named, START + s * SECOND, true, Uint8Array.of(1))
      fleet.evaluate(START + s * SECOND)
    }
    expect([0, 1, 2].map((slot) => rowOf(fleet, 'h-1', slot).presence)).toEqual([
      'unlisted',
      'missing',
      'missing',
    ])
    expect(rowOf(fleet, 'h-1', 0).conditions).toEqual(['stale'])
  })

  it('does not call a listed GPU missing that it names without a figure, and says why', () => {
    const fleet = fleetWith({ inventory: inventoryOf({ 'h-1': 2 }) })
    const source = scraper(fleet, 'exporter')
    for (let s = 0; s <= 120; s += 5) {
      const samples = [...gpu('h-1', 0, living()), ...gpu('h-1', 1, { power: Number.NaN })]
      source.answer(samples, START + s * SECOND, true, Uint8Array.of(0, 0, 0, 0, 0, 1))
      fleet.evaluate(START + s * SECOND)
    }
    expect(rowOf(fleet, 'h-1', 1).conditions).toEqual([])
    const why = fleet.gpu('h-1', 1)?.unit.readings.find(({ field }) => field === 'power')
    expect(why).toMatchObject({ state: 'absent', why: 'not read: timed out' })
  })
})

describe('a condition over a figure', () => {
  it.each([
    ['hot', { gpuTemp: 93 }],
    ['ecc', { eccDbe: 3 }],
    ['remapFailed', { remapFailure: 1 }],
    ['xid', { xid: 79 }],
  ] as const)(
    '%s stays while its figure is not read, and ends once it is read without it',
    (name, figure) => {
      const fleet = fleetWith()
      const source = scraper(fleet, 'exporter')
      source.answer(gpu('h-1', 0, { ...WELL, ...figure }), START)
      fleet.evaluate(START)
      expect(rowOf(fleet, 'h-1', 0).conditions).toContain(name)
      expect(fleet.findings().findings.find(({ kind }) => kind === name)).not.toHaveProperty('unreadSince')
      const without = Object.fromEntries(Object.entries(WELL).filter(([id]) => !(id in figure)))
      for (let s = 5; s <= 300; s += 5) {
        source.answer(gpu('h-1', 0, without), START + s * SECOND)
        fleet.evaluate(START + s * SECOND)
      }
      expect(rowOf(fleet, 'h-1', 0).conditions).toContain(name)
      const kept = fleet.findings().findings.find(({ kind }) => kind === name)
      expect(kept?.unreadSince).toBe(START)
      expect(fleet.gpu('h-1', 0)?.findings.find(({ kind }) => kind === name)?.unreadSince).toBe(START)
      const good = { gpuTemp: 50, eccDbe: 0, remapFailure: 0, xid: 0 }
      for (let s = 305; s <= 320; s += 5) {
        source.answer(gpu('h-1', 0, { ...without, ...good }), START + s * SECOND)
        fleet.evaluate(START + s * SECOND)
      }
      expect(rowOf(fleet, 'h-1', 0).conditions).toEqual([])
    },
  )
})

describe('staleness', () => {
  it.each([15, 60, 120])('is judged against samples of %i s, on the row and on each figure', (cadence) => {
    const fleet = fleetWith()
    const source = scraper(fleet, 'prometheus')
    const last = 6 * cadence
    for (let s = 0; s <= last + 2.4 * cadence; s += 5) {
      if (s % cadence === 0 && s <= last) source.answer(gpu('h-1', 0, living()), START + s * SECOND)
      fleet.evaluate(START + s * SECOND)
      // Two samples have to be seen before the pause between them is known.
      if (s > cadence) {
        expect(rowOf(fleet, 'h-1', 0).state).toBe('ok')
        expect(rowOf(fleet, 'h-1', 0).figure('power')).toBe('ok')
      }
    }
    fleet.evaluate(START + (last + Math.max(31, 2.5 * cadence + 1)) * SECOND)
    expect(rowOf(fleet, 'h-1', 0).state).toBe('stale')
  })

  it('of a slow source that is known to be silent does not wait for another sample', () => {
    const fleet = fleetWith()
    const source = scraper(fleet, 'exporter', undefined, 120 * SECOND)
    source.answer(gpu('h-1', 0, living()), START)
    fleet.evaluate(START + 100 * SECOND)
    expect(rowOf(fleet, 'h-1', 0).state).toBe('ok')
    fleet.release('exporter', 'connection refused')
    fleet.evaluate(START + 150 * SECOND)
    expect(rowOf(fleet, 'h-1', 0).state).toBe('stale')
    expect(rowOf(fleet, 'h-1', 0).figure('power')).toBe('stale')
    source.answer(gpu('h-1', 0, living()), START + 160 * SECOND)
    fleet.evaluate(START + 320 * SECOND)
    expect(rowOf(fleet, 'h-1', 0).state).toBe('ok')
  })

  it('of a slow source is not hidden by a fast one on another host', () => {
    const fleet = fleetWith()
    const fast = scraper(fleet, 'fast')
    const slow = scraper(fleet, 'slow', undefined, 60 * SECOND)
    slow.answer(gpu('h-2', 0, WELL), START)
    for (let s = 0; s <= 100; s += 5) {
      fast.answer(gpu('h-1', 0, living()), START + s * SECOND)
      fleet.evaluate(START + s * SECOND)
      expect(rowOf(fleet, 'h-2', 0).state).toBe('ok')
    }
  })
})

/** One answer of the source in the run of the property. */
const answer = fc.record({
  slots: fc.subarray([0, 1, 2, 3]),
  fields: fc.subarray(['power', 'gpuTemp', 'xid', 'eccDbe', 'remapFailure'] as const),
  complete: fc.boolean(),
  waitSeconds: fc.integer({ min: 1, max: 90 }),
  hot: fc.boolean(),
})

describe('property: whatever answers come', () => {
  it('no critical condition ends and no GPU turns missing unless its own field was read', () => {
    fc.assert(
      fc.property(fc.array(answer, { minLength: 1, maxLength: 40 }), (answers) => {
        const fleet = fleetWith()
        const source = scraper(fleet, 'source')
        const bad = { power: 400, gpuTemp: 95, xid: 79, eccDbe: 4, remapFailure: 1 }
        const good = { power: 400, gpuTemp: 40, xid: 0, eccDbe: 0, remapFailure: 0 }
        let now = START
        source.answer(
          [0, 1, 2, 3].flatMap((slot) => gpu('h-1', slot, bad)),
          now,
        )
        fleet.evaluate(now)
        /** Per slot, which fields were ever read as good, and whether a complete answer was without the GPU. */
        const read = [0, 1, 2, 3].map(() => new Set<string>())
        const lacked = [false, false, false, false]
        for (const { slots, fields, complete, waitSeconds, hot } of answers) {
          now += waitSeconds * SECOND
          const figures = Object.fromEntries(
            Object.entries(hot ? bad : good).filter(([id]) => fields.some((field) => field === id)),
          )
          const whole: Completeness = complete ? true : CUT_OFF
          source.answer(
            slots.flatMap((slot) => gpu('h-1', slot, figures)),
            now,
            whole,
          )
          for (const slot of [0, 1, 2, 3]) {
            const named = slots.includes(slot) && fields.length > 0
            if (complete && !named) lacked[slot] = true
            if (named && !hot) for (const field of fields) read[slot]?.add(field)
          }
          for (let s = 0; s <= 40; s += 5) fleet.evaluate(now + s * SECOND)
          now += 40 * SECOND
          for (const slot of [0, 1, 2, 3]) {
            const row = rowOf(fleet, 'h-1', slot)
            const ended = (
              [
                ['gpuTemp', 'hot'],
                ['xid', 'xid'],
                ['eccDbe', 'ecc'],
                ['remapFailure', 'remapFailed'],
              ] as const
            ).filter(([field, name]) => !row.conditions.includes(name) && !read[slot]?.has(field))
            expect(ended).toEqual([])
            if (!lacked[slot]) expect(row.presence).not.toBe('missing')
          }
        }
      }),
      { numRuns: 150 },
    )
  })
})

describe('a source that falls silent', () => {
  const eight = (): Sample[] => hall(0, 1, 2, 3, 4, 5, 6, 7)

  it('is not spoken for by a second one that brings a single board of its machine', () => {
    const fleet = fleetWith()
    const second = scraper(fleet, 'h:9401')
    scraper(fleet, 'h:9400').answer(eight(), START)
    fleet.release('h:9400', 'connection refused')
    for (let s = 5; s <= 200; s += 5) {
      second.answer(hall(0), START + s * SECOND)
      fleet.evaluate(START + s * SECOND)
    }
    expect(fleet.abnormal()).toEqual({ critical: 0, advisory: 1 })
    expect(rowOf(fleet, 'h-1', 3)).toMatchObject({ state: 'stale', presence: 'unlisted' })
  })

  it('is spoken for by whoever brings its machine: a code that is not told any more has ended', () => {
    const fleet = fleetWith()
    const counted = { xid: '79', window_size_in_ms: '300000' }
    scraper(fleet, '10.1.0.5:9400').answer(
      [...hall(0), ['DCGM_EXP_XID_ERRORS_COUNT', { ...gpuLabels('h-1', 0), ...counted }, 1]],
      START,
    )
    fleet.evaluate(START)
    expect(rowOf(fleet, 'h-1', 0).conditions).toContain('xid')
    fleet.release('10.1.0.5:9400', 'no longer a target')
    const young = scraper(fleet, '10.1.0.9:9400')
    for (let s = 5; s <= 60; s += 5) {
      young.answer(hall(0), START + s * SECOND)
      fleet.evaluate(START + s * SECOND)
    }
    expect(rowOf(fleet, 'h-1', 0).conditions).toEqual([])
  })
})

it('does not let a lingering series of an exchanged board take the slot back at a scrape a minute', () => {
  const fleet = fleetWith()
  const source = scraper(fleet, 'prometheus', undefined, 60 * SECOND)
  const board = (uuid: string, power: number) => gpu('h-1', 0, { power }, { UUID: uuid })
  source.answer(board('old', 100), START)
  for (let s = 60; s <= 480; s += 60) {
    const both = [...board('new', 600 + s), ...board('old', 100)]
    source.answer(s % 120 === 0 ? both : both.toReversed(), START + s * SECOND)
    fleet.evaluate(START + s * SECOND)
    expect(fleet.gpu('h-1', 0)?.uuid).toBe('new')
  }
  expect(plainly(fleet.events()).map(({ text }) => text)).toEqual([
    'Another board than before: UUID old is now new',
  ])
})
