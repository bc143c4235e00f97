import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FIGURE, PRESENCE } from '../../../shared/model/figure.ts'
import { CONDITION, NEVER } from '../../../shared/model/frame.ts'
import { topologySchema } from '../../../shared/model/topology.ts'
import { fleetWith, gpu, inventoryOf, rowOf, scraper, SECOND, START, type Sample } from './testkit.ts'
import type { LiveFleet } from './types.ts'

const STALE_AFTER = 30 * SECOND
const HOSTS = ['h-1', 'h-2', 'guest'] as const

/** What one host does in one step of five seconds. */
const step = fc.record({
  host: fc.constantFrom(...HOSTS),
  act: fc.constantFrom(
    'live',
    'live',
    'live',
    'silent',
    'freeze',
    'lose',
    'rename',
    'release',
    'blank',
    'garbage',
  ),
  slot: fc.nat(2),
})
const steps = fc.array(fc.array(step, { maxLength: 3 }), { minLength: 1, maxLength: 60 })

interface Exporter {
  lost: Set<number>
  uuid: number
  frozen: boolean
  silent: boolean
  energy: number
}

function run(
  fleet: LiveFleet,
  script: readonly (readonly { host: string; act: string; slot: number }[])[],
  check: (now: number) => void,
): void {
  const exporters = new Map<string, Exporter>(
    HOSTS.map((host) => [host, { lost: new Set(), uuid: 0, frozen: false, silent: false, energy: 0 }]),
  )
  const scrapers = new Map(HOSTS.map((host) => [host as string, scraper(fleet, host)]))
  script.forEach((acts, i) => {
    const now = START + i * 5 * SECOND
    let odd = ''
    for (const { host, act, slot } of acts) {
      const exporter = exporters.get(host) as Exporter
      if (act === 'live') Object.assign(exporter, { frozen: false, silent: false, lost: new Set() })
      if (act === 'silent') exporter.silent = true
      if (act === 'freeze') exporter.frozen = true
      if (act === 'lose') exporter.lost.add(slot)
      if (act === 'rename') exporter.uuid++
      if (act === 'blank' || act === 'garbage') odd = `${host}/${act}`
      if (act === 'release') {
        exporter.silent = true
        fleet.release(host)
      }
    }
    for (const [host, exporter] of exporters) {
      if (exporter.silent) continue
      if (!exporter.frozen) exporter.energy += 100
      const samples: Sample[] = [0, 1, 2]
        .filter((slot) => !exporter.lost.has(slot))
        .flatMap((slot) => {
          const power = odd === `${host}/blank` ? Number.NaN : odd === `${host}/garbage` ? 1e6 : 300
          const figures = { energy: 1e9 + exporter.energy, power, smActive: 0.5 }
          return gpu(host, slot, figures, { UUID: `${host}-${slot}-${exporter.uuid}` })
        })
      scrapers.get(host)?.answer(samples, now)
    }
    fleet.evaluate(now)
    check(now)
  })
}

/** Everything in a picture that claims more than is known; empty on a truthful floor. */
function falselyShown(fleet: LiveFleet): string[] {
  const frame = fleet.frame(['power', 'smActive'])
  const found: string[] = []
  for (let row = 0; row < frame.rows; row++) {
    const claim = (holds: boolean, what: string): void => {
      if (!holds) found.push(`row ${row}: ${what}`)
    }
    const state = frame.state[row]
    const good = state === FIGURE.ok || state === FIGURE.zero
    const age = frame.ageMs[row] ?? NEVER
    const conditions = frame.conditions[row] ?? 0
    claim(!good || age <= STALE_AFTER, 'good but old')
    claim(age !== NEVER || state === FIGURE.absent, 'never seen but not absent')
    const dated = (conditions & (CONDITION.frozen | CONDITION.stale)) !== 0
    claim(!dated || state === FIGURE.stale, 'frozen or stale but shown otherwise')
    claim((conditions & CONDITION.missing) === 0 || !good, 'missing but good')
    frame.states.forEach((states, f) => {
      const cell = states[row]
      const goodCell = cell === FIGURE.ok || cell === FIGURE.zero
      claim(!goodCell || good || state === FIGURE.implausible, 'good figure in a row that is not')
      const hasValue = goodCell || cell === FIGURE.stale
      claim(Number.isNaN(frame.values[f]?.[row]) !== hasValue, 'value and state disagree')
    })
  }
  return found
}

