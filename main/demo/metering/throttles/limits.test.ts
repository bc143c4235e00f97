import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BLOCKED, isWholeTenant, LIMIT_NAMES, lowest, NO_LIMITS, raised, reaches } from './limits.ts'

const value = fc.option(fc.nat(1_000_000), { nil: null })
const limits = fc.record({ tpm: value, rpm: value, maxConcurrent: value })
const scope = { models: ['m'], endpoints: [], keys: ['k1', 'k2'] }

describe('lowest', () => {
  it('never raises a limit, and takes each one from somewhere', () => {
    fc.assert(
      fc.property(limits, fc.array(limits, { maxLength: 5 }), (base, overlays) => {
        const effective = lowest([base, ...overlays])
        for (const name of LIMIT_NAMES) {
          const all = [base, ...overlays].map((each) => each[name])
          expect(all).toContain(effective[name])
          for (const each of all)
            if (each !== null) expect(effective[name] ?? Infinity).toBeLessThanOrEqual(each)
        }
      }),
    )
  })

  it('does not limit where nothing does, and lets nothing through where something blocks', () => {
    expect(lowest([])).toEqual(NO_LIMITS)
    expect(lowest([NO_LIMITS, { tpm: 5, rpm: null, maxConcurrent: 2 }])).toEqual({
      tpm: 5,
      rpm: null,
      maxConcurrent: 2,
    })
    expect(lowest([NO_LIMITS, BLOCKED])).toEqual(BLOCKED)
  })
})

describe('scopes', () => {
  it('narrow by every list that is not empty', () => {
    expect(reaches(scope, { model: 'm', endpoint: 'e', key: 'k2' })).toBe(true)
    expect(reaches(scope, { model: 'm', endpoint: 'e', key: 'k3' })).toBe(false)
    expect(reaches(scope, { model: 'n', endpoint: 'e', key: 'k1' })).toBe(false)
    expect(isWholeTenant(scope)).toBe(false)
    expect(isWholeTenant({ models: [], endpoints: [], keys: [] })).toBe(true)
  })
})

describe('raised', () => {
  it('names the first limit above the base, and none where the base has none', () => {
    const base = { tpm: 100, rpm: 10, maxConcurrent: null }
    expect(raised(base, { tpm: 101, rpm: 11, maxConcurrent: 1 })).toBe('tpm')
    expect(raised(base, { tpm: 100, rpm: 11, maxConcurrent: null })).toBe('rpm')
    expect(raised(base, { tpm: 100, rpm: null, maxConcurrent: 9 })).toBeUndefined()
  })
})
