import { fieldCode } from '../../../../shared/model/field.ts'
import { gpuTypeOf } from '../../../../shared/model/gpuType.ts'
import type { TypeScale } from '../../../../shared/model/topology.ts'
import type { Registry } from '../places/registry.ts'

/**
 * How far the scales of a GPU type reach: to its data sheet where it is listed, else to what was seen of it. What was
 * seen is rounded up and never shrinks, so that a colour means the same in an hour and on every screen.
 */
const POWER = fieldCode('power')
const POWER_LIMIT = fieldCode('powerLimit')
const MEMORY = (['fbUsed', 'fbFree', 'fbReserved'] as const).map(fieldCode)
const GIBIBYTE = 1024

/** Steps in which a scale grows: few enough that it does not follow every watt. */
const STEPS = [1, 1.5, 2, 3, 4, 5, 6, 8, 10]

/** The next round number from `value` upwards; 0 for nothing. */
export function roundUp(value: number): number {
  if (!(value > 0) || !Number.isFinite(value)) return 0
  const decade = 10 ** Math.floor(Math.log10(value))
  return decade * (STEPS.find((step) => step * decade >= value) ?? 10)
}

/** 0 where nothing is known. */
export function scaleOf(registry: Registry, type: number): TypeScale {
  const { powerLimitWatts, memoryMebibytes } = gpuTypeOf(registry.types.names[type] ?? '')
  const seen = registry.types.seen[type]
  return {
    powerWatts: powerLimitWatts ?? seen?.powerWatts ?? 0,
    memoryMebibytes: memoryMebibytes ?? seen?.memoryMebibytes ?? 0,
  }
}

/**
 * Takes in what boards of unlisted types show now.
 * @param read a good figure of a unit, NaN where there is none
 * @returns whether a scale has grown
 */
export function followScales(registry: Registry, read: (f: number, unit: number) => number): boolean {
  const { units, types, columns } = registry
  const unlisted = types.names.map((name) => gpuTypeOf(name).powerLimitWatts === null)
  if (!unlisted.includes(true)) return false
  let grown = false
  for (let unit = 0; unit < units.length; unit++) {
    const type = columns.type[unit] as number
    if (unlisted[type] !== true || units[unit]?.board !== -1) continue
    const seen = types.seen[type] ?? { powerWatts: 0, memoryMebibytes: 0 }
    const known = (value: number): number => (value > 0 ? value : 0)
    const limit = known(read(POWER_LIMIT, unit))
    const power = known(read(POWER, unit))
    const memory = MEMORY.reduce((sum, f) => sum + known(read(f, unit)), 0)
    const next = {
      powerWatts: Math.max(
        seen.powerWatts,
        limit,
        power > Math.max(limit, seen.powerWatts) ? roundUp(power) : 0,
      ),
      memoryMebibytes:
        memory > seen.memoryMebibytes ? roundUp(memory / GIBIBYTE) * GIBIBYTE : seen.memoryMebibytes,
    }
    if (next.powerWatts === seen.powerWatts && next.memoryMebibytes === seen.memoryMebibytes) continue
    types.seen[type] = next
    grown = true
  }
  return grown
}
