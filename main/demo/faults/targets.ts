import type { Factory } from '../factory/factory.ts'
import type { Placement, Pod } from '../factory/placement.ts'
import { createRandom, type Random } from '../factory/random.ts'
import type { Host, Site } from '../factory/site.ts'
import { FAULTS, FaultError, FAULT_NAMES, type FaultName, type FaultSettings } from './catalogue.ts'

/** Where faults can be. */
export type Floor = Pick<Factory, 'site' | 'placement'>

/**
 * The hosts (for a host fault), GPUs (for a GPU fault) or pods that the targets of a fault name, by number, ascending.
 * A fault of the factory is in one place, 0.
 * @throws FaultError naming the target and what the floor has
 */
export function resolveTargets(floor: Floor, name: FaultName, targets: readonly string[]): number[] {
  const { scope } = FAULTS[name]
  if (scope === 'pod') return resolvePods(floor, name, targets)
  if (scope === 'host' || scope === 'gpu') return resolveHardware(floor.site, name, scope, targets)
  if (targets.length === 0) return [0]
  throw new FaultError(`Fault "${name}" concerns the whole factory and has no targets, not "${targets[0]}".`)
}

function resolvePods({ placement }: Floor, name: FaultName, targets: readonly string[]): number[] {
  const found = targets.map((target) => {
    const pod = placement.pods.findIndex((each) => podTarget(each) === target)
    if (pod >= 0 && isServing(placement, pod)) return pod
    const example = placement.pods.find((_, i) => isServing(placement, i))
    throw new FaultError(
      `Fault "${name}": there is no inference server "${target}". Name one as NAMESPACE/POD` +
        `${example === undefined ? '' : `, for example ${podTarget(example)}`}.`,
    )
  })
  return [...new Set(found)].toSorted((a, b) => a - b)
}

function podTarget(pod: Pod): string {
  return `${pod.namespace}/${pod.name}`
}

function isServing(placement: Placement, pod: number): boolean {
  return placement.deployments[placement.pods[pod]?.deployment ?? -1]?.spec.kind === 'serving'
}

function resolveHardware(
  site: Site,
  name: FaultName,
  scope: 'host' | 'gpu',
  targets: readonly string[],
): number[] {
  const found = new Set<number>()
  for (const target of targets) {
    const [hostName = '', slotText, ...rest] = target.split('/')
    const h = site.hosts.findIndex((host) => host.name === hostName)
    const host = site.hosts[h]
    if (host === undefined || rest.length > 0) throw unknownTarget(site, name, target)
    if (scope === 'host') {
      if (slotText !== undefined) {
        throw new FaultError(
          `Fault "${name}" concerns a whole host: write "${hostName}" instead of "${target}".`,
        )
      }
      found.add(h)
      continue
    }
    if (slotText === undefined) {
      for (let slot = 0; slot < host.gpus; slot++) found.add(host.firstGpu + slot)
      continue
    }
    const slot = /^\d{1,2}$/.test(slotText) ? Number(slotText) : Number.NaN
    if (!(slot < host.gpus)) throw unknownTarget(site, name, target)
    found.add(host.firstGpu + slot)
  }
  return [...found].toSorted((a, b) => a - b)
}

function unknownTarget(site: Site, name: FaultName, target: string): FaultError {
  const first = site.hosts[0]
  const last = site.hosts.at(-1)
  return new FaultError(
    `Fault "${name}": there is no "${target}" on this floor. Hosts are ${first?.name} to ${last?.name}, ` +
      `their GPUs for example ${first?.name}/0 to ${first?.name}/${(first?.gpus ?? 1) - 1}.`,
  )
}

