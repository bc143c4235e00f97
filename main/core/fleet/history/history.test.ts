import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { historySchema, trendSchema } from '../../../../shared/contract/fleet.ts'
import type { FieldId } from '../../../../shared/model/field.ts'
import { bucketsOf, pick } from './downsample.ts'
import { createHistory } from './history.ts'
import { fleetWith, gpu, scraper, SECOND, START } from '../testkit.ts'

const FIELDS: FieldId[] = ['power', 'fbUsed', 'pcieTx', 'energy', 'smActive', 'gpuTemp']

function recorded(budgetBytes = 1e6) {
  const fleet = fleetWith()
  const exporter = scraper(fleet, 'a')
  const history = createHistory({ fields: FIELDS, budgetBytes })
  return {
    fleet,
    history,
    cut: (s: number, samples: ReturnType<typeof gpu>) => {
      exporter.answer(samples, START + s * SECOND)
      fleet.evaluate(START + s * SECOND)
      history.record(fleet.frame(FIELDS), fleet.topology())
    },
    read: (row: number, field: FieldId, maxPoints = 100) =>
      history.read({ rows: [row], fields: [field], fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, maxPoints }),
  }
}

describe('history', () => {
  it('keeps what half precision can hold after scaling: memory, PCIe and counters do not overflow', () => {
    const { cut, read } = recorded()
    cut(0, gpu('h-1', 0, { power: 700, fbUsed: 81_000, pcieTx: 55e9, energy: 123_456_789_012 }))
    const value = (field: FieldId) => read(0, field).series[0]?.values[0] ?? Number.NaN
    expect(value('power')).toBe(700)
    expect(Math.abs(value('fbUsed') - 81_000)).toBeLessThan(81_000 / 2048)
    expect(Math.abs(value('pcieTx') - 55e9)).toBeLessThan(55e9 / 2048)
    expect(Math.abs(value('energy') - 123_456_789_012)).toBeLessThan(123_456_789_012 * 1e-7)
    expect(historySchema.safeParse(read(0, 'power')).success).toBe(true)
  })

  it('shows a gap where a figure was not good, and warns about fields it does not keep', () => {
    const { cut, read } = recorded()
    cut(0, gpu('h-1', 0, { power: 100, smActive: 0.5 }))
    cut(5, gpu('h-1', 0, { power: 5000, smActive: 0.6 }))
    cut(10, gpu('h-1', 0, { power: 102, smActive: 0.7 }))
    expect(read(0, 'power').series[0]?.values).toEqual([100, null, 102])
    expect(read(0, 'power').stepMs).toBe(5 * SECOND)
    expect(read(0, 'xid').warnings).toHaveLength(1)
    expect(read(7, 'power').series[0]?.values).toEqual([null, null, null])
  })

  it('follows places when rows move', () => {
    const { cut, read } = recorded()
    cut(0, gpu('h-2', 0, { power: 200 }))
    cut(5, [...gpu('h-2', 0, { power: 201 }), ...gpu('h-1', 0, { power: 100 })])
    expect(read(0, 'power').series[0]?.values).toEqual([null, 100])
    expect(read(1, 'power').series[0]?.values).toEqual([200, 201])
  })

  it('stays within its budget and drops the oldest, also while the floor grows', () => {
    const { cut, history, read } = recorded(20_000)
    for (let i = 0; i < 400; i++) {
      const hosts = Array.from({ length: 1 + Math.floor(i / 40) }, (_, h) => gpu(`h-${h}`, 0, { power: i }))
      cut(i, hosts.flat())
      expect(history.extent().bytes).toBeLessThanOrEqual(20_000)
    }
    const kept = read(0, 'power', 4000).series[0]?.values ?? []
    expect(kept.at(-1)).toBe(399)
    expect(kept).toEqual(kept.map((_, i) => 400 - kept.length + i))
    expect(history.extent().cuts).toBe(kept.length)
  })

  it('takes no room for a field that no source brings', () => {
    const { cut, history, read } = recorded()
    for (let i = 0; i < 3; i++) cut(i * 5, gpu('h-1', 0, { power: 100 + i }))
    const before = history.extent().bytes
    expect(read(0, 'gpuTemp').series[0]?.values).toEqual([null, null, null])
    cut(15, gpu('h-1', 0, { power: 103, gpuTemp: 60 }))
    expect(history.extent().bytes).toBe(2 * before)
    expect(read(0, 'gpuTemp').series[0]?.values).toEqual([null, null, null, 60])
  })

  it('does not show an old figure in the place of a gap', () => {
    const { cut, history, read } = recorded(1)
    cut(0, gpu('h-1', 0, { power: 100, gpuTemp: 60 }))
    expect(history.extent().capacity).toBe(2)
    for (const s of [5, 10]) cut(s, gpu('h-1', 0, { power: 5000, gpuTemp: 61 }))
    expect(read(0, 'power').series[0]?.values).toEqual([null, null])
    expect(read(0, 'gpuTemp').series[0]?.values).toEqual([61, 61])
  })

  it('answers times of a window, ascending, and keeps nothing of a clock that steps back', () => {
    const { cut, history } = recorded()
    for (const s of [0, 5, 10, 7, 15]) cut(s, gpu('h-1', 0, { power: 100 + s }))
    const { times } = history.read({
      rows: [0],
      fields: ['power'],
      fromMs: START + 5 * SECOND,
      toMs: START + 12 * SECOND,
      maxPoints: 10,
    })
    expect(times).toEqual([START + 5 * SECOND, START + 10 * SECOND])
  })

  it('sums up the site for sparklines', () => {
    const { cut, history } = recorded()
    cut(0, [
      ...gpu('h-1', 0, { power: 100, smActive: 0.5, gpuTemp: 60 }),
      ...gpu('h-1', 1, { power: 300, smActive: 0, gpuTemp: 70 }),
    ])
    const trend = history.trend()
    expect(trendSchema.safeParse(trend).success).toBe(true)
    expect(trend).toEqual({
      times: [START],
      activity: [0.25],
      powerWatts: [400],
      present: [2],
      hottestCelsius: [70],
    })
  })
})

describe('downsampling', () => {
  it('loses neither the highest nor the lowest value, and never exceeds the points asked for', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            { weight: 9, arbitrary: fc.integer({ min: -1000, max: 1000 }) },
            { weight: 1, arbitrary: fc.constant(Number.NaN) },
          ),
          {
            minLength: 1,
            maxLength: 300,
          },
        ),
        fc.integer({ min: 2, max: 80 }),
        (values, maxPoints) => {
          const times = values.map((_, i) => i * 1000)
          const buckets = bucketsOf(times, maxPoints)
          const picked = pick(buckets, (i) => values[i] ?? Number.NaN)
          const good = values.filter((value) => !Number.isNaN(value))
          const shown = picked.filter((value) => value !== null)
          expect(picked).toHaveLength(buckets.times.length)
          expect(picked.length).toBeLessThanOrEqual(maxPoints)
          expect(buckets.times).toEqual(buckets.times.toSorted((a, b) => a - b))
          expect(shown.length > 0).toBe(good.length > 0)
          expect(Math.max(...shown)).toBe(Math.max(...good))
          expect(Math.min(...shown)).toBe(Math.min(...good))
        },
      ),
    )
  })
})
