import { describe, expect, it } from 'vitest'
import type { LiveFleet } from '../../../core/fleet/types.ts'
import { RemoteClock } from '../../../platform/remoteClock.ts'
import { originOfNone } from '../answers/origin.ts'
import type { SlowFacts } from '../slowFacts.ts'
import { type YieldParts, yieldNow } from './yield.ts'

const NOW = Date.UTC(2026, 10, 24, 9)
const MINUTE = 60_000

/** The metering's capacity ended so long ago. */
function capacitySpan(ageMs: number) {
  const iso = (ms: number) => new Date(ms).toISOString()
  const capacity = { from: iso(NOW - ageMs - 5 * MINUTE), to: iso(NOW - ageMs), rows: [] }
  const fleet = {
    topology: () => ({ gpus: { type: [], host: [] }, instances: { gpu: [] }, types: [], workloads: [] }),
    frame: () => ({ fields: [], values: [], states: [] }),
  } as unknown as Pick<LiveFleet, 'topology' | 'frame'>
  return yieldNow({
    cube: null,
    abilities: () => null,
    facts: { capacity: () => ({ value: capacity }), rates: () => ({ value: null }) } as unknown as SlowFacts,
    servedFigures: null,
    fleet,
    allocated: () => new Map(),
    economics: {
      costPerGpuHour: {},
      referenceTokensPerSecond: {},
      currency: 'USD',
      assumptions: {},
    } as unknown as YieldParts['economics'],
    origin: () => originOfNone(MINUTE),
    backendClock: new RemoteClock(),
    now: () => NOW,
  }).capacitySpan
}

describe('capacity of the metering', () => {
  it('is no denominator of tokens of now once it is old', () => {
    expect(capacitySpan(9 * MINUTE)).toEqual({ fromMs: NOW - 14 * MINUTE, toMs: NOW - 9 * MINUTE })
    expect(capacitySpan(11 * MINUTE)).toBeNull()
  })
})
