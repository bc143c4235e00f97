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

  it('distinguishes texts that differ in one place', () => {
    const cache = new TextCache()
    const bytes = Buffer.from('GPU-0GPU-1gpu-0')
    expect([0, 5, 10].map((at) => cache.text(bytes, at, at + 5))).toEqual(['GPU-0', 'GPU-1', 'gpu-0'])
  })

  it('hands out what was cleaned each time, and gives it to no other text', () => {
    const cache = new TextCache((text) => text.replace('canary', '[hidden]'))
    const bytes = Buffer.from('pod-canary-0 pod-[hidden]-0')
    for (let time = 0; time < 2; time++) expect(cache.text(bytes, 0, 12)).toBe('pod-[hidden]-0')
    expect(cache.text(bytes, 13, 27)).toBe('pod-[hidden]-0')
    const long = Buffer.from(`${'x'.repeat(80)}canary`)
    expect(cache.text(long, 0, long.length)).toBe(`${'x'.repeat(80)}[hidden]`)
  })
})
