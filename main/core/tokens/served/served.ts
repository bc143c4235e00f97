import type { Join, TypeShare } from './join.ts'
import {
  Latencies,
  LATENCY_KINDS,
  type LatencyGroup,
  type LatencyKindOfServers,
} from '../latency/latencies.ts'
import { addHistograms } from '../latency/quantile.ts'
import { Doubts, type ServedDoubt } from './doubts.ts'
import { faultsOf, type ServedFault } from './faults.ts'
import { partsOf, SERVED_MEASURED, type ServedMeasured, typesOr } from './parts.ts'
import { type Roles, rolesOf } from './roles.ts'
import { type ServedServers, serversOf } from './servers.ts'
import { Track } from './track.ts'
import type { Filters, Histogram, ServerIdentity, ServerSample } from '../types.ts'

/** Tokens of one model on one GPU type; '' where the type is not known. Exact integers. */
export interface ServedSum {
  readonly model: string
  readonly gpuType: string
  readonly input: bigint
  readonly output: bigint
}

/** Latencies of a window that the back end has already summed, see sources/inference/types.ts. */
export interface WindowedLatency {
  readonly kind: LatencyKindOfServers
  readonly model: string
  readonly endpoint: string
  readonly histogram: Histogram
  readonly windowMs: number
  /** Ids of servers that are not in it, because they measure another part of a request; none where left out. */
  readonly leftOut?: ReadonlySet<string>
}

/** One round of answers; `samples` name every server that is expected, silent ones with their last sample. */
export interface ServedRound {
  /** Wall clock, ms. */
  readonly at: number
  readonly samples: readonly ServerSample[]
  /** Where latencies come summed: they then stand instead of those of the samples. */
  readonly windowed?: readonly WindowedLatency[]
}

export interface ServedOptions {
  /** How far back questions may reach, ms. */
  readonly windowMs: number
  /** Points and histograms closer than this are not kept apart, ms. */
  readonly sliceMs: number
  /** A server without a figure for this long, or four of its usual pauses, is silent; 60 s where none is given. */
  readonly gapMs?: number
}

export interface ServedBetween {
  readonly sums: readonly ServedSum[]
  /** What every server served in this time is known. */
  readonly complete: boolean
  /** The servers as a whole were followed in this time, whatever is in doubt of single ones. */
  readonly watched: boolean
  /** Of single servers, by model and GPU type. */
  readonly doubts: readonly ServedDoubt[]
  /** Which servers are in doubt and why, at most 20, in plain words. */
  readonly gaps: readonly string[]
  readonly unjoined: {
    /** Of all tokens, those of servers that lead to no GPU; null without tokens. */
    readonly share: number | null
    /** At most 20 names. */
    readonly servers: readonly string[]
    readonly total: number
  }
  /** Servers that do not count tokens at all: never part of the sums. At most 20 names. */
  readonly uncounted: readonly string[]
  /** Of those that count tokens, servers that leave one measure out, at most 20 names each. */
  readonly lacking: Readonly<Record<ServedMeasure, readonly string[]>>
  /** Servers that only read prompts for others: what they serve is counted where it is answered. At most 20 names. */
  readonly prefill: readonly string[]
}

/** Per second; null where none of these servers counts it. */
export interface ServedRate {
  readonly model: string
  readonly endpoint: string
  readonly gpuType: string
  readonly input: number | null
  readonly output: number | null
  readonly requests: number | null
}

export type ServedMeasure = ServedMeasured

/** What was served step by step; one value fewer than there are times. NaN where none of these servers counts it. */
export interface ServedCurve {
  readonly model: string
  readonly endpoint: string
  readonly gpuType: string
  /** In the step, not per second. */
  readonly input: Float64Array
  readonly output: Float64Array
  readonly requests: Float64Array
}

export type ServedLatency = Record<LatencyKindOfServers, Histogram | null> & {
  /** What the filters could not be applied to, or which window stands; '' where there is nothing to say. */
  readonly note: string
}

