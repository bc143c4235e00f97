import { describe, expect, it } from 'vitest'
import type { TokenOrigin } from '../../../shared/contract/tokens.ts'
import { figureText } from '../../../shared/model/units.ts'
import { chartedTotal, dimensionWords, lackOf, latencyScale } from './measures.ts'
import { said } from '../../../shared/messages/message.ts'

describe('latencyScale', () => {
  it.each([
    [0.0391, '39.1\u2009ms'],
    [0.4234, '423\u2009ms'],
    [0.9996, '1.00\u2009s'],
    [14.2, '14.2\u2009s'],
    [211, '211\u2009s'],
  ])('prints %s seconds with three digits', (seconds, text) => {
    const { unit, factor } = latencyScale(seconds)
    expect(figureText(seconds * factor, { unit })).toBe(text)
  })

  it('has a unit for what is not known', () => {
    expect(latencyScale(null).unit).toBe('ms')
  })
})

describe('dimensionWords', () => {
  it('keeps abbreviations inside a sentence', () => {
    expect([dimensionWords('gpuType'), dimensionWords('model')]).toEqual(['GPU type', 'model'])
  })
})

describe('totals of a back end that does not tell input from output', () => {
  const totals = {
    input: null,
    output: '5',
    cachedInput: null,
    reasoning: null,
    requests: '2',
    rejected: null,
    errors: null,
    errorTokens: null,
  }
  const origin = {
    state: 'ok',
    name: 'OpenMeter',
    text: null,
    nextStep: null,
    dataAsOf: null,
    lagAllowedMs: 60_000,
    missing: [],
    lacks: [{ what: 'input', text: said('The meter does not tell input.') }],
    corrections: [],
  } satisfies TokenOrigin

  it('are not known, never 0, for a reason', () => {
    expect([chartedTotal(totals, 'input'), chartedTotal(totals, 'tokens')]).toEqual([null, null])
    expect([chartedTotal(totals, 'output'), chartedTotal(totals, 'requests')]).toEqual([5n, 2n])
    expect(lackOf(origin, 'tokens')).toBe('The meter does not tell input.')
    expect(lackOf(origin, 'reasoning')).toBe('OpenMeter did not report it.')
  })
})
