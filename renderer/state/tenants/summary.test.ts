import { describe, expect, it } from 'vitest'
import { keepSparks, MOST_SPARKS, sparksToAsk } from './sparks.ts'
import { noiseOf, summariseTenants } from './summary.ts'
import { itemOf } from './testing/item.ts'
import { exhaustionWords, whyMissing } from './states.ts'
import { said } from '../../../shared/messages/message.ts'

const HOUR = 3_600_000

describe('the summary of tenants', () => {
  it('sums what is known, and says of how many it is not', () => {
    const item = itemOf([
      { id: 'a', tokens: 900, excess: 100, noise: 0.2, rejected: 0 },
      { id: 'b', tokens: 0, excess: 0, noise: 0.9, rejected: 2.5 },
      { id: 'c', tokens: null, noise: null },
    ])
    expect(summariseTenants(item, item.at)).toMatchObject({
      listed: 3,
      using: 1,
      tokens: 900,
      unknown: 1,
      top: 0,
      beyond: 1,
      excess: 100,
      entitled: 2,
      rejected: 2.5,
      rejecting: 1,
      noisiest: 1,
    })
  })

  it('counts who runs out within a day, used up or not, and none where no quota is known', () => {
    const at = 1_000_000
    const item = itemOf(
      [
        { id: 'a', quotaUsed: 0.9, exhaustsAt: at + 23 * HOUR },
        { id: 'b', quotaUsed: 1, exhaustsAt: at - HOUR },
        { id: 'c', quotaUsed: 0.3, exhaustsAt: at + 25 * HOUR },
        { id: 'd', quotaUsed: 0.1, exhaustsAt: null },
      ],
      at,
    )
    expect(summariseTenants(item, at)).toMatchObject({ nearExhaustion: 2, soonest: 1 })
    const unknown = itemOf([{ id: 'a', tokens: 1 }])
    expect(summariseTenants(unknown, at)).toMatchObject({ nearExhaustion: null, soonest: -1, noisiest: -1 })
  })

  it('is of none where none is listed: nothing is known, and not 0', () => {
    expect(summariseTenants(itemOf([]), 0)).toMatchObject({
      using: null,
      tokens: null,
      beyond: null,
      top: -1,
    })
  })

  it('keeps parts that are not known apart from parts that are 0', () => {
    const item = itemOf([{ id: 'a', noise: 0 }, { id: 'b' }])
    expect(noiseOf(item, 0).surge).toBe(0)
    expect(noiseOf(item, 1).surge).toBeNull()
  })
})

describe('time to exhaustion in words', () => {
  it.each([
    [null, null, 'none', ''],
    [0.4, null, 'lasts', 'lasts'],
    [0.9, 6 * HOUR, 'near', '6\u2009h'],
    [0.9, 24 * HOUR, 'later', '1\u2009d'],
    [1, null, 'gone', 'used up'],
    [0.99, 0, 'gone', 'used up'],
  ])('of %s used and exhaustion at %s is %s', (used, at, kind, text) => {
    expect(exhaustionWords(used, at, 0)).toEqual({ kind, text })
  })
})

describe('the reason of a figure that is not there', () => {
  const { origin } = itemOf([])
  it('is the back end’s own words where it cannot say it, else what is not agreed', () => {
    expect(whyMissing(origin, 'quota')).toBe('It has no quota.')
    const lacks = [{ what: 'quotas', text: said('OpenMeter keeps no quotas.') }]
    expect(whyMissing({ ...origin, lacks }, 'quota')).toBe('OpenMeter keeps no quotas.')
    expect(whyMissing({ ...origin, state: 'failing', text: said('It is down.') }, 'quota')).toContain(
      'It is down.',
    )
  })
})

describe('shapes of the tenants in sight', () => {
  it('are not asked for again when places change, or when somebody scrolls a little', () => {
    const asked = sparksToAsk([], ['b', 'a', 'c'])
    expect(asked).toEqual(['a', 'b', 'c'])
    expect(sparksToAsk(asked, ['c', 'b'])).toBe(asked)
    expect(sparksToAsk(asked, ['c', 'd'])).toEqual(['c', 'd'])
  })

  it('are asked for and kept within bounds', () => {
    const many = Array.from({ length: 500 }, (_, index) => `t-${index}`)
    expect(sparksToAsk([], many)).toHaveLength(MOST_SPARKS)
    let kept = keepSparks(new Map(), ['a'], [[1, 2]])
    expect(kept.get('a')).toEqual([1, 2])
    for (const id of many) kept = keepSparks(kept, [id], [[1]])
    expect(kept.size).toBe(4 * MOST_SPARKS)
    expect(kept.has('t-499')).toBe(true)
    expect(kept.has('a')).toBe(false)
  })

  it('forget a tenant that is answered with nothing', () => {
    const kept = keepSparks(new Map([['a', [1]]]), ['a', 'b'], [])
    expect(kept.size).toBe(0)
  })
})
