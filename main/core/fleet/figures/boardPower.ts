import { fieldCode } from '../../../../shared/model/field.ts'
import { gpuTypeOf } from '../../../../shared/model/gpuType.ts'
import type { Registry } from '../places/registry.ts'

const POWER_LIMIT = fieldCode('powerLimit')

/**
 * How much a board may draw, W: what its exporter says, else what its model is known for. NaN where neither says it, and
 * then nothing may be judged by it: "almost no power" of an unknown board is a guess.
 * @param read a good figure of a unit, NaN where there is none
 */
export function boardPowerOf(
  { units, types, columns }: Pick<Registry, 'units' | 'types' | 'columns'>,
  read: (f: number, unit: number) => number,
  unit: number,
): number {
  const said = read(POWER_LIMIT, unit)
  if (said > 0) return said
  const model = units[unit]?.modelName ?? ''
  const type = types.names[columns.type[unit] as number] ?? ''
  return gpuTypeOf(model === '' ? type : model).boardPowerWatts ?? Number.NaN
}
