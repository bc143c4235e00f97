import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LONGEST_NAME, visibleName, visibleText } from './foreignText.ts'

/** Nothing in a text that cannot be seen, and nothing that turns the order of what stands around it. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u200b-\u200f\u202a-\u202e\u2060-\u2067\ufeff\u00ad\ud800-\udfff]/u

describe('a name from outside', () => {
  it.each([
    'h-0312',
    'meta-llama/Llama-3.1-70B-Instruct',
    'team a (prod)',
    '',
    'modèle-größe',
    '模型',
    '🚀 rockets',
  ])('is left as it is: %s', (name) => {
    expect(visibleName(name)).toBe(name)
  })

  it.each([
    ['m ', 'm‹space›'],
    [' m', '‹space›m'],
    ['a  b', 'a‹space ×2›b'],
    ['a\u00a0b', 'a‹U+00A0›b'],
    ['gpt\u200b-4', 'gpt‹U+200B›-4'],
    ['h-1\u202e2-h', 'h-1‹U+202E›2-h'],
    ['a\nb\tc', 'a‹newline›b‹tab›c'],
    ['\u0000', '‹null›'],
    ['x\u200d\u200d\u200d', 'x‹U+200D ×3›'],
    ['‹U+200B›', '‹U+2039›U+200B‹U+203A›'],
    ['с', '‹Cyrillic›с'],
    ['gpt‐4', 'gpt‐‹U+2010›4'],
    ['ｇpt', 'ｇ‹U+FF47›pt'],
    ['caf\u0065\u0301', '‹not composed›cafe\u0301‹U+0301›'],
    ['\u212b', '‹not composed›\u212b‹U+212B›'],
    ['\ud800x', '‹U+D800›x'],
    ['שלום', '‹right to left›שלום'],
  ])('says what cannot be seen in %j', (name, shown) => {
    expect(visibleName(name)).toBe(shown)
  })

  it('counts combining marks beyond two', () => {
    expect(visibleName(`Z${'\u0336'.repeat(60)}`)).toMatch(/^Z\u0336{2}‹\+58 combining, #\w{5}›$/)
    expect(visibleName('\u0301a')).toMatch(/^‹1 combining, #\w{5}›a$/)
  })

  it('of 3,000 characters is cut, and told from another by its first signs', () => {
    const [a, b] = [`${'x'.repeat(2999)}a`, `${'x'.repeat(2998)}aa`].map(visibleName)
    expect(a).toMatch(/^‹#\w{5}, 3,000 characters›x{100,}…x+a$/)
    expect(a?.slice(0, 7)).not.toBe(b?.slice(0, 7))
    expect(a?.length).toBeLessThan(LONGEST_NAME + 40)
  })

  const hostile = fc.array(
    fc.constantFrom(
      'a',
      'b',
      ' ',
      '\u200b',
      '\u202e',
      '\u0301',
      '\n',
      'е',
      'e',
      '‹',
      '›',
      'é',
      'ａ',
      '\u00a0',
      'א',
      '😀',
      '\ud83d',
    ),
    { maxLength: 24 },
  )

  it('never comes out as another one', () => {
    fc.assert(
      fc.property(hostile, hostile, (one, other) => {
        const [a, b] = [one.join(''), other.join('')]
        fc.pre(a !== b)
        // Composed letters and letters made of parts look the same.
        expect(visibleName(a).normalize('NFC')).not.toBe(visibleName(b).normalize('NFC'))
      }),
      { numRuns: 2000 },
    )
  })

  it('never shows what cannot be seen, whatever it holds, and stays bounded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 5000 }), (name) => {
        for (const shown of [visibleName(name), visibleText(name)]) {
          expect(shown.replace(/[\u2068\u2069]/g, '')).not.toMatch(UNSEEN)
        }
        expect(visibleName(name).length).toBeLessThan(12 * LONGEST_NAME)
      }),
    )
  })
})

describe('a sentence from outside', () => {
  it('keeps its dashes, and marks what a name in it hides', () => {
    expect(visibleText('h-0312 · GPU 3 – no answer; limit 90 °C')).toBe(
      'h-0312 · GPU 3 – no answer; limit 90 °C',
    )
    expect(visibleText('key a\u200bb was refused')).toBe('key a‹U+200B›b was refused')
  })

  it('is not turned round by letters that run from the right', () => {
    expect(visibleText('שלום עולם · GPU 3')).toBe('\u2068שלום עולם\u2069 · GPU 3')
  })

  it('keeps its lines where they are wanted', () => {
    expect(visibleText('a\u200b\nb', true)).toBe('a‹U+200B›\nb')
    expect(visibleText('a\nb')).toBe('a‹newline›b')
  })

  it('leaves what the interface itself says', () => {
    const own = '≥ 612\u2009kW · of 1,024 GPUs; “h-1” – 4× … ⌘ → ↑ −3 °C'
    expect(visibleText(own)).toBe(own)
    expect(visibleText(' ‹‹U+2039››  ')).toBe(' ‹‹U+2039››  ')
  })

  it('is bounded', () => {
    expect(visibleText(`The label ${'y'.repeat(9000)} is not known.`)).toMatch(
      /^‹#\w{5}, 9,0\d\d characters›.*known\.$/,
    )
  })
})
