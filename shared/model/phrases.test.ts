import { describe, expect, it } from 'vitest'
import { inWords, plural } from './phrases.ts'

describe('words', () => {
  it.each([
    [-5, '0 ms'],
    [999, '999 ms'],
    [119_999, '120 s'],
    [120_000, '2 min'],
    [7_200_000, '2 h'],
    [172_800_000, '2 d'],
  ])('tell %d ms as %s', (ms, text) => {
    expect(inWords(ms)).toBe(text)
  })

  it('group and count', () => {
    expect([plural(1, 'GPU'), plural(16_384, 'GPU')]).toEqual(['1 GPU', '16,384 GPUs'])
  })
})
