import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { indexTenants, naturalKey, rankTenants, tenantFigure } from './ranking.ts'
import { type TenantOrder, type TenantSort, TENANT_SORTS } from './sorts.ts'
import { itemOf } from './testing/item.ts'

const all = { text: '', states: [] } as const
const by = (sort: TenantSort, reversed = false): TenantOrder => ({ by: sort, reversed })

const item = itemOf([
  { id: 'a', name: 'Tenant 10', tokens: 900, noise: 0.2, exhaustsAt: 5000, quotaUsed: 0.9 },
  { id: 'b', name: 'Tenant 9', tokens: 500, noise: null, exhaustsAt: null, quotaUsed: 0.2, state: 'blocked' },
  { id: 'c', name: 'Écluse', tokens: 100, noise: 0.7, exhaustsAt: 2000, tpmLimit: 3000 },
  { id: 'd', name: 'Eden', tokens: null, noise: 0.2, state: 'unlisted' },
])

describe('the order of tenants', () => {
  it('is that of the ranking until another one is asked for', () => {
    expect(rankTenants(item, { ...all, order: by('tokens') })).toEqual(['a', 'b', 'c', 'd'])
  })

  it('puts the noisiest first, equals in the order of the ranking, and who is not known last', () => {
    expect(rankTenants(item, { ...all, order: by('noise') })).toEqual(['c', 'a', 'd', 'b'])
    expect(rankTenants(item, { ...all, order: by('noise', true) })).toEqual(['a', 'd', 'c', 'b'])
  })

  it('puts first who runs out soonest, and who lasts last', () => {
    expect(rankTenants(item, { ...all, order: by('exhaustion') })).toEqual(['c', 'a', 'b', 'd'])
  })

  it('sorts names as people do: 9 before 10, É beside E', () => {
    expect(rankTenants(item, { ...all, order: by('name') })).toEqual(['c', 'd', 'b', 'a'])
    expect(rankTenants(item, { ...all, order: by('name', true) })).toEqual(['a', 'b', 'd', 'c'])
    expect(naturalKey('tenant 9') < naturalKey('Tenant 10')).toBe(true)
  })

  it('puts what needs a look before what is active', () => {
    expect(rankTenants(item, { ...all, order: by('state') })).toEqual(['b', 'd', 'a', 'c'])
  })

  it('reckons the use of a limit from the rate, and calls a limit of nothing exceeded', () => {
    expect(tenantFigure(item, 'limit', 2)).toBeCloseTo(2)
    expect(tenantFigure(item, 'limit', 0)).toBeNull()
    const none = itemOf([{ id: 'x', tokens: 1, tpmLimit: 0 }])
    expect(tenantFigure(none, 'limit', 0)).toBe(Number.POSITIVE_INFINITY)
  })

  it('loses none and shows none twice, whatever is known', () => {
    const figure = fc.option(fc.double({ min: 0, max: 1e9, noNaN: true }))
    const row = fc.record({
      tokens: figure,
      noise: figure,
      excess: figure,
      exhaustsAt: figure,
      tpmLimit: figure,
    })
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 60 }),
        fc.constantFrom(...TENANT_SORTS),
        fc.boolean(),
        (rows, sort, reversed) => {
          const many = itemOf(rows.map((one, index) => ({ ...one, id: `t-${index}` })))
          const ranked = rankTenants(many, { ...all, order: by(sort, reversed) })
          expect(ranked.toSorted()).toEqual([...many.ids].toSorted())
          if (sort === 'name' || sort === 'state') return
          const known = ranked.map((id) => tenantFigure(many, sort, indexTenants(many).indexOf(id)) !== null)
          // Once one is not known, none behind it is.
          if (sort !== 'tokens' || reversed) expect(known.lastIndexOf(true)).toBeLessThan(indexOr(known))
        },
      ),
      { numRuns: 200 },
    )
  })
})

function indexOr(known: readonly boolean[]): number {
  const first = known.indexOf(false)
  return first === -1 ? known.length : first
}

describe('the filter of tenants', () => {
  const ranked = { order: by('tokens') }
  it('finds every word in the name or the id', () => {
    expect(rankTenants(item, { ...ranked, text: 'tenant 9', states: [] })).toEqual(['b'])
    expect(rankTenants(item, { ...ranked, text: ' ÉCLUSE ', states: [] })).toEqual(['c'])
    expect(rankTenants(item, { ...ranked, text: 'nobody', states: [] })).toEqual([])
  })

  it('leaves the chosen states', () => {
    expect(rankTenants(item, { ...ranked, text: '', states: ['blocked', 'unlisted'] })).toEqual(['b', 'd'])
  })
})

describe('the way from an id to its place', () => {
  it('is -1 for whom the item does not know', () => {
    const { indexOf } = indexTenants(item)
    expect([indexOf('c'), indexOf('z')]).toEqual([2, -1])
  })
})
