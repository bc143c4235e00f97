import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Counters, type Slice } from './counters.ts'
import { COUNTED, type CountedMeasure } from './series.ts'
import { Exposition, input, started } from './testing/exposition.ts'

const T0 = Date.UTC(2026, 10, 24, 9)
const STEP = 10_000

/** Readings ten seconds apart, and the slices that came of them. */
function readings(all: readonly (readonly string[])[], counters = new Counters()) {
  const exposition = new Exposition()
  const slices = all.map((lines, i) => counters.read(exposition.parse(lines), T0 + i * STEP))
  return { counters, slices }
}
function sumOf(slices: readonly (Slice | null)[], measure: CountedMeasure): number {
  const column = COUNTED.indexOf(measure)
  return slices.reduce(
    (sum, slice) =>
      sum +
      (slice === null
        ? 0
        : [...slice.rows].reduce((all, _, i) => all + (slice.values[i * COUNTED.length + column] ?? 0), 0)),
    0,
  )
}

describe('counters of LiteLLM', () => {
  it('count from the second reading on, and from zero what appears later', () => {
    const { slices, counters } = readings([
      [input(500)],
      [input(520), input(7, { team: 'beta' })],
      [input(520), input(7, { team: 'beta' })],
    ])
    expect(slices[0]).toBeNull()
    expect(sumOf(slices, 'input')).toBe(27)
    expect(slices[2]?.rows).toHaveLength(0)
    expect(counters.rows.map(({ tenant }) => tenant)).toEqual(['acme', 'beta'])
    expect([...counters.labels].toSorted()).toEqual(['key', 'model', 'tenant'])
  })

  it('take a series that was away for a while as it was', () => {
    const { slices } = readings([
      [input(500), input(9, { team: 'b' })],
      [input(500)],
      [input(500), input(10, { team: 'b' })],
    ])
    expect(sumOf(slices, 'input')).toBe(1)
  })

  it('are read with and without _total, and never from the sum of both directions or from _created', () => {
    const labels = '{team="acme",requested_model="llama"}'
    const lines = (n: number) => [
      `litellm_output_tokens_metric${labels} ${n}`,
      `litellm_total_tokens_metric${labels} ${n * 9}`,
      `litellm_output_tokens_metric_created${labels} ${n * 1e6}`,
      `litellm_spend_metric${labels} ${n * 0.1}`,
    ]
    const { slices } = readings([lines(1), lines(4)])
    expect(COUNTED.map((measure) => sumOf(slices, measure))).toEqual([0, 3, 0, 0, 0, 0, 0])
  })

  it('tell refused requests from failed ones, which are part of the requests', () => {
    const requests = (good: number, refused: number, failed: number) =>
      [
        [200, good],
        [429, refused],
        [500, failed],
      ].map(
        ([code, n]) => `litellm_proxy_total_requests_metric_total{team="acme",status_code="${code}"} ${n}`,
      )
    const { slices, counters } = readings([requests(1, 1, 1), requests(11, 4, 3)])
    expect(sumOf(slices, 'requests')).toBe(12)
    expect(sumOf(slices, 'rejected')).toBe(3)
    expect(sumOf(slices, 'errors')).toBe(2)
    expect(counters.seen).toEqual(new Set(['requests', 'rejected', 'errors']))
  })

  it('take a request without a code of its outcome for a failed one', () => {
    const requests = (good: number, none: number) => [
      `litellm_proxy_total_requests_metric_total{team="acme",status_code="200"} ${good}`,
      `litellm_proxy_total_requests_metric_total{team="acme",status_code="None"} ${none}`,
    ]
    const { slices } = readings([requests(1, 1), requests(11, 4)])
    expect(['requests', 'errors'].map((what) => sumOf(slices, what as CountedMeasure))).toEqual([13, 3])
  })

  it('leave refused and failed unknown where requests come without their outcome', () => {
    const { counters } = readings([['litellm_proxy_total_requests_metric_total{team="acme"} 4']])
    expect(counters.seen).toEqual(new Set(['requests']))
  })

  it('name what is None nothing, prefer the name that customers use, and take no key over', () => {
    const { counters } = readings([
      [
        input(1, { team: 'None', requested_model: 'None', hashed_api_key: 'sk-1234567890abcdef' }),
        input(1, { team: 'acme', requested_model: 'fast', hashed_api_key: 'f00d' }),
      ],
    ])
    expect(counters.rows).toEqual([
      { tenant: '', model: 'openai/llama', key: '' },
      { tenant: 'acme', model: 'fast', key: 'f00d' },
    ])
  })

  it('put what was counted in a gap to all of it, and go on after it', () => {
    const counters = new Counters()
    const exposition = new Exposition()
    counters.read(exposition.parse([input(100)]), T0)
    const gap = counters.read(exposition.parse([input(900), input(7, { team: 'late' })]), T0 + 121_000)
    expect(gap).toMatchObject({ fromMs: T0, toMs: T0 + 121_000, isGap: true, isShort: false })
    expect(sumOf([gap], 'input')).toBe(807)
    const next = counters.read(exposition.parse([input(905), input(7, { team: 'late' })]), T0 + 130_000)
    expect(next?.isGap).toBe(false)
    expect(sumOf([next], 'input')).toBe(5)
    expect(counters.read(exposition.parse([input(905)]), T0 + 130_000)).toBeNull()
  })

  it('tell a restart in a gap by a counter that is lower, or by the start of the process where it is higher again', () => {
    const after = (value: number, begun: number) => {
      const counters = new Counters()
      const exposition = new Exposition()
      counters.read(exposition.parse([input(100), started(T0 / 1000 - 60)]), T0)
      return counters.read(exposition.parse([input(value), started(begun)]), T0 + 600_000)
    }
    const lower = after(30, T0 / 1000 + 300)
    expect([sumOf([lower], 'input'), lower?.isShort]).toEqual([30, true])
    const higher = after(140, T0 / 1000 + 300)
    expect([sumOf([higher], 'input'), higher?.isShort]).toEqual([140, true])
    const same = after(100, T0 / 1000 + 300)
    expect([sumOf([same], 'input'), same?.isShort]).toEqual([100, true])
    const went = after(140, T0 / 1000 - 60)
    expect([sumOf([went], 'input'), went?.isShort]).toEqual([40, false])
  })

  it('count what a new process counts of names that are not there at first from zero', () => {
    const counters = new Counters()
    const exposition = new Exposition()
    const read = (lines: readonly string[], second: number) =>
      counters.read(exposition.parse(lines), T0 + second * 1000)
    read([input(100), input(500, { team: 'b' }), started(T0 / 1000 - 60)], 0)
    read([input(3), started(T0 / 1000 + 4)], 10)
    const back = read([input(3), input(600, { team: 'b' }), started(T0 / 1000 + 4)], 20)
    expect(sumOf([back], 'input')).toBe(600)
  })

  it('go on at zero after a restart', () => {
    const { slices, counters } = readings([
      [input(1000), started(1)],
      [input(1010), started(1)],
      [input(4), started(T0 / 1000 + 15)],
      [input(6), started(T0 / 1000 + 15)],
    ])
    expect(sumOf(slices, 'input')).toBe(10 + 4 + 2)
    expect(counters.areSeveral).toBe(false)
  })

  it('are of several processes where one answers that ran already: nothing is counted then', () => {
    const { slices, counters } = readings([
      [input(1000), started(100)],
      [input(90_000), started(200)],
    ])
    expect(slices[1]).toBeNull()
    expect(counters.areSeveral).toBe(true)
  })

  it('are of one that took the place of another, whose clock is an hour behind', () => {
    const hour = 3_600_000
    const exposition = new Exposition()
    const counters = new Counters()
    const read = (startedAt: number, at: number) =>
      counters.read(exposition.parse([input(5), started((startedAt - hour) / 1000)]), at, -hour)
    read(T0 - 60_000, T0)
    read(T0 + 5_000, T0 + STEP)
    expect(counters.areSeveral).toBe(false)
  })

  it('of several proxies add up where Prometheus tells all of them at once', () => {
    const both = (a: number, b: number) => [
      input(a, { instance: 'p1' }),
      input(b, { instance: 'p2' }),
      'process_start_time_seconds{instance="p1"} 100',
      'process_start_time_seconds{instance="p2"} 200',
    ]
    const { slices, counters } = readings([both(1000, 9000), both(1005, 9007)])
    expect(sumOf(slices, 'input')).toBe(12)
    expect([counters.rows.length, counters.areSeveral]).toEqual([1, false])
  })

  it('are of several processes where they fall again and again, and of one again after a while', () => {
    const counters = new Counters()
    const { slices } = readings(
      [5000, 1000, 5010, 1010, 5020, 1020].map((n) => [input(n)]),
      counters,
    )
    expect(counters.areSeveral).toBe(true)
    expect(slices[1]).not.toBeNull()
    readings(
      [1021, 1022, 1023, 1024, 1025, 1026, 1027, 1028].map((n) => [input(n)]),
      counters,
    )
    const exposition = new Exposition()
    for (let i = 0; i < 9; i++) counters.read(exposition.parse([input(1030 + i)]), T0 + (20 + i) * STEP)
    expect(counters.areSeveral).toBe(false)
  })

  it('are of several processes where they only take turns', () => {
    const { slices, counters } = readings([5000, 4000, 5000, 4000, 5000, 4000].map((n) => [input(n)]))
    expect(counters.areSeveral).toBe(true)
    expect(sumOf(slices, 'input')).toBe(0)
  })

  it('sum up in one row without a name what is beyond the bound', () => {
    const many = (n: number) => Array.from({ length: 50_010 }, (_, i) => input(n, { team: `t${i}` }))
    const { slices, counters } = readings([many(1), many(3)])
    expect([counters.rows.length, counters.isFull]).toEqual([50_000, true])
    expect(counters.rows.at(-1)).toEqual({ tenant: '', model: '', key: '' })
    expect(sumOf(slices, 'input')).toBe(2 * 50_010)
  })

  it('never take what a sum lost and has again for use', () => {
    const lost = readings([1000, 1010, 700, 705, 1020, 1030].map((n) => [input(n)]))
    expect(sumOf(lost.slices, 'input')).toBe(10 + 10 + 10)
    const forGood = readings([1000, 700, 700, 700, 700, 700, 700, 700, 705].map((n) => [input(n)]))
    expect(sumOf(forGood.slices, 'input')).toBe(5)
    expect(forGood.counters.areSeveral).toBe(false)
    expect(sumOf(readings([[input(1e9)], [input(200e6)]]).slices, 'input')).toBe(0)
  })

  /** What a few counters count, reading by reading; a restart makes all of them begin at zero. */
  const lives = fc.array(
    fc.record({
      restarts: fc.boolean(),
      counted: fc.array(
        fc.record({ team: fc.integer({ min: 0, max: 3 }), by: fc.integer({ min: 0, max: 1_000_000 }) }),
        { maxLength: 8 },
      ),
    }),
    { minLength: 1, maxLength: 20 },
  )
  function live(all: readonly { restarts: boolean; counted: readonly { team: number; by: number }[] }[]) {
    const counters = new Counters()
    const exposition = new Exposition()
    let values = new Map<number, number>()
    let [used, seen, fallsByPart, told] = [0, 0, false, 0]
    all.forEach(({ restarts, counted }, i) => {
      const before = new Map(values)
      if (restarts) values = new Map()
      for (const { team, by } of counted) {
        values.set(team, (values.get(team) ?? 0) + by)
        if (i > 0) used += by
      }
      for (const [team, value] of values) {
        const was = before.get(team) ?? 0
        fallsByPart ||= value < was && value > was / 2
        // One that is above its old value cannot be told from one that went on.
        if (i > 0) seen += value >= was ? value - was : value
      }
      // A series that nothing is counted of yet is away, and keeps what it had.
      for (const [team, was] of before) if (!values.has(team)) values.set(team, was)
      const lines = [...values].map(([team, value]) => input(value, { team: `t${team}` }))
      told += sumOf([counters.read(exposition.parse(lines), T0 + i * STEP)], 'input')
    })
    return { used, seen, fallsByPart, told }
  }

  it('add up to the increases whatever the restarts', () => {
    fc.assert(
      fc.property(lives, (all) => {
        const { seen, fallsByPart, told } = live(all)
        fc.pre(!fallsByPart)
        expect(told).toBe(seen)
      }),
      { numRuns: 200 },
    )
  })

  it('never tell more than was used', () => {
    fc.assert(
      fc.property(lives, (all) => {
        const { used, told } = live(all)
        expect(told).toBeLessThanOrEqual(used)
      }),
      { numRuns: 300 },
    )
  })
})
