import { describe, expect, it } from 'vitest'
import { DEFAULT_ASSUMPTIONS } from '../../../shared/model/economics.ts'
import { breakEven } from './breakEven.ts'

describe('where tokens bring as much as rent', () => {
  it('is at 3.5 million tokens per GPU-hour for the published figures', () => {
    const { at, rented, most } = breakEven(DEFAULT_ASSUMPTIONS, [])
    expect(at).toBeCloseTo(3.5, 9)
    expect(rented).toBeCloseTo(18_396, 6)
    expect(most).toBeCloseTo(33, 9)
  })

  it('keeps everything that is marked in the picture', () => {
    const { most, top, metered } = breakEven(DEFAULT_ASSUMPTIONS, [80])
    expect(most).toBeGreaterThan(80)
    expect(top).toBeGreaterThanOrEqual(metered)
  })

  it('is nowhere where tokens bring nothing', () => {
    const { at, top, rented } = breakEven({ ...DEFAULT_ASSUMPTIONS, pricePerMegatoken: '0' }, [])
    expect(at).toBeNull()
    expect(top).toBeGreaterThan(rented)
  })

  it('does not squeeze the picture for one that is far away', () => {
    const { at, most } = breakEven({ ...DEFAULT_ASSUMPTIONS, pricePerMegatoken: '0.001' }, [6])
    expect(at).toBeCloseTo(3500, 6)
    expect(most).toBeCloseTo(33, 9)
  })

  it('has a picture for a floor that makes nothing', () => {
    const { most, top } = breakEven(
      { ...DEFAULT_ASSUMPTIONS, megatokensPerHour: '0', soldShare: '0', rentPerHour: '0' },
      [],
    )
    expect(most).toBeGreaterThan(0)
    expect(top).toBeGreaterThan(0)
  })
})