const fleets = [
  ['listed', () => fleetWith({ inventory: inventoryOf({ 'h-1': 2, 'h-2': 3 }) })],
  ['learnt', () => fleetWith()],
] as const

describe.each(fleets)('whatever exporters do on a %s floor', (_, make) => {
  it('never shows a row as good that was not sampled in time, or whose host stands still', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const fleet = make()
        run(fleet, script, () => {
          expect(falselyShown(fleet)).toEqual([])
        })
      }),
      { numRuns: 60 },
    )
  })

  it('calls a roll that adds up, in step with the presence of every row', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const fleet = make()
        run(fleet, script, () => {
          const { expected, present, missing, unexpected } = fleet.rollCall()
          const boards = fleet.topology().gpus.host.length
          expect(present + missing + unexpected).toBe(boards)
          expect(expected ?? present + missing).toBe(present + missing)
          const frame = fleet.frame([])
          const count = (code: number) =>
            frame.presence.slice(0, boards).filter((each) => each === code).length
          expect(count(PRESENCE.missing)).toBe(missing)
          expect(count(PRESENCE.unexpected)).toBe(unexpected)
          const { critical, advisory } = fleet.abnormal()
          expect(critical + advisory).toBe(fleet.findings().total)
          const { boards: counted, of, watts } = fleet.power()
          expect(of).toBe(boards)
          expect(watts).toBe(counted === 0 ? null : counted * 300)
        })
      }),
      { numRuns: 40 },
    )
  })

  it('keeps topology and frame consistent, and a version never changes', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const fleet = make()
        const seen = new Map<number, string>()
        run(fleet, script, () => {
          const topology = fleet.topology()
          expect(topologySchema.safeParse(topology).success).toBe(true)
          const content = JSON.stringify(topology)
          expect(seen.get(topology.version) ?? content).toBe(content)
          seen.set(topology.version, content)
          const frame = fleet.frame([])
          expect(frame.topologyVersion).toBe(topology.version)
          expect(frame.rows).toBe(topology.gpus.host.length + topology.instances.gpu.length)
          const places = topology.gpus.host.map((host, row) => `${host}/${topology.gpus.slot[row]}`)
          expect(new Set(places).size).toBe(places.length)
          for (const { rows } of fleet.findings().findings) {
            for (const row of rows) expect(row).toBeLessThan(frame.rows)
          }
        })
      }),
      { numRuns: 40 },
    )
  })
})

describe('MIG sums', () => {
  const instance = fc.record({
    profile: fc.constantFrom('1g.10gb', '2g.20gb', '3g.40gb', '7g.80gb', 'nonsense'),
    activity: fc.oneof(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.constantFrom(1.294, Number.NaN, 2 ** 63),
    ),
    memory: fc.oneof(fc.integer({ min: 0, max: 40_000 }), fc.constantFrom(Number.NaN, 2 ** 63, 1e12)),
  })

  it('never exceed the board, nor the busiest of its instances', () => {
    fc.assert(
      fc.property(fc.array(instance, { minLength: 1, maxLength: 9 }), (instances) => {
        const fleet = fleetWith()
        const samples = instances.flatMap(({ profile, activity, memory }, i) =>
          gpu(
            'h-1',
            0,
            { smActive: activity, fbUsed: memory, power: 500 },
            { GPU_I_ID: String(i), GPU_I_PROFILE: profile },
          ),
        )
        scraper(fleet, 'a').answer(samples, START)
        fleet.evaluate(START)
        const board = rowOf(fleet, 'h-1', 0)
        const good = instances.map(({ activity }) => activity).filter((value) => value <= 1.005)
        const busiest = Math.fround(Math.max(0, ...good))
        const mean = board.value('smActive')
        // At 500 W they cannot all be resting.
        // The weight of an instance without a profile is not known.
        const weighed = instances.every(({ profile }) => profile !== 'nonsense')
        expect(Number.isNaN(mean) && weighed ? busiest : 0).toBe(0)
        expect(mean > busiest).toBe(false)
        // H100: 96 GiB, 2 % and what is reserved; a sum beyond it is refused.
        expect(board.value('fbUsed') > 96 * 1024 * 1.02 + 1024).toBe(false)
        expect(fleet.power()).toEqual({ watts: 500, boards: 1, of: 1 })
      }),
    )
  })
})
