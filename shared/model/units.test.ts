import { assert, constantFrom, double, integer, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allDigits, figureText, formatFigure, MINUS, THIN_SPACE } from './units.ts'

const text = (value: number, unit: string) => figureText(value, { unit }).replaceAll(THIN_SPACE, ' ')

describe('formatFigure', () => {
  it.each([
    [612_300, 'W', '612 kW'],
    [9_812_400, 'W', '9.81 MW'],
    [999.4, 'W', '999 W'],
    [999.6, 'W', '1.00 kW'],
    [999_499, 'W', '999 kW'],
    [999_500, 'W', '1.00 MW'],
    [18_200_000, 'tok/s', '18.2 M tok/s'],
    [14.4, '×', '14.4×'],
    [0.4, '×', '0.400×'],
    [71, '°C', '71.0 °C'],
    [12_345, '%', '12,345 %'],
    [0, 'W', '0 W'],
    [-0, 'W', '0 W'],
    [-1500, 'W', `${MINUS}1.50 kW`],
    [0.0001, 's', '<0.001 s'],
    [0.09995, 's', '0.100 s'],
    [0.0123, 's', '0.012 s'],
  ])('prints %d %s as %s', (value, unit, expected) => {
    expect(text(value, unit)).toBe(expected)
  })

  it('counts in full and never rounds a roll-call', () => {
    expect(figureText(16_383, { kind: 'count' })).toBe('16,383')
  })

  it('keeps fixed decimals where a column has to line up', () => {
    expect(formatFigure(1234.5, { unit: 'W', digits: 0 })).toEqual({ digits: '1,235', unit: 'W' })
    expect(formatFigure(-0.04, { digits: 1 }).digits).toBe('0.0')
  })

  it('refuses what is a state and not a figure', () => {
    for (const value of [Number.NaN, Infinity, -Infinity])
      expect(() => formatFigure(value)).toThrow(RangeError)
  })

  it('stays within half a unit of its last digit, whatever the number', () => {
    const factors: Record<string, number> = { '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15 }
    assert(
      property(double({ min: 0.001, max: 9e17, noNaN: true }), (value) => {
        const { digits, unit } = formatFigure(value, { unit: 'W' })
        const shown = Number(digits.replaceAll(',', '')) * (factors[unit.replace(/W$/, '')] ?? Number.NaN)
        // Three significant digits: at most one part in a hundred of the leading digit's place away.
        expect(Math.abs(shown - value)).toBeLessThanOrEqual(value < 0.1 ? 0.0005 : value * 0.005)
      }),
    )
  })

  it('never prints more than three significant digits below a thousand', () => {
    assert(
      property(double({ min: 1, max: 999, noNaN: true }), constantFrom('W', '%', ''), (value, unit) => {
        expect(formatFigure(value, { unit }).digits.replace(/\D/g, '').length).toBeLessThanOrEqual(3)
      }),
    )
  })

  it('prints a count so that it can be read back', () => {
    assert(
      property(integer(), (value) => {
        const read = Number(figureText(value, { kind: 'count' }).replaceAll(',', '').replace(MINUS, '-'))
        expect(read).toBe(value)
      }),
    )
  })
})

describe('exact numbers', () => {
  const exact = (value: bigint) => figureText(value, { unit: 'tok' }).replaceAll(THIN_SPACE, ' ')

  it.each([
    [0n, '0 tok'],
    [999n, '999 tok'],
    [1000n, '1.00 k tok'],
    [999_499n, '999 k tok'],
    [999_500n, '1.00 M tok'],
    [9_994_999n, '9.99 M tok'],
    [9_995_000n, '10.0 M tok'],
    [99_950_000n, '100 M tok'],
    [400_123_456n, '400 M tok'],
    [-1_234_567n, `${MINUS}1.23 M tok`],
    [9_007_199_254_740_993n, '9.01 P tok'],
    [12_345_678_901_234_567_890n, '12,346 P tok'],
  ])('prints %s as %s', (value, expected) => {
    expect(exact(value)).toBe(expected)
  })

  it('keeps every digit beyond 2^53 where they are asked for', () => {
    expect(allDigits(9_007_199_254_740_993n)).toBe('9,007,199,254,740,993')
    expect(allDigits(-1000n)).toBe(`${MINUS}1,000`)
    expect(figureText(9_007_199_254_740_993n, { kind: 'count' })).toBe('9,007,199,254,740,993')
  })

  it('says the same as for numbers, wherever a number is exact', () => {
    assert(
      property(integer({ min: 1000, max: 2 ** 45 }), (value) => {
        // Halves: a number's are rounded as its binary neighbour, exact ones always away from zero.
        if (/50*$/.test(String(value))) return true
        return exact(BigInt(-value)) === text(-value, 'tok')
      }),
    )
  })
})
