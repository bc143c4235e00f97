import { describe, expect, it } from 'vitest'
import { createBookedWorld, sumsOf } from '../testing/books.ts'
import { IMPAIRMENT } from '../factory/impairments.ts'
import { LATENCY_KINDS } from '../../../shared/metering/capabilities.ts'

const total = (column: Float64Array) => column.reduce((a, b) => a + b, 0)
const CELL = 10_000

describe('createLedger', () => {
  it('loses and invents nothing: served = calls + carried, pods = calls, metering = calls', () => {
    const { books, run } = createBookedWorld()
    const from = books.now()
    run(300)
    run(240, 60)
    const { tokens, booked, carried } = books.servedTotals()
    expect(booked + carried).toBeCloseTo(tokens, 3)
    expect(Math.abs(carried)).toBeLessThan(0.002 * tokens)
    const { input, output, requests, errors } = books.served
    expect(total(input) + total(output)).toBe(booked)
    const metered = sumsOf(books, from, books.now() + CELL)
    expect(metered.input + metered.output).toBe(booked)
    expect(metered.requests).toBe(total(requests))
    expect(metered.errors).toBe(total(errors))
  })

  it('agrees with the boards: a deployment serves its load times its capacity', () => {
    const { world, books, run } = createBookedWorld()
    const { placement, intake } = world.factory
    const from = books.now()
    const expected = new Float64Array(placement.deployments.length)
    for (let i = 0; i < 600; i++) {
      run(1)
      placement.deployments.forEach(({ capacity }, d) => {
        expected[d] = (expected[d] ?? 0) + capacity * (intake.load[d] ?? 0)
      })
    }
    placement.deployments.forEach(({ spec }, d) => {
      if (spec.kind !== 'serving') return
      const served = placement.pods.reduce(
        (sum, pod, i) =>
          pod.deployment === d ? sum + (books.served.input[i] ?? 0) + (books.served.output[i] ?? 0) : sum,
        0,
      )
      // Pods drift around the mean of their deployment, and what exceeds a pod is lost to it.
      expect(Math.abs(served / (expected[d] ?? 1) - 1)).toBeLessThan(0.12)
    })
    expect(books.now() - from).toBe(600_000)
  })

  it('is the same for the same seed and steps', () => {
    const [a, b] = [createBookedWorld(), createBookedWorld()]
    for (const { run } of [a, b]) run(120)
    expect(a.books.served).toEqual(b.books.served)
    const from = a.books.startMs - 3_600_000
    expect(sumsOf(a.books, from, a.books.now())).toEqual(sumsOf(b.books, from, b.books.now()))
  })

  it('fills histograms with exactly the calls, and restarts at zero', () => {
    const { books, run } = createBookedWorld()
    run(60)
    const { latency, requests, startedAt } = books.served
    expect(total(latency.duration.counts)).toBe(total(requests))
    expect(total(latency.timeToFirstToken.counts)).toBe(total(requests))
    const pod = requests.findIndex((count) => count > 0)
    books.restart(pod)
    expect(requests[pod]).toBe(0)
    expect(startedAt[pod]).toBe(books.now())
    for (const kind of LATENCY_KINDS) {
      const { counts, bounds, sums } = latency[kind]
      expect(total(counts.subarray(pod * (bounds.length + 1), (pod + 1) * (bounds.length + 1)))).toBe(0)
      expect(sums[pod]).toBe(0)
    }
  })

  it('serves nothing on a pod whose board has stopped', () => {
    const { world, books, run } = createBookedWorld()
    const { placement, impairments } = world.factory
    run(10)
    const pod = placement.pods.findIndex((_, i) => (books.served.requests[i] ?? 0) > 5)
    impairments[placement.pods[pod]?.units[0] ?? -1] = IMPAIRMENT.stopped
    const before = books.served.output[pod]
    run(30)
    expect(books.served.output[pod]).toBe(before)
  })
})

describe('limits', () => {
  const meridian = (books: ReturnType<typeof createBookedWorld>['books']) =>
    books.recentRate(({ tenant }) => tenant === 'meridian')

  it('cap a tenant: its tokens fall to the limit, requests are rejected and the boards rest', () => {
    const { world, books, run } = createBookedWorld()
    const { factory } = world
    const power = () =>
      factory.placement.pods.reduce(
        (sum, { namespace, units }) =>
          namespace === 'meridian' ? sum + (factory.columns.power[units[0] ?? 0] ?? 0) : sum,
        0,
      )
    run(120)
    const before = { rate: meridian(books).tokens, power: power() }
    const tpm = before.rate * 60 * 0.4
    books.setLimits(({ tenant }) => ({
      tpm: tenant === 'meridian' ? tpm : null,
      rpm: null,
      maxConcurrent: null,
      block: false,
    }))
    run(180)
    expect(meridian(books).tokens).toBeLessThan(0.44 * before.rate)
    expect(meridian(books).tokens).toBeGreaterThan(0.3 * before.rate)
    expect(power()).toBeLessThan(0.85 * before.power)
    const { rejected } = sumsOf(books, books.now() - 60_000, books.now(), (s) => s.tenant === 'meridian')
    expect(rejected).toBeGreaterThan(1000)
    books.setLimits(() => ({ tpm: null, rpm: null, maxConcurrent: null, block: false }))
    run(240)
    expect(meridian(books).tokens).toBeGreaterThan(0.8 * before.rate)
  })

  it('block a tenant wholly, and no other', () => {
    const { books, run } = createBookedWorld()
    const others = () => books.recentRate(({ tenant }) => tenant === 'orchid-health').tokens
    run(90)
    const before = others()
    books.setLimits(({ tenant }) => ({
      tpm: null,
      rpm: null,
      maxConcurrent: null,
      block: tenant === 'meridian',
    }))
    run(120)
    expect(meridian(books)).toEqual({ tokens: 0, requests: 0 })
    expect(others()).toBeGreaterThan(0.6 * before)
  })
})

