import { expect, it } from 'vitest'
import { settledAtMost } from './settledAtMost.ts'

it('settles all in their order, with at most so many under way', async () => {
  let underWay = 0
  let most = 0
  const work = async (item: number): Promise<string> => {
    underWay += 1
    most = Math.max(most, underWay)
    // The first ones end last.
    for (let turns = 0; turns < 8 - item; turns++) await new Promise(setImmediate)
    underWay -= 1
    if (item === 3) throw new RangeError('no')
    return `item ${item}`
  }
  const settled = await settledAtMost(2, [0, 1, 2, 3, 4], work)
  expect(most).toBe(2)
  expect(settled.map((each) => (each.status === 'fulfilled' ? each.value : String(each.reason)))).toEqual([
    'item 0',
    'item 1',
    'item 2',
    'RangeError: no',
    'item 4',
  ])
})

it('does nothing with nothing', async () => {
  expect(await settledAtMost(2, [], () => Promise.reject(new Error('not asked')))).toEqual([])
})
