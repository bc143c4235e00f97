import { describe, expect, it } from 'vitest'
import { MONDAY } from '../testing/series.ts'
import { POOLS } from './catalogue.ts'
import { createDemand, dayRhythm, trainingLoad } from './demand.ts'

const [busy] = POOLS.H100.deployments
if (busy === undefined) throw new Error('the H100 pool is empty')
const afternoon = { hour: 14.5, weekend: false }

function history(index: number, seed: number, seconds = 4 * 3600, hour = 14.5) {
  const demand = createDemand({ spec: busy ?? never(), capacity: 1000, pods: 1 }, index, seed, MONDAY)
  return Array.from({ length: seconds }, (_, s) =>
    demand.advance(1, MONDAY + s * 1000, { hour, weekend: false }),
  )
}
function never(): never {
  throw new Error('unreachable')
}

describe('dayRhythm', () => {
  it('is 1 at the peak, lowest twelve hours later, and less at weekends', () => {
    expect(dayRhythm(busy, { hour: busy.peakHour, weekend: false })).toBeCloseTo(1, 6)
    const night = dayRhythm(busy, { hour: (busy.peakHour + 12) % 24, weekend: false })
    expect(night).toBeGreaterThanOrEqual(busy.night)
    expect(night).toBeLessThan(busy.night + 0.05)
    const [, , code] = POOLS.H100.deployments
    if (code === undefined) throw new Error('no third deployment')
    expect(dayRhythm(code, { ...afternoon, weekend: true })).toBeLessThan(0.3 * dayRhythm(code, afternoon))
  })
})

describe('createDemand', () => {
  it('never serves more than the capacity nor less than nothing', () => {
    const loads = history(0, 5)
    expect(Math.max(...loads)).toBeLessThanOrEqual(1)
    expect(Math.min(...loads)).toBeGreaterThanOrEqual(0)
  })

  it('bursts: a bursty tenant is now and then far above what it usually asks for, and hardly ever full', () => {
    const loads = history(0, 5).toSorted((a, b) => a - b)
    const part = (share: number) => loads[Math.floor(share * (loads.length - 1))] ?? 0
    expect(part(0.98) / part(0.5)).toBeGreaterThan(1.25)
    expect(part(0.98)).toBeLessThan(1)
  })

  it('gives tenants histories of their own, and the same seed the same one', () => {
    expect(history(0, 5, 600)).toEqual(history(0, 5, 600))
    expect(history(0, 5, 600)).not.toEqual(history(1, 5, 600))
  })
})

describe('trainingLoad', () => {
  it('runs flat out but for a checkpoint every quarter hour', () => {
    const loads = Array.from({ length: 3600 }, (_, s) => trainingLoad(1, MONDAY + s * 1000))
    expect(loads.filter((load) => load < 0.5)).toHaveLength(4 * 38)
  })
})
