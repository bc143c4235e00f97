import type { Evaluation } from '../figures/evaluation.ts'
import type { StaleLimits } from '../sources/cadences.ts'
import type { Sources } from '../sources/sources.ts'
import type { Host } from './hosts.ts'
import type { Registry } from './registry.ts'

/**
 * Hosts that are silent as a whole and by themselves: the host is down, or its exporter is, and until somebody has looked
 * its GPUs are as good as lost. So are listed ones that have not answered since this console began to look. Where the one
 * source of many hosts falls silent, that source is the fault, and says so. Where no host at all is heard any more, what they
 * share is the likelier fault (the network of this console, the power of the site): that is one finding of the sources.
 *
 * Needs freshAt and freshBy of the same evaluation.
 * @param graceMs how long a host may take for its first answer once the roll was called
 */
export function silentHosts(
  { hosts, columns }: Registry,
  { now, freshAt, freshBy }: Evaluation,
  sources: Pick<Sources, 'silenceOf' | 'speakerFor'>,
  limits: StaleLimits,
  graceMs: number,
): ReadonlySet<Host> {
  const silent = new Map<Host, string>()
  /** Speakers that some host still has figures of. */
  const heard = new Set<string>()
  const own = new Set<Host>()
  for (const host of hosts.all) {
    if (!host || host.frozenSince !== null) continue
    const seen = host.units.filter((unit) => freshAt[unit] !== Number.NEGATIVE_INFINITY)
    const newest = newestOf(seen, freshAt)
    if (newest < 0) {
      if (now - host.unansweredAt >= graceMs) own.add(host)
      continue
    }
    const feeder = sources.speakerFor(freshBy[newest] as number, columns.host[newest] as number)
    const { lost, speaker } = sources.silenceOf(feeder)
    const isSilent = seen.every(
      (unit) => now - (freshAt[unit] as number) > limits.ofRow(freshBy[unit] as number),
    )
    if (!isSilent) heard.add(speaker)
    else if (lost) own.add(host)
    else silent.set(host, speaker)
  }
  for (const [host, speaker] of silent) if (heard.has(speaker)) own.add(host)
  return heard.size === 0 && own.size > 1 ? NONE : own
}

const NONE: ReadonlySet<Host> = new Set()

function newestOf(units: readonly number[], freshAt: Float64Array): number {
  return units.reduce(
    (newest, unit) => (newest < 0 || (freshAt[unit] as number) > (freshAt[newest] as number) ? unit : newest),
    -1,
  )
}
