import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addPacked, packCounts } from './packed.ts'

describe('packCounts', () => {
  it('gives back every whole number below 2^53', () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeNat(), { maxLength: 40 }), (counts) => {
        const into = new Float64Array(counts.length)
        addPacked(packCounts(counts), into)
        expect([...into]).toEqual(counts)
      }),
    )
  })

  it('is small where the numbers are, and refuses what is not a count', () => {
    expect(packCounts([0, 1, 127, 128])).toHaveLength(5)
    expect(() => packCounts([1, -1])).toThrow('entry 1')
    expect(() => packCounts([0.5])).toThrow('entry 0')
  })
})
