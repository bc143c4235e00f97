import { FIELDS, fieldCode, type FieldId } from '../../../shared/model/field.ts'
import type { GpuType } from '../../../shared/model/gpuType.ts'

/**
 * Which readings can be true. A value outside is refused and shown as implausible; a sentinel for "blank" is no value
 * at all. Bounds are per field, and for power and memory per GPU type.
 */
export type TypeBounds = Pick<GpuType, 'powerLimitWatts' | 'memoryMebibytes'>

/** Transients above the board limit are real; half as much again is not. */
const POWER_HEADROOM = 1.5
/** Data sheets round memory, and what the driver reserves is counted by some versions and not by others. */
const MEMORY_HEADROOM = 1.02
const RESERVED_MEBIBYTES = 1024

const INT32_BLANK_FIRST = 2_147_483_632
const INT32_BLANK_LAST = 2_147_483_635
const FP64_BLANK = 140_737_488_355_328
/** 9223372036854775792 … 795 all read as 2^63 in a double. */
const INT64_BLANK = 2 ** 63

const MEMORY_FIELDS: readonly FieldId[] = ['fbUsed', 'fbFree', 'fbReserved']

export const LOWER: Float64Array = Float64Array.from(FIELDS, (field) => field.range?.[0] ?? 0)

/** Upper bounds of every field for one GPU type, in the exporter's unit, by field code. */
export function upperBounds(type: TypeBounds): Float64Array {
  const upper = Float64Array.from(FIELDS, (field) => {
    const limit = field.range?.[1] ?? Number.POSITIVE_INFINITY
    // A 32-bit counter's range includes the sentinels; they must not pass as figures.
    return limit >= INT32_BLANK_FIRST && limit <= 2_147_483_647 ? INT32_BLANK_FIRST - 1 : limit
  })
  upper[fieldCode('power')] = type.powerLimitWatts * POWER_HEADROOM
  for (const id of MEMORY_FIELDS) {
    upper[fieldCode(id)] = type.memoryMebibytes * MEMORY_HEADROOM + RESERVED_MEBIBYTES
  }
  return upper
}

/** Whether a value outside its bounds is DCGM's way of saying "no value" (dcgm_structs.h, DCGM_*_BLANK and its kin). */
export function isBlank(value: number): boolean {
  if (value >= INT32_BLANK_FIRST && value <= INT32_BLANK_LAST) return true
  if (value >= FP64_BLANK && value < FP64_BLANK + 16) return true
  return value === INT64_BLANK
}
