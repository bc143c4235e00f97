import type { TokenOrigin, Yield } from '../../../../shared/contract/tokens.ts'
import type { Capacity, Rate } from '../../../../shared/metering/capacity.ts'
import type { Rates } from '../../../../shared/model/tokens.ts'
import type { EconomicsOptions } from '../../../config/types.ts'
import type { LiveFleet } from '../../../core/fleet/types.ts'
import { capacityByType } from '../../../core/tokens/yield/capacity.ts'
import type { Cube } from '../../../core/tokens/usage/cube/cube.ts'
import { byTypeAndModel, servedRates } from '../../../core/tokens/served/flows.ts'
import type { ServedRate } from '../../../core/tokens/served/types.ts'
import { yieldOf } from '../../../core/tokens/yield/yield.ts'
import type { MeteringAbilities } from '../../../sources/metering/types.ts'
import type { RemoteTime } from '../../../platform/remoteClock.ts'
import { NO_RATES } from '../answers/blank.ts'
import { FLOOR_GPU_FIELDS, floorGpus } from './floorGpus.ts'
import { NO_METERING } from '../answers/origin.ts'
import type { ServedFigures } from '../served/figures.ts'
import type { SlowFacts } from '../slowFacts.ts'
import { meteringDown, meteringLack } from '../answers/lacks.ts'
import { rateWindow } from '../windows.ts'
import { textOf } from '../../../../shared/messages/format.ts'
import { type Message, message } from '../../../../shared/messages/message.ts'

export interface YieldParts {
  /** Null without metering, as are the facts. */
  readonly cube: Cube | null
  readonly abilities: () => MeteringAbilities | null
  readonly facts: SlowFacts | null
  /** Null without inference servers. */
  readonly servedFigures: ServedFigures | null
  readonly fleet: Pick<LiveFleet, 'topology' | 'frame'>
  /** Which GPUs are held by a workload. */
  readonly allocated: () => ReadonlyMap<string, number>
  readonly economics: EconomicsOptions
  readonly origin: () => TokenOrigin
  readonly backendClock: RemoteTime
  readonly now: () => number
}

/**
 * What the floor makes of its GPU-hours now: usage of the metering over GPUs and watts of the floor. Where the metering
 * does not distinguish GPU types, tokens by type are what the inference servers served; the whole stays what was metered.
 * While the metering does not answer, both are served tokens where the servers are mapped to GPUs.
 */
export function yieldNow(parts: YieldParts): Yield {
  const { cube, facts, fleet, economics, backendClock, now } = parts
  const windowMs = rateWindow(cube?.stepMs() ?? 0)
  const metered = cube !== null && cube.reach() !== null ? cube : null
  const { flows, known, instead, whole, lack } = sidesOf(parts)
  const capacity = presentCapacity(facts?.capacity().value ?? null, backendClock.toRemote(now()))
  const rates = facts?.rates().value ?? null
  const figures = yieldOf({
    gpus: floorGpus(fleet.topology(), fleet.frame(FLOOR_GPU_FIELDS), parts.allocated()),
    capacity: capacity === null ? new Map() : capacityByType(capacity),
    flows: instead === null ? metered && flowsOf(metered, windowMs) : known ? byTypeAndModel(flows) : null,
    served: instead !== null,
    whole: whole && known ? servedRates(flows) : (metered?.rates({}, windowMs) ?? NO_RATES),
    noTypes: instead === null && lack !== null ? textOf(lack) : null,
    rates,
    currency: economics.currency,
    costPerGpuHour: economics.costPerGpuHour,
    referenceTokensPerSecond: economics.referenceTokensPerSecond,
    now: backendClock.toRemote(now()),
  })
  const standIn = instead?.standIn(flows, lack ?? NO_METERING.text) ?? null
  return {
    at: now(),
    origin: parts.origin(),
    windowMs,
    currency: economics.currency,
    ...figures,
    unknownTypeShare: standIn === null ? figures.unknownTypeShare : standIn.unjoined.share,
    standIn: standIn && {
      ...standIn,
      whole,
      notes: [...standIn.notes, ...(rates?.some(isCachedPrice) ? [UNCACHED] : [])],
    },
    capacitySpan:
      capacity === null
        ? null
        : {
            fromMs: backendClock.toLocal(Date.parse(capacity.from)),
            toMs: backendClock.toLocal(Date.parse(capacity.to)),
          },
    assumptions: { ...economics.assumptions },
  }
}

/** Who tells the tokens by GPU type, and who all of them. */
function sidesOf({ cube, abilities, origin, servedFigures }: YieldParts): {
  /** What the inference servers serve. */
  readonly flows: readonly ServedRate[]
  /** A server that is heard has a flow, be it zero: no flow at all means that none was heard. */
  readonly known: boolean
  /** They stand in for the metering. */
  readonly instead: ServedFigures | null
  /** For all tokens too, not by GPU type alone. */
  readonly whole: boolean
  /** Why the metering does not tell GPU types, a sentence; null where it does. */
  readonly lack: Message | null
} {
  const flows = servedFigures?.flows() ?? []
  const known = flows.length > 0
  const unable = cube === null ? NO_METERING.text : meteringLack(abilities(), ['gpuType'])
  const down = cube === null ? null : meteringDown(origin())
  // Where no server is mapped to a GPU, the last known types are worth more than none.
  const takesOver = down !== null && flows.some(({ gpuType }) => gpuType !== '')
  const instead = unable !== null || takesOver ? servedFigures : null
  return {
    flows: instead === null ? [] : flows,
    known,
    instead,
    whole: instead !== null && (cube === null || (down !== null && known)),
    lack: unable ?? (takesOver ? down : null),
  }
}

/** Older than this, GPU hours of the metering are not those that tokens of now are divided by, ms. */
const CAPACITY_OLD_MS = 10 * 60_000

/** @param nowMs on the back end's clock */
function presentCapacity(capacity: Capacity | null, nowMs: number): Capacity | null {
  return capacity !== null && nowMs - Date.parse(capacity.to) <= CAPACITY_OLD_MS ? capacity : null
}

const UNCACHED = message('served.cachedPrice')

function isCachedPrice({ kind, tokenType }: Rate): boolean {
  return kind === 'price' && tokenType === 'cachedInput'
}

/** Per second by GPU type and model. */
function flowsOf(cube: Cube, windowMs: number): Map<string, ReadonlyMap<string, Rates>> {
  const types = cube.ratesBy('gpuType', {}, windowMs).keys()
  return new Map([...types].map((type) => [type, cube.ratesBy('model', { gpuType: [type] }, windowMs)]))
}
