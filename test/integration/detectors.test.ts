import { describe, expect, it } from 'vitest'
import { IncidentBook } from '../../main/core/incidents/book.ts'
import { burnTriggers } from '../../main/core/incidents/burnTriggers.ts'
import { findingTriggers } from '../../main/core/incidents/findingTriggers.ts'
import {
  AlertTrail,
  chooseBucket,
  MINUTE_MS,
  MinuteLedger,
  splitAt,
  stateOf,
} from '../../main/core/slo/index.ts'
import { fleetWith, samplesOf, scraper } from '../../main/core/fleet/testkit.ts'
import { inventoryOf } from '../../main/demo/control/files.ts'
import { objectivesOf } from '../../main/demo/control/objectives.ts'
import { createReading } from '../../main/demo/metering/reading/reading.ts'
import { type BookedWorld, createBookedWorld } from '../../main/demo/testing/books.ts'
import { textOf } from '../../shared/messages/format.ts'
import { defaultPairs } from '../../shared/model/burnPairs.ts'
import type { Incident } from '../../shared/model/incident.ts'
import type { Objective } from '../../shared/model/objective.ts'

/**
 * The detectors that open incidents, over the demo factory with a clock that is moved by hand: what a whole day of a
 * healthy factory opens, and how long after a model began to burn it pages. (For hosts that die: deadHost.test.ts.)
 */
const HOUR_MS = 60 * MINUTE_MS
/** What objectives know when they begin to be watched: as long as their longest alert window. */
const BEFORE_MS = 72 * HOUR_MS

interface Watched extends BookedWorld {
  /** Lets so many minutes pass, looking at everything once in each. */
  pass(minutes: number): void
  incidents(): Incident[]
}

function watch(hosts: number, options: { of: 'floor' | 'objectives'; startMs?: number }): Watched {
  const booked = createBookedWorld({
    hosts,
    ...(options.startMs === undefined ? {} : { startMs: options.startMs }),
  })
  const { world, books } = booked
  const { factory } = world
  const reading = createReading(books, factory, {
    effective: () => ({ tpm: null, rpm: null, maxConcurrent: null }),
    isBlocked: () => false,
  })
  const fleet = fleetWith({ inventory: inventoryOf(factory) })
  const exporters = factory.site.hosts.map((host) => scraper(fleet, host.name))
  const objectives = objectivesOf(factory.placement.deployments.map(({ spec }) => spec)).flatMap(
    ({ name, latency, endpoint, target }): Objective[] => {
      if (latency === undefined || endpoint === undefined) return []
      const thresholdMs = latency.within.endsWith('ms')
        ? Number.parseFloat(latency.within)
        : 1000 * Number.parseFloat(latency.within)
      return [
        {
          id: name,
          name,
          kind: 'latency',
          latency: { kind: latency.kind, thresholdMs },
          target,
          scope: { endpoint },
          source: 'metering',
          windowDays: 30,
          pairs: defaultPairs(target, 30),
          minBad: 10,
        },
      ]
    },
  )
  const watched = objectives.map((objective) => {
    const ledger = new MinuteLedger(objective.windowDays * 1440)
    return { objective, ledger, trail: new AlertTrail(objective, ledger) }
  })
  const book = new IncidentBook()
  let told = Math.floor((books.startMs - BEFORE_MS) / MINUTE_MS)

  /** The minutes that the metering has whole, as the engine asks for them. */
  function readMinutes(): void {
    const until = Math.floor(books.dataAsOf() / MINUTE_MS)
    if (until <= told) return
    const query = {
      from: new Date(told * MINUTE_MS).toISOString(),
      to: new Date(until * MINUTE_MS).toISOString(),
    }
    for (const { objective, ledger } of watched) {
      const { kind = 'timeToFirstToken', thresholdMs = 0 } = objective.latency ?? {}
      const asked = { query: { ...query, kind, step: 60, endpoint: [objective.scope.endpoint] } }
      const { bounds, series } = (
        reading.getLatency(asked as never) as {
          body: { bounds: number[]; series: { points: { t: string; counts: number[] }[] }[] }
        }
      ).body
      const bucket = chooseBucket(bounds, thresholdMs)
      if (bucket === null) throw new Error(`${objective.name} cannot be measured`)
      const byMinute = new Map(series[0]?.points.map(({ t, counts }) => [Date.parse(t), counts]))
      ledger.put(
        Array.from({ length: until - told }, (_, i) => {
          const at = (told + i) * MINUTE_MS
          const split = splitAt({ bounds, counts: byMinute.get(at) ?? [] }, bucket)
          return {
            at,
            good: split?.good ?? 0,
            bad: split?.bad ?? 0,
            badLeast: split?.badLeast ?? 0,
            known: 1,
          }
        }),
      )
    }
    told = until
  }

  function scrape(): void {
    world.faults.tick()
    const now = factory.now()
    factory.site.hosts.forEach((_, h) => exporters[h]?.answer(samplesOf(world.print(h)), now))
    fleet.callRoll(now)
    fleet.evaluate(now)
  }

  function look(): void {
    const now = factory.now()
    const states = watched.map(({ objective, ledger, trail }) =>
      stateOf(objective, ledger, { now, alert: trail.at(told, told - 5), bucket: null, trouble: [] }),
    )
    const topology = fleet.topology()
    const open = new Map(book.list().map(({ incident, hosts: of }) => [incident.cause, of]))
    const { findings } = fleet.findings()
    const triggers = [
      ...burnTriggers(objectives, states),
      ...findingTriggers({ findings, topology, frame: fleet.frame([]) }, open),
    ]
    for (const change of book.look({ triggers, unknownOf: () => null, at: now, monotonic: now }))
      book.take(change)
  }

  return {
    ...booked,
    pass(minutes) {
      for (let minute = 0; minute < minutes; minute++) {
        booked.run(60, 20)
        if (options.of === 'floor') scrape()
        else readMinutes()
        look()
      }
    },
    incidents: () => book.list().map(({ incident }) => incident),
  }
}

const told = (incidents: readonly Incident[]) =>
  incidents.map(({ cause, title }) => `${cause}: ${textOf(title)}`)

describe('the detectors', () => {
  it('open nothing on a day of a healthy floor', () => {
    const day = watch(2, { of: 'floor' })
    day.pass(24 * 60)
    expect(told(day.incidents())).toEqual([])
  }, 240_000)

  it('open nothing on a day of healthy models, night and evening peak included', () => {
    const day = watch(24, { of: 'objectives' })
    day.pass(24 * 60)
    expect(told(day.incidents())).toEqual([])
  }, 240_000)

  it('page for a model that burns as soon as the arithmetic allows', () => {
    const delays = [2, 14, 20].map((hour) => {
      const world = watch(24, { of: 'objectives', startMs: Date.UTC(2026, 10, 24, hour) })
      world.pass(5)
      world.books.faults.agentLoop = true
      const began = world.books.now()
      for (let minute = 0; minute < 20 && world.incidents().length === 0; minute++) world.pass(1)
      const [incident] = world.incidents()
      expect(incident).toMatchObject({ cause: 'burn/ttft-agents', kind: 'burn', priority: 1 })
      return (world.books.now() - began) / MINUTE_MS
    })
    // Of the hour 14.4 × 0.5 % have to be bad, which is 4.3 minutes of nothing but bad ones, and the queue has to fill first.
    expect(Math.min(...delays)).toBeGreaterThan(4)
    expect(Math.max(...delays)).toBeLessThan(12)
  }, 240_000)
})
