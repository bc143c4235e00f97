import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatRoute, parseRoute } from '../navigation.ts'
import { paramsOf, placeOf, TENANT_STATES, TENANTS_HOME } from './address.ts'
import { directionOf, nextOrder, RANKED, TENANT_SORTS } from './sorts.ts'

describe('the address of the tenants view', () => {
  it('is empty for the view as it opens', () => {
    expect(paramsOf(TENANTS_HOME)).toEqual({})
    expect(placeOf({})).toEqual(TENANTS_HOME)
  })

  it('says everything that is shown, and reads it back', () => {
    fc.assert(
      fc.property(
        fc.record({
          tenant: fc.option(fc.string({ minLength: 1, maxLength: 40 })),
          selected: fc.option(fc.string({ minLength: 1, maxLength: 40 })),
          order: fc.record({ by: fc.constantFrom(...TENANT_SORTS), reversed: fc.boolean() }),
          text: fc.string({ maxLength: 60 }),
          states: fc.subarray([...TENANT_STATES]),
        }),
        (place) => {
          const { params } = parseRoute(formatRoute('tenants', paramsOf(place)))
          // The tenant whose page is open is the one that is selected; it is said once.
          const selected = place.selected === place.tenant ? null : place.selected
          expect(placeOf(params)).toEqual({ ...place, selected })
        },
      ),
    )
  })

  it('leaves out what it does not understand', () => {
    const hostile = {
      sort: 'prompt.reversed',
      states: 'active,evil,active',
      tenant: 'x'.repeat(300),
      text: 'y'.repeat(900),
    }
    expect(placeOf(hostile)).toEqual({ ...TENANTS_HOME, states: ['active'], text: 'y'.repeat(200) })
  })
})

describe('the head of a column', () => {
  it('asks first for the end that people look for, then for the other, then for the ranking', () => {
    const first = nextOrder(RANKED, 'exhaustion')
    expect(directionOf(first)).toBe('ascending')
    const second = nextOrder(first, 'exhaustion')
    expect(directionOf(second)).toBe('descending')
    expect(nextOrder(second, 'exhaustion')).toEqual(RANKED)
    expect(directionOf(nextOrder(first, 'noise'))).toBe('descending')
  })
})
