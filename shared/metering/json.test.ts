import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJson, stringifyJson } from './json.ts'

describe('JSON without loss', () => {
  it('keeps whole numbers beyond 2^53', () => {
    expect(parseJson('{"input":9007199254740993,"share":0.1}')).toEqual({
      input: 9007199254740993n,
      share: 0.1,
    })
  })

  it('leaves a run of digits in a text or in a fraction alone', () => {
    expect(parseJson('["1234567890123456789", 0.12345678901234567, 12345678901234567890.5]')).toEqual([
      '1234567890123456789',
      Number('0.12345678901234567'),
      Number('12345678901234567890.5'),
    ])
  })

  it('gives back every whole number', () => {
    fc.assert(
      fc.property(fc.bigInt(), (value) => {
        const [back] = parseJson(stringifyJson([value])) as [number | bigint]
        expect(BigInt(back)).toBe(value)
      }),
    )
  })

  it('writes small bigints as plain integers', () => {
    expect(stringifyJson({ a: 5n, b: -9007199254740993n })).toBe('{"a":5,"b":-9007199254740993}')
  })
})
