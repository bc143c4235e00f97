import { describe, expect, it } from 'vitest'
import { createLiveLoops } from './loopLive.ts'
import { passTokens } from './loops.ts'

const tokensOf = (pass: number): number => passTokens(pass).input + passTokens(pass).output

describe('a loop that lives', () => {
  it('ends its passes when their tokens have come, one after another within the step', () => {
    const loops = createLiveLoops()
    loops.turn(true, 0)
    const four = [0, 1, 2, 3].reduce((sum, pass) => sum + tokensOf(pass), 0)
    expect(loops.serve(four, 0, 10_000)).toEqual([0, 1, 2, 3])
    const [first = 0, second = 0, third = 0, last] = loops.between(0, 10_001)[0]?.ends ?? []
    expect(last).toBe(10_000)
    expect(first / 10_000).toBeCloseTo(tokensOf(0) / four, 2)
    expect(first).toBeLessThan(second)
    expect(second).toBeLessThan(third)
    expect(third).toBeLessThan(10_000)
  })

  it('counts what came before towards the pass that runs', () => {
    const loops = createLiveLoops()
    loops.turn(true, 0)
    expect(loops.serve(tokensOf(0) / 2, 0, 1000)).toEqual([])
    expect(loops.serve(tokensOf(0), 1000, 2000)).toEqual([0])
    expect(loops.between(0, 2000)[0]?.ends).toEqual([1500])
  })
})
