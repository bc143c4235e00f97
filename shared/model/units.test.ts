import { assert, constantFrom, double, integer, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { figureText, formatFigure, MINUS, THIN_SPACE } from './units.ts'

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
