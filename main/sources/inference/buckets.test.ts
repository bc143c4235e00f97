import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countOf, quantile } from '../../core/tokens/latency/quantile.ts'
import { boundOf, fromCumulative, fromNative } from './buckets.ts'

describe('fromCumulative', () => {
  it('reads buckets in any order and in another unit', () => {
    expect(fromCumulative([Infinity, 100, 1000], [9, 4, 7], 0.001)).toEqual({
      bounds: [0.1, 1],
      counts: [4, 3, 2],
    })
  })

  it('gives nothing without a readable bucket', () => {
    expect(fromCumulative([], [])).toBeNull()
    expect(fromCumulative([Number.NaN, 1], [3, Number.NaN])).toBeNull()
  })

  it('gives nothing without +Inf, as Prometheus does: how many there were in all is not known', () => {
    expect(fromCumulative([1, 2, 5], [10, 12, 13])).toBeNull()
    expect(fromCumulative([1, Infinity], [10, Number.NaN])).toBeNull()
  })

  it('adds what stands at one bound in two spellings, as Prometheus does', () => {
    const bounds = ['0.5', '1', '1.0', '+Inf'].map(boundOf)
    expect(fromCumulative(bounds, [100, 60, 40, 200])).toEqual({ bounds: [0.5, 1], counts: [100, 0, 100] })
    expect(fromCumulative([...bounds, Infinity], [40, 60, 40, 150, 50])).toEqual({
      bounds: [0.5, 1],
      counts: [40, 60, 100],
    })
  })

  it('never counts below zero and keeps the largest count as the total', () => {
    const buckets = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.nat(1000)), {
      selector: ([bound]) => bound,
      minLength: 1,
    })
    fc.assert(
      fc.property(buckets, (all) => {
        const histogram = fromCumulative(
          [...all.map(([bound]) => bound), Infinity],
          [...all.map(([, count]) => count), 0],
        )
        if (histogram === null) throw new Error('nothing read')
        expect(histogram.counts.every((count) => count >= 0)).toBe(true)
        expect(countOf(histogram)).toBe(Math.max(...all.map(([, count]) => count)))
      }),
    )
  })
})

describe('fromNative', () => {
  const bucket = (left: number, right: number, count: number) => ({ left, right, count })

  it('keeps the stretches between its buckets empty', () => {
    const histogram = fromNative({ buckets: [bucket(0.5, 0.7, 2), bucket(0.7, 1, 6), bucket(4, 5.6, 2)] })
    expect(histogram).toEqual({ bounds: [0.5, 0.7, 1, 4, 5.6], counts: [0, 2, 6, 0, 2, 0] })
    expect(histogram && quantile(histogram, 0.5)).toBeCloseTo(0.85, 9)
  })

  it('reads the bucket around zero and the one without end', () => {
    expect(fromNative({ buckets: [bucket(-0.001, 0.001, 1), bucket(8, Infinity, 3)] })).toEqual({
      bounds: [-0.001, 0.001, 8],
      counts: [0, 1, 0, 3],
    })
    expect(fromNative({ buckets: [] })).toBeNull()
  })
})

describe('boundOf', () => {
  it.each([
    ['+Inf', Infinity],
    ['0.50', 0.5],
    ['1e-3', 0.001],
    ['', Number.NaN],
    [undefined, Number.NaN],
    ['x', Number.NaN],
  ])('reads %s', (le, bound) => {
    expect(boundOf(le)).toBe(bound)
  })
})

it('takes a count beyond all counting for none, so that no sum of it is infinite', () => {
  const bounds = [1, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  expect(fromCumulative(bounds, [1, 1e308, 1e308])).toBeNull()
  expect(fromCumulative(bounds, [1e308, 4, 0])).toEqual({ bounds: [], counts: [4] })
})
