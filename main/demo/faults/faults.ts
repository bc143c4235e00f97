import type { Factory } from '../factory/factory.ts'
import { IMPAIRMENT } from '../factory/impairments.ts'
import { gpuOfUnit } from '../factory/site.ts'
import { type FactoryFault, FAULT_NAMES, FAULTS, type FaultName, type FaultSettings } from './catalogue.ts'
import { resolveTargets } from './targets.ts'

/** How an exporter behaves towards whoever scrapes it. */
export type Answer = 'normal' | 'frozen' | 'hung' | 'refused'

/** The faults in force, as the faces of the demo ask for them. Times are simulated. */
export interface Faults {
  settings(): FaultSettings
  /** Switches faults on and off; the settings were checked by `changeSettings`. */
  apply(settings: FaultSettings): void
  /** Call after every step of the factory: some faults go on by themselves. */
  tick(): void
  answer(host: number): Answer
  lowerCaseHostname(host: number): boolean
  migGaps(host: number): boolean
  /** How many times the boards of this host were replaced. */
  generation(host: number): number
  /** Changes whenever the host's series or labels do. */
  revision(host: number): number
  hidden(gpu: number): boolean
  sentinels(gpu: number): boolean
  implausible(gpu: number): boolean
  /** Inference servers that restart now and then, by pod. */
  restarting(): ReadonlySet<number>
  /** Whether a fault of the whole factory is on. */
  inForce(name: FactoryFault): boolean
}

const FALLS_OFF_AFTER_MS = 30_000
const RESTARTS_AFTER_MS = 60_000
const AWAY_MS = 20_000

const XIDS: Partial<Record<FaultName, number>> = { xid79: 79, xid48: 48, xid94: 94 }

export function createFaults(factory: Factory, initial: FaultSettings): Faults {
  const { site } = factory
  const active = Object.fromEntries(FAULT_NAMES.map((name) => [name, new Set<number>()])) as Record<
    FaultName,
    Set<number>
  >
  let settings = initial
  const generations = new Uint32Array(site.hosts.length)
  const revisions = new Uint32Array(site.hosts.length)
  const awayUntil = new Float64Array(site.hosts.length).fill(Number.NEGATIVE_INFINITY)
  const fellOff = new Set<number>()

  const touch = (host: number) => {
    revisions[host] = (revisions[host] ?? 0) + 1
  }
  /** Faults of pods and of the factory leave the scrapes of the boards as they are. */
  const touchTarget = (name: FaultName, target: number) => {
    const { scope } = FAULTS[name]
    if (scope === 'host') touch(target)
    else if (scope === 'gpu') touch(hostOf(target))
  }
  const hostOf = (gpu: number) => site.hostOf[gpu] ?? -1

  function begin(name: FaultName, target: number): void {
    active[name].add(target)
    const xid = XIDS[name]
    if (xid !== undefined) factory.raiseXid(target, xid)
    if (name === 'renumbered') awayUntil[target] = factory.now() + AWAY_MS
    touchTarget(name, target)
  }

  function end(name: FaultName, target: number): void {
    active[name].delete(target)
    if (XIDS[name] !== undefined) factory.resetBoard(target)
    if (name === 'xid79') fellOff.delete(target)
    // The old boards come back from repair: the host is away once more.
    if (name === 'renumbered') awayUntil[target] = factory.now() + AWAY_MS
    touchTarget(name, target)
  }

  /** Hosts whose boards were swapped while they were away. */
  function returnHosts(): void {
    site.hosts.forEach((host, h) => {
      const until = awayUntil[h] ?? Number.NEGATIVE_INFINITY
      if (until === Number.NEGATIVE_INFINITY || factory.now() < until) return
      awayUntil[h] = Number.NEGATIVE_INFINITY
      generations[h] = active.renumbered.has(h) ? 1 : 0
      for (let slot = 0; slot < host.gpus; slot++) factory.reloadDriver(host.firstGpu + slot)
      touch(h)
    })
  }

  function impair(): void {
    factory.impairments.fill(0)
    const set = (gpu: number, bit: number) => {
      factory.impairments[gpu] = (factory.impairments[gpu] ?? 0) | bit
    }
    for (const pod of active['slow-server']) {
      for (const unit of factory.placement.pods[pod]?.units ?? []) set(gpuOfUnit(site, unit), IMPAIRMENT.slow)
    }
    for (const gpu of active.thermal) set(gpu, IMPAIRMENT.heat)
    for (const gpu of active.deadlock) set(gpu, IMPAIRMENT.deadlock)
    for (const name of ['vanished', 'xid79', 'xid48'] as const) {
      for (const gpu of active[name]) set(gpu, IMPAIRMENT.stopped)
    }
    for (const gpu of active.xid94) {
      if (factory.now() < (factory.xidAt[gpu] ?? 0) + RESTARTS_AFTER_MS) set(gpu, IMPAIRMENT.stopped)
    }
  }

  function apply(next: FaultSettings): void {
    for (const name of FAULT_NAMES) {
      const wanted = new Set(next[name].on ? resolveTargets(factory, name, next[name].targets) : [])
      for (const target of active[name]) if (!wanted.has(target)) end(name, target)
      for (const target of wanted) if (!active[name].has(target)) begin(name, target)
    }
    settings = next
    impair()
  }

  function tick(): void {
    returnHosts()
    for (const gpu of active.xid79) {
      if (fellOff.has(gpu) || factory.now() < (factory.xidAt[gpu] ?? 0) + FALLS_OFF_AFTER_MS) continue
      fellOff.add(gpu)
      touch(hostOf(gpu))
    }
    impair()
  }

  apply(initial)
  return {
    settings: () => settings,
    apply,
    tick,
    answer(host) {
      if (active.down.has(host) || factory.now() < (awayUntil[host] ?? 0)) return 'refused'
      if (active.hung.has(host)) return 'hung'
      return active.frozen.has(host) ? 'frozen' : 'normal'
    },
    lowerCaseHostname: (host) => active.hostname.has(host),
    migGaps: (host) => active['mig-gaps'].has(host),
    generation: (host) => generations[host] ?? 0,
    revision: (host) => revisions[host] ?? 0,
    hidden: (gpu) => active.vanished.has(gpu) || fellOff.has(gpu),
    sentinels: (gpu) => active.sentinels.has(gpu),
    implausible: (gpu) => active.implausible.has(gpu),
    restarting: () => active['counter-restart'],
    inForce: (name) => active[name].size > 0,
  }
}
