import { curvesOf, reachOf } from './curves.ts'
import { faultsOf } from './faults.ts'
import { ServedLatencies } from './latency.ts'
import { ratesOf } from './rates.ts'
import { nameOf, Roster } from './roster.ts'
import { serversOf } from './servers.ts'
import { sumsBetween } from './sums.ts'
import type { Served, ServedOptions } from './types.ts'

/** What the inference servers served: one roster of them, and what is read of it. */
export function createServed(options: ServedOptions): Served {
  const latencies = new ServedLatencies(options.sliceMs, () => roster)
  const roster = new Roster(options, latencies)

  return {
    observe(round) {
      latencies.windowed = round.windowed ?? []
      roster.observe(round)
    },
    setJoin: (join) => roster.setJoin(join),
    between: (fromMs, toMs) => sumsBetween(roster, fromMs, toMs),
    rates: (windowMs, now) => ratesOf(roster, windowMs, now),
    reach: (now) => reachOf(roster, now),
    curves: (times, now, measures) => curvesOf(roster, times, now, measures),
    servers: (filters, now) =>
      serversOf(
        roster.tracks.values(),
        filters,
        (track) => roster.isSilent(track, now),
        ({ server }) => nameOf(server),
      ),
    latency: (filters, windowMs, now, course = false) => latencies.read(filters, windowMs, now, course),
    otherPart: (kind) => latencies.otherPart(kind),
    faults: (now) => faultsOf(roster.tracks.values(), now),
  }
}
