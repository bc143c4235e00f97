import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AT, WIDTH } from './measures.ts'
import { sumsUntil } from './split.ts'

/** Sums of a stream as they can occur: parts within their wholes. */
const sums = fc
  .record({
    requests: fc.integer({ min: 1, max: 2_000_000 }),
    input: fc.integer({ min: 0, max: 1_000_000_000 }),
    output: fc.integer({ min: 0, max: 1_000_000_000 }),
    rejected: fc.integer({ min: 0, max: 50_000 }),
    parts: fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
  })
  .map(({ requests, input, output, rejected, parts: [a, b] }) => {
    const row = new Float64Array(WIDTH)
    row[AT.requests] = requests
    row[AT.input] = input
    row[AT.output] = output
    row[AT.rejected] = rejected
    row[AT.cachedInput] = Math.floor(input * a)
    row[AT.reasoning] = Math.floor(output * b)
    row[AT.errors] = Math.floor(requests * b)
    row[AT.errorTokens] = Math.floor((input + output) * a)
    return row
  })

describe('sumsUntil', () => {
  it('cuts a period into pieces that add up to it, and no part exceeds its whole in any piece', () => {
    const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 })
    fc.assert(
      fc.property(sums, cuts, fc.double({ min: 0, max: 0.999, noNaN: true }), (row, at, phase) => {
        const before = new Float64Array(WIDTH)
        const until = new Float64Array(WIDTH)
        const whole = new Float64Array(WIDTH)
        for (const part of [...at.toSorted((a, b) => a - b), 1]) {
          sumsUntil(row, 0, part, phase, until)
          const piece = until.map((count, i) => count - (before[i] ?? 0))
          for (const count of piece) expect(count).toBeGreaterThanOrEqual(0)
          const get = (measure: keyof typeof AT) => piece[AT[measure]] ?? Number.NaN
          expect(get('cachedInput')).toBeLessThanOrEqual(get('input'))
          expect(get('reasoning')).toBeLessThanOrEqual(get('output'))
          expect(get('errors')).toBeLessThanOrEqual(get('requests'))
          expect(get('errorTokens')).toBeLessThanOrEqual(get('input') + get('output'))
          piece.forEach((count, i) => {
            whole[i] = (whole[i] ?? 0) + count
          })
          before.set(until)
        }
        expect(whole).toEqual(row)
      }),
      { numRuns: 300 },
    )
  })
})
