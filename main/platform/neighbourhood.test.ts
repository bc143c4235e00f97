import { describe, expect, it } from 'vitest'
import { manualClock } from './clock.ts'
import { createNeighbourhood, type Neighbour } from './neighbourhood.ts'

function neighbours(count: number) {
  const clock = manualClock()
  const neighbourhood = createNeighbourhood({ clock, togetherMs: 10_000, spreadMs: 1_000 })
  const asked: number[] = []
  const members = Array.from({ length: count }, (_, index) => neighbourhood.join(() => asked.push(index)))
  const member = (index: number): Neighbour => {
    const found = members[index]
    if (found === undefined) throw new Error(`there is no neighbour ${index}`)
    return found
  }
  return { clock, asked, member, members }
}

describe('neighbours', () => {
  it('that failed together are asked again once one of them answers', () => {
    const { clock, asked, member, members } = neighbours(5)
    for (const each of members) {
      each.failed()
      clock.advance(2_000)
    }
    clock.advance(60_000)
    member(2).answered()
    expect(asked).toEqual([0, 1, 3, 4])
  })

  it('leave one alone that failed by itself', () => {
    const { clock, asked, member } = neighbours(3)
    member(0).failed()
    clock.advance(60_000)
    member(1).failed()
    member(2).failed()
    clock.advance(60_000)
    member(1).answered()
    expect(asked).toEqual([2])
  })

  it('do not press one that stays broken', () => {
    const { clock, asked, member, members } = neighbours(50)
    for (const each of members) each.failed()
    clock.advance(60_000)
    for (let index = 1; index < 50; index++) {
      member(index).answered()
      clock.advance(1_000)
    }
    expect(asked.filter((index) => index === 0).length).toBeLessThanOrEqual(4)
  })

  it('count an outage from its first failure, and forget it with an answer', () => {
    const { clock, asked, member } = neighbours(2)
    member(0).failed()
    clock.advance(30_000)
    member(0).failed()
    member(1).failed()
    member(1).answered()
    expect(asked).toEqual([])
    member(0).answered()
    member(0).failed()
    member(1).failed()
    member(1).answered()
    expect(asked).toEqual([0])
  })

  it('that left, or that answer, are not asked', () => {
    const { asked, member } = neighbours(3)
    member(0).failed()
    member(1).failed()
    member(0).leave()
    member(2).answered()
    member(1).answered()
    expect(asked).toEqual([])
  })
})
