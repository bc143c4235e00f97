import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { attribute } from './attribute.ts'
import { burning, load, MINUTES, ONSET, pool, step } from './testing/burning.ts'

const calm = [
  load('acme', step(4000, 4000)),
  load('birch', step(3000, 3000)),
  load('cedar', step(2000, 2000)),
  load('dune', step(1000, 1000)),
]

describe('who causes a burn', () => {
  it('is not asked while nothing burns', () => {
    const told = attribute(burning(calm, { events: { bad: step(10, 10), total: step(1000, 1000) } }))
    expect(told).toMatchObject({ verdict: 'quiet', onset: null, proposal: null })
  })

  it('is the tenant whose load on these servers grew before it', () => {
    const told = attribute(burning([...calm, load('elm', step(500, 9000, ONSET - 1))]))
    expect(told).toMatchObject({ verdict: 'tenants', onset: ONSET * 60_000 })
    expect(told.proposal?.parts.map(({ tenant }) => tenant)).toEqual(['elm'])
    expect(told.proposal?.parts[0]?.capTokensPerMin).toBeLessThan(1000)
  })

  it('is not the one that suffers most: those are two lists', () => {
    const byTenant = [
      { tenant: 'acme', bad: step(1, 600), total: step(400, 800) },
      { tenant: 'elm', bad: step(0, 100), total: step(50, 200) },
    ].map((events) => ({ ...events, model: 'llama-70b', endpoint: 'chat' }))
    const told = attribute(burning([...calm, load('elm', step(500, 9000, ONSET - 1))], { byTenant }))
    expect(told.suffers?.map(({ tenant }) => tenant)).toEqual(['acme', 'elm'])
    expect(told.suffers?.[0]?.share).toBeCloseTo(6 / 7)
    expect(told.proposal?.parts.map(({ tenant }) => tenant)).toEqual(['elm'])
    expect(told.causes.find(({ tenant }) => tenant === 'acme')?.cleared?.id).toBe('cause.cleared.usual')
  })

  it('is never one that grew after the burn began', () => {
    const told = attribute(burning([...calm, load('elm', step(500, 9000, ONSET + 6))]))
    expect(told.proposal).toBeNull()
    expect(told.causes.find(({ tenant }) => tenant === 'elm')?.cleared?.id ?? 'not listed').toMatch(
      /late|not listed/,
    )
  })

  it('is never one within what it bought', () => {
    const entitled = new Map([['elm', 20_000 / 60]])
    const told = attribute(burning([...calm, load('elm', step(500, 9000))], { entitled }))
    expect(told).toMatchObject({ verdict: 'entitledGrowth', proposal: null })
  })

  it('counts of a tenant what is beyond what it bought', () => {
    // 11,250 tokens a minute of which 3,000 are bought.
    const entitled = new Map([['elm', 3000 / 60]])
    const [part] =
      attribute(burning([...calm, load('elm', step(500, 9000))], { entitled })).proposal?.parts ?? []
    expect(part?.capTokensPerMin).toBeCloseTo(3000, -2)
  })

  it('is nobody where all grew alike', () => {
    const grown = calm.map(({ tenant, output }) =>
      load(
        tenant,
        output.map((value, minute) => (minute < ONSET - 5 ? value : value * 1.8)),
      ),
    )
    expect(attribute(burning(grown))).toMatchObject({ verdict: 'everyoneGrew', proposal: null })
  })

  it('is told as several where several explain it, and as none where it takes too many', () => {
    const two = [...calm, load('elm', step(500, 5000)), load('fir', step(500, 4000))]
    expect(attribute(burning(two)).proposal?.parts.map(({ tenant }) => tenant)).toEqual(['elm', 'fir'])
    const five = ['elm', 'fir', 'gum', 'hop', 'ivy'].map((tenant) => load(tenant, step(500, 3000)))
    expect(attribute(burning([...calm, ...five])).proposal).toBeNull()
  })

  it('is over where the load has ended', () => {
    const ended = Float64Array.from({ length: MINUTES }, (_, minute) =>
      minute >= ONSET - 1 && minute < MINUTES - 5 ? 9000 : 500,
    )
    expect(attribute(burning([...calm, load('elm', ended)]))).toMatchObject({
      verdict: 'over',
      proposal: null,
    })
  })
})

describe('the narrowest scope', () => {
  const scopeOf = (loads: Parameters<typeof burning>[0]) => attribute(burning(loads)).proposal?.parts[0]

  it('is a key where one of several explains it', () => {
    const loads = [
      load('elm', step(500, 500), { key: 'k1' }),
      load('elm', step(500, 9000), { key: 'k2' }),
      load('elm', step(500, 500), { key: 'k3' }),
    ]
    expect(scopeOf([...calm, ...loads])).toMatchObject({ keys: ['k2'], models: [], endpoints: [] })
  })

  it('is not narrowed by keys that are not known', () => {
    const loads = [load('elm', step(500, 9000)), load('elm', step(500, 500), { key: 'k1' })]
    expect(scopeOf([...calm, ...loads])?.keys).toEqual([])
  })

  it('names model and endpoint where the tenant has others', () => {
    const loads = [
      load('elm', step(500, 9000), { endpoint: 'agents' }),
      load('elm', step(500, 500)),
      load('elm', step(5000, 5000), { model: 'mixtral' }),
    ]
    expect(scopeOf([...calm, ...loads])).toMatchObject({ models: ['llama-70b'], endpoints: ['agents'] })
  })

  it('looks at the servers of the objective alone: load on others causes nothing here', () => {
    const elsewhere = load('elm', step(500, 90_000), { model: 'mixtral' })
    const told = attribute(burning([...calm, load('elm', step(500, 500)), elsewhere]))
    expect(told.proposal).toBeNull()
  })
})

