import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { limitText, parseLimit, roundedDown } from './limitText.ts'

describe('a limit as it is typed', () => {
  it.each([
    ['4.2 M', 4_200_000],
    ['4.2M', 4_200_000],
    ['4,200,000', 4_200_000],
    ['4 200 000', 4_200_000],
    ['900k', 900_000],
    ['1.5 g', 1_500_000_000],
    ['0', 0],
    [' 17 ', 17],
  ])('%j is %i', (text, limit) => expect(parseLimit(text)).toBe(limit))

  it.each(['', '4,2 M', '-1', '4.2.1', 'NaN', '1e6', '4 M M', '4,20,000', '9999999 G', '∞'])(
    '%j is none',
    (text) => expect(parseLimit(text)).toBeNull(),
  )

  it('is read back as it is shown', () => {
    fc.assert(
      fc.property(fc.nat(2_000_000_000), (limit) => {
        expect(parseLimit(limitText(limit))).toBe(limit)
      }),
    )
    expect([limitText(4_200_000), limitText(999)]).toEqual(['4.2 M', '999'])
  })

  it('is proposed in two digits, never above', () => {
    expect([roundedDown(4_299_999), roundedDown(17), roundedDown(0.5)]).toEqual([4_200_000, 17, 0])
    fc.assert(
      fc.property(fc.nat(2_000_000_000), (limit) => {
        expect(roundedDown(limit)).toBeLessThanOrEqual(limit)
      }),
    )
  })
})
