import type { Field } from '../../shared/model/field.ts'
import { gpuTypeOf } from '../../shared/model/gpuType.ts'

/** Nobody runs a board colder; below it the ramp would be spent on temperatures that do not occur. */
const COLDEST_CELSIUS = 20

/**
 * The span of values that the ramp covers, in the exporter's unit. It does not follow the data, so that a colour means
 * the same now, in an hour and on the next screen; what lies beyond takes the ramp's end.
 * @param types short names of the GPU types on the floor
 */
export function rampSpan(field: Field, types: readonly string[]): readonly [number, number] {
  if (field.limits) return [COLDEST_CELSIUS, field.limits.critical + 5]
  if (field.range) return [field.range[0], Math.floor(field.range[1])]
  const known = types.map(gpuTypeOf)
  const most = (of: (type: ReturnType<typeof gpuTypeOf>) => number): number =>
    known.reduce((top, type) => Math.max(top, of(type)), 0)
  const top =
    field.id === 'power' ? most((type) => type.powerLimitWatts) : most((type) => type.memoryMebibytes)
  return [0, top > 0 ? top : 1]
}

/** "87", "1.24" in the unit of display, which stands elsewhere; no state is looked at. */
export function shortDigits(field: Field, value: number): string {
  return (value * field.display.scale).toFixed(field.display.digits)
}
