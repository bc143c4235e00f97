import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startCutLoop } from './cutLoop.ts'

function start(cut: () => void = () => undefined) {
  const cuts = vi.fn<() => void>(cut)
  const defects: unknown[] = []
  const loop = startCutLoop({
    monotonic: () => performance.now(),
    cut: cuts,
    onDefect: (error) => defects.push(error),
  })
  return { loop, cuts, defects }
}

describe('the cut loop', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('cuts at once, then every second without news', () => {
    const { loop, cuts } = start()
    vi.advanceTimersByTime(0)
    expect(cuts).toHaveBeenCalledTimes(1)
    vi.advanceTimersByTime(5000)
    expect(cuts).toHaveBeenCalledTimes(6)
    loop.stop()
  })

  it('cuts at most four times a second however much news there is', () => {
    const { loop, cuts } = start()
    vi.advanceTimersByTime(0)
    for (let ms = 0; ms < 2000; ms += 5) {
      loop.hurry()
      vi.advanceTimersByTime(5)
    }
    expect(cuts).toHaveBeenCalledTimes(9)
    loop.stop()
  })

  it('cuts at once for news after a long pause', () => {
    const { loop, cuts } = start()
    vi.advanceTimersByTime(900)
    expect(cuts).toHaveBeenCalledTimes(1)
    loop.hurry()
    vi.advanceTimersByTime(0)
    expect(cuts).toHaveBeenCalledTimes(2)
    loop.stop()
  })

  /** When cuts that take so long begin, ms, with news all the time; the last cost goes for all that follow. */
  function startsOf(costsMs: readonly number[], forMs: number): number[] {
    const starts: number[] = []
    let spent = 0
    const now = () => performance.now() + spent
    const from = now()
    const cut = () => {
      starts.push(now() - from)
      spent += costsMs[Math.min(starts.length, costsMs.length) - 1] ?? 0
    }
    const loop = startCutLoop({ monotonic: now, cut, onDefect: () => undefined })
    while (now() - from < forMs) {
      loop.hurry()
      vi.advanceTimersByTime(5)
    }
    loop.stop()
    return starts
  }

  it('cuts less often where cuts are dear', () => {
    const starts = startsOf([100], 4500)
    expect(starts).toEqual([0, 1000, 2000, 3000, 4000])
  })

  it('spends a tenth of the time at most, and no cut comes later than that asks for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), (costMs) => {
        const starts = startsOf([costMs], 10_000)
        const pauses = starts.slice(1).map((at, i) => at - (starts[i] ?? 0))
        for (const pause of pauses) {
          expect(costMs / pause).toBeLessThanOrEqual(0.1)
          // Timers of 5 ms steps; a second is what a screen may wait for ages to move.
          expect(pause).toBeLessThanOrEqual(Math.max(250, 10 * costMs) + 5)
        }
        expect(pauses.length).toBeGreaterThan(0)
      }),
      { numRuns: 40 },
    )
  })

  it('does not wait for one that was held up', () => {
    const starts = startsOf([10, 10, 400, 10], 3000)
    expect((starts[3] ?? 0) - (starts[2] ?? 0)).toBeLessThan(500)
    expect(starts.length).toBeGreaterThan(10)
  })

  it('goes on after a cut that throws', () => {
    const { loop, cuts, defects } = start(() => {
      throw new Error('broken')
    })
    vi.advanceTimersByTime(2000)
    expect(cuts).toHaveBeenCalledTimes(3)
    expect(defects).toHaveLength(3)
    loop.stop()
  })

  it('leaves no timer behind', () => {
    const { loop } = start()
    vi.advanceTimersByTime(100)
    loop.stop()
    loop.hurry()
    expect(vi.getTimerCount()).toBe(0)
  })
})
