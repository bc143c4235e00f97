import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatNames, paramsOf, parseNames, placeOf, TOKENS_HOME } from './address.ts'
import { MOST_NAMES } from './filters.ts'

describe('the address of the tokens view', () => {
  it('is empty at home, and says what differs', () => {
    expect(paramsOf(TOKENS_HOME)).toEqual({})
    expect(placeOf({ range: 'hourly', by: 'tenant', model: 'a,b' })).toEqual({
      ...TOKENS_HOME,
      range: 'hourly',
      by: 'tenant',
      filters: { model: ['a', 'b'] },
    })
  })

  it('leaves out what it does not understand', () => {
    expect(placeOf({ range: 'century', measure: '<b>', latency: '', by: 'rack' })).toEqual(TOKENS_HOME)
  })

  it('carries any names there and back', () => {
    const names = fc.uniqueArray(fc.string({ maxLength: 40 }), { minLength: 1, maxLength: MOST_NAMES })
    fc.assert(
      fc.property(names, (all) => {
        expect(parseNames(formatNames(all))).toEqual(all)
      }),
    )
  })

  it('takes no more and no longer names than a person reads', () => {
    expect(parseNames(Array.from({ length: 50 }, (_, at) => `n${at}`).join(','))).toHaveLength(MOST_NAMES)
    expect(parseNames('x'.repeat(300))).toEqual([])
  })
})
