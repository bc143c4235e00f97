import { FIELDS, fieldCode, type FieldId } from '../../../../shared/model/field.ts'
import type { FoundType } from '../../../../shared/model/gpuType.ts'

/**
 * Which readings can be true. A value outside is refused and shown as implausible; DCGM's "blank" (shared/model/blank.ts)
 * is no value at all. Bounds are per field, and for power and memory per GPU type.
 */
export type TypeBounds = Pick<FoundType, 'powerLimitWatts' | 'memoryMebibytes'>

/** Transients above the board limit are real; half as much again is not. */
const POWER_HEADROOM = 1.5
/** Data sheets round memory, and what the driver reserves is counted by some versions and not by others. */
const MEMORY_HEADROOM = 1.02
const RESERVED_MEBIBYTES = 1024

/** Of a type whose limits are not known: beyond what any single board draws or holds, so that garbage still is refused. */
const ANY_POWER_WATTS = 10_000
const ANY_MEMORY_MEBIBYTES = 4 * 1024 * 1024

const MEMORY_FIELDS: readonly FieldId[] = ['fbUsed', 'fbFree', 'fbReserved']

export const LOWER: Float64Array = Float64Array.from(FIELDS, (field) => field.range?.[0] ?? 0)

/** Upper bounds of every field for one GPU type, in the exporter's unit, by field code. */
export function upperBounds(type: TypeBounds): Float64Array {
  const upper = Float64Array.from(FIELDS, (field) => field.range?.[1] ?? Number.POSITIVE_INFINITY)
  const { powerLimitWatts: power, memoryMebibytes: memory } = type
  upper[fieldCode('power')] = power === null ? ANY_POWER_WATTS : power * POWER_HEADROOM
  for (const id of MEMORY_FIELDS) {
    upper[fieldCode(id)] =
      memory === null ? ANY_MEMORY_MEBIBYTES : memory * MEMORY_HEADROOM + RESERVED_MEBIBYTES
  }
  return upper
}
