import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Rate } from '../../../../shared/metering/capacity.ts'
import type { Statement } from '../../../../shared/metering/tenants.ts'
import { Money } from '../../../../shared/model/money.ts'
import { type EvidenceInput, evidenceOf } from './evidence.ts'
import { tableOf } from '../testing/tables.ts'

const FROM = Date.UTC(2026, 10, 1)
const DAY = 86_400_000
const grid = { startMs: FROM, stepMs: DAY, steps: 2 }
const price = (
  tokenType: Rate['tokenType'],
  amount: string,
  effectiveFrom = '2026-01-01T00:00:00Z',
): Rate => ({
  kind: 'price',
  model: 'llama',
  gpuType: null,
  tokenType,
  unit: 'megatoken',
  amount,
  currency: 'USD',
  effectiveFrom,
})
const rates = [price('input', '1.00'), price('cachedInput', '0.25'), price('output', '4.00')]
const usage = tableOf(grid, [
  {
    model: 'llama',
    gpuType: 'H100',
    input: [3_000_000n, 1_000_000n],
    cachedInput: [1_000_000n, 0n],
    output: [500_000n, 500_001n],
    reasoning: [100_000n, 0n],
    requests: [10n, 10n],
  },
])
const line = (
  tokenType: Statement['lines'][number]['tokenType'],
  tokens: bigint,
  pricePerMegatoken: string,
  amount: string,
): Statement['lines'][number] => ({
  model: 'llama',
  gpuType: 'H100',
  tokenType,
  tokens,
  pricePerMegatoken,
  amount,
})
const statement = (over: Partial<Statement> = {}): Statement => ({
  dataAsOf: '2026-11-03T00:00:00Z',
  complete: true,
  missing: [],
  tenant: 'acme',
  from: '2026-11-01T00:00:00Z',
  to: '2026-11-03T00:00:00Z',
  currency: 'USD',
  scale: 2,
  rounding: 'half-up',
  lines: [
    line('input', 3_000_000n, '1', '3.00'),
    line('cachedInput', 1_000_000n, '0.25', '0.25'),
    line('output', 1_000_001n, '4.00', '4.00'),
  ],
  total: '7.25',
  ...over,
})
const input = (over: Partial<EvidenceInput> = {}): EvidenceInput => ({
  site: 'Lyon 2',
  backend: 'Metering API 1.0',
  tenant: 'acme',
  fromMs: FROM,
  toMs: FROM + 2 * DAY,
  timezone: 'Europe/Paris',
  preparedAt: FROM + 3 * DAY,
  currency: 'USD',
  usage,
  rates,
  statement: statement(),
  notes: [],
  ...over,
})

