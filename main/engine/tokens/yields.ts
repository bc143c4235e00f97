import type { TokenOrigin, Yield } from '../../../shared/contract/tokens.ts'
import type { Rates } from '../../../shared/model/tokens.ts'
import type { EconomicsOptions } from '../../config/types.ts'
import type { LiveFleet } from '../../core/fleet/types.ts'
import type { Cube } from '../../core/tokens/cube.ts'
import { yieldOf } from '../../core/tokens/yield.ts'
import type { MeteringAbilities } from '../../sources/metering/types.ts'
import type { BackendClock } from './backendClock.ts'
import { NO_RATES } from './blank.ts'
import { FLOOR_GPU_FIELDS, floorGpus } from './floorGpus.ts'
import type { SlowFacts } from './slowFacts.ts'
import { rateWindow } from './windows.ts'

export interface YieldParts {
  readonly cube: Cube
  readonly abilities: () => MeteringAbilities | null
  readonly facts: SlowFacts
  readonly fleet: Pick<LiveFleet, 'topology' | 'frame'>
  /** Which GPUs are held by a workload. */
  readonly allocated: () => ReadonlyMap<string, number>
  readonly economics: EconomicsOptions
  readonly origin: () => TokenOrigin
  readonly backendClock: BackendClock
  readonly now: () => number
}

/** What the floor makes of its GPU-hours now: usage of the metering over GPUs and watts of the floor. */
export function yieldNow(parts: YieldParts): Yield {
  const { cube, facts, fleet, economics, backendClock, now } = parts
  const windowMs = rateWindow(cube.stepMs())
  const known = cube.reach() !== null
  const figures = yieldOf({
    gpus: floorGpus(fleet.topology(), fleet.frame(FLOOR_GPU_FIELDS), parts.allocated()),
    flows: known ? flowsOf(cube, windowMs) : null,
    whole: known ? cube.rates({}, windowMs) : NO_RATES,
    noTypes: parts.abilities()?.lacks.get('gpuType') ?? null,
    rates: facts.rates().value,
    currency: economics.currency,
    costPerGpuHour: economics.costPerGpuHour,
    referenceTokensPerSecond: economics.referenceTokensPerSecond,
    now: backendClock.toBackend(now()),
  })
  return {
    at: now(),
    origin: parts.origin(),
    windowMs,
    currency: economics.currency,
    ...figures,
    assumptions: { ...economics.assumptions },
  }
}

/** Per second by GPU type and model. */
function flowsOf(cube: Cube, windowMs: number): Map<string, ReadonlyMap<string, Rates>> {
  const types = cube.ratesBy('gpuType', {}, windowMs).keys()
  return new Map([...types].map((type) => [type, cube.ratesBy('model', { gpuType: [type] }, windowMs)]))
}
