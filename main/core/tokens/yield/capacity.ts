import type { YieldRow } from '../../../../shared/contract/tokens.ts'
import type { Capacity } from '../../../../shared/metering/capacity.ts'
import { figureText } from '../../../../shared/model/units.ts'
import type { TypeCapacity, TypeGpus } from './gpus.ts'

/** Further apart than this, of the larger, is told: rounding and a GPU more or less are not. */
const APART = 0.05

export const COUNTED = ['provisioned', 'allocated', 'active', 'watts'] as const
type Counted = (typeof COUNTED)[number]

/** What each side means by it: the two may differ in substance, and the reader has to know. */
const MEANINGS: Readonly<Record<Counted, { what: string; metered: string; floor: string; unit: string }>> = {
  provisioned: { what: 'provisioned GPUs', metered: 'installed', floor: 'in the topology', unit: '' },
  allocated: {
    what: 'allocated GPUs',
    metered: 'held by serving pods',
    floor: 'held by any workload',
    unit: '',
  },
  active: {
    what: 'active GPUs',
    metered: 'GPU-hours with work',
    floor: 'with 5 % activity or more now',
    unit: '',
  },
  watts: { what: 'power', metered: 'its energy over the time', floor: 'board power now', unit: 'W' },
}

/** GPUs and watts by type as means over the time of the answer; a measure that one row leaves open is not known. */
export function capacityByType(capacity: Capacity): Map<string, TypeCapacity> {
  const seconds = (Date.parse(capacity.to) - Date.parse(capacity.from)) / 1000
  if (!(seconds > 0)) return new Map()
  return new Map(
    [...Map.groupBy(capacity.rows, ({ gpuType }) => gpuType)].map(([gpuType, rows]) => {
      const sum = (pick: (row: (typeof rows)[number]) => number | null, per: number) => {
        const values = rows.map(pick)
        return values.includes(null)
          ? null
          : values.reduce<number>((all, value) => all + (value ?? 0), 0) / per
      }
      const hours = seconds / 3600
      return [
        gpuType,
        {
          gpuType,
          provisioned: sum(({ gpuHoursProvisioned }) => gpuHoursProvisioned, hours),
          allocated: sum(({ gpuHoursAllocated }) => gpuHoursAllocated, hours),
          active: sum(({ gpuHoursActive }) => gpuHoursActive, hours),
          watts: sum(({ energyJoules }) => energyJoules, seconds),
        },
      ]
    }),
  )
}

/**
 * The floor beside the metering's capacity of the same type. The floor counts all boards now, so it stands wherever it
 * has a figure; the metering's stands only where the floor has none, and is named.
 */
export function besideCapacity(
  floor: TypeGpus,
  metered: TypeCapacity | undefined,
): { readonly gpus: TypeGpus; readonly capacity: YieldRow['capacity'] } {
  if (metered === undefined) return { gpus: floor, capacity: null }
  const used: Counted[] = []
  const differs: string[] = []
  const pick = (counted: Counted, own: number | null): number | null => {
    const other = metered[counted]
    if (other === null) return own
    if (own === null) {
      used.push(counted)
      return other
    }
    const text = apart(counted, own, other)
    if (text !== null) differs.push(text)
    return own
  }
  // No GPU of a type on the floor is no figure of the floor: it may not see that part of the factory.
  const own = floor.provisioned > 0 ? floor.provisioned : null
  const gpus = {
    ...floor,
    provisioned: pick('provisioned', own) ?? 0,
    allocated: pick('allocated', floor.allocated),
    active: pick('active', floor.active),
    watts: pick('watts', floor.watts),
  }
  const { provisioned, allocated, active, watts } = metered
  return { gpus, capacity: { provisioned, allocated, active, watts, used, differs } }
}

function apart(counted: Counted, own: number, other: number): string | null {
  if (Math.abs(own - other) <= APART * Math.max(own, other)) return null
  const { what, metered, floor, unit } = MEANINGS[counted]
  // Whole GPUs where there are many: a hundredth of one means nothing.
  const digits = (value: number) => (value >= 10 || Number.isInteger(value) ? 0 : 1)
  const text = (value: number) => figureText(value, unit === '' ? { digits: digits(value) } : { unit })
  return `${what}: ${text(other)} by the metering (${metered}), ${text(own)} by the floor (${floor})`
}