export interface Served {
  observe(round: ServedRound): void
  setJoin(join: Join): void
  /** Whole tokens: windows that touch add up to the window over both. */
  between(fromMs: number, toMs: number): ServedBetween
  /** Of servers that count tokens and are not silent. */
  rates(windowMs: number, now: number): readonly ServedRate[]
  /** The time that curves can tell: all servers that are not silent have figures for it. Null before the second sample. */
  reach(now: number): { readonly fromMs: number; readonly toMs: number } | null
  /** Of the same servers. @param times ascending, inside the reach @param measures all others stay 0 */
  curves(times: readonly number[], now: number, measures?: readonly ServedMeasure[]): readonly ServedCurve[]
  servers(filters: Filters, now: number): ServedServers
  /**
   * @param course what was observed while a server was silent is spread over that time, as in a picture of the past; else
   * it is left out, because it says nothing of now
   */
  latency(filters: Filters, windowMs: number, now: number, course?: boolean): ServedLatency
  /** Ids of servers whose latencies of a kind are of another part of a request. */
  otherPart(kind: LatencyKindOfServers): ReadonlySet<string>
  /** What servers' own figures say against one another, as long as it lasts. */
  faults(now: number): readonly ServedFault[]
}

const DEFAULT_GAP_MS = 60_000
const MOST_NAMES = 20
const OUTAGE =
  'what was observed while servers did not answer is left out: it is known for all of that time only'
const PARTS =
  'prefill and decode servers each measure their part of a request: time to first token is that of the prefill servers, all else that of the decode servers'
const MIXED_PARTS =
  'prefill and decode servers each measure their part of a request, and are not told apart yet: latencies are of the parts'
const NOBODY: ReadonlySet<string> = new Set()
/** Guards memory against labels that change with every scrape. */
const MOST_TRACKS = 50_000
/** A rate of less than this is noise of the scrapes, ms. */
const SHORTEST_RATE_MS = 1000
/** A round that lies further back than this before the newest one: the wall clock was set back, ms. */
const SET_BACK_MS = 5000

