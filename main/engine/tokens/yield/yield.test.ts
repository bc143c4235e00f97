import { describe, expect, it } from 'vitest'
import type { Yield } from '../../../../shared/contract/tokens.ts'
import type { LiveFleet } from '../../../core/fleet/types.ts'
import { RemoteClock } from '../../../platform/remoteClock.ts'
import type { Cube } from '../../../core/tokens/usage/cube/cube.ts'
import type { MeteringAbilities } from '../../../sources/metering/types.ts'
import { NO_RATES } from '../answers/blank.ts'
import { originOfNone } from '../answers/origin.ts'
import type { ServedFigures } from '../served/figures.ts'
import type { SlowFacts } from '../slowFacts.ts'
import { type YieldParts, yieldNow } from './yield.ts'
import { type Message, said } from '../../../../shared/messages/message.ts'
import { plainly } from '../../../../test/support/plainly.ts'

const NOW = Date.UTC(2026, 10, 24, 9)
const MINUTE = 60_000

const facts = (capacity: unknown) =>
  ({ capacity: () => ({ value: capacity }), rates: () => ({ value: null }) }) as unknown as SlowFacts

function yieldWith(parts: Partial<YieldParts>) {
  const fleet = {
    topology: () => ({ gpus: { type: [], host: [] }, instances: { gpu: [] }, types: [], workloads: [] }),
    frame: () => ({ fields: [], values: [], states: [] }),
  } as unknown as Pick<LiveFleet, 'topology' | 'frame'>
  return yieldNow({
    cube: null,
    abilities: () => null,
    facts: facts(null),
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
    ...parts,
  })
}

/** The metering's capacity ended so long ago. */
function capacitySpan(ageMs: number) {
  const iso = (ms: number) => new Date(ms).toISOString()
  const capacity = { from: iso(NOW - ageMs - 5 * MINUTE), to: iso(NOW - ageMs), rows: [] }
  return yieldWith({ facts: facts(capacity) }).capacitySpan
}

describe('capacity of the metering', () => {
  it('is no denominator of tokens of now once it is old', () => {
    expect(capacitySpan(9 * MINUTE)).toEqual({ fromMs: NOW - 14 * MINUTE, toMs: NOW - 9 * MINUTE })
    expect(capacitySpan(11 * MINUTE)).toBeNull()
  })
})

const RATES = { ...NO_RATES, input: 100, output: 20 }
/** A metering that tells GPU types. */
const cube = {
  stepMs: () => 10_000,
  reach: () => ({}),
  rates: () => RATES,
  ratesBy: (dimension: string) => new Map([[dimension === 'gpuType' ? 'H100' : 'llama', RATES]]),
} as unknown as Cube
const abilities = () =>
  ({ backend: 'Metering', groups: new Set(['gpuType']), lacks: new Map() }) as unknown as MeteringAbilities
const origin = (state: 'ok' | 'failing') => () => ({
  ...originOfNone(MINUTE),
  state,
  text: said('Metering at m:8080: connection refused'),
})
const servers = (...types: string[]) =>
  ({
    flows: () =>
      types.map((gpuType) => ({ gpuType, model: 'llama', endpoint: '', input: 7, output: 3, requests: 1 })),
    standIn: (_: unknown, why: Message) => ({ why, notes: [], unjoined: { share: 0 } }),
  }) as unknown as ServedFigures

describe('tokens by GPU type while the metering does not answer', () => {
  const down = { cube, abilities, origin: origin('failing') }
  const typesOf = ({ rows }: Yield) => rows.map(({ gpuType, tokensPerSecond }) => [gpuType, tokensPerSecond])

  it('are served ones, and so is their sum, with why', () => {
    const told = yieldWith({ ...down, servedFigures: servers('B200') })
    expect(typesOf(told)).toEqual([['B200', 10]])
    expect(told.total.tokensPerSecond).toBe(10)
    expect(plainly(told.standIn)).toMatchObject({
      whole: true,
      why: 'Metering at m:8080: connection refused',
    })
  })

  it.each([
    ['no inference servers are known', null],
    ['no server is heard', servers()],
    ['no server is mapped to a GPU', servers('')],
  ])('stay the last metered ones where %s', (_, servedFigures) => {
    const told = yieldWith({ ...down, servedFigures })
    expect(typesOf(told)).toEqual([['H100', 120]])
    expect([told.standIn, told.total.tokensPerSecond]).toEqual([null, 120])
  })

  it('are metered again once it answers', () => {
    const told = yieldWith({ ...down, origin: origin('ok'), servedFigures: servers('B200') })
    expect([typesOf(told), told.standIn]).toEqual([[['H100', 120]], null])
  })
})
