import { describe, expect, it } from 'vitest'
import { moneyText } from './moneyText.ts'

describe('an amount of money as text', () => {
  it.each([
    ['18396', 'USD', '$18,396'],
    ['157680', 'USD', '$157,680'],
    ['0.0462963', 'EUR', '€0.0463'],
    ['0.26', 'USD', '$0.260'],
    ['-0.0035', 'USD', '−$0.00350'],
    ['0.000291', 'USD', '$0.000291'],
    ['0.0000064', 'USD', '$0.000006'],
    ['-0.00000004', 'CHF', '<CHF 0.000001'],
    ['0.9996', 'USD', '$1.00'],
    ['3.2', 'USD', '$3.20'],
    ['99.996', 'USD', '$100'],
    ['12.5', 'CHF', 'CHF 12.50'],
    ['-1234567.89', 'USD', '−$1,234,568'],
    ['0', 'USD', '$0'],
  ])('prints %s %s as %s', (amount, currency, text) => {
    expect(moneyText(amount, currency)).toBe(text)
  })

  it('keeps every decimal where it has to be exact', () => {
    expect(moneyText('1234567.8', 'USD', 'exact')).toBe('$1,234,567.80')
    expect(moneyText('90071992547409.931234', 'USD', 'exact')).toBe('$90,071,992,547,409.931234')
  })
})
