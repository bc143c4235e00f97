import { describe, expect, it } from 'vitest'
import { figureText } from '../../../shared/model/units.ts'
import { dimensionWords, latencyScale } from './measures.ts'

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
