import { BOARDS, type Board, type BoardName } from './boards.ts'
import { MIG_POOL, POOLS, type DeploymentSpec } from './catalogue.ts'
import { createRandom, type Random } from './random.ts'
import { apportion, type Site } from './site.ts'

/** An inference server or a training worker: what the exporter prints as `namespace`, `pod` and `container`. */
export interface Pod {
  readonly namespace: string
  readonly name: string
  readonly container: string
  /** Index into `Placement.deployments`. */
  readonly deployment: number
  /** GPUs, or one MIG instance, by unit number (see Site). */
  readonly units: readonly number[]
  /** Tokens per second that it can serve. */
  readonly capacity: number
}

export interface Deployment {
  readonly spec: DeploymentSpec
  /** Tokens per second that all its pods together can serve. */
  readonly capacity: number
  readonly pods: number
}

export interface Placement {
  readonly deployments: readonly Deployment[]
  readonly pods: readonly Pod[]
  /** Index into `pods` per unit, -1 where nothing runs. */
  readonly podOf: Int32Array
}

/** Part of the slots that a scheduler leaves empty between pods. */
const FRAGMENTATION = 0.03

/** Puts the catalogue's workloads on the floor, whole racks first, so that neighbouring racks do the same work. */
export function placeWorkloads(site: Site, seed: number): Placement {
  const planner = createPlanner(site, createRandom(seed, 'placement'))
  for (const name of Object.keys(BOARDS) as BoardName[]) placePool(site, name, planner)
  placeInstances(site, planner)
  return planner.finish()
}

interface Planner {
  readonly random: Random
  open(spec: DeploymentSpec): { add(units: readonly number[], tokensPerSecond: number): void }
  finish(): Placement
}

function createPlanner(site: Site, random: Random): Planner {
  const drafts: { spec: DeploymentSpec; capacity: number; pods: number; replicaSet: string }[] = []
  const pods: Pod[] = []
  const podOf = new Int32Array(site.gpuCount + site.instances.length).fill(-1)
  return {
    random,
    open(spec) {
      const deployment = drafts.length
      const draft = { spec, capacity: 0, pods: 0, replicaSet: letters(random, 9) }
      drafts.push(draft)
      return {
        add(units, tokensPerSecond) {
          draft.capacity += tokensPerSecond
          for (const unit of units) podOf[unit] = pods.length
          pods.push({
            namespace: spec.tenant,
            name: podName(spec, draft.replicaSet, draft.pods++, random),
            container: spec.container,
            deployment,
            units,
            capacity: tokensPerSecond,
          })
        },
      }
    },
    finish: () => ({
      deployments: drafts.map(({ spec, capacity, pods: count }) => ({ spec, capacity, pods: count })),
      pods,
      podOf,
    }),
  }
}

function placePool(site: Site, name: BoardName, planner: Planner): void {
  const { deployments, spareShare } = POOLS[name]
  const shares = [...deployments.map((spec) => spec.share), ...(spareShare > 0 ? [spareShare] : [])]
  const racks = site.racks
    .filter((rack) => rack.board.name === name)
    .map((rack) => site.hosts.slice(rack.firstHost, rack.endHost).filter((host) => host.mig === 'none'))
    .filter((hosts) => hosts.length > 0)
  const blocks = racks.length >= shares.length ? racks : racks.flat().map((host) => [host])
  const parts = apportion(blocks.length, shares)
  let at = 0
  deployments.forEach((spec, i) => {
    const mine = blocks.slice(at, at + (parts[i] ?? 0)).flat()
    at += parts[i] ?? 0
    if (mine.length === 0) return
    const deployment = planner.open(spec)
    for (const host of mine) {
      const size = Math.min(spec.gpusPerPod, host.gpus)
      for (let slot = 0; slot + size <= host.gpus; slot += size) {
        if (planner.random.next() < FRAGMENTATION) continue
        const units = Array.from({ length: size }, (_, k) => host.firstGpu + slot + k)
        deployment.add(units, size * tokensPerBoard(host.board, spec))
      }
    }
  })
}

function placeInstances(site: Site, planner: Planner): void {
  if (site.instances.length === 0) return
  const deployments = MIG_POOL.map((spec) => ({ spec, open: planner.open(spec) }))
  site.instances.forEach((instance, i) => {
    const target = deployments[i % deployments.length]
    if (target === undefined || planner.random.next() < 0.15) return
    const rate = tokensPerBoard(BOARDS.A100, target.spec) * (instance.compute / 7)
    target.open.add([site.gpuCount + i], rate)
  })
}

function tokensPerBoard(board: Board, spec: DeploymentSpec): number {
  return board.tokensPerSecond * spec.speed
}

function podName(spec: DeploymentSpec, replicaSet: string, ordinal: number, random: Random): string {
  const base = `${spec.model}-${spec.endpoint}`.replaceAll(/[^a-z0-9]+/g, '-')
  return spec.kind === 'training'
    ? `${base}-worker-${ordinal}`
    : `${base}-${spec.container}-${replicaSet}-${letters(random, 5)}`
}

/** Kubernetes' alphabet for generated names: no vowels, no look-alikes. */
function letters(random: Random, length: number): string {
  const alphabet = 'bcdfghjklmnpqrstvwxz2456789'
  return Array.from({ length }, () => alphabet[random.below(alphabet.length)]).join('')
}