/** What is on and where when nothing else is said: one of each, on different hosts while there are enough. */
export function defaultSettings(factory: Factory): FaultSettings {
  const picker = createPicker(factory, createRandom(factory.options.seed, 'faults'))
  const everywhere: readonly string[] = []
  const targets: Record<FaultName, readonly string[]> = {
    frozen: picker.host((_, pods) => pods.some((pod) => pod.tenant === 'meridian')),
    vanished: picker.gpu((host) => host.board.name === 'B200'),
    xid48: picker.gpu((host, pod) => host.board.name === 'H100' && pod?.kind === 'serving'),
    xid94: picker.gpu((host, pod) => host.board.name === 'H200' && pod?.kind === 'serving'),
    thermal: picker.neighbours((pod) => pod.kind === 'training'),
    deadlock: picker.pod((pod) => pod.units.length > 1 && pod.units.length <= 4),
    implausible: picker.gpu((host) => host.board.name === 'H200'),
    sentinels: picker.gpu((host) => host.board.exporter === 'classic' && host.mig === 'none'),
    xid79: picker.gpu((host, pod) => host.board.name === 'H100' && pod !== undefined),
    hung: picker.host(() => true),
    down: picker.host(() => true),
    renumbered: picker.host((host) => host.board.name === 'H100'),
    hostname: factory.site.hosts.filter((host) => host.rack % 3 === 1).map((host) => host.name),
    'mig-gaps': factory.site.hosts.filter((host) => host.mig !== 'none').map((host) => host.name),
    'counter-restart': picker.server(),
    'slow-server': servers(factory.placement, 'code'),
    'agent-loop': everywhere,
    'agent-loop-hourly': everywhere,
    'tenant-surge': everywhere,
    'token-leak': everywhere,
    'metering-lag': everywhere,
    'late-events': everywhere,
    'metering-down': everywhere,
    'metering-partial': everywhere,
    'unknown-model': everywhere,
  }
  return Object.fromEntries(
    FAULT_NAMES.map((name) => [name, { on: FAULTS[name].on, targets: targets[name] }]),
  ) as FaultSettings
}

/** All servers of an endpoint. */
function servers({ pods, deployments }: Placement, endpoint: string): string[] {
  return pods.filter((pod) => deployments[pod.deployment]?.spec.endpoint === endpoint).map(podTarget)
}

interface Workload extends Pod {
  readonly tenant: string
  readonly kind: 'serving' | 'training'
}

function createPicker(factory: Factory, random: Random) {
  const { site, placement } = factory
  const used = new Set<number>()
  const workloads: (Workload | undefined)[] = placement.pods.map((pod) => {
    const spec = placement.deployments[pod.deployment]?.spec
    return spec && { ...pod, tenant: spec.tenant, kind: spec.kind }
  })
  const podOn = (gpu: number) => workloads[placement.podOf[gpu] ?? -1]

  /** Any candidate on a host without a fault yet, else on any host; hosts with a fault are marked. */
  function choose<T>(candidates: readonly T[], hostOf: (candidate: T) => number): T | undefined {
    const fresh = candidates.filter((candidate) => !used.has(hostOf(candidate)))
    const from = fresh.length > 0 ? fresh : candidates
    const chosen = from[random.below(from.length)]
    if (chosen !== undefined) used.add(hostOf(chosen))
    return chosen
  }
  const nameOf = (gpu: number) => `${site.hosts[site.hostOf[gpu] ?? -1]?.name ?? ''}/${site.slotOf[gpu] ?? 0}`
  const gpuHost = (gpu: number) => site.hostOf[gpu] ?? -1

  return {
    host(fits: (host: Host, pods: Workload[]) => boolean): string[] {
      const candidates = site.hosts.flatMap((host, h) => {
        const pods = gpusOf(host).flatMap((gpu) => podOn(gpu) ?? [])
        return fits(host, pods) ? [h] : []
      })
      const chosen = site.hosts[choose(candidates, (h) => h) ?? -1]
      return chosen === undefined ? [] : [chosen.name]
    },
    gpu(fits: (host: Host, pod: Workload | undefined) => boolean): string[] {
      const candidates = site.hosts.flatMap((host) => gpusOf(host).filter((gpu) => fits(host, podOn(gpu))))
      const chosen = choose(candidates, gpuHost)
      return chosen === undefined ? [] : [nameOf(chosen)]
    },
    /** One inference server. */
    server(): string[] {
      const candidates = placement.pods.filter((_, i) => isServing(placement, i))
      const chosen = candidates[random.below(candidates.length)]
      return chosen === undefined ? [] : [podTarget(chosen)]
    },
    /** All GPUs of one pod. */
    pod(fits: (pod: Workload) => boolean): string[] {
      const candidates = workloads.filter((pod) => pod !== undefined && fits(pod))
      return (choose(candidates, (pod) => gpuHost(pod?.units[0] ?? -1))?.units ?? []).map(nameOf)
    },
    /** Two GPUs side by side of one pod, in the rear row where there is one. */
    neighbours(fits: (pod: Workload) => boolean): string[] {
      const candidates = workloads.filter((pod) => pod !== undefined && fits(pod))
      return (choose(candidates, (pod) => gpuHost(pod?.units[0] ?? -1))?.units ?? []).slice(-2).map(nameOf)
    },
  }
}

function gpusOf(host: Host): number[] {
  return Array.from({ length: host.gpus }, (_, slot) => host.firstGpu + slot)
}
