import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expandNames, NamePatternError } from './ranges.ts'

describe('name ranges', () => {
  it.each([
    ['h-7', ['h-7']],
    ['h-{1..3}', ['h-1', 'h-2', 'h-3']],
    ['h-{0009..0011}', ['h-0009', 'h-0010', 'h-0011']],
    ['h-{8..011}.rack', ['h-008.rack', 'h-009.rack', 'h-010.rack', 'h-011.rack']],
    ['r{1..2}-h{01..02}', ['r1-h01', 'r1-h02', 'r2-h01', 'r2-h02']],
    ['{0..0}', ['0']],
  ])('expands %s', (pattern, names) => {
    expect(expandNames(pattern, 100)).toEqual(names)
  })

  it.each([
    ['h-{1..', 'not closed'],
    ['h-1}', 'without a {'],
    ['h-{a..c}', 'expected a range'],
    ['h-{}', 'expected a range'],
    ['h-{3..1}', 'write {1..3}'],
    ['h-{1..101}', 'stands for 101 names'],
    ['{0..999999999}{0..999999999}', 'more than the 100 allowed'],
  ])('refuses %s', (pattern, words) => {
    expect(() => expandNames(pattern, 100)).toThrow(NamePatternError)
    expect(() => expandNames(pattern, 100)).toThrow(words)
  })

  it('gives exactly the numbers of the range, each once, padded alike', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 5000 }),
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 1, max: 6 }),
        fc.stringMatching(/^[a-z.-]{0,6}$/),
        (first, more, width, tail) => {
          const low = String(first).padStart(width, '0')
          const high = String(first + more).padStart(width, '0')
          const names = expandNames(`x-{${low}..${high}}${tail}`, 100)
          expect(names.map((name) => Number(name.slice(2, name.length - tail.length)))).toEqual(
            Array.from({ length: more + 1 }, (_, index) => first + index),
          )
          expect(new Set(names).size).toBe(names.length)
          const padded = low.startsWith('0') && low.length > 1
          expect(names.every((name) => !padded || name.length === names[0]?.length)).toBe(true)
        },
      ),
    )
  })

  it('never throws anything but its own error, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('{', '}', '.', '0', '9', 'a', ',') }), (pattern) => {
        expect(outcome(pattern)).not.toBe('broken')
      }),
    )
  })
})

function outcome(pattern: string): 'expanded' | 'refused' | 'broken' {
  try {
    return expandNames(pattern, 50).length <= 50 ? 'expanded' : 'broken'
  } catch (error) {
    return error instanceof NamePatternError ? 'refused' : 'broken'
  }
}
