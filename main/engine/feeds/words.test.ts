import { describe, expect, it } from 'vitest'
import { briefly, inWords, plural } from './words.ts'

describe('words of the feeds', () => {
  it.each([
    ['refused', 'connection refused'],
    ['http-503', 'HTTP 503'],
    ['some-code-to-come', 'see the sources'],
  ])('tell the error %s briefly', (code, text) => {
    expect(briefly({ code })).toBe(text)
  })

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
