import { type Message, message } from '../../../shared/messages/message.ts'
import { FIGURE } from '../../../shared/model/figure.ts'
import { CONDITION, type FleetFrame, NEVER } from '../../../shared/model/frame.ts'
import type { Incident } from '../../../shared/model/incident.ts'
import type { BurnState } from '../../../shared/model/objective.ts'
import type { SourceHealth } from '../../../shared/model/source.ts'
import type { Topology } from '../../../shared/model/topology.ts'

export interface JudgedBy {
  readonly topology: Topology
  readonly frame: Pick<FleetFrame, 'state' | 'conditions' | 'ageMs'>
  readonly sources: readonly SourceHealth[]
  readonly burns: readonly BurnState[]
}

/**
 * Why it is not known whether the trouble of an incident lasts, where nothing tells of it: silence of a source, or that
 * this engine has not heard of the place, is no recovery.
 * @returns a function, null from it where it is known
 */
export function unknownBy(seen: JudgedBy): (incident: Incident, hosts: readonly string[]) => Message | null {
  let heard: ReadonlyMap<string, boolean> | null = null
  return ({ subject, cause }, hosts) => {
    if (subject.type === 'objective') return unknownBurn(subject.id, seen.burns)
    if (subject.type === 'source') return unknownSource(cause, seen.sources)
    heard ??= heardHosts(seen)
    return unknownHosts(hosts, heard)
  }
}

function unknownBurn(id: string, burns: readonly BurnState[]): Message | null {
  const burn = burns.find(({ objectiveId }) => objectiveId === id)
  if (burn === undefined) return message('incidents.unknown.objective')
  // Without traffic nobody waits, and nothing burns.
  if (burn.frozenSince === null && burn.state !== 'unknown') return null
  return message('incidents.unknown.unmeasured')
}

/** `source/KIND/CODE`: known where a source of the kind has answered or failed since the start. */
function unknownSource(cause: string, sources: readonly SourceHealth[]): Message | null {
  const kind = cause.split('/')[1]
  const ofKind = sources.filter((source) => source.kind === kind)
  if (ofKind.length > 0 && ofKind.every(({ state }) => state !== 'unknown')) return null
  return message('incidents.unknown.source')
}

/** Hosts of the floor, and whether all of their GPUs are told of at present. */
function heardHosts({ topology, frame }: JudgedBy): Map<string, boolean> {
  const heard = new Map<string, boolean>()
  for (const [row, host] of topology.gpus.host.entries()) {
    const name = topology.hosts[host]?.name ?? ''
    const silent =
      (frame.ageMs[row] ?? NEVER) === NEVER ||
      frame.state[row] === FIGURE.stale ||
      frame.state[row] === FIGURE.absent ||
      ((frame.conditions[row] ?? 0) & (CONDITION.stale | CONDITION.frozen)) !== 0
    heard.set(name, (heard.get(name) ?? true) && !silent)
  }
  return heard
}

function unknownHosts(hosts: readonly string[], heard: ReadonlyMap<string, boolean>): Message | null {
  if (heard.size === 0) return message('incidents.unknown.floor')
  const silent = hosts.filter((host) => heard.get(host) !== true)
  const [first] = silent
  if (first === undefined) return null
  if (silent.length > 1) return message('incidents.unknown.hosts', { count: silent.length, host: first })
  return message(heard.has(first) ? 'incidents.unknown.host' : 'incidents.unknown.gone', { host: first })
}
