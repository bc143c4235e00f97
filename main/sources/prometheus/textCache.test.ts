import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TextCache } from './textCache.ts'

describe('TextCache', () => {
  it('gives back every text, whatever was in its slot before', () => {
    const cache = new TextCache()
    const text = fc.oneof(
      fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 4 }),
      fc.string({ unit: 'grapheme', maxLength: 80 }),
    )
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 20 }), (texts) => {
        for (const one of texts) {
          const bytes = Buffer.from(`"${one}"`)
          expect(cache.text(bytes, 1, bytes.length - 1)).toBe(one)
        }
      }),
    )
  })

  it('tells texts apart that differ in one place', () => {
    const cache = new TextCache()
    const bytes = Buffer.from('GPU-0GPU-1gpu-0')
    expect([0, 5, 10].map((at) => cache.text(bytes, at, at + 5))).toEqual(['GPU-0', 'GPU-1', 'gpu-0'])
  })
})
