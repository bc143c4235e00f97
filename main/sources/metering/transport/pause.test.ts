import { describe, expect, it } from 'vitest'
import { retryAfterMs } from './pause.ts'

describe('Retry-After', () => {
  it.each([
    ['5', 5000],
    [' 0 ', 0],
    [undefined, null],
    ['soon', null],
    ['-3', null],
    ['1e9', null],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
  ])('%s means %s ms', (text, ms) => {
    expect(retryAfterMs(text, Date.UTC(2026, 0, 1))).toBe(ms)
  })
})
