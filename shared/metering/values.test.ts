import { describe, expect, it } from 'vitest'
import { MOST_TOKENS, tokens } from './values.ts'

describe('tokens', () => {
  it('are exact up to their bound', () => {
    expect(tokens.parse(0)).toBe(0n)
    expect(tokens.parse(2n ** 64n + 1n)).toBe(18_446_744_073_709_551_617n)
    expect(tokens.parse(MOST_TOKENS)).toBe(10n ** 30n)
  })

  it.each([-1, 1.5, -1n, '3', 10n ** 30n + 1n, 10n ** 400n])('are nothing else: %#', (value) => {
    const { error } = tokens.safeParse(value)
    expect(error?.issues[0]?.message).toBe('expected a whole number from 0 to 10^30')
  })
})
