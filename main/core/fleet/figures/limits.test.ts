import { describe, expect, it } from 'vitest'
import { fieldText, NO_FIGURE } from './limits.ts'

describe('fieldText', () => {
  it('prints a figure in its unit', () => {
    expect(fieldText('smActive', 0.5)).toMatch(/^50(\.0)?\s%$/)
  })

  it('prints a dash for what is not a figure, or becomes none in its unit', () => {
    expect(fieldText('smActive', Number.POSITIVE_INFINITY)).toBe(NO_FIGURE)
    expect(fieldText('smActive', Number.NaN)).toBe(NO_FIGURE)
    expect(fieldText('smActive', 1e308)).toBe(NO_FIGURE)
  })
})
