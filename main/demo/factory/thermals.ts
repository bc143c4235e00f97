import type { Columns } from './columns.ts'
import { IMPAIRMENT } from './impairments.ts'
import type { Random } from './random.ts'
import type { Placement } from './placement.ts'
import type { Site } from './site.ts'

/** Time constants: the voltage regulator follows at once, heat sink and memory slowly. Seconds. */
const POWER_SECONDS = 1.5
const HEATSINK_SECONDS = 40
const MEMORY_SECONDS = 90

/** A blocked inlet recirculates the tray's own exhaust air. Kelvin. */
const RECIRCULATION = 36
/** The rear row of a tray breathes what the front row has warmed. Kelvin per watt of its own power. */
const REAR_ROW = 0.006

/** nvml.h, nvmlClocksEventReasons. */
const EVENT = { idle: 0x1, powerCap: 0x4, softwareThermal: 0x20 } as const

/** Fixed differences between boards of one type: silicon and mounting. */
export interface BoardSpread {
  readonly idleWatts: Float64Array
  readonly resistance: Float64Array
  readonly efficiency: Float64Array
}

export function createSpread(site: Site, random: Random): BoardSpread {
  const spread = {
    idleWatts: new Float64Array(site.gpuCount),
    resistance: new Float64Array(site.gpuCount),
    efficiency: new Float64Array(site.gpuCount),
  }
  for (let gpu = 0; gpu < site.gpuCount; gpu++) {
    const board = boardOf(site, gpu)
    spread.idleWatts[gpu] = board.idleWatts + 1.3 * random.normal()
    spread.resistance[gpu] = board.thermalResistance * (1 + 0.025 * random.normal())
    spread.efficiency[gpu] = 1 + 0.02 * random.normal()
  }
  return spread
}

/** Everything that power and heat need from the rest of the factory. */
export interface ThermalInput {
  readonly site: Site
  readonly placement: Placement
  readonly columns: Columns
  readonly spread: BoardSpread
  readonly impairments: Uint8Array
  /** Added to every inlet: the hall is warmer in the afternoon. Kelvin. */
  readonly hallKelvin: number
}

/** Power from activity, clocks and heat from power, energy as its integral. Exact for any step: exponential decays. */
export function updateThermals(input: ThermalInput, seconds: number, random: Random): void {
  const { site, columns, spread, impairments } = input
  const followPower = 1 - Math.exp(-seconds / POWER_SECONDS)
  const followHeat = 1 - Math.exp(-seconds / HEATSINK_SECONDS)
  const followMemory = 1 - Math.exp(-seconds / MEMORY_SECONDS)
  for (let gpu = 0; gpu < site.gpuCount; gpu++) {
    const noise = random.normal()
    const board = boardOf(site, gpu)
    const idle = spread.idleWatts[gpu] ?? board.idleWatts
    const effort = intensity(columns, gpu) * (spread.efficiency[gpu] ?? 1)
    // A context on the board keeps it out of its deepest state: 113 W instead of 68 W on an H100 with a waiting pod.
    const resident = (columns.fbUsed[gpu] ?? 0) > 1024 ? 0.07 : 0
    const wanted =
      (idle + (board.limitWatts - idle) * (effort + resident * (1 - effort))) * (1 + 0.006 * noise)

    const resistance = (spread.resistance[gpu] ?? board.thermalResistance) + rearRow(site, gpu)
    const hot = ((impairments[gpu] ?? 0) & IMPAIRMENT.heat) !== 0
    const inlet = inletOf(site, gpu) + input.hallKelvin + (hot ? RECIRCULATION : 0)
    const coolable = Math.max(idle, (board.slowdownCelsius - inlet) / resistance)
    const atSlowdown = (columns.gpuTemp[gpu] ?? 0) >= board.slowdownCelsius - 1.5
    const throttled = atSlowdown && wanted > coolable
    const capped = wanted > board.limitWatts
    const target = Math.min(wanted, board.limitWatts, throttled ? coolable * (1 + 0.004 * noise) : Infinity)

    const before = columns.power[gpu] ?? idle
    const power = Math.min(board.limitWatts, before + (target - before) * followPower)
    columns.power[gpu] = power
    columns.energy[gpu] = (columns.energy[gpu] ?? 0) + Math.round(((before + power) / 2) * seconds * 1000)
    const temp = columns.gpuTemp[gpu] ?? inlet
    columns.gpuTemp[gpu] = temp + (inlet + resistance * power - temp) * followHeat
    const memory = columns.memTemp[gpu] ?? inlet
    const memoryTarget = (columns.gpuTemp[gpu] ?? inlet) + 5 + 7 * (columns.dramActive[gpu] ?? 0)
    columns.memTemp[gpu] = memory + (memoryTarget - memory) * followMemory

    const resting = (columns.grActive[gpu] ?? 0) < 0.005
    const headroom = wanted > idle + 1 ? Math.max(0.06, (target - idle) / (wanted - idle)) : 1
    columns.smClock[gpu] = resting
      ? board.idleClock
      : clockStep(board.maxClock * (1 - 0.05 * effort) * Math.min(1, headroom ** 0.45))
    columns.memClock[gpu] = board.memoryClock
    columns.clockEvents[gpu] =
      (resting ? EVENT.idle : 0) | (capped ? EVENT.powerCap : 0) | (throttled ? EVENT.softwareThermal : 0)
    if (capped) columns.powerViolation[gpu] = (columns.powerViolation[gpu] ?? 0) + nanoseconds(seconds)
    if (throttled) columns.thermalViolation[gpu] = (columns.thermalViolation[gpu] ?? 0) + nanoseconds(seconds)
  }
}

/** Part of the way from idle to the limit that this mix of work draws. */
function intensity(columns: Columns, gpu: number): number {
  const sm = columns.smActive[gpu] ?? 0
  const tensor = columns.tensorActive[gpu] ?? 0
  const dram = columns.dramActive[gpu] ?? 0
  return 0.36 * sm + 0.78 * tensor + 0.3 * dram
}

/** Clocks move in steps of 15 MHz. */
function clockStep(megahertz: number): number {
  return Math.round(megahertz / 15) * 15
}

function nanoseconds(seconds: number): number {
  return Math.round(seconds * 1e9)
}

function boardOf(site: Site, gpu: number) {
  const host = site.hosts[site.hostOf[gpu] ?? -1]
  if (host === undefined) throw new RangeError(`GPU ${gpu} stands on no host`)
  return host.board
}

function inletOf(site: Site, gpu: number): number {
  return site.racks[site.hosts[site.hostOf[gpu] ?? -1]?.rack ?? -1]?.inletCelsius ?? 24
}

function rearRow(site: Site, gpu: number): number {
  return (site.slotOf[gpu] ?? 0) >= 4 ? REAR_ROW : 0
}
