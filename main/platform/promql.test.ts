import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  checkedSelector,
  durationText,
  literalPattern,
  oneOf,
  quote,
  selector,
  SelectorError,
} from './promql.ts'

/** Go's unquoting of a double-quoted string, as far as `quote` uses it. */
function unquote(text: string): string {
  expect(text).toMatch(/^"(?:[^"\\\p{Cc}]|\\["\\n]|\\u[0-9a-f]{4})*"$/u)
  return text
    .slice(1, -1)
    .replace(/\\(u[0-9a-f]{4}|.)/g, (_all, escape: string) =>
      escape === 'n'
        ? '\n'
        : escape.startsWith('u')
          ? String.fromCharCode(Number.parseInt(escape.slice(1), 16))
          : escape,
    )
}

describe('quote', () => {
  it('gives every text back through Go unquoting and never ends early', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        expect(unquote(quote(text))).toBe(text.toWellFormed())
      }),
    )
  })

  it('keeps an injected matcher inside its string', () => {
    expect(selector('X', oneOf('UUID', ['"} or vector(1) #']))).toBe(
      '{__name__="X",UUID="\\"} or vector(1) #"}',
    )
  })
})

describe('oneOf', () => {
  it('matches exactly the values and nothing else', () => {
    const value = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '|', '(', ')', '\\', '-', '[') })
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 4 }), value, (values, other) => {
        const pattern = new RegExp(`^(?:${values.map(literalPattern).join('|')})$`)
        for (const known of values) expect(pattern.test(known)).toBe(true)
        expect(pattern.test(other)).toBe(values.includes(other))
      }),
    )
  })

  it('asks for one value by equality and for several by pattern', () => {
    expect(oneOf('UUID', ['a.b'])).toBe('UUID="a.b"')
    expect(oneOf('UUID', ['a.b', 'c'])).toBe('UUID=~"a\\\\.b|c"')
  })
})

/** '' where the selector is refused as it should be; any other error comes through. */
function accepting(text: string): string {
  try {
    return checkedSelector(text)
  } catch (error) {
    if (error instanceof SelectorError) return ''
    throw error
  }
}

describe('checkedSelector', () => {
  it.each([
    ['', ''],
    ['  ', ''],
    ['cluster="a"', 'cluster="a"'],
    [' cluster = "a" , job =~ "dcgm.*" ,', 'cluster="a",job=~"dcgm.*"'],
    [`a!='x',b!~\`y"z\``, `a!='x',b!~\`y"z\``],
    ['a="quoted \\" and } inside"', 'a="quoted \\" and } inside"'],
  ])('accepts %j', (text, expected) => {
    expect(checkedSelector(text)).toBe(expected)
  })

  it.each([
    ['{cluster="a"}', 'expected a label name at character 1 of the selector, found "{cluster="a""'],
    ['cluster=a', 'expected a quoted text at character 9 of the selector, found "a"'],
    ['cluster="a', 'expected a quoted text at character 9 of the selector, found ""a"'],
    [
      'cluster="a"} or vector(1',
      'expected a comma or the end at character 12 of the selector, found "} or vector("',
    ],
    ['cluster', 'expected =, !=, =~ or !~ at character 8 of the selector, found the end'],
    ['a="x" b="y"', 'expected a comma or the end at character 7 of the selector, found "b="y""'],
    ['a="x\ny"', 'expected a quoted text at character 3 of the selector, found ""x\ny""'],
  ])('refuses %j and says where', (text, message) => {
    expect(() => checkedSelector(text)).toThrow(SelectorError)
    expect(() => checkedSelector(text)).toThrow(message)
  })

  it('never lets anything out of its strings: what it accepts is matchers, commas and nothing else', () => {
    const piece = fc.constantFrom(
      'a',
      '=',
      '=~',
      '"',
      "'",
      '`',
      '\\',
      ',',
      '{',
      '}',
      '(',
      ' ',
      'x',
      '\n',
      '#',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const accepted = accepting(pieces.join(''))
        const bare = accepted.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`/g, 'S')
        expect(bare).toMatch(/^(?:[a-z]+(?:=~|!~|!=|=)S(?:,[a-z]+(?:=~|!~|!=|=)S)*)?$/)
      }),
      { numRuns: 500 },
    )
  })
})

describe('durationText', () => {
  it('is whole seconds where it can be', () => {
    expect([4000, 2500, 0.2, 90_000].map(durationText)).toEqual(['4s', '2500ms', '1ms', '90s'])
  })
})
