import { describe, expect, it } from 'vitest'
import { phaseOf } from './target.ts'

describe('phaseOf', () => {
  it('spreads the exporters of a floor over the interval', () => {
    const tenths = Array.from({ length: 10 }, () => 0)
    for (let host = 0; host < 2000; host++) {
      const phase = phaseOf(`http://10.0.${host >> 8}.${host & 255}:9400/metrics`)
      tenths[Math.floor(phase * 10)] = (tenths[Math.floor(phase * 10)] ?? 0) + 1
    }
    for (const count of tenths) expect(count).toBeGreaterThan(120)
  })

  it('is the same after every start', () => {
    expect(phaseOf('http://h-1:9400/metrics')).toBe(phaseOf('http://h-1:9400/metrics'))
  })
})
