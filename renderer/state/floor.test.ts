import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { clearFilter, placeOf, placeParams, setField, setFilter, useFloor } from './floor.ts'
import { usePreferences } from './preferences.ts'

describe('the place in the address', () => {
  it('survives the way there and back, whatever the host is called', () => {
    const host = fc.string({ minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(host, fc.nat({ max: 63 }), (name, slot) => {
        expect(placeOf(placeParams({ kind: 'gpu', host: name, slot }))).toEqual({
          kind: 'gpu',
          host: name,
          slot,
        })
        expect(placeOf(placeParams({ kind: 'host', host: name }))).toEqual({ kind: 'host', host: name })
      }),
    )
  })

  it.each([
    {},
    { gpu: 'h-1' },
    { gpu: '/3' },
    { gpu: 'h-1/x' },
    { gpu: 'h-1/-1' },
    { gpu: 'h-1/9999' },
    { host: '' },
  ])('is none for %j', (params) => {
    expect(placeOf(params as Record<string, string>)).toBeNull()
  })
})

describe('the filter', () => {
  beforeEach(clearFilter)

  it('forgets the range when the metric changes, and keeps the rest', () => {
    setFilter({ text: 'h-01', range: { field: 'power', min: 1, max: 2 } })
    setField('gpuTemp')
    expect(usePreferences.getState().metric).toBe('gpuTemp')
    expect(useFloor.getState().filter).toMatchObject({ text: 'h-01', range: null })
    setField(null)
    expect(usePreferences.getState().metric).toBeNull()
  })
})
