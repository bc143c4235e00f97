import { createCalendar } from '../factory/calendar.ts'
import type { Factory } from '../factory/factory.ts'
import type { Client } from './clients.ts'
import { hashNormal, hashUnit, seedOf } from './hash.ts'
import { QUEUE_SECONDS } from '../factory/demand.ts'
import { waitOfQueue } from './latencies.ts'
import { loopUsage, NO_STRAIN, type PastLoops } from './workflows/loops.ts'
import { AT, CELLS_PER_HOUR, DAY_MS, HOUR_MS, WIDTH } from './measures.ts'
import { expectedLoad, growth, sway } from './rhythm.ts'
import { callTokens } from './shapes.ts'

/**
 * What happened before the start, by formula from seed, rhythm and calendar: nothing is stored, and whatever is asked
 * in whatever order, the hours of a day add up to that day. Hours are numbered since 1970.
 */
export interface Past {
  /** Mean served load of a deployment in an hour, 0–1. */
  load(deployment: number, hour: number): number
  /** Sums of an hour, a row of WIDTH per stream, added to `into`. */
  addHour(hour: number, into: Float64Array): void
  /** Part of a deployment's hour that has passed at the end of each ten seconds, ascending to 1; one more entry, a leading 0. */
  profile(deployment: number, hour: number): Float64Array
  /** Load and waiting of a deployment with this usual load, with what a loop asked of it at that time. */
  strained(deployment: number, usual: number, atMs: number): { load: number; waitSeconds: number }
}

export interface PastOptions {
  readonly factory: Factory
  readonly clients: readonly Client[]
  readonly loops: PastLoops
  /** Index of the stream that loops call, -1 for none. */
  readonly loopStream: number
  /** When the ledger begins to live, ms. */
  readonly startMs: number
}

/** Demand of whole hours and of ten seconds differs by so much from its mean. */
const HOURLY = 0.035
const CELLULAR = 0.1
/** Hours of 13 months. */
const MAX_LOADS = 9600

export function createPast({ factory, clients, loops, loopStream, startMs }: PastOptions): Past {
  const { deployments } = factory.placement
  const { seed, timezone } = factory.options
  const own = seedOf(seed, 'past')
  const localTime = createCalendar(timezone)
  const byDeployment = deployments.map((_, d) =>
    clients.flatMap((client, stream) => (client.deployment === d ? [stream] : [])),
  )
  const weights = new Float64Array(clients.length)

  const loads = new Map<number, Float64Array>()

  function load(d: number, hour: number): number {
    let known = loads.get(hour)
    if (known === undefined) {
      known = loadsOf(hour)
      if (loads.size >= MAX_LOADS) loads.clear()
      loads.set(hour, known)
    }
    return known[d] ?? 0
  }

  function loadsOf(hour: number): Float64Array {
    const middle = (hour + 0.5) * HOUR_MS
    const local = localTime(middle)
    const grown = growth((startMs - middle) / DAY_MS)
    return Float64Array.from(deployments, ({ spec }, d) => {
      if (spec.kind !== 'serving') return 0
      const noise = 1 + HOURLY * hashNormal(own, hour, d)
      return Math.max(0, Math.min(1, expectedLoad(spec, local) * grown * noise))
    })
  }

  function addStream(stream: number, client: Client, tokens: number, hour: number, into: Float64Array) {
    const { shape } = client
    const u = (turn: number) => hashUnit(own, hour, stream, turn)
    const mean = callTokens(shape) * (1 + 0.03 * hashNormal(own, hour, stream, 1))
    const calls = Math.floor(tokens / mean + u(2))
    if (calls === 0) return
    // A stream of few calls has whole ones: its tokens follow its calls.
    const all = calls < 50 ? calls * mean : tokens
    const row = stream * WIDTH
    const add = (measure: number, value: number) => {
      into[row + measure] = (into[row + measure] ?? 0) + value
    }
    const input = Math.round((all * shape.input) / callTokens(shape))
    const output = Math.round(all - input)
    const failed = Math.min(calls, Math.floor(calls * shape.errors * (0.5 + u(3)) + u(4)))
    add(AT.input, input)
    add(AT.output, output)
    add(AT.cachedInput, Math.round(input * Math.min(0.98, shape.cached * (0.94 + 0.12 * u(5)))))
    add(AT.reasoning, Math.round(output * Math.min(0.98, shape.reasoning * (0.96 + 0.08 * u(6)))))
    add(AT.requests, calls)
    add(AT.errors, failed)
    add(AT.errorTokens, Math.floor(((input + 0.4 * output) * failed) / calls))
    add(AT.rejected, Math.floor(calls * 0.0006 * u(7) + u(8)))
  }

  function addLoops(hour: number, into: Float64Array): void {
    const from = hour * HOUR_MS
    const row = loopStream * WIDTH
    if (loopStream < 0) return
    for (const loop of loops.between(from, from + HOUR_MS)) {
      const used = loopUsage(loop, from, from + HOUR_MS)
      for (const name of ['input', 'output', 'cachedInput', 'reasoning', 'requests'] as const) {
        into[row + AT[name]] = (into[row + AT[name]] ?? 0) + used[name]
      }
    }
  }

  return {
    load,
    addHour(hour, into) {
      const middle = (hour + 0.5) * HOUR_MS
      const daysBefore = (startMs - middle) / DAY_MS
      byDeployment.forEach((streams, d) => {
        if (streams.length === 0) return
        const served = (deployments[d]?.capacity ?? 0) * load(d, hour) * 3600
        let whole = 0
        for (const stream of streams) {
          const client = clients[stream]
          if (client === undefined) continue
          weights[stream] = client.share * sway(own, stream, middle)
          whole += weights[stream] ?? 0
        }
        for (const stream of streams) {
          const client = clients[stream]
          if (client === undefined || daysBefore > client.days) continue
          addStream(stream, client, (served * (weights[stream] ?? 0)) / whole, hour, into)
        }
      })
      addLoops(hour, into)
    },
    strained(d, usual, atMs) {
      const strain = d === clients[loopStream]?.deployment ? loops.strain(atMs) : NO_STRAIN
      const excess = Math.max(0, usual + strain.share - 1)
      return {
        load: Math.min(1, usual + strain.share),
        waitSeconds: waitOfQueue(Math.min(QUEUE_SECONDS, excess * strain.forSeconds)),
      }
    },
    profile(d, hour) {
      const before = load(d, hour - 1)
      const here = load(d, hour)
      const after = load(d, hour + 1)
      const sums = new Float64Array(CELLS_PER_HOUR + 1)
      for (let cell = 0; cell < CELLS_PER_HOUR; cell++) {
        const t = (cell + 0.5) / CELLS_PER_HOUR
        const level = t < 0.5 ? before + (here - before) * (0.5 + t) : here + (after - here) * (t - 0.5)
        const minute = hour * 60 + Math.floor(cell / 6)
        const noise =
          1 +
          CELLULAR * (hashNormal(own, minute, d, 9) + 0.5 * hashNormal(own, minute * 6 + (cell % 6), d, 10))
        sums[cell + 1] = (sums[cell] ?? 0) + Math.max(0.02, level * noise)
      }
      const whole = sums[CELLS_PER_HOUR] ?? 1
      return sums.map((sum) => sum / whole)
    },
  }
}

/** The seed of the sway, so that life goes on as the past ended. */
export function swaySeed(seed: number): number {
  return seedOf(seed, 'past')
}
