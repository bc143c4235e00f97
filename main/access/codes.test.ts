import { describe, expect, it } from 'vitest'
import { codeDigest, matchesCode, newCode } from './codes.ts'

describe('a one-time code', () => {
  it('is three groups of four signs that are not mistaken for each other', () => {
    for (let i = 0; i < 100; i++)
      expect(newCode()).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/)
    expect(new Set(Array.from({ length: 1000 }, newCode)).size).toBe(1000)
  })

  it('is known however it is typed, and no other is', () => {
    const kept = codeDigest('7Q2M-K01D-4TRA')
    expect(matchesCode(kept, ' 7q2m kOlD 4tra')).toBe(true)
    expect(matchesCode(kept, '7Q2M-K01D-4TRB')).toBe(false)
    expect(matchesCode(kept, '')).toBe(false)
    expect(matchesCode(Buffer.alloc(0), '7Q2M-K01D-4TRA')).toBe(false)
  })
})