describe('evidenceOf', () => {
  it('puts every token in one line at its price and reconciles with the bill', () => {
    const { rows, reconciles, notes, header, document } = evidenceOf(input())
    const column = (name: string) => rows.map((row) => row[header.indexOf(name)])
    expect(column('token_type')).toEqual(['input', 'cachedInput', 'output', null])
    expect(column('tokens')).toEqual([3_000_000n, 1_000_000n, 1_000_001n, 5_000_001n])
    expect(column('amount')).toEqual(['3.00', '0.25', '4.00', '7.25'])
    expect(column('difference_amount')).toEqual(['0.00', '0.00', '0.00', '0.00'])
    expect(reconciles).toEqual({
      equal: true,
      certain: true,
      ours: '7.25',
      theirs: '7.25',
      difference: '0.00',
      currency: 'USD',
    })
    expect(notes).toEqual([])
    expect(document).toMatchObject({
      totals: {
        input: '4000000',
        output: '1000001',
        cachedInput: '1000000',
        reasoning: '100000',
        amount: '7.25',
      },
    })
  })

  it('has rows of each day whose tokens are those of the period, at the price of the day', () => {
    const days = [0, 1].map((day) => ({
      date: `2026-11-0${day + 1}`,
      fromMs: FROM + day * DAY,
      toMs: FROM + (day + 1) * DAY,
    }))
    const { rows, header, document } = evidenceOf(input({ days }))
    const of = (kind: string) => rows.filter((row) => row[header.indexOf('row')] === kind)
    expect(of('day').map((row) => [row[1], row[5], row[6], row[8]])).toEqual([
      ['2026-11-01T00:00:00.000Z', 'input', 2_000_000n, '2'],
      ['2026-11-01T00:00:00.000Z', 'cachedInput', 1_000_000n, '0.25'],
      ['2026-11-01T00:00:00.000Z', 'output', 500_000n, '2'],
      ['2026-11-02T00:00:00.000Z', 'input', 1_000_000n, '1'],
      ['2026-11-02T00:00:00.000Z', 'output', 500_001n, '2.000004'],
    ])
    const sum = (kind: string) => of(kind).reduce((all, row) => all + (row[6] as bigint), 0n)
    expect([sum('day'), sum('period'), sum('total')]).toEqual([5_000_001n, 5_000_001n, 5_000_001n])
    expect(document).toMatchObject({ days: [{ date: '2026-11-01' }, { date: '2026-11-02' }] })
  })

  it('shows a line that is charged and was never used, and one that was used and is not charged', () => {
    const lines = [
      line('input', 3_000_000n, '1.00', '3.00'),
      line('output', 1_000_001n, '4.00', '4.00'),
      line('reasoning', 9n, '8.00', '0.01'),
    ]
    const { rows, reconciles, header } = evidenceOf(input({ statement: statement({ lines, total: '7.01' }) }))
    const differences = rows.map((row) => row[header.indexOf('difference_tokens')])
    expect(differences).toEqual([0n, 1_000_000n, 0n, -9n, 999_991n])
    expect(reconciles).toMatchObject({ equal: false, difference: '0.24' })
  })

  it('is not equal when amounts agree by chance and tokens do not', () => {
    const lines = [
      line('input', 3_000_001n, '1.00', '3.00'),
      line('cachedInput', 1_000_000n, '0.25', '0.25'),
      line('output', 1_000_001n, '4.00', '4.00'),
    ]
    expect(evidenceOf(input({ statement: statement({ lines }) })).reconciles).toMatchObject({
      equal: false,
      difference: '0.00',
    })
  })

  it('reads one price in two spellings as one line', () => {
    const two = tableOf(grid, [
      { model: 'llama', gpuType: 'H100', input: [1_000_000n, 0n], output: [0n, 0n] },
      { model: 'llama', gpuType: 'B200', input: [1_000_000n, 0n], output: [0n, 0n] },
    ])
    const spelt = [
      { ...price('input', '1.0'), gpuType: 'H100' },
      { ...price('input', '1.00'), gpuType: 'B200' },
    ]
    const lines = [{ ...line('input', 2_000_000n, '1', '2.00'), gpuType: null }]
    const { rows, reconciles } = evidenceOf(
      input({ usage: two, rates: spelt, statement: statement({ lines, total: '2.00' }) }),
    )
    expect(rows.map((row) => row[6])).toEqual([2_000_000n, 2_000_000n])
    expect(reconciles?.equal).toBe(true)
  })

  it('is not equal when a line is charged wrongly and only the total agrees, and says that lines and total differ', () => {
    const lines = [
      line('input', 3_000_000n, '1', '6.00'),
      line('cachedInput', 1_000_000n, '0.25', '0.25'),
      line('output', 1_000_001n, '4.00', '4.00'),
    ]
    const { rows, reconciles, notes, header } = evidenceOf(input({ statement: statement({ lines }) }))
    expect(rows[0]?.[header.indexOf('difference_amount')]).toBe('-3.00')
    expect(reconciles).toMatchObject({ equal: false, difference: '0.00' })
    expect(notes).toEqual(['The lines of the bill add up to 10.25 USD, and its total says 7.25 USD.'])
  })

  it('is not equal with a bill of another time or another tenant, and says of whom and when it is', () => {
    const october = statement({ from: '2026-10-01T00:00:00Z', to: '2026-11-01T00:00:00Z' })
    const other = evidenceOf(input({ statement: october }))
    expect(other.reconciles).toMatchObject({ equal: false, difference: '0.00' })
    expect(other.notes).toEqual([
      'The bill is for 2026-10-01T00:00:00Z to 2026-11-01T00:00:00Z, not for the period that was asked for.',
    ])
    const foreign = evidenceOf(input({ statement: statement({ tenant: 'beta' }) }))
    expect(foreign.reconciles?.equal).toBe(false)
    expect(foreign.notes).toEqual(['The bill is for the tenant "beta", not for "acme".'])
  })

  it('shows as many decimals as a difference needs', () => {
    const { reconciles } = evidenceOf(input({ statement: statement({ total: '7.254' }) }))
    expect(reconciles).toMatchObject({ equal: false, ours: '7.25', theirs: '7.254', difference: '-0.004' })
  })

  it('uses the price of the day, and says when one changed within a step', () => {
    const changed = evidenceOf(
      input({ rates: [...rates, price('input', '2.00', '2026-11-02T00:00:00Z')], statement: null }),
    )
    expect(changed.rows.filter((row) => row[5] === 'input').map((row) => [row[6], row[7]])).toEqual([
      [2_000_000n, '1.00'],
      [1_000_000n, '2.00'],
    ])
    expect(changed.notes).toEqual([])
    const within = evidenceOf(
      input({ rates: [...rates, price('input', '2.00', '2026-11-02T12:00:00Z')], statement: null }),
    )
    expect(within.notes[0]).toContain('The price of llama changed between')
  })

  it('sums over GPU types where the bill does', () => {
    const two = tableOf(grid, [
      { model: 'llama', gpuType: 'H100', input: [1n, 0n], output: [0n, 0n] },
      { model: 'llama', gpuType: 'B200', input: [2n, 0n], output: [0n, 0n] },
    ])
    const lines = [{ ...line('input', 3n, '1.00', '0.00'), gpuType: null }]
    const { rows, reconciles } = evidenceOf(
      input({ usage: two, statement: statement({ lines, total: '0.00' }) }),
    )
    expect(rows[0]?.slice(3, 7)).toEqual(['llama', '', 'input', 3n])
    expect(reconciles?.equal).toBe(true)
  })

  it('is certain of nothing that may still change', () => {
    const certain = (over: Partial<EvidenceInput>) => evidenceOf(input(over)).reconciles
    expect(certain({ usage: { ...usage, complete: false, missing: ['gw'] } })).toMatchObject({
      equal: true,
      certain: false,
    })
    expect(certain({ usage: { ...usage, dataAsOf: FROM + DAY } })?.certain).toBe(false)
    expect(certain({ statement: statement({ complete: false, missing: ['day 2'] }) })?.certain).toBe(false)
  })

  it('has no amount for what has no price, and says what is missing', () => {
    const { rows, reconciles, notes } = evidenceOf(
      input({
        rates: null,
        usage: { ...usage, complete: false, missing: ['gw-south'], dataAsOf: FROM + DAY },
      }),
    )
    expect(rows.at(-1)?.[8]).toBeNull()
    expect(reconciles?.equal).toBe(false)
    expect(notes).toEqual([
      'No list price in USD for: llama. Their tokens have no amount.',
      'Usage is incomplete. Not reported: gw-south.',
      'Usage is known up to 2026-11-02T00:00:00.000Z only; the period ends later.',
    ])
  })

  it('loses no token at any size, and rounds nothing before it adds without a bill', () => {
    const count = fc.bigInt({ min: 0n, max: 2n ** 70n })
    fc.assert(
      fc.property(count, count, count, (all, output, part) => {
        const cached = part > all ? all : part
        const table = tableOf(grid, [
          {
            model: 'llama',
            gpuType: 'H100',
            input: [all, 0n],
            cachedInput: [cached, 0n],
            output: [0n, output],
          },
        ])
        const { rows } = evidenceOf(input({ usage: table, statement: null }))
        expect(rows.at(-1)?.[6]).toBe(all + output)
        const exact = new Money((all - cached).toString())
          .plus(new Money(cached.toString()).times('0.25'))
          .plus(new Money(output.toString()).times(4))
          .dividedBy(1_000_000)
        expect(rows.at(-1)?.[8]).toBe(exact.toFixed())
      }),
    )
  })
})
