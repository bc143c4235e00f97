import { partsOf, SERVED_MEASURED } from './parts.ts'
import type { Roster } from './roster.ts'
import type { ServedRate } from './types.ts'

/** A rate of less than this is noise of the scrapes, ms. */
const SHORTEST_RATE_MS = 1000

/** Rates of the servers that count tokens and are not silent, as means over their newest `rateMs`. */
export function ratesOf(roster: Roster, rateMs: number, now: number): readonly ServedRate[] {
  const sums = new Map<string, { -readonly [K in keyof ServedRate]: ServedRate[K] }>()
  for (const track of roster.tracks.values()) {
    if (!track.countsTokens || !track.listed || roster.isSilent(track, now)) continue
    // Up to its own newest sample: servers are asked at different moments.
    const to = Math.min(now, track.lastAt)
    // What was counted while it was silent is known for all of that time only: it says nothing of now.
    const from = Math.max(to - rateMs, track.keptFrom, track.silentUntil)
    const seconds = (to - from) / 1000
    if (to - from < SHORTEST_RATE_MS) continue
    const { model, endpoint } = track.server
    for (const { types, grown } of partsOf(track, roster.roles)) {
      for (const { gpuType, weight } of types) {
        const key = `${model}\u0000${endpoint}\u0000${gpuType}`
        const sum = sums.get(key) ?? {
          model,
          endpoint,
          gpuType,
          input: null,
          output: null,
          requests: null,
        }
        for (const what of SERVED_MEASURED) {
          if (track.counts(what)) sum[what] = (sum[what] ?? 0) + (weight * grown(what, from, to)) / seconds
        }
        sums.set(key, sum)
      }
    }
  }
  return [...sums.values()]
}
