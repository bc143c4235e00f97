import { describe, expect, it } from 'vitest'
import { sparkPath } from './Sparkline.tsx'
import { newestIndex, summarise } from './summary.ts'

describe('sparkPath', () => {
  it('draws a gap as a gap', () => {
    expect(sparkPath([1, 2, null, 3, 4]).match(/M/g)).toHaveLength(2)
  })

  it('draws nothing from fewer than two values', () => {
    expect(sparkPath([null, 7, Number.NaN])).toBe('')
  })

  it('stays inside its box for a flat line and for values beyond a fixed range', () => {
    for (const path of [sparkPath([5, 5, 5]), sparkPath([-50, 500], [0, 100])]) {
      const heights = [...path.matchAll(/,(-?[\d.]+)/g)].map(([, y]) => Number(y))
      expect(Math.min(...heights)).toBeGreaterThanOrEqual(0)
      expect(Math.max(...heights)).toBeLessThanOrEqual(24)
    }
  })
})

describe('summarise', () => {
  const times = [0, 60_000, 120_000]

  it('tells newest, lowest, highest and what is missing', () => {
    const text = summarise(
      'Power',
      times,
      [{ label: 'GPU 3', values: [300, null, 420] }],
      { unit: 'W' },
      'UTC',
    )
    expect(text.replaceAll('\u2009', ' ')).toBe(
      'Power, 00:00 to 00:02 UTC: GPU 3 420 W, between 300 W and 420 W, 1 of 3 points missing.',
    )
  })

  it('says so where there is nothing', () => {
    expect(summarise('Power', [], [], {}, 'UTC')).toBe('Power: no points.')
    expect(summarise('Power', times, [{ label: 'a', values: [null, null, null] }], {}, 'UTC')).toContain(
      'no values',
    )
    expect(newestIndex([null])).toBe(-1)
  })
})
