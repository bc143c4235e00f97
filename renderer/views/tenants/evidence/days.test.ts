import { describe, expect, it } from 'vitest'
import { dateIn, lastMonth, problemOf, thisMonth } from './days.ts'

const TODAY = '2026-01-15'

describe('days of evidence', () => {
  it('begin with the month that is billed', () => {
    expect(lastMonth(TODAY)).toEqual({ first: '2025-12-01', last: '2025-12-31' })
    expect(lastMonth('2028-03-31')).toEqual({ first: '2028-02-01', last: '2028-02-29' })
  })

  it('reach up to yesterday in the present month', () => {
    expect(thisMonth(TODAY)).toEqual({ first: '2026-01-01', last: '2026-01-14' })
    expect(thisMonth('2026-03-01')).toEqual({ first: '2026-03-01', last: '2026-03-01' })
  })

  it('are those of a zone', () => {
    const late = Date.UTC(2026, 0, 15, 23, 30)
    expect(dateIn(late, 'UTC')).toBe('2026-01-15')
    expect(dateIn(late, 'Europe/Paris')).toBe('2026-01-16')
    expect(dateIn(late, 'America/Los_Angeles')).toBe('2026-01-15')
  })

  it('may be one day, or today', () => {
    expect(problemOf({ first: TODAY, last: TODAY }, TODAY)).toBeNull()
    expect(problemOf({ first: '2025-01-15', last: TODAY }, TODAY)).toBeNull()
  })

  it.each([
    [{ first: '', last: '2026-01-01' }, 'Write days as 2026-01-15'],
    [{ first: '2026-02-30', last: '2026-03-01' }, 'Write days as'],
    [{ first: '1/2/2026', last: '2026-03-01' }, 'Write days as'],
    [{ first: '2026-01-02', last: '2026-01-01' }, 'before the first'],
    [{ first: '2020-01-01', last: '2026-01-01' }, 'at most one year'],
    [{ first: '2026-02-01', last: '2026-02-02' }, 'in the future'],
  ])('are refused in words: %o', (days, text) => {
    expect(problemOf(days, TODAY)).toContain(text)
  })
})
