import { describe, expect, it } from 'vitest'
import { slopeOf } from '../bench/statistics.ts'
import { judgeSoak, type SoakSample } from '../soak/sample.ts'

/** Two hours, a sample every half minute; what is given by hour, in MB. */
function soak(
  heap: (hours: number) => number,
  resident: (hours: number) => number = () => 300,
): SoakSample[] {
  return Array.from({ length: 240 }, (_, i) => {
    const hours = (i + 1) / 120
    return {
      hours,
      heapBytes: (heap(hours) + 0.2 * Math.sin(i)) * 1e6,
      externalBytes: 90e6,
      residentBytes: resident(hours) * 1e6,
    }
  })
}

describe('the verdict on a soak', () => {
  it('lets rings fill that are full before the end of the warm-up', () => {
    const verdict = judgeSoak(
      soak((hours) => 40 + 40 * Math.min(hours, 0.4)),
      0.5,
    )
    expect(verdict.failures).toEqual([])
    expect(verdict.heapSlope).toBeCloseTo(0, 1)
  })

  it('fails a heap that grows by two megabytes an hour, and says so', () => {
    const { failures, heapSlope } = judgeSoak(
      soak((hours) => 40 + 2 * hours),
      0.5,
    )
    expect(heapSlope).toBeCloseTo(2, 1)
    expect(failures.join()).toMatch(/the heap may grow by 2\.\d\d MB\/h/)
  })

  it('fails resident memory that leaves its level by more than 5 %', () => {
    const { failures } = judgeSoak(
      soak(
        () => 40,
        (hours) => 300 + 20 * hours,
      ),
      0.5,
    )
    expect(failures.join()).toMatch(/resident memory went to 10\d\.\d % of its level/)
  })
})

it('tells the slope of a line, and how sure it is', () => {
  const exact = slopeOf([0, 1, 2, 3].map((x) => ({ x, y: 3 * x + 1 })))
  expect([exact.slope, exact.lower, exact.upper]).toEqual([3, 3, 3])
  // Anscombe's first set: slope 0.5 with a standard error of 0.118, so 0.23 to 0.77 with 9 degrees of freedom.
  const x = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5]
  const y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68]
  const known = slopeOf(x.map((each, i) => ({ x: each, y: y[i] ?? 0 })))
  expect(known.slope).toBeCloseTo(0.5, 3)
  expect(known.lower).toBeCloseTo(0.233, 2)
  expect(known.upper).toBeCloseTo(0.767, 2)
  expect(() => slopeOf([{ x: 1, y: 1 }])).toThrow(RangeError)
})