export function createServed(options: ServedOptions): Served {
  const { windowMs, sliceMs, gapMs = DEFAULT_GAP_MS } = options
  const tracks = new Map<string, Track>()
  let latencies = new Latencies(sliceMs)
  let windowed: readonly WindowedLatency[] = []
  let join: Join | null = null
  let firstRoundAt = Number.NaN
  let newestRoundAt = Number.NEGATIVE_INFINITY
  let refused = 0
  /** Made once a round. */
  let roles: Roles = rolesOf([])

  function place(track: Track): void {
    const types = join?.typesOf(track.server) ?? []
    if (types.length > 0) track.types = types
  }

  function trackOf(sample: ServerSample, key: string): Track | null {
    const known = tracks.get(key)
    if (known !== undefined) return known
    if (tracks.size >= MOST_TRACKS) {
      refused++
      return null
    }
    const track = new Track(sample, sliceMs, gapMs)
    tracks.set(key, track)
    return track
  }

  function take(sample: ServerSample): void {
    const key = keyOf(sample.server)
    const track = trackOf(sample, key)
    if (track === null) return
    track.listed = true
    track.lostAt = Number.NaN
    const before = track.silentUntil
    if (!track.take(sample)) return
    place(track)
    const gpuType = mainType(track.types)
    const { model, endpoint } = track.server
    latencies.take(
      key,
      { model, endpoint, gpuType, role: roles.of(track) },
      sample.at,
      sample.histograms,
      track.silentUntil > before,
    )
  }

  function forget(roundAt: number): void {
    const oldest = roundAt - windowMs
    for (const [key, track] of tracks) {
      track.trim(oldest)
      if (track.listed) continue
      if (Number.isNaN(track.lostAt)) track.lostAt = roundAt
      if (track.lastAt >= oldest) continue
      tracks.delete(key)
      latencies.forget(key)
    }
    latencies.trim(oldest)
  }

  /** Times before and after a clock was set back are not comparable, and curves only go forward. */
  function startAnew(): void {
    tracks.clear()
    latencies = new Latencies(sliceMs)
    firstRoundAt = Number.NaN
    newestRoundAt = Number.NEGATIVE_INFINITY
  }

  /** The first token is made where the prompt is read, all others where the request is answered. */
  const otherOf = (kind: LatencyKindOfServers) => (kind === 'timeToFirstToken' ? 'decode' : 'prefill')

  function otherPart(kind: LatencyKindOfServers): ReadonlySet<string> {
    if (!roles.some) return NOBODY
    const other = otherOf(kind)
    return new Set(
      [...tracks.values()].filter((track) => roles.of(track) === other).map(({ server }) => server.id),
    )
  }

  const toldApart = () =>
    windowed.every(({ kind, leftOut = NOBODY }) => [...otherPart(kind)].every((id) => leftOut.has(id)))

  const isSilent = (track: Track, now: number) => now - track.lastAt > track.gapMs

  return {
    observe(round) {
      if (round.at < newestRoundAt - SET_BACK_MS) startAnew()
      if (Number.isNaN(firstRoundAt)) firstRoundAt = round.at
      newestRoundAt = Math.max(newestRoundAt, round.at)
      refused = 0
      for (const track of tracks.values()) track.listed = false
      for (const sample of round.samples) {
        // What is younger than its round was scraped before the clock was set back.
        if (sample.at <= round.at + SET_BACK_MS) take(sample)
      }
      windowed = round.windowed ?? []
      forget(newestRoundAt)
      roles = rolesOf(tracks.values())
    },

    setJoin(next) {
      join = next
      for (const track of tracks.values()) place(track)
    },

    between(fromMs, toMs) {
      const sums = new Map<string, { model: string; gpuType: string; input: bigint; output: bigint }>()
      const gaps: string[] = []
      const unjoined: string[] = []
      const uncounted: string[] = []
      const prefill: string[] = []
      const lacking: Record<ServedMeasure, string[]> = { input: [], output: [], requests: [] }
      let tokens = 0
      let nowhere = 0
      const single = new Doubts(fromMs, toMs)
      let doubts = 0
      const doubt = (text: string) => {
        doubts++
        if (gaps.length < MOST_NAMES) gaps.push(text)
      }
      if (!(fromMs >= firstRoundAt)) doubt('The inference servers have not been watched for that long.')
      else if (fromMs < newestRoundAt - windowMs) doubt('Only the newest part of that time is still kept.')
      if (toMs > newestRoundAt) doubt('The inference servers have not answered for all of that time yet.')
      if (refused > 0) doubt(`${refused} inference servers more than the ${MOST_TRACKS} that are followed.`)
      const watched = doubts === 0
      for (const track of tracks.values()) {
        const name = nameOf(track.server)
        if (!track.countsTokens) {
          uncounted.push(name)
          continue
        }
        if (roles.of(track) === 'prefill') {
          prefill.push(name)
          continue
        }
        for (const what of SERVED_MEASURED) if (!track.counts(what)) lacking[what].push(name)
        const why = track.doubt(fromMs, toMs, firstRoundAt)
        if (why !== null) {
          doubt(`${name}: ${why}`)
          single.add(track, `${name}: ${why}`)
        }
        const input = whole(track, 'input', fromMs, toMs)
        const output = whole(track, 'output', fromMs, toMs)
        single.served(track, input + output)
        if (input === 0 && output === 0) continue
        tokens += input + output
        const elsewhere = Math.floor(roles.readElsewhere(track, fromMs, toMs))
        const placed = [
          { types: track.types, input: input - elsewhere, output },
          { types: roles.prefillTypes(track), input: elsewhere, output: 0 },
        ]
        for (const { types, ...part } of placed) {
          if (part.input === 0 && part.output === 0) continue
          if (types.length === 0) {
            nowhere += part.input + part.output
            if (!unjoined.includes(name)) unjoined.push(name)
          }
          const inputs = split(part.input, types)
          const outputs = split(part.output, types)
          for (const [index, { gpuType }] of typesOr(types).entries()) {
            const key = `${track.server.model}\u0000${gpuType}`
            const sum = sums.get(key) ?? { model: track.server.model, gpuType, input: 0n, output: 0n }
            sum.input += BigInt(inputs[index] ?? 0)
            sum.output += BigInt(outputs[index] ?? 0)
            sums.set(key, sum)
          }
        }
      }
      return {
        sums: [...sums.values()],
        complete: doubts === 0,
        watched,
        doubts: single.rows(),
        gaps,
        unjoined: {
          share: tokens === 0 ? null : nowhere / tokens,
          servers: unjoined.slice(0, MOST_NAMES),
          total: unjoined.length,
        },
        uncounted: uncounted.slice(0, MOST_NAMES),
        lacking: {
          input: lacking.input.slice(0, MOST_NAMES),
          output: lacking.output.slice(0, MOST_NAMES),
          requests: lacking.requests.slice(0, MOST_NAMES),
        },
        prefill: prefill.slice(0, MOST_NAMES),
      }
    },

    rates(rateMs, now) {
      const sums = new Map<string, { -readonly [K in keyof ServedRate]: ServedRate[K] }>()
      for (const track of tracks.values()) {
        if (!track.countsTokens || !track.listed || isSilent(track, now)) continue
        // Up to its own newest sample: servers are asked at different moments.
        const to = Math.min(now, track.lastAt)
        // What was counted while it was silent is known for all of that time only: it says nothing of now.
        const from = Math.max(to - rateMs, track.keptFrom, track.silentUntil)
        const seconds = (to - from) / 1000
        if (to - from < SHORTEST_RATE_MS) continue
        const { model, endpoint } = track.server
        for (const { types, grown } of partsOf(track, roles)) {
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
              if (track.counts(what))
                sum[what] = (sum[what] ?? 0) + (weight * grown(what, from, to)) / seconds
            }
            sums.set(key, sum)
          }
        }
      }
      return [...sums.values()]
    },

    reach(now) {
      let toMs = Number.POSITIVE_INFINITY
      for (const track of tracks.values()) {
        if (track.countsTokens && track.listed && !isSilent(track, now)) toMs = Math.min(toMs, track.lastAt)
      }
      const fromMs = Math.max(firstRoundAt, newestRoundAt - windowMs)
      return toMs > fromMs && toMs < Number.POSITIVE_INFINITY ? { fromMs, toMs } : null
    },

    curves(times, now, measures = SERVED_MEASURED) {
      const curves = new Map<string, ServedCurve>()
      const steps = Math.max(0, times.length - 1)
      for (const track of tracks.values()) {
        // A server that has ended was there in its time; one that is silent now would only seem to serve nothing.
        if (!track.countsTokens || (track.listed && isSilent(track, now))) continue
        const { model, endpoint } = track.server
        for (const { types, grown } of partsOf(track, roles)) {
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
    },

    servers: (filters, now) =>
      serversOf(
        tracks.values(),
        filters,
        (track) => isSilent(track, now),
        ({ server }) => nameOf(server),
      ),

    otherPart,

    faults: (now) => faultsOf(tracks.values(), now),

    latency(filters, latencyMs, now, course = false) {
      const notes: string[] = []
      if (filters.tenant !== undefined) notes.push('inference servers know no tenants: of all tenants')
      if (roles.some) notes.push(toldApart() ? PARTS : MIXED_PARTS)
      if (windowed.length > 0) return windowedLatency(windowed, filters, notes)
      const passes = (group: LatencyGroup) =>
        within(filters.model, group.model) &&
        within(filters.endpoint, group.endpoint) &&
        within(filters.gpuType, group.gpuType)
      const of = (kind: LatencyKindOfServers) => {
        const other = otherOf(kind)
        const part = (group: LatencyGroup) => group.role !== other && passes(group)
        return latencies.sum(kind, part, now - latencyMs, now, course)
      }
      if (!course && latencies.missed(passes, now - latencyMs, now)) notes.push(OUTAGE)
      return {
        duration: of('duration'),
        timeToFirstToken: of('timeToFirstToken'),
        interToken: of('interToken'),
        note: notes.join('; '),
      }
    },
  }
}

