import { describe, expect, it } from 'vitest'
import type { Rate } from '../../../../shared/metering/capacity.ts'
import type { Rates } from '../../../../shared/model/tokens.ts'
import { type YieldInput, yieldOf } from './yield.ts'
import type { TypeGpus } from './gpus.ts'

const flow = (input: number, output: number, cachedInput: number | null = null): Rates => ({
  input,
  output,
  cachedInput,
  reasoning: null,
  requests: null,
  rejected: null,
  errors: null,
  errorTokens: null,
})
const h100: TypeGpus = {
  gpuType: 'H100',
  provisioned: 100,
  allocated: 80,
  active: 50,
  watts: 60_000,
  notes: [],
}
const price = (tokenType: Rate['tokenType'], amount: string, over: Partial<Rate> = {}): Rate => ({
  kind: 'price',
  model: 'llama',
  gpuType: null,
  tokenType,
  unit: 'megatoken',
  amount,
  currency: 'USD',
  effectiveFrom: '2026-01-01T00:00:00Z',
  ...over,
})
const input = (over: Partial<YieldInput> = {}): YieldInput => ({
  gpus: [h100],
  capacity: new Map(),
  served: false,
  flows: new Map([['H100', new Map([['llama', flow(90_000, 60_000, 30_000)]])]]),
  whole: flow(90_000, 60_000),
  noTypes: null,
  rates: [price('input', '1'), price('output', '4'), price('cachedInput', '0.5')],
  currency: 'USD',
  costPerGpuHour: { H100: '1.30' },
  referenceTokensPerSecond: {},
  now: Date.UTC(2026, 10, 24),
  ...over,
})

