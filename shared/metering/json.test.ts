import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJson, stringifyJson, UnreadableInteger } from './json.ts'

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
      fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), (value) => {
        const [back] = parseJson(stringifyJson([value])) as [number | bigint]
        expect(BigInt(back)).toBe(value)
      }),
    )
  })

  it('reads any JSON as JSON.parse does, but for the digits', () => {
    const small = fc
      .json({ depthSize: 'small' })
      .filter((text) => !/\d{16}/.test(text))
      .map((text) => JSON.parse(text) as unknown)
    fc.assert(
      fc.property(small, fc.bigInt({ min: 2n ** 53n, max: 10n ** 30n }), (value, wide) => {
        const text = JSON.stringify({ [`"${wide}`]: value, text: `\\${wide}"`, 'a\\': [value] })
        expect(parseJson(`[${text},${wide}]`)).toEqual([JSON.parse(text), wide])
      }),
    )
  })

  it('refuses an integer that is too long before anything is made of it, and too many of them', () => {
    const long = `{"input":${'9'.repeat(20_000_000)}}`
    expect(() => parseJson(long)).toThrow('an integer of 20000000 digits, and at most 31 are read')
    expect(() => parseJson(`[-1${'0'.repeat(31)}]`)).toThrow(UnreadableInteger)
    expect(parseJson(`["${'9'.repeat(100)}", 0.${'1'.repeat(100)}]`)).toHaveLength(2)
    const many = `[${'9007199254740993,'.repeat(100_001)}1]`
    expect(() => parseJson(many)).toThrow('more than 100000 integers beyond 2^53')
  })

  it('reads what nests deeper than a stack is, and refuses what is no JSON', () => {
    const deep = 100_000
    expect(() => parseJson(`${'['.repeat(deep)}9007199254740993${']'.repeat(deep)}`)).not.toThrow(RangeError)
    for (const text of [
      '[09007199254740993]',
      '[9007199254740993',
      '9007199254740993x',
      '["9007199254740993]',
    ]) {
      expect(() => parseJson(text)).toThrow(SyntaxError)
    }
  })

  it('writes small bigints as plain integers', () => {
    expect(stringifyJson({ a: 5n, b: -9007199254740993n })).toBe('{"a":5,"b":-9007199254740993}')
  })
})
