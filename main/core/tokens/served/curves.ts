import { partsOf, SERVED_MEASURED } from './parts.ts'
import type { Roster } from './roster.ts'
import type { ServedReach, ServedCurve, ServedMeasure } from './types.ts'

/** The time that curves can tell: all servers that are not silent have figures for it. Null before the second sample. */
export function reachOf(roster: Roster, now: number): ServedReach | null {
  let toMs = Number.POSITIVE_INFINITY
  for (const track of roster.tracks.values()) {
    if (track.countsTokens && track.listed && !roster.isSilent(track, now))
      toMs = Math.min(toMs, track.lastAt)
  }
  const fromMs = Math.max(roster.firstRoundAt, roster.newestRoundAt - roster.windowMs)
  return toMs > fromMs && toMs < Number.POSITIVE_INFINITY ? { fromMs, toMs } : null
}

/** What every server that counts tokens served in each step; see {@link ServedCurve}. */
export function curvesOf(
  roster: Roster,
  times: readonly number[],
  now: number,
  measures: readonly ServedMeasure[] = SERVED_MEASURED,
): readonly ServedCurve[] {
  const curves = new Map<string, ServedCurve>()
  const steps = Math.max(0, times.length - 1)
  for (const track of roster.tracks.values()) {
    // A server that has ended was there in its time; one that is silent now would only seem to serve nothing.
    if (!track.countsTokens || (track.listed && roster.isSilent(track, now))) continue
    const { model, endpoint } = track.server
    for (const { types, grown } of partsOf(track, roster.roles)) {
      for (const { gpuType, weight } of types) {
        const key = `${model}\u0000${endpoint}\u0000${gpuType}`
        const curve = curves.get(key) ?? blankCurve(model, endpoint, gpuType, steps, measures)
        curves.set(key, curve)
        for (const what of measures) {
          if (!track.counts(what)) continue
          for (let step = 0; step < steps; step++) {
            const before = curve[what][step] as number
            const by = weight * grown(what, times[step] as number, times[step + 1] as number)
            curve[what][step] = (Number.isNaN(before) ? 0 : before) + by
          }
        }
      }
    }
  }
  return [...curves.values()]
}

function blankCurve(
  model: string,
  endpoint: string,
  gpuType: string,
  steps: number,
  measures: readonly ServedMeasure[],
): ServedCurve {
  const blank = (what: ServedMeasure) =>
    new Float64Array(steps).fill(measures.includes(what) ? Number.NaN : 0)
  return {
    model,
    endpoint,
    gpuType,
    input: blank('input'),
    output: blank('output'),
    requests: blank('requests'),
  }
}
