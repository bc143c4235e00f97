import type { Columns } from './columns.ts'
import type { Character } from './catalogue.ts'
import { IMPAIRMENT } from './impairments.ts'
import type { Placement } from './placement.ts'
import type { Random } from './random.ts'
import type { Site } from './site.ts'

/** What every board needs beside its columns to move on: which loads its units carry. */
export interface ActivityInput {
  readonly site: Site
  readonly placement: Placement
  readonly columns: Columns
  /** 0–1 per pod. */
  readonly podLoad: Float64Array
  /** IMPAIRMENT bits per GPU. */
  readonly impairments: Uint8Array
}

/** Sets what the chips do from the load of the pods on them. Draws the same random numbers whatever the impairments. */
export function updateActivity(input: ActivityInput, random: Random): void {
  const { site, placement, columns, podLoad, impairments } = input
  for (let gpu = 0; gpu < site.gpuCount; gpu++) {
    const jitter = random.normal()
    const bits = impairments[gpu] ?? 0
    const pod = placement.pods[placement.podOf[gpu] ?? -1]
    if ((bits & IMPAIRMENT.deadlock) !== 0) spin(columns, gpu, jitter)
    else if (pod === undefined || (bits & IMPAIRMENT.stopped) !== 0) rest(columns, gpu)
    else {
      const character = placement.deployments[pod.deployment]?.spec.character
      if (character !== undefined) {
        work(columns, gpu, character, podLoad[placement.podOf[gpu] ?? -1] ?? 0, jitter)
      }
    }
  }
  if (site.instances.length > 0) updateInstances(input, random)
}

/** An instance computes on its own slices; its board's figures are the weighted sum. */
function updateInstances(input: ActivityInput, random: Random): void {
  const { site, placement, columns, podLoad, impairments } = input
  site.instances.forEach((instance, i) => {
    const unit = site.gpuCount + i
    const jitter = random.normal()
    const pod = placement.pods[placement.podOf[unit] ?? -1]
    if (pod === undefined || ((impairments[instance.gpu] ?? 0) & IMPAIRMENT.stopped) !== 0) {
      rest(columns, unit)
      return
    }
    const character = placement.deployments[pod.deployment]?.spec.character
    if (character === undefined) return
    work(columns, unit, character, podLoad[placement.podOf[unit] ?? -1] ?? 0, jitter)
    // NVML has no utilisation per instance.
    columns.gpuUtil[unit] = 0
    columns.memCopyUtil[unit] = 0
    const part = instance.compute / 7
    for (const column of [columns.smActive, columns.tensorActive, columns.dramActive]) {
      column[instance.gpu] = (column[instance.gpu] ?? 0) + (column[unit] ?? 0) * part
    }
    columns.grActive[instance.gpu] = Math.max(
      columns.grActive[instance.gpu] ?? 0,
      columns.grActive[unit] ?? 0,
    )
  })
}

/**
 * Memory traffic and the time with any kernel at all rise early with load (decoding reads all weights for every token),
 * tensor work in proportion to it.
 */
function work(columns: Columns, unit: number, to: Character, load: number, jitter: number): void {
  const near = 1 + 0.025 * jitter
  const early = 1 - Math.exp(-5 * load)
  columns.smActive[unit] = ratio(to.sm * load ** 0.75 * near)
  columns.grActive[unit] = ratio(0.99 * early * (1 + 0.006 * jitter))
  columns.tensorActive[unit] = ratio(to.tensor * load * near)
  columns.dramActive[unit] = ratio(to.dram * load ** 0.6 * near)
  columns.gpuUtil[unit] = Math.round(100 * ratio(early * (1 + 0.01 * jitter)))
  columns.memCopyUtil[unit] = Math.round(100 * ratio(to.dram * 0.8 * load ** 0.6 * near))
}

function rest(columns: Columns, unit: number): void {
  columns.smActive[unit] = 0
  columns.grActive[unit] = 0
  columns.tensorActive[unit] = 0
  columns.dramActive[unit] = 0
  columns.gpuUtil[unit] = 0
  columns.memCopyUtil[unit] = 0
}

/** A collective that waits for a lost peer: a kernel is resident and polls, nothing is computed. */
function spin(columns: Columns, unit: number, jitter: number): void {
  columns.smActive[unit] = ratio(0.11 + 0.002 * jitter)
  columns.grActive[unit] = 1
  columns.tensorActive[unit] = 0
  columns.dramActive[unit] = ratio(0.004 + 0.0004 * jitter)
  columns.gpuUtil[unit] = 100
  columns.memCopyUtil[unit] = 0
}

function ratio(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value
}
