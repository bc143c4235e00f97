import { describe, expect, it } from 'vitest'
import { lastMonth, spanOf } from './days.ts'

const NOW = Date.UTC(2026, 0, 15)

describe('days of evidence', () => {
  it('begin with the month that is billed', () => {
    expect(lastMonth(NOW)).toEqual({ first: '2025-12-01', last: '2025-12-31' })
    expect(lastMonth(Date.UTC(2028, 2, 31))).toEqual({ first: '2028-02-01', last: '2028-02-29' })
  })

  it('are whole, the last one included', () => {
    expect(spanOf({ first: '2026-01-01', last: '2026-01-01' }, NOW)).toEqual({
      fromMs: Date.UTC(2026, 0, 1),
      toMs: Date.UTC(2026, 0, 2),
    })
  })

  it.each([
    [{ first: '', last: '2026-01-01' }, 'Choose a first'],
    [{ first: '2026-01-02', last: '2026-01-01' }, 'before the first'],
    [{ first: '2020-01-01', last: '2026-01-01' }, 'a year at most'],
    [{ first: '2026-02-01', last: '2026-02-02' }, 'not come yet'],
  ])('are refused in words: %o', (days, text) => {
    expect(spanOf(days, NOW)).toMatchObject({ problem: expect.stringContaining(text) })
  })
})