describe('yieldOf', () => {
  it('has three denominators, each under its own name', () => {
    const { rows } = yieldOf(input())
    expect(rows[0]?.perGpuHour).toEqual({
      provisioned: (150_000 / 100) * 3600,
      allocated: (150_000 / 80) * 3600,
      active: (150_000 / 50) * 3600,
    })
    expect(rows[0]?.reference).toMatchObject({ tokensPerSecond: 3902, share: 1200 / 3902 })
    expect(rows[0]?.tokensPerJoule).toBe(2.5)
  })

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
    'takes a GPU type of the name %s for a name',
    (gpuType) => {
      const flows = new Map([[gpuType, new Map([['llama', flow(90_000, 60_000)]])]])
      const { rows } = yieldOf(input({ gpus: [{ ...h100, gpuType }], flows }))
      expect(rows[0]).toMatchObject({ gpuType, costPerGpuHour: null, reference: null })
    },
  )

  it('distinguishes cost and spend', () => {
    const { rows, total, measured } = yieldOf(input())
    const [row] = rows
    // 100 GPUs at $1.30 for 540 M tokens an hour.
    expect(row?.costPerGpuHour).toBe('1.3')
    expect(Number(row?.costPerMegatoken)).toBeCloseTo(130 / 540, 10)
    expect(row?.tokensPerCostDollar).toBeCloseTo(540e6 / 130)
    // Per second: 60,000 at $1, 30,000 cached at $0.50 and 60,000 at $4 a million.
    expect(Number(row?.spendPerMegatoken)).toBeCloseTo((0.06 + 0.015 + 0.24) / 0.15, 10)
    expect(row?.tokensPerSpendDollar).toBeCloseTo(150_000 / 0.315)
    expect(total.costPerMegatoken).toBe(row?.costPerMegatoken)
    expect(measured).toEqual({
      megatokensPerHour: (150_000 / 50) * 0.0036,
      pricePerMegatoken: row?.spendPerMegatoken,
      soldShare: 0.5,
    })
  })

  it('takes costs of the metering where none are configured, and mixes no currencies', () => {
    const cost = price(null, '2', { kind: 'cost', unit: 'gpuHour', model: null, gpuType: 'H100' })
    const known = yieldOf(input({ costPerGpuHour: {}, rates: [cost] }))
    expect(known.rows[0]?.costPerGpuHour).toBe('2')
    const foreign = yieldOf(input({ costPerGpuHour: {}, rates: [{ ...cost, currency: 'EUR' }] }))
    expect(foreign.rows[0]?.costPerGpuHour).toBeNull()
    expect(foreign.rows[0]?.notes.join(' ')).toContain('known in EUR only')
    expect(foreign.total.tokensPerCostDollar).toBeNull()
  })

  it('leaves tokens without a price out of spend and says how many', () => {
    const flows = new Map([
      [
        'H100',
        new Map([
          ['llama', flow(90_000, 60_000)],
          ['strange', flow(50_000, 0)],
        ]),
      ],
    ])
    const { rows } = yieldOf(input({ flows }))
    expect(rows[0]?.notes.join(' ')).toMatch(/No list price in USD for strange: 25.*% of the tokens/)
    expect(rows[0]?.tokensPerSpendDollar).toBeCloseTo(150_000 / 0.33)
  })

  it('shows types without tokens as zero, and tokens without GPUs with a word', () => {
    const idle: TypeGpus = { ...h100, gpuType: 'A100', active: 0 }
    const flows = new Map([
      ['H100', new Map([['llama', flow(1, 1)]])],
      ['L40S', new Map([['llama', flow(2, 2)]])],
      ['', new Map([['llama', flow(3, 3)]])],
    ])
    const { rows, unknownTypeShare } = yieldOf(input({ gpus: [h100, idle], flows, whole: flow(6, 6) }))
    expect(rows.map(({ gpuType, tokensPerSecond }) => [gpuType, tokensPerSecond])).toEqual([
      ['H100', 2],
      ['A100', 0],
      ['L40S', 4],
    ])
    expect(rows[1]?.perGpuHour).toEqual({ provisioned: 0, allocated: 0, active: null })
    expect(rows[2]?.notes[0]).toContain('no GPU of this type')
    expect(unknownTypeShare).toBe(0.5)
  })

  it('divides by the metering’s capacity where the floor has no GPUs to count', () => {
    const capacity = new Map([
      ['H100', { gpuType: 'H100', provisioned: 200, allocated: 100, active: 60, watts: 1 }],
    ])
    const blind = { ...h100, allocated: null }
    const { rows, total } = yieldOf(input({ gpus: [blind], capacity }))
    expect(rows[0]?.gpus).toEqual({ provisioned: 100, allocated: 100, active: 50 })
    expect(rows[0]?.perGpuHour.allocated).toBe((150_000 / 100) * 3600)
    expect(rows[0]?.capacity?.used).toEqual(['allocated'])
    expect(rows[0]?.capacity?.differs.join(' ')).toContain('200 by the metering')
    expect(total.gpus.allocated).toBe(100)
    expect(total.capacity?.used).toEqual(['allocated'])
    const unseen = yieldOf(input({ gpus: [], capacity }))
    expect(unseen.rows[0]?.perGpuHour.provisioned).toBe((150_000 / 200) * 3600)
    expect(unseen.rows[0]?.capacity?.used).toEqual(['provisioned', 'allocated', 'active', 'watts'])
  })

  it('never gives served tokens that lead nowhere to GPUs without a type', () => {
    const flows = new Map([['', new Map([['llama', flow(3, 3)]])]])
    const { rows } = yieldOf(input({ gpus: [{ ...h100, gpuType: '' }], flows, served: true }))
    expect(rows).toHaveLength(1)
    expect(rows[0]?.tokensPerSecond).toBeNull()
    expect(rows[0]?.notes.join(' ')).toContain('are not mapped to a GPU')
  })

  it('never makes up what is not known', () => {
    const blind = yieldOf(
      input({
        gpus: [{ ...h100, allocated: null, active: null, watts: null }],
        noTypes: 'LiteLLM does not know GPU types.',
        rates: null,
        costPerGpuHour: {},
      }),
    )
    const [row] = blind.rows
    expect(row).toMatchObject({
      tokensPerSecond: null,
      perGpuHour: { provisioned: null, allocated: null, active: null },
      tokensPerJoule: null,
      costPerMegatoken: null,
      spendPerMegatoken: null,
    })
    expect(row?.notes).toContain('LiteLLM does not know GPU types.')
    expect(blind.total.tokensPerSecond).toBe(150_000)
    expect(blind.measured).toEqual({ megatokensPerHour: null, pricePerMegatoken: null, soldShare: null })
    expect(
      yieldOf(input({ gpus: [], flows: null, whole: flow(0, 0) })).total.perGpuHour.provisioned,
    ).toBeNull()
  })

  describe('divides tokens only by the GPUs that served them', () => {
    const ratios = {
      perGpuHour: { provisioned: null, allocated: null, active: null },
      tokensPerJoule: null,
      costPerMegatoken: null,
      tokensPerCostDollar: null,
    }
    const idle: TypeGpus = { ...h100, active: 0, watts: 20 }
    const nowhere = new Map([['', new Map([['llama', flow(2000, 1400)]])]])

    it('not those that are not mapped to a GPU', () => {
      const served = yieldOf(input({ gpus: [idle], flows: nowhere, served: true, whole: flow(2000, 1400) }))
      expect(served.total).toMatchObject({ tokensPerSecond: 3400, ...ratios })
      expect(served.total.notes.join(' ')).toContain('are not mapped to a GPU of the floor')
      expect(served.measured.megatokensPerHour).toBeNull()
      expect(served.unknownTypeShare).toBe(1)
    })

    it('not those of GPUs that the floor does not see', () => {
      const flows = new Map([['L40S', new Map([['llama', flow(2000, 1400)]])]])
      expect(yieldOf(input({ flows, served: true, whole: flow(2000, 1400) })).total).toMatchObject(ratios)
    })

    it('and says of GPUs that no token leads to that it is not known, unless they did nothing', () => {
      const flows = new Map([...nowhere, ['H100', new Map([['llama', flow(900, 100)]])]])
      const l4: TypeGpus = { ...h100, gpuType: 'L4' }
      const of = (gpus: readonly TypeGpus[]) =>
        yieldOf(input({ gpus, flows, served: true, whole: flow(2900, 1500) })).rows.at(-1)
      expect(of([h100, l4])).toMatchObject({ gpuType: 'L4', tokensPerSecond: null, ...ratios })
      expect(of([h100, { ...l4, active: 0 }])).toMatchObject({ tokensPerSecond: 0 })
    })

    it('leaves a small part that leads nowhere out of both', () => {
      const flows = new Map([
        ['H100', new Map([['llama', flow(90_000, 60_000)]])],
        ['', new Map([['llama', flow(1000, 500)]])],
      ])
      const { total, rows } = yieldOf(input({ flows, served: true, whole: flow(91_000, 60_500) }))
      expect(total.tokensPerSecond).toBe(151_500)
      expect(total.tokensPerJoule).toBeCloseTo(2.5, 9)
      expect(rows[0]?.tokensPerJoule).toBe(2.5)
    })

    it('not metered ones by GPUs none of which works', () => {
      const typed = yieldOf(input({ gpus: [idle] }))
      expect(typed.rows[0]).toMatchObject({ tokensPerSecond: 150_000, ...ratios })
      const untyped = yieldOf(input({ gpus: [idle], noTypes: 'LiteLLM does not know GPU types.' }))
      expect(untyped.total).toMatchObject({ tokensPerSecond: 150_000, ...ratios })
      expect(untyped.total.notes.join(' ')).toContain('None of these GPUs works now')
    })
  })
})