function windowedLatency(all: readonly WindowedLatency[], filters: Filters, notes: string[]): ServedLatency {
  if (filters.gpuType !== undefined) {
    notes.push('latencies from Prometheus are not told apart by GPU type: of all types')
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

const within = (names: readonly string[] | undefined, name: string) =>
  names === undefined || names.includes(name)

const keyOf = ({ id, model, endpoint }: ServerIdentity) => `${id}\u0000${model}\u0000${endpoint}`

/** "team-a/llama-0 (llama-70b)", or by its address where no pod is named. */
export function nameOf({ id, namespace, pod, model }: ServerIdentity): string {
  const place = pod === '' ? id : namespace === '' ? pod : `${namespace}/${pod}`
  return model === '' ? place : `${place} (${model})`
}

function mainType(types: readonly TypeShare[]): string {
  const [largest] = types.toSorted((a, b) => b.weight - a.weight)
  return largest?.gpuType ?? ''
}

/** Cut to whole tokens at both ends alike, so that windows that touch neither lose a token nor count one twice. */
function whole(track: Track, what: 'input' | 'output', fromMs: number, toMs: number): number {
  return Math.floor(track.upTo(toMs, what)) - Math.floor(track.upTo(fromMs, what))
}

/** Whole tokens by weight; the last type takes what rounding leaves. */
function split(tokens: number, types: readonly TypeShare[]): number[] {
  if (types.length <= 1) return [tokens]
  const parts = types.map(({ weight }) => Math.floor(tokens * weight))
  const last = parts.length - 1
  parts[last] = (parts[last] as number) + tokens - parts.reduce((sum, part) => sum + part, 0)
  return parts
}
