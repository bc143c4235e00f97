/**
 * Building PromQL from untrusted parts. Everything that comes from labels or configuration goes through here, so that
 * no value can leave its string and no selector its braces.
 */

/** A double-quoted PromQL string. Every control character is escaped, and what Go would not take back unchanged. */
export function quote(value: string): string {
  const escaped = value.toWellFormed().replace(/["\\\p{Cc}\u2028\u2029]/gu, (character) => {
    if (character === '"' || character === '\\') return `\\${character}`
    if (character === '\n') return '\\n'
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
  return `"${escaped}"`
}

/** A text as an RE2 pattern that matches exactly it. */
export function literalPattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

/** `name=~"a|b"` for exactly these values, `name="a"` for one. */
export function oneOf(name: string, values: readonly string[]): string {
  const [only] = values
  if (values.length === 1 && only !== undefined) return `${name}=${quote(only)}`
  return `${name}=~${quote(values.map(literalPattern).join('|'))}`
}

/** `name!~"a|b"` for all but these values; '' for none. */
export function noneOf(name: string, values: readonly string[]): string {
  return values.length === 0 ? '' : `${name}!~${quote(values.map(literalPattern).join('|'))}`
}

/** `{__name__="X",<matchers>}`; empty matchers fall away. */
export function selector(seriesName: string, ...matchers: readonly string[]): string {
  return `{${[`__name__=${quote(seriesName)}`, ...matchers.filter((text) => text !== '')].join(',')}}`
}

/** A configured selector that is not what it should be; `position` counts characters from 0. */
export class SelectorError extends Error {
  readonly position: number

  constructor(position: number, expected: string, text: string) {
    const found = position >= text.length ? 'the end' : `"${text.slice(position, position + 12)}"`
    super(`expected ${expected} at character ${position + 1} of the selector, found ${found}`)
    this.name = 'SelectorError'
    this.position = position
  }
}

const SPACE = /\s*/y
const NAME = /[a-zA-Z_][a-zA-Z0-9_]*/y
const OPERATOR = /=~|!~|!=|=/y
const STRING = /"(?:[^"\\\n]|\\[^\n])*"|'(?:[^'\\\n]|\\[^\n])*'|`[^`]*`/y

/**
 * Reads the configured `selector` (label matchers as inside braces: `cluster="a", job=~"dcgm.*"`) by the grammar, not
 * by counting quotes, and returns it without spaces between its parts. '' stays ''.
 *
 * @throws SelectorError naming what was expected and where
 */
export function checkedSelector(text: string): string {
  const matchers: string[] = []
  let position = 0
  const take = (pattern: RegExp, expected: string): string => {
    pattern.lastIndex = position
    const found = pattern.exec(text)
    if (found === null) throw new SelectorError(position, expected, text)
    position = pattern.lastIndex
    return found[0]
  }
  take(SPACE, 'a space')
  while (position < text.length) {
    const name = take(NAME, 'a label name')
    take(SPACE, 'a space')
    const operator = take(OPERATOR, '=, !=, =~ or !~')
    take(SPACE, 'a space')
    matchers.push(name + operator + take(STRING, 'a quoted text'))
    take(SPACE, 'a space')
    if (position === text.length) break
    take(/,/y, 'a comma or the end')
    take(SPACE, 'a space')
  }
  return matchers.join(',')
}

/** A PromQL duration in whole milliseconds, which every back end understands. */
export function durationText(ms: number): string {
  const whole = Math.max(1, Math.round(ms))
  return whole % 1000 === 0 ? `${whole / 1000}s` : `${whole}ms`
}
