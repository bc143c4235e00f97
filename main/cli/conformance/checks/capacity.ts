import { Money } from '../../../../shared/model/money.ts'
import { settledRange } from '../ranges.ts'
import type { Area } from '../check.ts'
import { Nonconformity, Worthwhile } from '../verdict.ts'

export const capacityChecks: Area = {
  title: 'Capacity and rates',
  checks: [
    {
      title: 'active GPU hours are within the allocated ones, and those within the provisioned ones',
      async run(session) {
        const range = settledRange(session, 3_600_000, 1)
        const { value, reply } = await session.ask('getCapacity', { query: range })
        for (const [i, row] of value.rows.entries()) {
          const place = `${reply.place} → rows[${i}] (${row.gpuType})`
          within(place, 'gpuHoursActive', row.gpuHoursActive, 'gpuHoursAllocated', row.gpuHoursAllocated)
          within(
            place,
            'gpuHoursAllocated',
            row.gpuHoursAllocated,
            'gpuHoursProvisioned',
            row.gpuHoursProvisioned,
          )
        }
        if (value.rows.length === 0)
          throw new Worthwhile('No capacity: yields will have no denominator from here.')
      },
    },
    {
      title: 'of one thing at one time there is one rate',
      async run(session) {
        const { value, reply } = await session.ask('getRates')
        const seen = new Set<string>()
        for (const [i, rate] of value.rates.entries()) {
          const name = [
            rate.kind,
            rate.model,
            rate.gpuType,
            rate.tokenType,
            rate.unit,
            rate.effectiveFrom,
          ].join(' ')
          if (seen.has(name))
            throw new Nonconformity(`${reply.place} → rates[${i}]`, 'one rate', `a second one for ${name}`)
          seen.add(name)
          if (new Money(rate.amount).isNegative()) {
            throw new Nonconformity(`${reply.place} → rates[${i}].amount`, '0 or more', rate.amount)
          }
        }
      },
    },
  ],
}

function within(place: string, part: string, less: number | null, whole: string, more: number | null): void {
  // Hours are summed in floating point on both sides.
  if (less !== null && more !== null && less > more * 1.000_001 + 1e-6) {
    throw new Nonconformity(`${place}.${part}`, `at most ${whole}, ${more}`, String(less))
  }
}
