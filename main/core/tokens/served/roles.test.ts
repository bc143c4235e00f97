import { describe, expect, it } from 'vitest'
import type { Join } from './join.ts'
import { createServed } from './served.ts'
import { servedRates } from './flows.ts'
import { type Said, saidBy } from '../testing/servers.ts'

const JOIN: Join = {
  typesOf: ({ pod }) =>
    pod === 'prefill-0'
      ? [{ gpuType: 'H200', weight: 1 }]
      : pod === 'decode-0'
        ? [{ gpuType: 'H100', weight: 1 }]
        : [],
  allocated: () => new Map(),
}

/** What two servers say at the start, and a minute later. */
function watched(before: readonly Omit<Said, 'at'>[], after: readonly Omit<Said, 'at'>[]) {
  const served = createServed({ windowMs: 3_600_000, sliceMs: 1000 })
  served.setJoin(JOIN)
  for (const [at, said] of [
    [0, before],
    [60, after],
  ] as const) {
    served.observe({ at: at * 1000, samples: said.map((one) => saidBy({ at, ...one })) })
  }
  return served
}

const of = (pod: string) => ({ id: pod, pod })
const NOTHING = { input: 0, output: 0, requests: 0 }
const PREFILL = {
  ...of('prefill-0'),
  counters: { input: 3_000_000, output: 1000, requests: 1000, transferredInput: 0 },
}
const DECODE = {
  ...of('decode-0'),
  counters: { input: 3_000_000, output: 500_000, requests: 1000, transferredInput: 2_999_000 },
}
const START = [
  { ...of('prefill-0'), counters: { ...NOTHING, transferredInput: 0 } },
  { ...of('decode-0'), counters: { ...NOTHING, transferredInput: 0 } },
]

describe('a request that passes through two servers', () => {
  it('16: is counted once, and its prompt is put to the GPUs that read it', () => {
    const served = watched(START, [PREFILL, DECODE])
    const whole = servedRates(served.rates(60_000, 60_000))
    expect(whole.input).toBeCloseTo(50_000, 6)
    expect(whole.output).toBeCloseTo(500_000 / 60, 6)
    expect(whole.requests).toBeCloseTo(1000 / 60, 6)
    const { sums, unjoined, prefill } = served.between(0, 60_000)
    expect(sums).toEqual([
      { model: 'm', gpuType: 'H100', input: 1000n, output: 500_000n },
      { model: 'm', gpuType: 'H200', input: 2_999_000n, output: 0n },
    ])
    expect(unjoined.share).toBe(0)
    expect(prefill).toEqual(['prefill-0 (m)'])
    const curves = served.curves([0, 30_000, 60_000], 60_000)
    const total = curves.reduce((sum, { input }) => sum + (input[0] ?? 0) + (input[1] ?? 0), 0)
    expect(total).toBeCloseTo(3_000_000, 3)
  })

  it('16: has its first token where its prompt is read, and all else where it is answered', () => {
    const served = watched(START, [PREFILL, DECODE])
    expect([...served.otherPart('timeToFirstToken')]).toEqual(['decode-0'])
    expect([...served.otherPart('duration')]).toEqual(['prefill-0'])
    const windowed = (leftOut: readonly string[]) => {
      const one = { kind: 'duration' as const, model: 'm', endpoint: '', windowMs: 300_000 }
      const histogram = { bounds: [1], counts: [1, 0] }
      const samples = [PREFILL, DECODE].map((said) => saidBy({ at: 61, ...said }))
      served.observe({ at: 61_000, samples, windowed: [{ ...one, histogram, leftOut: new Set(leftOut) }] })
      return served.latency({}, 60_000, 61_000).note
    }
    expect(windowed([])).toContain('cannot be distinguished yet')
    expect(windowed(['prefill-0'])).toContain('that of the prefill servers')
    expect([...watched([{ ...of('a'), counters: NOTHING }], []).otherPart('duration')]).toEqual([])
  })

  it('16: is counted once also where labels alone say which server has which part', () => {
    const said = (counts: Said['counters'], part: Said['counters']) => [
      { ...of('prefill-0'), role: 'prefill' as const, counters: { ...counts } },
      { ...of('decode-0'), role: 'decode' as const, counters: { ...part } },
    ]
    const served = watched(
      said(NOTHING, NOTHING),
      said({ input: 600_000, output: 200, requests: 200 }, { input: 600_000, output: 90_000, requests: 200 }),
    )
    expect(served.between(0, 60_000).sums).toEqual([
      { model: 'm', gpuType: 'H100', input: 0n, output: 90_000n },
      { model: 'm', gpuType: 'H200', input: 600_000n, output: 0n },
    ])
  })

  it('stays whole where caches come from a store and every server answers its own requests', () => {
    const counters = { input: 60_000, output: 30_000, requests: 100, transferredInput: 40_000 }
    const start = [{ ...of('a'), counters: { ...NOTHING, transferredInput: 0 } }]
    const { sums, prefill } = watched(start, [{ ...of('a'), counters }]).between(0, 60_000)
    expect(sums).toMatchObject([{ input: 60_000n, output: 30_000n }])
    expect(prefill).toEqual([])
  })

  it('stays whole where a server answers with one token and no other gets its caches', () => {
    const counters = { input: 60_000, output: 100, requests: 100 }
    const { sums } = watched([{ ...of('a'), counters: NOTHING }], [{ ...of('a'), counters }]).between(
      0,
      60_000,
    )
    expect(sums).toMatchObject([{ input: 60_000n, output: 100n }])
  })

  it('says a measure that no server counts as unknown, never as 0', () => {
    const served = watched(
      [{ ...of('a'), counters: { input: 0, output: 0 } }],
      [{ ...of('a'), counters: { input: 600, output: 60 } }],
    )
    expect(servedRates(served.rates(60_000, 60_000))).toMatchObject({ input: 10, output: 1, requests: null })
    expect(served.between(0, 60_000).lacking).toMatchObject({ input: [], requests: ['a (m)'] })
  })
})
