import type { Join, TypeShare } from './join.ts'
import { Latencies, LATENCY_KINDS, type LatencyGroup, type LatencyKindOfServers } from './latencies.ts'
import { addHistograms } from './quantile.ts'
import { Doubts, type ServedDoubt } from './servedDoubts.ts'
import { Track } from './track.ts'
import type { Filters, Histogram, ServerIdentity, ServerSample } from './types.ts'

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
}

/** Per second. */
export interface ServedRate {
  readonly model: string
  readonly endpoint: string
  readonly gpuType: string
  readonly input: number
  readonly output: number
  readonly requests: number
}

const ALL_MEASURES = ['input', 'output', 'requests'] as const
export type ServedMeasure = (typeof ALL_MEASURES)[number]

/** What was served step by step; one value fewer than there are times. */
export interface ServedCurve {
  readonly model: string
  readonly endpoint: string
  readonly gpuType: string
  /** In the step, not per second. */
  readonly input: Float64Array
  readonly output: Float64Array
  readonly requests: Float64Array
}

export interface ServedServers {
  readonly count: number
  readonly silent: number
  /** Of servers that are not silent and say it; null where none does. */
  readonly running: number | null
  readonly waiting: number | null
  /** Mean, 0–1. */
  readonly kvCache: number | null
  /** Newest sample, ms. */
  readonly at: number | null
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
  servers(now: number): ServedServers
  latency(filters: Filters, windowMs: number, now: number): ServedLatency
}

const DEFAULT_GAP_MS = 60_000
const MOST_NAMES = 20
/** Guards memory against labels that change with every scrape. */
const MOST_TRACKS = 50_000
/** A rate of less than this is noise of the scrapes, ms. */
const SHORTEST_RATE_MS = 1000
/** A round that lies further back than this before the newest one: the wall clock was set back, ms. */
const SET_BACK_MS = 5000
const NOWHERE: readonly TypeShare[] = [{ gpuType: '', weight: 1 }]

export function createServed(options: ServedOptions): Served {
  const { windowMs, sliceMs, gapMs = DEFAULT_GAP_MS } = options
  const tracks = new Map<string, Track>()
  let latencies = new Latencies(sliceMs)
  let windowed: readonly WindowedLatency[] = []
  let join: Join | null = null
  let firstRoundAt = Number.NaN
  let newestRoundAt = Number.NEGATIVE_INFINITY
  let refused = 0

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
    if (!track.take(sample)) return
    place(track)
    const gpuType = mainType(track.types)
    const { model, endpoint } = track.server
    latencies.take(key, { model, endpoint, gpuType }, sample.at, sample.histograms)
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
        if (track.types.length === 0) {
          nowhere += input + output
          unjoined.push(name)
        }
        const inputs = split(input, track.types)
        const outputs = split(output, track.types)
        for (const [index, { gpuType }] of typesOr(track.types).entries()) {
          const key = `${track.server.model}\u0000${gpuType}`
          const sum = sums.get(key) ?? { model: track.server.model, gpuType, input: 0n, output: 0n }
          sum.input += BigInt(inputs[index] ?? 0)
          sum.output += BigInt(outputs[index] ?? 0)
          sums.set(key, sum)
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
      }
    },

    rates(rateMs, now) {
      const sums = new Map<
        string,
        { model: string; endpoint: string; gpuType: string; input: number; output: number; requests: number }
      >()
      for (const track of tracks.values()) {
        if (!track.countsTokens || !track.listed || isSilent(track, now)) continue
        // Up to its own newest sample: servers are asked at different moments.
        const to = Math.min(now, track.lastAt)
        const from = Math.max(to - rateMs, track.keptFrom)
        const seconds = (to - from) / 1000
        if (to - from < SHORTEST_RATE_MS) continue
        const { model, endpoint } = track.server
        for (const { gpuType, weight } of typesOr(track.types)) {
          const key = `${model}\u0000${endpoint}\u0000${gpuType}`
          const sum = sums.get(key) ?? { model, endpoint, gpuType, input: 0, output: 0, requests: 0 }
          for (const what of ['input', 'output', 'requests'] as const) {
            sum[what] += (weight * (track.upTo(to, what) - track.upTo(from, what))) / seconds
          }
          sums.set(key, sum)
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

    curves(times, now, measures = ALL_MEASURES) {
      const curves = new Map<string, ServedCurve>()
      const steps = Math.max(0, times.length - 1)
      for (const track of tracks.values()) {
        // A server that has ended was there in its time; one that is silent now would only seem to serve nothing.
        if (!track.countsTokens || (track.listed && isSilent(track, now))) continue
        const { model, endpoint } = track.server
        for (const { gpuType, weight } of typesOr(track.types)) {
          const key = `${model}\u0000${endpoint}\u0000${gpuType}`
          const curve = curves.get(key) ?? blankCurve(model, endpoint, gpuType, steps)
          curves.set(key, curve)
          for (const what of measures) {
            let before = steps === 0 ? 0 : track.upTo(times[0] as number, what)
            for (let step = 0; step < steps; step++) {
              const after = track.upTo(times[step + 1] as number, what)
              curve[what][step] = (curve[what][step] as number) + weight * (after - before)
              before = after
            }
          }
        }
      }
      return [...curves.values()]
    },

    servers(now) {
      const all = new Set<string>()
      const heard = new Set<string>()
      const gauges = { running: [] as number[], waiting: [] as number[], kvCache: [] as number[] }
      let at: number | null = null
      for (const track of tracks.values()) {
        if (!track.listed) continue
        all.add(track.server.id)
        at = Math.max(at ?? Number.NEGATIVE_INFINITY, track.lastAt)
        if (isSilent(track, now)) continue
        heard.add(track.server.id)
        for (const gauge of ['running', 'waiting', 'kvCache'] as const) {
          const value = track.gauges[gauge]
          if (value !== null) gauges[gauge].push(value)
        }
      }
      const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
      const { running, waiting, kvCache } = gauges
      return {
        count: all.size,
        silent: all.size - heard.size,
        running: running.length > 0 ? sum(running) : null,
        waiting: waiting.length > 0 ? sum(waiting) : null,
        kvCache: kvCache.length > 0 ? sum(kvCache) / kvCache.length : null,
        at,
      }
    },

    latency(filters, latencyMs, now) {
      const notes: string[] = []
      if (filters.tenant !== undefined) notes.push('inference servers know no tenants: of all tenants')
      if (windowed.length > 0) return windowedLatency(windowed, filters, notes)
      const passes = (group: LatencyGroup) =>
        within(filters.model, group.model) &&
        within(filters.endpoint, group.endpoint) &&
        within(filters.gpuType, group.gpuType)
      const of = (kind: LatencyKindOfServers) => latencies.sum(kind, passes, now - latencyMs, now)
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

function blankCurve(model: string, endpoint: string, gpuType: string, steps: number): ServedCurve {
  const zeros = () => new Float64Array(steps)
  return { model, endpoint, gpuType, input: zeros(), output: zeros(), requests: zeros() }
}

const within = (names: readonly string[] | undefined, name: string) =>
  names === undefined || names.includes(name)

const keyOf = ({ id, model, endpoint }: ServerIdentity) => `${id}\u0000${model}\u0000${endpoint}`

/** "team-a/llama-0 (llama-70b)", or by its address where no pod is named. */
export function nameOf({ id, namespace, pod, model }: ServerIdentity): string {
  const place = pod === '' ? id : namespace === '' ? pod : `${namespace}/${pod}`
  return model === '' ? place : `${place} (${model})`
}

const typesOr = (types: readonly TypeShare[]) => (types.length > 0 ? types : NOWHERE)

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
