import {
  Latencies,
  LATENCY_KINDS,
  type LatencyGroup,
  type LatencyKindOfServers,
} from '../latency/latencies.ts'
import { addHistograms } from '../latency/quantile.ts'
import type { Filters, Histogram, ServerSample } from '../types.ts'
import type { TypeShare } from './join.ts'
import type { Roster, RosterListener } from './roster.ts'
import type { Track } from './track.ts'
import type { ServedLatency, WindowedLatency } from './types.ts'

const OUTAGE =
  'what was observed while servers did not answer is left out: it is known for all of that time only'
const PARTS =
  'prefill and decode servers each measure their part of a request: time to first token is that of the prefill servers, all else that of the decode servers'
const MIXED_PARTS =
  'prefill and decode servers each measure their part of a request, and cannot be distinguished yet: latencies are of the parts'
const NONE: ReadonlySet<string> = new Set()

/** How fast the servers of a {@link Roster} answer: their own histograms, or those that Prometheus has summed. */
export class ServedLatencies implements RosterListener {
  /** Of the newest round; where there are any, they stand instead of the servers' own. */
  windowed: readonly WindowedLatency[] = []
  readonly #sliceMs: number
  readonly #roster: () => Roster
  #latencies: Latencies

  /** @param roster whom it listens to; asked when needed, because each knows the other */
  constructor(sliceMs: number, roster: () => Roster) {
    this.#sliceMs = sliceMs
    this.#roster = roster
    this.#latencies = new Latencies(sliceMs)
  }

  took(key: string, track: Track, { at, histograms }: ServerSample, afterSilence: boolean): void {
    const { model, endpoint } = track.server
    const group = { model, endpoint, gpuType: mainType(track.types), role: this.#roster().roles.of(track) }
    this.#latencies.take(key, group, at, histograms, afterSilence)
  }

  forgot(key: string): void {
    this.#latencies.forget(key)
  }

  trim(oldest: number): void {
    this.#latencies.trim(oldest)
  }

  restarted(): void {
    this.#latencies = new Latencies(this.#sliceMs)
  }

  /** Ids of servers whose latencies of a kind are of another part of a request. */
  otherPart(kind: LatencyKindOfServers): ReadonlySet<string> {
    const { roles, tracks } = this.#roster()
    if (!roles.some) return NONE
    const other = otherOf(kind)
    return new Set(
      [...tracks.values()].filter((track) => roles.of(track) === other).map(({ server }) => server.id),
    )
  }

  /** See {@link Served.latency}. */
  read(filters: Filters, windowMs: number, now: number, course: boolean): ServedLatency {
    const notes: string[] = []
    if (filters.tenant !== undefined) notes.push('inference servers know no tenants: of all tenants')
    if (this.#roster().roles.some) notes.push(this.#partsAreSeparate() ? PARTS : MIXED_PARTS)
    if (this.windowed.length > 0) return windowedLatency(this.windowed, filters, notes)
    const passes = (group: LatencyGroup) =>
      within(filters.model, group.model) &&
      within(filters.endpoint, group.endpoint) &&
      within(filters.gpuType, group.gpuType)
    const of = (kind: LatencyKindOfServers) => {
      const other = otherOf(kind)
      const part = (group: LatencyGroup) => group.role !== other && passes(group)
      return this.#latencies.sum(kind, part, now - windowMs, now, course)
    }
    if (!course && this.#latencies.missed(passes, now - windowMs, now)) notes.push(OUTAGE)
    return {
      duration: of('duration'),
      timeToFirstToken: of('timeToFirstToken'),
      interToken: of('interToken'),
      note: notes.join('; '),
    }
  }

  #partsAreSeparate(): boolean {
    return this.windowed.every(({ kind, leftOut = NONE }) =>
      [...this.otherPart(kind)].every((id) => leftOut.has(id)),
    )
  }
}

/** The first token is made where the prompt is read, all others where the request is answered. */
const otherOf = (kind: LatencyKindOfServers) => (kind === 'timeToFirstToken' ? 'decode' : 'prefill')

function windowedLatency(all: readonly WindowedLatency[], filters: Filters, notes: string[]): ServedLatency {
  if (filters.gpuType !== undefined) {
    notes.push('latencies from Prometheus are not split by GPU type: of all types')
  }
  const result: Record<LatencyKindOfServers, Histogram | null> = {
    duration: null,
    timeToFirstToken: null,
    interToken: null,
  }
  for (const kind of LATENCY_KINDS) {
    for (const one of all) {
      if (one.kind !== kind || !within(filters.model, one.model) || !within(filters.endpoint, one.endpoint))
        continue
      const sum = result[kind]
      result[kind] = sum === null ? one.histogram : addHistograms(sum, one.histogram)
    }
  }
  return { ...result, note: notes.join('; ') }
}

const within = (names: readonly string[] | undefined, name: string) =>
  names === undefined || names.includes(name)

function mainType(types: readonly TypeShare[]): string {
  const [largest] = types.toSorted((a, b) => b.weight - a.weight)
  return largest?.gpuType ?? ''
}
