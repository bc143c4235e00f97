import { addHistograms, countOf, subtract } from './quantile.ts'
import type { Histogram, ServerRole } from '../types.ts'

export const LATENCY_KINDS = ['duration', 'timeToFirstToken', 'interToken'] as const
export type LatencyKindOfServers = (typeof LATENCY_KINDS)[number]

export interface LatencyGroup {
  readonly model: string
  readonly endpoint: string
  /** '' where it is not known. */
  readonly gpuType: string
  /** Null for servers that do both parts of a request. */
  readonly role: ServerRole | null
}

/** What was observed while it was not reported: in all of the time, and when in it is not known. */
interface Outage {
  readonly fromMs: number
  readonly toMs: number
  readonly kind: LatencyKindOfServers
  readonly histogram: Histogram
}

interface Slices {
  readonly group: LatencyGroup
  readonly byKind: Readonly<Record<LatencyKindOfServers, Map<number, Histogram>>>
  outages: Outage[]
}

/**
 * What servers observed of latencies, by slice of time and by group of servers, from their cumulative histograms. Groups
 * and not servers, so that a floor of thousands of servers keeps a few hundred histograms.
 */
export class Latencies {
  readonly #sliceMs: number
  readonly #groups = new Map<string, Slices>()
  readonly #before = new Map<
    string,
    { readonly at: number; readonly histograms: Partial<Record<LatencyKindOfServers, Histogram>> }
  >()

  constructor(sliceMs: number) {
    this.#sliceMs = sliceMs
  }

  /**
   * @param key of the server; its first reading gives nothing
   * @param afterOutage it was silent before: when something was observed in that time is open
   */
  take(
    key: string,
    group: LatencyGroup,
    at: number,
    histograms: Partial<Record<LatencyKindOfServers, Histogram>>,
    afterOutage: boolean,
  ): void {
    const before = this.#before.get(key)
    this.#before.set(key, { at, histograms })
    if (before === undefined) return
    for (const kind of LATENCY_KINDS) {
      const now = histograms[kind]
      const last = before.histograms[kind]
      if (now === undefined || last === undefined) continue
      const grown = subtract(now, last)
      if (countOf(grown) === 0) continue
      const slices = this.#slicesOf(group)
      if (afterOutage) {
        slices.outages.push({ fromMs: before.at, toMs: at, kind, histogram: grown })
        continue
      }
      const slice = Math.floor(at / this.#sliceMs)
      const there = slices.byKind[kind].get(slice)
      slices.byKind[kind].set(slice, there === undefined ? grown : addHistograms(there, grown))
    }
  }

  forget(key: string): void {
    this.#before.delete(key)
  }

  /**
   * Of the groups that pass, over the slices that begin between the two times; null where the kind is not reported.
   * @param outages what was observed in an outage counts for the part of it that lies between the two times, evenly; else
   * it is left out: what was slow some time in ten minutes is not slow now
   */
  sum(
    kind: LatencyKindOfServers,
    passes: (group: LatencyGroup) => boolean,
    fromMs: number,
    toMs: number,
    outages: boolean,
  ): Histogram | null {
    let sum: Histogram | null = null
    const add = (histogram: Histogram) => {
      sum = sum === null ? histogram : addHistograms(sum, histogram)
    }
    const [first, last] = [Math.ceil(fromMs / this.#sliceMs), Math.floor(toMs / this.#sliceMs)]
    for (const { group, byKind, outages: missed } of this.#groups.values()) {
      if (!passes(group)) continue
      for (const [slice, histogram] of byKind[kind]) {
        if (slice >= first && slice <= last) add(histogram)
      }
      if (!outages) continue
      for (const outage of missed) {
        const within = Math.min(toMs, outage.toMs) - Math.max(fromMs, outage.fromMs)
        if (outage.kind === kind && within > 0) {
          add(scaled(outage.histogram, within / (outage.toMs - outage.fromMs)))
        }
      }
    }
    return sum
  }

  /** Whether something was observed in an outage that reaches into this time. */
  missed(passes: (group: LatencyGroup) => boolean, fromMs: number, toMs: number): boolean {
    return [...this.#groups.values()].some(
      ({ group, outages }) =>
        passes(group) && outages.some((outage) => outage.toMs > fromMs && outage.fromMs < toMs),
    )
  }

  trim(beforeMs: number): void {
    const oldest = Math.floor(beforeMs / this.#sliceMs)
    for (const [key, group] of this.#groups) {
      const { byKind } = group
      for (const slices of Object.values(byKind)) {
        for (const slice of slices.keys()) if (slice < oldest) slices.delete(slice)
      }
      if (group.outages.some(({ toMs }) => toMs < beforeMs)) {
        group.outages = group.outages.filter(({ toMs }) => toMs >= beforeMs)
      }
      const isEmpty = LATENCY_KINDS.every((kind) => byKind[kind].size === 0) && group.outages.length === 0
      if (isEmpty) this.#groups.delete(key)
    }
  }

  #slicesOf(group: LatencyGroup): Slices {
    const key = `${group.model}\u0000${group.endpoint}\u0000${group.gpuType}\u0000${group.role}`
    const known = this.#groups.get(key)
    if (known !== undefined) return known
    const made: Slices = {
      group,
      byKind: { duration: new Map(), timeToFirstToken: new Map(), interToken: new Map() },
      outages: [],
    }
    this.#groups.set(key, made)
    return made
  }
}

function scaled({ bounds, counts }: Histogram, factor: number): Histogram {
  return { bounds, counts: counts.map((count) => count * factor) }
}
