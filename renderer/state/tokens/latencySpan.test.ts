import { expect, it } from 'vitest'
import { knownSpan } from './latencySpan.ts'

const MINUTE = 60_000
const DAY = 1440 * MINUTE

it('calls a minute of a day too little for a course, and the same minute of a quarter of an hour not', () => {
  const times = [0, 1, 2].map((minute) => minute * MINUTE)
  const columns = [
    [null, 3, 4],
    [null, null, 5],
  ]
  const points = { times, stepMs: MINUTE, fromMs: 0 }
  expect(knownSpan({ ...points, toMs: DAY }, columns)).toEqual({ ms: 2 * MINUTE, little: true })
  expect(knownSpan({ ...points, toMs: 15 * MINUTE }, columns)).toEqual({ ms: 2 * MINUTE, little: false })
})

it('calls a single point no course, however long its step is, and counts no more than the range', () => {
  const day = { times: [0], stepMs: DAY, fromMs: 0, toMs: DAY / 2 }
  expect(knownSpan(day, [[1]])).toEqual({ ms: DAY / 2, little: true })
  expect(knownSpan({ ...day, times: [] }, [[]])).toEqual({ ms: 0, little: true })
})
