import { fieldCode } from '../../../../shared/model/field.ts'
import { FIGURE, PRESENCE } from '../../../../shared/model/figure.ts'
import type { StaleLimits } from '../sources/cadences.ts'
import type { Evaluation } from '../figures/evaluation.ts'
import type { Host } from './hosts.ts'
import type { Registry } from './registry.ts'
import { cellState } from '../figures/states.ts'
import type { RowOrder } from '../topology.ts'
import type { LiveFleet, SilentSource } from '../types.ts'
import { hostNameOf } from './hostName.ts'

const POWER = fieldCode('power')

interface RollCall {
  readonly registry: Registry
  readonly hostLabels: readonly string[]
  /** The source has brought a figure since the start. */
  readonly hasFed: (source: string) => boolean
}

/** Over physical GPUs. Every row is counted once: boards = present + missing + unexpected (+ none else). */
export function rollCallOf(
  evaluation: Evaluation,
  order: RowOrder,
  inventory: boolean,
): ReturnType<LiveFleet['rollCall']> {
  const counts = [0, 0, 0, 0]
  for (let row = 0; row < order.boards; row++) {
    const presence = evaluation.presence[order.units[row] as number] as number
    counts[presence] = (counts[presence] ?? 0) + 1
  }
  const of = (code: number): number => counts[code] ?? 0
  const present = of(PRESENCE.present) + of(PRESENCE.unlisted)
  const missing = of(PRESENCE.missing)
  return {
    expected: inventory ? present + missing : null,
    present,
    missing,
    unexpected: of(PRESENCE.unexpected),
  }
}

/** Sum of board power over good figures only; a sum over stale figures would look like a measurement. */
export function powerOf(
  registry: Registry,
  evaluation: Evaluation,
  units: ArrayLike<number>,
  limits: StaleLimits,
): { watts: number | null; boards: number } {
  let watts = 0
  let boards = 0
  for (let i = 0; i < units.length; i++) {
    const unit = units[i] as number
    if (evaluation.state[unit] === FIGURE.stale) continue
    const state = cellState(registry, evaluation, POWER, unit, limits, false)
    if (state !== FIGURE.ok && state !== FIGURE.zero) continue
    watts += registry.columns.value[POWER]?.[unit] ?? 0
    boards++
  }
  return { watts: boards === 0 ? null : watts, boards }
}

/**
 * Calls the machines of the inventory that no source has named. Which of them a silent exporter stands for is told by its
 * address or its labels; one that no name leads to may stand for any of them. So where more machines are unheard of than
 * there are such exporters, some are behind none, and all are called; else each may be behind one, and has not answered.
 * Machines that are remembered from before a restart have not answered either way.
 */
export function callRoll(
  { registry, hostLabels, hasFed }: RollCall,
  at: number,
  silent: readonly SilentSource[],
): void {
  const { hosts, columns } = registry
  const listed = (place: number): boolean => (hosts.all[place]?.listed ?? null) !== null
  const behind = new Set<number>()
  let unknown = 0
  for (const { source, address, labels } of silent) {
    if (hasFed(source)) continue
    const { name } = hostNameOf(labels, {
      target: labels,
      source: address,
      hostLabels,
      isListed: (each) => listed(hosts.find(each)),
    })
    const place = hosts.find(name)
    if (listed(place)) behind.add(place)
    else unknown++
  }
  const unseen = (host: Host): boolean =>
    host.units.every((unit) => columns.seenAt[unit] === Number.NEGATIVE_INFINITY)
  const unheard = hosts.all.flatMap((host, place) => {
    if (!host?.listed || behind.has(place) || !Number.isNaN(host.calledAt)) return []
    return unseen(host) ? [host] : []
  })
  const someAreBehindNone = unheard.length > unknown
  const unanswered = [...behind].flatMap((place) => hosts.all[place] ?? [])
  for (const host of someAreBehindNone ? unanswered : [...unanswered, ...unheard]) {
    if (unseen(host) && Number.isNaN(host.unansweredAt)) host.unansweredAt = at
  }
  // It was there: whichever exporter is silent, this machine is.
  for (const host of hosts.all) {
    if (host && !Number.isNaN(host.rememberedAt) && unseen(host) && Number.isNaN(host.unansweredAt))
      host.unansweredAt = at
  }
  if (someAreBehindNone) {
    for (const host of unheard) {
      host.calledAt = at
      host.silentThen = unknown
    }
  }
  if (silent.length > 0) return
  for (const host of hosts.all) if (host && Number.isNaN(host.calledAt)) host.calledAt = at
}
