import { addHistograms, countOf, subtract } from './quantile.ts'
import type { Histogram, ServerRole } from './types.ts'

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

interface Slices {
  readonly group: LatencyGroup
  readonly byKind: Readonly<Record<LatencyKindOfServers, Map<number, Histogram>>>
}

/**
 * What servers observed of latencies, by slice of time and by group of servers, from their cumulative histograms. Groups
 * and not servers, so that a floor of thousands of servers keeps a few hundred histograms.
 */
export class Latencies {
  readonly #sliceMs: number
  readonly #groups = new Map<string, Slices>()
  readonly #before = new Map<string, Partial<Record<LatencyKindOfServers, Histogram>>>()

  constructor(sliceMs: number) {
    this.#sliceMs = sliceMs
  }

  /** @param key of the server; its first reading gives nothing */
  take(
    key: string,
    group: LatencyGroup,
    at: number,
    histograms: Partial<Record<LatencyKindOfServers, Histogram>>,
  ): void {
    const before = this.#before.get(key)
    this.#before.set(key, histograms)
    if (before === undefined) return
    const slice = Math.floor(at / this.#sliceMs)
    for (const kind of LATENCY_KINDS) {
      const now = histograms[kind]
      const last = before[kind]
      if (now === undefined || last === undefined) continue
      const grown = subtract(now, last)
      if (countOf(grown) === 0) continue
      const slices = this.#slicesOf(group).byKind[kind]
      const there = slices.get(slice)
      slices.set(slice, there === undefined ? grown : addHistograms(there, grown))
    }
  }

  forget(key: string): void {
    this.#before.delete(key)
  }

  /** Of the groups that pass, over the slices that begin between the two times; null where nobody reports the kind. */
  sum(
    kind: LatencyKindOfServers,
    passes: (group: LatencyGroup) => boolean,
    fromMs: number,
    toMs: number,
  ): Histogram | null {
    let sum: Histogram | null = null
    const [first, last] = [Math.ceil(fromMs / this.#sliceMs), Math.floor(toMs / this.#sliceMs)]
    for (const { group, byKind } of this.#groups.values()) {
      if (!passes(group)) continue
      for (const [slice, histogram] of byKind[kind]) {
        if (slice < first || slice > last) continue
        sum = sum === null ? histogram : addHistograms(sum, histogram)
      }
    }
    return sum
  }

  trim(beforeMs: number): void {
    const oldest = Math.floor(beforeMs / this.#sliceMs)
    for (const [key, { byKind }] of this.#groups) {
      for (const slices of Object.values(byKind)) {
        for (const slice of slices.keys()) if (slice < oldest) slices.delete(slice)
      }
      if (LATENCY_KINDS.every((kind) => byKind[kind].size === 0)) this.#groups.delete(key)
    }
  }

  #slicesOf(group: LatencyGroup): Slices {
    const key = `${group.model}\u0000${group.endpoint}\u0000${group.gpuType}\u0000${group.role}`
    const known = this.#groups.get(key)
    if (known !== undefined) return known
    const made: Slices = {
      group,
      byKind: { duration: new Map(), timeToFirstToken: new Map(), interToken: new Map() },
    }
    this.#groups.set(key, made)
    return made
  }
}
