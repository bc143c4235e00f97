import type { Factory } from '../factory/factory.ts'
import type { DeploymentSpec } from '../factory/catalogue.ts'
import { HOUR_MS } from './measures.ts'
import type { Past } from './past.ts'

/**
 * What the boards of one type did for one model; null: idle ones, training, and parts of boards that are not held. They
 * draw power, yet the metering knows serving alone: their allocated and active hours are 0.
 */
export interface CapacityRow {
  readonly gpuType: string
  readonly model: string | null
  readonly provisionedHours: number
  readonly allocatedHours: number
  readonly activeHours: number
  readonly joules: number
}

/** GPU hours and energy over time, by type and model. */
export interface CapacityLog {
  /** Call after every step of the factory. */
  advance(seconds: number, nowMs: number): void
  /** From minute to minute. */
  between(fromMs: number, toMs: number): CapacityRow[]
}

/** One GPU, or the part of it that an instance is. */
interface Part {
  readonly unit: number
  readonly gpu: number
  /** Of the board. */
  readonly weight: number
  readonly row: number
  readonly spec: DeploymentSpec | null
  readonly deployment: number
}

const MINUTE_MS = 60_000
const RING_MINUTES = 26 * 60
/** Idle boards with a context and training over its checkpoints: see factory/thermals.ts and factory/demand.ts. */
const TRAINING_LOAD = 0.934
const RESIDENT = 0.07

export function createCapacityLog(
  factory: Factory,
  past: Past,
  startMs: number,
  retentionMs: number,
): CapacityLog {
  const { site, columns } = factory
  const { rows, parts } = planRows(factory)
  const width = rows.length * 2
  const ring = new Float64Array(RING_MINUTES * width)
  const hours = new Map<number, Float64Array>()
  const energy = new Float64Array(site.gpuCount)
  for (let gpu = 0; gpu < site.gpuCount; gpu++) energy[gpu] = columns.energy[gpu] ?? 0
  const gained = new Float64Array(site.gpuCount)
  const provisioned = sumBy(rows.length, parts, ({ weight }) => weight)
  const allocated = sumBy(rows.length, parts, ({ weight, spec }) => (spec?.kind === 'serving' ? weight : 0))
  let newest = Math.floor(startMs / MINUTE_MS)
  let begun = newest

  const slotOf = (minute: number) => (minute % RING_MINUTES) * width

  function openMinute(nowMs: number): number {
    const minute = Math.floor((nowMs - 1) / MINUTE_MS)
    while (newest < minute) {
      newest++
      begun = Math.max(begun, newest - RING_MINUTES + 1)
      ring.fill(0, slotOf(newest), slotOf(newest) + width)
    }
    return slotOf(newest)
  }

  /** By formula: active seconds and joules of every row in an hour before the start. */
  function pastHour(hour: number): Float64Array {
    const sums = new Float64Array(width)
    for (const { gpu, weight, row, spec, deployment } of parts) {
      const board = site.hosts[site.hostOf[gpu] ?? -1]?.board
      if (board === undefined) continue
      const load = spec === null ? 0 : spec.kind === 'training' ? TRAINING_LOAD : past.load(deployment, hour)
      const effort = spec === null ? 0 : effortAt(spec, load)
      const resident = spec === null ? 0 : RESIDENT
      const watts =
        board.idleWatts + (board.limitWatts - board.idleWatts) * (effort + resident * (1 - effort))
      const active = spec?.kind === 'serving' ? 0.99 * (1 - Math.exp(-5 * load)) : 0
      sums[row * 2] = (sums[row * 2] ?? 0) + weight * 3600 * active
      sums[row * 2 + 1] = (sums[row * 2 + 1] ?? 0) + weight * 3600 * Math.min(watts, board.limitWatts)
    }
    return sums
  }

  function hourSums(hour: number): Float64Array {
    let sums = hours.get(hour)
    if (sums === undefined) {
      sums = pastHour(hour)
      if (hours.size > retentionMs / HOUR_MS) hours.delete(hours.keys().next().value ?? hour)
      hours.set(hour, sums)
    }
    return sums
  }

  /** Minutes that were lived go into their hour; an hour in which the start lies is filled by formula before it. */
  function closeHour(hour: number): void {
    const sums = new Float64Array(width)
    for (let minute = hour * 60; minute < (hour + 1) * 60; minute++) {
      if (minute < begun) {
        pastHour(hour).forEach((value, i) => (sums[i] = (sums[i] ?? 0) + value / 60))
        continue
      }
      const slot = slotOf(minute)
      for (let i = 0; i < width; i++) sums[i] = (sums[i] ?? 0) + (ring[slot + i] ?? 0)
    }
    hours.set(hour, sums)
  }

  return {
    advance(seconds, nowMs) {
      const before = newest
      const slot = openMinute(nowMs)
      if (Math.floor(newest / 60) > Math.floor(before / 60)) closeHour(Math.floor(before / 60))
      for (let gpu = 0; gpu < site.gpuCount; gpu++) {
        const counter = columns.energy[gpu] ?? 0
        const last = energy[gpu] ?? 0
        // The driver was reloaded: it counts from 0.
        gained[gpu] = counter >= last ? counter - last : counter
        energy[gpu] = counter
      }
      for (const { unit, gpu, weight, row, spec } of parts) {
        const at = slot + row * 2
        const active = spec?.kind === 'serving' ? (columns.grActive[unit] ?? 0) : 0
        ring[at] = (ring[at] ?? 0) + weight * active * seconds
        ring[at + 1] = (ring[at + 1] ?? 0) + (weight * (gained[gpu] ?? 0)) / 1000
      }
    },
    between(fromMs, toMs) {
      const sums = new Float64Array(width)
      const end = Math.min(Math.floor(toMs / MINUTE_MS), newest + 1)
      let minute = Math.floor(fromMs / MINUTE_MS)
      const minutes = Math.max(0, end - minute)
      while (minute < end) {
        if (minute >= begun) {
          const slot = slotOf(minute)
          for (let i = 0; i < width; i++) sums[i] = (sums[i] ?? 0) + (ring[slot + i] ?? 0)
          minute++
          continue
        }
        const hour = Math.floor(minute / 60)
        const stop = Math.min(end, (hour + 1) * 60, Math.max(begun, minute + 1))
        const share = (stop - minute) / 60
        hourSums(hour).forEach((value, i) => (sums[i] = (sums[i] ?? 0) + value * share))
        minute = stop
      }
      return rows.map(({ gpuType, model }, row) => ({
        gpuType,
        model,
        provisionedHours: ((provisioned[row] ?? 0) * minutes) / 60,
        allocatedHours: ((allocated[row] ?? 0) * minutes) / 60,
        activeHours: (sums[row * 2] ?? 0) / 3600,
        joules: sums[row * 2 + 1] ?? 0,
      }))
    },
  }
}

