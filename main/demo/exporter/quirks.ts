import type { Counter } from './counters.ts'
import type { Entity } from './labels.ts'

/** A series that is missing, or whose value is a text of its own. */
export type Deviation = 'absent' | { readonly text: string }

/** Quirks that are switched on for an entity. */
export interface QuirkSwitches {
  readonly gaps: boolean
  readonly sentinels: boolean
  readonly implausible: boolean
}

/** DCGM's blank values, as exporters before 3.3 print them: not found, blank int64, blank double, blank int32. */
const BLANK: Readonly<Record<string, string>> = {
  DCGM_FI_DEV_MEMORY_TEMP: '9223372036854775794',
  DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION: '9223372036854775792',
  DCGM_FI_DEV_ENC_UTIL: '2147483632',
  DCGM_FI_PROF_PIPE_TENSOR_ACTIVE: '140737488355328.000000',
}

const GARBAGE: Readonly<Record<string, string>> = {
  DCGM_FI_DEV_GPU_UTIL: '4294967295',
  DCGM_FI_PROF_SM_ACTIVE: '1.294000',
}

/** Per counter how this entity differs; null where it keeps every rule, which is what nearly all do. */
export function deviationsOf(
  counters: readonly Counter[],
  entity: Entity,
  quirks: QuirkSwitches,
): (Deviation | undefined)[] | null {
  const deviations = counters.map((counter): Deviation | undefined => {
    if (entity.instance && quirks.gaps && isGap(counter, entity)) return 'absent'
    const text =
      (quirks.implausible ? GARBAGE[counter.name] : undefined) ??
      (quirks.sentinels ? BLANK[counter.name] : undefined)
    return text === undefined ? undefined : { text }
  })
  return deviations.some((deviation) => deviation !== undefined) ? deviations : null
}

/** NVML has no utilisation per instance; memory is missing on some, profiling on fewer (dcgm-exporter#430, #512, #507). */
function isGap(counter: Counter, entity: Entity): boolean {
  if (counter.name.endsWith('_UTIL')) return true
  if (counter.name.startsWith('DCGM_FI_DEV_FB_')) return entity.ordinal % 2 === 1
  return counter.name.startsWith('DCGM_FI_PROF_') && counter.per === 'unit' && entity.ordinal % 5 === 4
}