describe('faults', () => {
  it('leak: a share of the tokens is served and not metered', () => {
    const { books, run } = createBookedWorld()
    const from = books.now()
    books.faults.leak = { share: 0.015, model: null }
    run(120)
    const metered = sumsOf(books, from, books.now() + CELL)
    const { booked } = books.servedTotals()
    expect(1 - (metered.input + metered.output) / booked).toBeCloseTo(0.015, 3)
  })

  it('leak of one model leaves the others whole', () => {
    const { world, books, run } = createBookedWorld()
    const from = books.now()
    books.faults.leak = { share: 0.1, model: 'llama-3.3-70b' }
    run(60)
    const { placement } = world.factory
    const lost = (model: string) => {
      const metered = sumsOf(books, from, books.now() + CELL, (stream) => stream.model === model)
      const served = placement.pods.reduce((sum, pod, i) => {
        const own = placement.deployments[pod.deployment]?.spec.model === model
        return own ? sum + (books.served.input[i] ?? 0) + (books.served.output[i] ?? 0) : sum
      }, 0)
      return 1 - (metered.input + metered.output) / served
    }
    expect(lost('llama-3.3-70b')).toBeCloseTo(0.1, 3)
    expect(lost('mixtral-8x22b')).toBe(0)
  })

  it('lag: the reach stands still and never goes back', () => {
    const { books, run } = createBookedWorld()
    run(30)
    const lag = books.now() - books.dataAsOf()
    expect(lag).toBeGreaterThanOrEqual(5000)
    expect(lag).toBeLessThanOrEqual(18_000)
    const before = books.dataAsOf()
    books.faults.lagSeconds = 300
    run(120)
    expect(books.dataAsOf()).toBe(before)
    run(240)
    expect(books.now() - books.dataAsOf()).toBeGreaterThanOrEqual(305_000)
    books.faults.lagSeconds = 0
    run(1)
    expect(books.now() - books.dataAsOf()).toBeLessThanOrEqual(18_000)
  })

  it('late events change what was complete, and nothing is missing in the end', () => {
    const { books, run } = createBookedWorld()
    const from = books.now()
    books.faults.lateEvents = true
    run(100)
    const to = books.dataAsOf()
    const ended = books.now()
    const first = sumsOf(books, from, to)
    expect(books.lastCorrection()).toBeNull()
    books.faults.lateEvents = false
    run(400)
    const later = sumsOf(books, from, to)
    expect(later.input).toBeGreaterThan(first.input)
    const correction = books.lastCorrection()
    expect(correction?.fromMs).toBeGreaterThanOrEqual(from - CELL)
    expect(correction?.fromMs).toBeLessThan(ended)
    const whole = sumsOf(books, from, books.now() + CELL)
    expect(whole.input + whole.output).toBe(books.servedTotals().booked)
  })

  it('unknown model: part of one stream is metered under a name that is not served', () => {
    const { world, books, run } = createBookedWorld()
    const models = new Set(world.factory.placement.deployments.map(({ spec }) => spec.model))
    const strange = () =>
      sumsOf(books, books.startMs, books.now() + CELL, ({ model }) => !models.has(model)).input
    run(60)
    expect(strange()).toBe(0)
    books.faults.unknownModel = true
    run(300)
    expect(strange()).toBeGreaterThan(0)
    expect(books.streams.every(({ model }) => models.has(model))).toBe(true)
  })

  it('agent loop: burns tokens through the boards until it is switched off', () => {
    const { world, books, run } = createBookedWorld()
    const rate = () =>
      books.recentRate(({ tenant, endpoint }) => tenant === 'borealis-agents' && endpoint === 'agents')
    books.setLimits(() => ({ tpm: null, rpm: null, maxConcurrent: null, block: false }))
    run(90)
    books.faults.agentLoop = true
    run(240)
    const [loop] = books.loops(books.now() - 1000, books.now())
    expect(loop?.endMs).toBeNull()
    expect(loop?.ends.length).toBeGreaterThan(20)
    expect(
      world.factory.intake.extra[
        world.factory.placement.deployments.findIndex(({ spec }) => spec.endpoint === 'agents')
      ],
    ).toBeGreaterThan(0)
    expect(rate().tokens).toBeGreaterThan(0)
    books.faults.agentLoop = false
    run(2)
    expect(books.loops(books.startMs, books.now()).at(-1)?.endMs).not.toBeNull()
    expect(Math.max(...world.factory.intake.extra)).toBe(0)
    const { tokens, booked, carried } = books.servedTotals()
    expect(booked + carried).toBeCloseTo(tokens, 3)
  })
})