function effortAt({ character }: DeploymentSpec, load: number): number {
  return (
    0.36 * character.sm * load ** 0.75 + 0.78 * character.tensor * load + 0.3 * character.dram * load ** 0.6
  )
}

function sumBy(rows: number, parts: readonly Part[], weigh: (part: Part) => number): Float64Array {
  const sums = new Float64Array(rows)
  for (const part of parts) sums[part.row] = (sums[part.row] ?? 0) + weigh(part)
  return sums
}

/** Every board, cut where instances serve different models, under its row. */
function planRows({ site, placement }: Factory) {
  const rows: { gpuType: string; model: string | null }[] = []
  const indices = new Map<string, number>()
  const parts: Part[] = []
  const rowOf = (gpuType: string, model: string | null) => {
    const name = `${gpuType}/${model ?? ''}`
    const known = indices.get(name)
    if (known !== undefined) return known
    indices.set(name, rows.length)
    return rows.push({ gpuType, model }) - 1
  }
  const add = (unit: number, gpu: number, weight: number) => {
    const pod = placement.pods[placement.podOf[unit] ?? -1]
    const spec = pod === undefined ? null : (placement.deployments[pod.deployment]?.spec ?? null)
    const gpuType = site.hosts[site.hostOf[gpu] ?? -1]?.board.name ?? ''
    const model = spec?.kind === 'serving' ? spec.model : null
    parts.push({ unit, gpu, weight, row: rowOf(gpuType, model), spec, deployment: pod?.deployment ?? -1 })
  }
  const instancesOf = Map.groupBy(site.instances.keys(), (i) => site.instances[i]?.gpu ?? -1)
  for (let gpu = 0; gpu < site.gpuCount; gpu++) {
    const instances = instancesOf.get(gpu)
    if (instances === undefined) {
      add(gpu, gpu, 1)
      continue
    }
    const slices = instances.reduce((sum, i) => sum + (site.instances[i]?.compute ?? 0), 0)
    for (const i of instances) add(site.gpuCount + i, gpu, (site.instances[i]?.compute ?? 0) / slices)
  }
  return { rows, parts }
}
