import { describe, expect, it } from 'vitest'
import { isBlank } from './blank.ts'

describe('isBlank', () => {
  it.each([
    '9223372036854775792',
    '9223372036854775793',
    '9223372036854775794',
    '9223372036854775795',
    '9.223372036854775e+18',
    '2147483632',
    '2147483633',
    '2147483634',
    '2147483635',
    '2.147483634e+09',
    '140737488355328.000000',
    '140737488355329',
    '140737488355330',
    '140737488355331.0',
  ])('knows %s', (text) => {
    expect(isBlank(Number(text))).toBe(true)
  })

  it.each([
    0,
    -1,
    700,
    2_147_483_631,
    2_147_483_636,
    4_294_967_295,
    140_737_488_355_327,
    140_737_488_355_332,
    150_000_000_000_000,
    2 ** 62,
    2 ** 64,
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ])('lets %d be judged by its range', (value) => {
    expect(isBlank(value)).toBe(false)
  })
})