describe('when no tenant explains it', () => {
  it('says that servers are gone', () => {
    const lost = pool(calm, { servers: step(8, 5), waiting: step(0, 90) })
    expect(attribute(burning(calm, { pools: [lost] }))).toMatchObject({
      verdict: 'capacityLost',
      proposal: null,
      headline: { values: { now: 5, usual: 8 } },
    })
  })

  it('says that servers are slow where the same load meets a queue', () => {
    const slow = pool(calm, { waiting: step(0, 90), running: step(100, 200) })
    expect(attribute(burning(calm, { pools: [slow] })).verdict).toBe('serversSlow')
  })

  it('does not blame a tenant for servers that are gone, though its share of what is left grew', () => {
    const loads = [
      ...calm.map(({ tenant, output }) =>
        load(
          tenant,
          output.map((value, minute) => (minute < ONSET ? value : value / 2)),
        ),
      ),
      load('elm', step(500, 1500)),
    ]
    const lost = pool(loads, { servers: step(8, 4), waiting: step(0, 90) })
    expect(attribute(burning(loads, { pools: [lost] }))).toMatchObject({
      verdict: 'capacityLost',
      proposal: null,
    })
  })
})

describe('what is not measured', () => {
  it('is no reason to propose anything', () => {
    const gone = (from: number, to: number) => (series: Float64Array) =>
      series.map((value, minute) => (minute >= from && minute < to ? Number.NaN : value))
    const loads = [...calm, load('elm', step(500, 9000))]
    for (const hide of [gone(ONSET - 2, MINUTES), gone(0, ONSET - 3), gone(MINUTES - 5, MINUTES)]) {
      const hidden = loads.map((each) => ({ ...each, input: hide(each.input), output: hide(each.output) }))
      const told = attribute(burning(hidden, { pools: [pool(loads)] }))
      expect(told).toMatchObject({ verdict: 'unknown', proposal: null })
    }
    expect(attribute(burning([]))).toMatchObject({ verdict: 'unknown', proposal: null, suffers: null })
  })

  it('is said where new load belongs to no tenant', () => {
    const nameless = attribute(burning([...calm, load(null, step(500, 9000))]))
    expect(nameless).toMatchObject({ verdict: 'unknown', proposal: null })
    const stranger = pool([...calm, load('x', step(0, 9000))])
    expect(attribute(burning(calm, { pools: [stranger] }))).toMatchObject({
      verdict: 'unknown',
      proposal: null,
    })
  })

  it('is said of a burn that began before anything was known', () => {
    const always = { bad: step(700, 700), total: step(1000, 1000) }
    expect(attribute(burning(calm, { events: always }))).toMatchObject({ proposal: null })
  })
})

describe('whatever comes', () => {
  const series = fc
    .array(fc.oneof(fc.constant(Number.NaN), fc.double({ min: 0, max: 1e6, noNaN: true })), {
      minLength: MINUTES,
      maxLength: MINUTES,
    })
    .map((values) => Float64Array.from(values))
  const loads = fc.array(
    fc
      .record({ tenant: fc.constantFrom('a', 'b', 'c', null), series })
      .map((one) => load(one.tenant, one.series)),
    { maxLength: 8 },
  )

  it('a proposal names tenants that grew, and limits them to no more than they use', () => {
    fc.assert(
      fc.property(loads, (some) => {
        const { proposal, causes, verdict } = attribute(burning(some))
        expect(proposal === null || verdict === 'tenants').toBe(true)
        for (const { tenant, tokensPerMin, capTokensPerMin } of proposal?.parts ?? []) {
          const cause = causes.find((one) => one.tenant === tenant)
          expect(cause?.cleared).toBeNull()
          expect(cause?.excess).toBeGreaterThan(0)
          expect(capTokensPerMin).toBeLessThanOrEqual(Math.max(1, tokensPerMin))
        }
      }),
      { numRuns: 200 },
    )
  })

  it('the order of tenants and the unit of load change nothing', () => {
    const known = [...calm, load('elm', step(500, 9000, ONSET - 1))]
    fc.assert(
      fc.property(
        fc.shuffledSubarray(known, { minLength: 5 }),
        fc.integer({ min: 1, max: 1000 }),
        (some, by) => {
          const scaled = some.map((each) => ({
            ...each,
            input: each.input.map((value) => value * by),
            output: each.output.map((value) => value * by),
          }))
          const told = attribute(burning(scaled))
          expect(told.verdict).toBe('tenants')
          expect(told.proposal?.parts.map(({ tenant }) => tenant)).toEqual(['elm'])
        },
      ),
    )
  })
})
