import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { numberEnd, readNumber } from './number.ts'

const bytes = (text: string) => Buffer.from(text, 'latin1')

describe('readNumber', () => {
  it.each([
    ['0', 0],
    ['-0', -0],
    ['42', 42],
    ['409.692000', 409.692],
    ['0.995630', 0.99563],
    ['319159391', 319159391],
    ['1.5e3', 1500],
    ['1e-05', 0.00001],
    ['+Inf', Number.POSITIVE_INFINITY],
    ['-Inf', Number.NEGATIVE_INFINITY],
    ['NaN', Number.NaN],
    ['.5', 0.5],
    ['5.', 5],
    ['+7', 7],
    ['9007199254740993', 9007199254740992],
    ['123456789012345678901234567890', 1.2345678901234568e29],
    ['0.1234567890123456789', 0.12345678901234568],
  ])('reads %s', (text, value) => {
    expect(readNumber(bytes(`${text}\n`), 0)).toBe(value)
    expect(numberEnd()).toBe(text.length)
  })

  it.each(['', 'abc', '1.2.3', '--1', '1e', '0x10', '1_000', '-', '.', '1;2', '5'.repeat(65), 'constructor'])(
    'refuses %j',
    (text) => {
      expect(readNumber(bytes(`${text}\n`), 0)).toBeUndefined()
    },
  )

  it('reads every double as Number() does, however it is written', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true }),
        fc.constantFrom('plain', 'fixed', 'exponent'),
        (value, style) => {
          const text =
            style === 'plain' ? String(value) : style === 'fixed' ? value.toFixed(6) : value.toExponential()
          const spelt = text.replace('Infinity', 'Inf')
          expect(readNumber(bytes(`${spelt} `), 0)).toBe(Number(text))
        },
      ),
      { numRuns: 5000 },
    )
  })

  it('reads every short decimal exactly', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 15n - 1n }),
        fc.integer({ min: 0, max: 14 }),
        (digits, point) => {
          const padded = digits.toString().padStart(point + 1, '0')
          const text = point === 0 ? padded : `${padded.slice(0, -point)}.${padded.slice(-point)}`
          expect(readNumber(bytes(text), 0)).toBe(Number(text))
        },
      ),
      { numRuns: 5000 },
    )
  })
})
