import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { goFloat } from './floats.ts'

describe('goFloat', () => {
  it.each([
    [0, '0.0'],
    [1, '1.0'],
    [0.3, '0.3'],
    [16.22, '16.22'],
    [14250, '14250.0'],
    [999_999, '999999.0'],
    [1_000_000, '1e+06'],
    [1_048_576, '1.048576e+06'],
    [1_774_011_384.6, '1.7740113846e+09'],
    [9_035_190_272, '9.035190272e+09'],
    [12_345_678_901_234.5, '1.23456789012345e+13'],
    [1e16, '1e+16'],
    [1.5e21, '1.5e+21'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [-2_000_000, '-2000000.0'],
    [Number.POSITIVE_INFINITY, '+Inf'],
    [Number.NaN, 'NaN'],
  ])('prints %d as prometheus_client does', (value, text) => expect(goFloat(value)).toBe(text))

  it('loses no digit', () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true })
    fc.assert(
      fc.property(finite, (value) => {
        expect(Number(goFloat(value))).toBe(value === 0 ? 0 : value)
      }),
    )
  })
})
