import { describe, expect, it } from 'vitest'
import { blankToNaN, isBlank } from './blank.ts'

describe('isBlank', () => {
  it.each([
    '9223372036854775792',
    '9223372036854775795',
    '2147483632',
    '2147483635',
    '140737488355328',
    '140737488355331',
  ])('knows %s', (text) => {
    expect(isBlank(Number(text))).toBe(true)
  })

  it.each([0, -1, 700, 2_147_483_631, 2_147_483_636, 4_294_967_295, 150_000_000_000_000, Number.NaN])(
    'lets %d be judged by its range',
    (value) => {
      expect(isBlank(value)).toBe(false)
    },
  )
})

describe('blankToNaN', () => {
  it('changes blanks alone and counts them', () => {
    const values = Float64Array.of(30, 2 ** 63, 0, Number.NaN)
    expect(blankToNaN(values)).toBe(1)
    expect([...values]).toEqual([30, Number.NaN, 0, Number.NaN])
  })
})
