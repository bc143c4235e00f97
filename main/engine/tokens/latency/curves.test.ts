import { describe, expect, it } from 'vitest'
import type { RangeSeries } from '../../../sources/prometheus/index.ts'
import { curvesOf, readCurves } from './curves.ts'

const window = { fromMs: 0, toMs: 20_000, stepMs: 10_000 }

function line(labels: Record<string, string>, values: readonly number[]): RangeSeries {
  return {
    name: '',
    labels: new Map(Object.entries(labels)),
    times: Float64Array.from(values, (_, at) => at * 10_000),
    values: Float64Array.from(values),
  }
}

describe('readCurves', () => {
  it('reads every quantile from one set of buckets, whatever their order', () => {
    const { p50, p99, beyond } = readCurves(
      [line({ le: '+Inf' }, [10, 0, 10]), line({ le: '0.1' }, [8, 0, 0]), line({ le: '1.0' }, [10, 0, 10])],
      window,
    )
    expect(p50).toEqual([0.0625, null, 0.55])
    expect(p99[0]).toBeCloseTo(0.955, 9)
    expect(beyond).toBeNull()
  })

  it('leaves what was not observed open, and takes native quantiles where they are', () => {
    const { p50, p95 } = readCurves(
      [
        line({ le: '+Inf' }, [4, Number.NaN, 4]),
        line({ le: '2' }, [4, Number.NaN, 4]),
        line({ floorwatch_quantile: '0.5' }, [0.25, Number.NaN, Number.NaN]),
      ],
      window,
    )
    expect(p50).toEqual([0.25, null, 1])
    expect(p95[0]).toBeCloseTo(1.9, 9)
  })

  it('does not guess what lies above the last bound, and says so', () => {
    const { p50, p99, beyond } = readCurves(
      [line({ le: '1' }, [9, 9, 9]), line({ le: '+Inf' }, [10, 9, 10])],
      window,
    )
    expect(p99).toEqual([null, 0.99, null])
    expect(p50[0]).toBeLessThan(1)
    expect(beyond).toBe(1)
  })

  it('19: keeps only the bounds that all servers of an engine have, as the tile does', () => {
    const rows = { '0.5': 370, '1.0': 590, '5.0': 744, '10.0': 795, '20.0': 100, '2560.0': 100, '+Inf': 1000 }
    const { p50, p90, beyond } = readCurves(
      Object.entries(rows).map(([le, count]) => line({ le }, [count, count, count])),
      window,
    )
    expect(p90).toEqual([null, null, null])
    expect(p50[0]).toBeCloseTo(0.795, 2)
    expect(beyond).toBe(10)
    // Where one server counts nearly all, the counts do not fall: how many have the bound tells.
    const hidden = readCurves(
      [
        line({ le: '10' }, [800, 800, 800]),
        line({ le: '20' }, [850, 850, 850]),
        line({ le: '+Inf' }, [1000, 1000, 1000]),
        line({ le: '10', floorwatch_having: '1' }, [2, 2, 1]),
        line({ le: '20', floorwatch_having: '1' }, [1, 1, 1]),
        line({ le: '+Inf', floorwatch_having: '1' }, [2, 2, 1]),
      ],
      window,
    )
    expect(hidden.p90).toEqual([null, null, null])
    expect(hidden.beyond).toBe(20)
  })

  it('does not take what one engine counts above its last bound for slow on the scale of another', () => {
    const of = (engine: string, le: string, value: number) =>
      line({ le, floorwatch_engine: engine }, [value, value, value])
    const { p99, beyond } = readCurves(
      [
        of('0', '1', 90),
        of('0', '2560', 90),
        of('0', '+Inf', 90),
        of('1', '1', 10),
        of('1', '60', 10),
        of('1', '+Inf', 10),
      ],
      window,
    )
    expect(p99[0]).toBeLessThanOrEqual(1)
    expect(beyond).toBeNull()
  })

  it('does not count backwards where servers have different bounds', () => {
    const { p99 } = readCurves(
      [line({ le: '1' }, [5, 5, 5]), line({ le: '2' }, [3, 3, 3]), line({ le: '+Inf' }, [8, 8, 8])],
      window,
    )
    expect(p99.every((value) => value === null || value >= 0)).toBe(true)
  })
})

describe('curvesOf', () => {
  it('is null where there is no histogram', () => {
    expect(curvesOf([null, { bounds: [1], counts: [2, 0] }]).p50).toEqual([null, 0.5])
  })
})
