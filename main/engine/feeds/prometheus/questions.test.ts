import { describe, expect, it } from 'vitest'
import { FIELDS } from '../../../../shared/model/field.ts'
import { FAST_QUESTIONS, isSlowDue, SLOW_QUESTIONS } from './questions.ts'

describe('questions', () => {
  it('ask for every field there is, once', () => {
    const asked = [...FAST_QUESTIONS, ...SLOW_QUESTIONS].map(({ id }) => id)
    expect(new Set(asked).size).toBe(asked.length)
    expect(asked.toSorted()).toEqual([...FIELDS.map(({ id }) => id), 'xidCounts'].toSorted())
  })

  it.each([
    [1, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
    [2, [0, 2, 4, 6, 8]],
    [6, [0, 6]],
  ])('ask the slow ones every %i refreshes', (slowEvery, due) => {
    expect([...Array(10).keys()].filter((refresh) => isSlowDue(refresh, slowEvery))).toEqual(due)
  })
})
