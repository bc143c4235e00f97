import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Served } from './types.ts'
import { createServed } from './served.ts'
import { saidBy } from '../testing/servers.ts'

const SCRAPE_S = 15
const watch = () => createServed({ windowMs: 3_600_000, sliceMs: 1000 })

function follow(readings: readonly number[], everyS = SCRAPE_S): Served {
  const served = watch()
  for (const [i, output] of readings.entries()) {
    const at = i * everyS
    served.observe({ at: at * 1000, samples: [saidBy({ at, counters: { output } })] })
  }
  return served
}

const outputOf = (served: Served, fromS: number, toS: number) => {
  const { sums, complete, gaps } = served.between(fromS * 1000, toS * 1000)
  return { output: Number(sums[0]?.output ?? 0n), complete, gaps }
}

describe('replicas of Prometheus that a query swaps', () => {
  it('25: neither grow a counter nor restart it', () => {
    const served = follow([
      30_000_000, 29_999_200, 30_000_450, 29_999_650, 30_000_900, 30_000_100, 30_001_350,
    ])
    expect(outputOf(served, 0, 90)).toEqual({ output: 1350, complete: true, gaps: [] })
    for (let s = 15; s <= 90; s += 15) expect(outputOf(served, s - 15, s).output).toBeLessThanOrEqual(450)
    const [rate] = served.rates(60_000, 90_000)
    expect(rate?.output).toBeCloseTo(15, 1)
  })

  it('25: while the answers lie behind, what was served is in doubt, and why is said', () => {
    const { output, complete, gaps } = outputOf(follow([30_000_000, 29_999_200, 29_999_600]), 0, 30)
    expect({ output, complete }).toEqual({ output: 0, complete: false })
    expect(gaps.join()).toContain('one replica of Prometheus and then the other')
    expect(gaps.join()).not.toContain('restarted')
  })

  it('25: nor does a young counter restart, whose reading halves', () => {
    const served = follow([200, 1000, 2000, 900, 3000, 1900, 4000])
    expect(outputOf(served, 0, 90).output).toBe(3800)
  })

  it('a counter that stays below is followed from there, after a while', () => {
    const served = follow([30_000_000, ...Array.from({ length: 20 }, (_, i) => 20_000_000 + i * 150)])
    expect(outputOf(served, 150, 300)).toMatchObject({ output: 1500, complete: true })
  })

  it('whatever the order of the replicas, nothing is told that was not served', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 4, maxLength: 40 }),
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: SCRAPE_S }),
        (swaps, perSecond, lagS) => {
          const at = (i: number) => 50_000_000 + perSecond * SCRAPE_S * i
          const served = follow(swaps.map((late, i) => at(i) - (late ? perSecond * lagS : 0)))
          const end = (swaps.length - 1) * SCRAPE_S
          const { output } = outputOf(served, 0, end)
          const grown = perSecond * end
          expect(output).toBeGreaterThanOrEqual(grown - perSecond * lagS - 1)
          expect(output).toBeLessThanOrEqual(grown + perSecond * lagS + 1)
        },
      ),
    )
  })

  it('refuses counts that a double cannot hold, and goes on with others', () => {
    const served = watch()
    for (let i = 0; i < 5; i++) {
      const at = i * SCRAPE_S
      served.observe({
        at: at * 1000,
        samples: [
          saidBy({ at, id: 'wild', counters: { output: i * 2 ** 70 } }),
          saidBy({ at, id: 'calm', counters: { output: i * 1500 } }),
        ],
      })
    }
    const sum = served.rates(60_000, 60_000).reduce((all, { output }) => all + (output ?? 0), 0)
    expect(sum).toBeCloseTo(100, 6)
    expect(served.between(0, 60_000).complete).toBe(false)
  })
})
