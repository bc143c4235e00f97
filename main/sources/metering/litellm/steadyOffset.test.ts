import { describe, expect, it } from 'vitest'
import { SteadyOffset } from './steadyOffset.ts'

describe('the offset of the proxy', () => {
  it('does not tremble with whole seconds of a header, and follows a clock that was set', () => {
    const measured = [0, 700, -900, 1999, 5000, 5900, 6800, 7000, Number.NaN, 300]
    let now = 0
    const offset = new SteadyOffset(() => now)
    const read = measured.map((ms) => {
      now = ms
      return offset.read()
    })
    expect(read).toEqual([0, 0, 0, 0, 5000, 5000, 5000, 7000, 7000, 0])
  })
})
