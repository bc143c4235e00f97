import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { manualClock } from '../../../platform/clock.ts'
import { Pace } from './pace.ts'

describe('the pace of a stream', () => {
  it('lets through what fits into a second without a pause', () => {
    const clock = manualClock()
    const pace = new Pace(clock, 1000)
    for (let i = 0; i < 10; i++) {
      expect(pace.spend(1000)).toBe(0)
      clock.advance(1000)
    }
    expect(pace.isHeldBack).toBe(false)
  })

  it('reads no more than its share over any time, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 5, maxLength: 200 }), (pieces) => {
        const clock = manualClock()
        const start = clock.monotonic()
        const pace = new Pace(clock, 1000)
        let read = 0
        for (const piece of pieces) {
          read += piece
          clock.advance(pace.spend(piece))
        }
        const seconds = (clock.monotonic() - start) / 1000
        expect(read).toBeLessThanOrEqual(1000 * (seconds + 1) + 1)
      }),
    )
  })
})
