import { fieldCode, type FieldId } from '../../../../shared/model/field.ts'
import { boardPowerOf } from './boardPower.ts'
import { CELL } from './columns.ts'
import type { Evaluation } from './evaluation.ts'
import type { Registry } from '../places/registry.ts'

/**
 * Profiling that says nothing (dcgm-exporter#662): after weeks DCGM_FI_PROF_* read 0 for boards that work, without an
 * error. A 0 is believed until a second figure of the same board contradicts it: its utilisation, or its power.
 */
const PROFILING: readonly FieldId[] = ['smActive', 'grActive', 'tensorActive', 'dramActive']
const PROFILING_CODES = PROFILING.map(fieldCode)
/** Any kernel at all keeps the graphics engine active; tensor and memory pipes may rest while a GPU works. */
const SAYS_BUSY = [fieldCode('smActive'), fieldCode('grActive')]
const GPU_UTIL = fieldCode('gpuUtil')
const POWER = fieldCode('power')

/** From this share of its power limit on a board works, whatever else is said of it. */
const WORKING_POWER_SHARE = 0.5
/** Below it power agrees with the 0, and the utilisation is what is odd ("busy but idle"). */
const RESTING_POWER_SHARE = 0.3
/** Utilisation is sampled at another moment than profiling: a job that just began is no contradiction below it, %. */
const BUSY_UTIL = 50

/** Of `evaluation.blind`. `before`: until the evaluation before this one, for the finding that lingers. */
export const BLIND = { no: 0, now: 1, before: 2 } as const

/** Fields that {@link judgeProfiling} can find to be blind. */
export const IS_PROFILING: Uint8Array = Uint8Array.from(
  { length: Math.max(...PROFILING_CODES) + 1 },
  (_, f) => (PROFILING_CODES.includes(f) ? 1 : 0),
)

/**
 * Marks in `evaluation.blind` every unit whose profiling zeros cannot be true. Instances share the mark of their board:
 * when a board draws its power and none of them says to work, no one knows whose 0 is false.
 * @param read a good figure of a unit (ok or zero), NaN where there is none; must not look at `blind`
 */
export function judgeProfiling(
  registry: Registry,
  evaluation: Evaluation,
  read: (f: number, unit: number) => number,
): void {
  const { units } = registry
  const { blind } = evaluation
  for (let unit = 0; unit < units.length; unit++)
    blind[unit] = blind[unit] === BLIND.now ? BLIND.before : BLIND.no
  for (let unit = 0; unit < units.length; unit++) {
    const found = units[unit]
    if (!found || found.board >= 0 || !saysIdle(registry, unit, read)) continue
    if (!contradicted(registry, unit, read)) continue
    blind[unit] = BLIND.now
    for (const instance of found.instances) blind[instance] = BLIND.now
  }
}

/** Profiling is there, its own or from instances, and all of it that would show work is exactly 0. */
function saysIdle({ columns }: Registry, unit: number, read: (f: number, unit: number) => number): boolean {
  let zeros = 0
  for (const f of SAYS_BUSY) {
    const cell = columns.cell[f]?.[unit] ?? CELL.never
    if (cell === CELL.never || cell === CELL.withdrawn) continue
    const value = read(f, unit)
    if (value === 0) zeros++
    else if (value > 0) return false
  }
  return zeros > 0
}

function contradicted(registry: Registry, unit: number, read: (f: number, unit: number) => number): boolean {
  const share = read(POWER, unit) / boardPowerOf(registry, read, unit)
  if (share >= WORKING_POWER_SHARE) return true
  return read(GPU_UTIL, unit) >= BUSY_UTIL && !(share < RESTING_POWER_SHARE)
}
