import { expect, it } from 'vitest'
import { createServed } from './served.ts'
import { nameOf } from './roster.ts'
import { doubtsOf } from './faults.ts'
import { saidBy } from '../testing/servers.ts'
import { plainly } from '../../../../test/support/plainly.ts'

it('tells servers that contradict themselves and counters that step back, each kind once', () => {
  const served = createServed({ windowMs: 3_600_000, sliceMs: 1000 })
  for (let i = 0; i < 7; i++) {
    const at = i * 15
    served.observe({
      at: at * 1000,
      samples: [
        ...['a', 'b', 'c', 'd'].map((id) =>
          saidBy({ at, id, counters: { output: 90 }, gauges: { running: 12 } }),
        ),
        saidBy({ at, id: 'e', counters: { output: 1e6 + i * 100 - (i % 2) * 150 } }),
        saidBy({ at, id: 'fine', counters: { output: i * 100 }, gauges: { running: i } }),
      ],
    })
  }
  const doubts = plainly(doubtsOf(served.faults(90_000), nameOf))
  expect(doubts.map(({ code, what }) => [code, what])).toEqual([
    ['inference-queues', '4 inference servers whose queues and counters contradict each other'],
    ['inference-replicas', '1 inference server whose counters step back and forth'],
  ])
  expect(doubts[0]?.by).toContain('and 1 more')
  const [alone] = doubtsOf(
    served
      .faults(90_000)
      .filter(({ code }) => code === 'replicas')
      .map((fault) => ({ ...fault, server: { ...fault.server, source: 'inference server e' } })),
    nameOf,
  )
  expect(plainly(alone)?.what).toBe('Its counters step back and forth')
  // A step back is told for a while and then forgotten.
  expect(served.faults(90_000 + 600_000).map(({ code }) => code)).not.toContain('replicas')
})
