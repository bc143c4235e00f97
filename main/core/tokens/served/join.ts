import type { Topology } from '../../../../shared/model/topology.ts'
import { aliasesOf, shortForms } from '../../fleet/places/hosts.ts'
import { boardShare } from '../../fleet/figures/mig.ts'
import type { ServerIdentity } from '../types.ts'

/** A part of a server's tokens that falls to one GPU type; the weights of one server add up to 1. */
export interface TypeShare {
  readonly gpuType: string
  readonly weight: number
}

/** Which GPUs an inference server runs on, by what the fleet says of them. */
export interface Join {
  /**
   * By namespace and pod; where no pod leads to a GPU by the host, if all its GPUs are of one type: on a host of several
   * types it would be a guess. Empty: unjoined.
   */
  typesOf(server: Pick<ServerIdentity, 'namespace' | 'pod' | 'host'>): readonly TypeShare[]
  /**
   * GPUs that any workload holds, by type. A MIG instance counts as its compute slices over those of its board, so that
   * a board whose instances are all held counts about once, and never more.
   */
  allocated(): ReadonlyMap<string, number>
}

const NONE: readonly TypeShare[] = []

export function createJoin(topology: Topology): Join {
  const { gpus, sharing, instances, types, workloads, hosts } = topology
  const typeOf = (gpu: number): string => types[gpus.type[gpu] ?? -1] ?? ''
  const fractionOf = (instance: number): number => {
    const gpu = instances.gpu[instance] ?? -1
    const share = boardShare(instances.profile[instance] ?? '', typeOf(gpu))
    // How much of its board it holds is not said: as much as each of the others.
    return share ?? 1 / instances.gpu.filter((other) => other === gpu).length
  }

  const byWorkload = workloads.map(() => new Map<string, number>())
  const held = new Float64Array(gpus.host.length)
  for (const [instance, workload] of instances.workload.entries()) {
    const gpu = instances.gpu[instance] ?? -1
    if (workload < 0 || gpu < 0 || gpu >= held.length) continue
    held[gpu] = Math.min(1, (held[gpu] as number) + fractionOf(instance))
    add(byWorkload[workload], typeOf(gpu), fractionOf(instance))
  }
  const sharers = new Map<number, number[]>()
  sharing.gpu.forEach((gpu, i) => {
    sharers.set(gpu, [...(sharers.get(gpu) ?? []), sharing.workload[i] ?? -1])
  })
  const onHost = hosts.map(() => new Map<string, number>())
  for (const [gpu, workload] of gpus.workload.entries()) {
    add(onHost[gpus.host[gpu] ?? -1], typeOf(gpu), 1)
    if (workload < 0) continue
    held[gpu] = 1
    // Who uses how much of a shared GPU is not known: as much as each of the others.
    const users = [workload, ...(sharers.get(gpu) ?? [])]
    for (const each of users) add(byWorkload[each], typeOf(gpu), 1 / users.length)
  }

  // Containers of one pod are one: an engine's labels name its pod, hardly ever its container.
  const byPod = new Map<string, Map<string, number>>()
  const namespacesOf = new Map<string, Set<string>>()
  for (const [index, { namespace, pod }] of workloads.entries()) {
    if (pod === '') continue
    const key = podKey(namespace, pod)
    const counts = byPod.get(key) ?? new Map<string, number>()
    for (const [type, count] of byWorkload[index] ?? []) add(counts, type, count)
    byPod.set(key, counts)
    const name = pod.toLowerCase()
    namespacesOf.set(name, (namespacesOf.get(name) ?? new Set()).add(namespace.toLowerCase()))
  }

  const places = new Map<string, number>()
  for (const [place, { name }] of hosts.entries()) if (!places.has(name)) places.set(name, place)
  const aliases = aliasesOf([...places.keys()])

  function podTypes(namespace: string, pod: string): readonly TypeShare[] {
    if (pod === '') return NONE
    const spaces = namespacesOf.get(pod.toLowerCase())
    // Without a namespace a pod's name alone will do, where only one namespace has it.
    const [only] = namespace === '' && spaces?.size === 1 ? spaces : []
    return sharesOf(byPod.get(podKey(only ?? namespace, pod)))
  }

  function hostTypes(host: string): readonly TypeShare[] {
    if (host === '') return NONE
    const alias = shortForms(host)
      .map((form) => aliases.get(form))
      .find((name) => typeof name === 'string')
    const place = places.get(host) ?? places.get(alias ?? '')
    const counts = place === undefined ? undefined : onHost[place]
    return counts?.size === 1 ? sharesOf(counts) : NONE
  }

  // Every sample of every round asks again, and the answer stands as long as the topology.
  const known = new Map<string, readonly TypeShare[]>()
  return {
    typesOf({ namespace, pod, host }) {
      const key = `${namespace}\u0000${pod}\u0000${host}`
      const before = known.get(key)
      if (before !== undefined) return before
      const byName = podTypes(namespace, pod)
      const found = byName.length > 0 ? byName : hostTypes(host)
      known.set(key, found)
      return found
    },
    allocated() {
      const counts = new Map<string, number>()
      for (const [gpu, share] of held.entries()) if (share > 0) add(counts, typeOf(gpu), share)
      return counts
    },
  }
}

function podKey(namespace: string, pod: string): string {
  return `${namespace.toLowerCase()}\u0000${pod.toLowerCase()}`
}

function add(counts: Map<string, number> | undefined, type: string, count: number): void {
  counts?.set(type, (counts.get(type) ?? 0) + count)
}

/** GPUs without a known type join nothing. */
function sharesOf(counts: ReadonlyMap<string, number> | undefined): readonly TypeShare[] {
  const named = [...(counts ?? [])].filter(([type, count]) => type !== '' && count > 0)
  const total = named.reduce((sum, [, count]) => sum + count, 0)
  return named.map(([gpuType, count]) => ({ gpuType, weight: count / total }))
}
