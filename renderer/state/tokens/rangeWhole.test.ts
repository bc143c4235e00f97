import { describe, expect, it } from 'vitest'
import type { BucketTotals, TokenOrigin, TokensHistory } from '../../../shared/contract/tokens.ts'
import { wholeOfBuckets, wholeOfSpan } from './rangeWhole.ts'

const origin = { state: 'ok', name: 'Metering' } as TokenOrigin
const totals = (input: string | null, output: string | null, more: object = {}) => ({
  input,
  output,
  cachedInput: null,
  reasoning: null,
  requests: '200',
  rejected: null,
  errors: '3',
  errorTokens: '5',
  ...more,
})

describe('all tokens of a range', () => {
  it('are the means of a span as they were answered, and unknown where nothing is', () => {
    const rates = { ...totals(null, null), input: 5, output: 7 }
    const whole = { rates, errorShare: { byRequests: 0.1, byTokens: null }, input: [1], output: [2] }
    const answer = { whole, origin, standIn: null } as unknown as TokensHistory
    expect(wholeOfSpan(answer)).toMatchObject({ figures: { input: 5 }, trend: { input: [1], output: [2] } })
    expect(wholeOfSpan({ ...answer, whole: null })).toMatchObject({
      figures: { input: null, requests: null },
      errorShare: { byRequests: null, byTokens: null },
    })
  })

  it('are the sums of calendar buckets; what one of them does not know has no place in its course', () => {
    const answer = {
      origin,
      sum: totals('60', '40'),
      groups: [{ name: '', rest: false, totals: [totals('60', '40'), null], sum: totals('60', '40') }],
    } as unknown as BucketTotals
    expect(wholeOfBuckets(answer)).toMatchObject({
      figures: { input: 60, output: 40, cachedInput: null },
      errorShare: { byRequests: 0.015, byTokens: 0.05 },
      trend: { input: [60, null], output: [40, null] },
    })
    const uncounted = { ...answer, sum: totals(null, '40', { requests: '0' }) }
    expect(wholeOfBuckets(uncounted).errorShare).toEqual({ byRequests: null, byTokens: null })
  })
})
