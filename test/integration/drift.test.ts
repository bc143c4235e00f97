import { describe, expect, it } from 'vitest'
import { createDriftBook, type DriftBookState } from '../../main/core/tokens/drift/drift.ts'
import { createServed } from '../../main/core/tokens/served/served.ts'
import type { ServedSum } from '../../main/core/tokens/served/types.ts'
import type { ServerSample } from '../../main/core/tokens/types.ts'
import { createRandom } from '../../main/demo/factory/random.ts'
import { AT, WIDTH } from '../../main/demo/ledger/measures.ts'
import { createBookedWorld } from '../../main/demo/testing/books.ts'

/**
 * The simulated factory's inference servers, read as scrapes read them, against its books: an hour of it in seconds.
 * Servers are scraped every five seconds, each at a moment of its own that wanders a little.
 */
const WINDOW = 20_000
const LAG = 20_000
const SCRAPE = 5_000

function simulate(seed: number) {
  const { world, books } = createBookedWorld({ hosts: 132, seed })
  const { factory } = world
  const { placement } = factory
  const random = createRandom(seed, 'scrapes')
  const served = createServed({ windowMs: 20 * 60_000, sliceMs: 5_000 })
  const book = createDriftBook({ threshold: 0.01, windowMs: WINDOW, lagMs: LAG, keep: 30 })
  const pods = placement.pods.flatMap(({ deployment }, pod) => {
    const spec = placement.deployments[deployment]
    return spec?.spec.kind === 'serving' ? [{ pod, deployment: spec }] : []
  })
  const due = pods.map(() => factory.now() + random.next() * SCRAPE)
  const samples = new Map<number, ServerSample>()
  let told = Math.ceil(factory.now() / WINDOW) * WINDOW

  function scrape(): void {
    for (const [i, { pod, deployment }] of pods.entries()) {
      if ((due[i] as number) > factory.now()) continue
      due[i] = factory.now() + SCRAPE * (0.95 + 0.1 * random.next())
      samples.set(pod, {
        server: {
          id: String(pod),
          engine: 'vllm',
          namespace: '',
          pod: String(pod),
          model: deployment.spec.model,
          endpoint: deployment.spec.endpoint,
          host: '',
        },
        at: factory.now(),
        counters: {
          input: books.served.input[pod] as number,
          output: books.served.output[pod] as number,
          cachedInput: null,
          transferredInput: null,
          requests: null,
          errors: null,
        },
        gauges: { running: null, waiting: null, kvCache: null, kvCacheMost: null },
        histograms: {},
      })
    }
    served.observe({ at: factory.now(), samples: [...samples.values()] })
  }

  function metered(fromMs: number, toMs: number): ServedSum[] {
    const rows = new Float64Array(books.metered.length * WIDTH)
    books.history.add(rows, fromMs, toMs)
    const sums = new Map<string, ServedSum>()
    books.metered.forEach(({ model }, i) => {
      const before = sums.get(model)
      sums.set(model, {
        model,
        gpuType: '',
        input: (before?.input ?? 0n) + BigInt(rows[i * WIDTH + AT.input] ?? 0),
        output: (before?.output ?? 0n) + BigInt(rows[i * WIDTH + AT.output] ?? 0),
      })
    })
    return [...sums.values()]
  }

  function compare(): DriftBookState {
    const now = factory.now()
    for (let from = told; from + WINDOW <= now - LAG; from += WINDOW) {
      const to = from + WINDOW
      const between = served.between(from, to)
      book.observe({
        fromMs: from,
        toMs: to,
        served: between.sums,
        servedComplete: between.complete,
        servedGaps: between.gaps,
        metered: metered(from, to),
        meteredComplete: to <= books.dataAsOf(),
        price: () => ({ input: '1', output: '2' }),
      })
      told = to
    }
    return book.state(now)
  }

  return {
    books,
    factory,
    /** Looks every five seconds; ends when `until` is true. @returns seconds that passed */
    run(seconds: number, until: (state: DriftBookState) => boolean = () => false): number {
      for (let second = 1; second <= seconds; second++) {
        const from = factory.now()
        factory.step(1)
        books.advance(from, factory.now())
        scrape()
        if (second % 5 === 0 && until(compare())) return second
      }
      return Number.POSITIVE_INFINITY
    },
  }
}

const isDrifting = ({ state }: { readonly state: string }) => state === 'drifts'

// An hour of a factory is simulated second by second, which a busy machine does slowly.
describe('drift of the simulated factory', { timeout: 240_000 }, () => {
  it.each([3, 11])(
    'stays quiet for an hour and finds a leak of 1.5 % within two minutes, seed %i',
    (seed) => {
      const simulation = simulate(seed)
      const states: string[] = []
      const alarms: string[] = []
      simulation.run(3600, ({ total, rows }) => {
        if (states.at(-1) !== total.state) states.push(total.state)
        for (const row of [total, ...rows].filter(isDrifting)) alarms.push(`${row.model}: ${row.note}`)
        return false
      })
      expect(alarms).toEqual([])
      // The first window began before anybody looked.
      expect(states).toEqual(['learning', 'unknown', 'learning', 'agrees'])

      simulation.books.faults.leak = { share: 0.015, model: null }
      let found: DriftBookState['total'] | null = null
      const after = simulation.run(300, ({ total }) => {
        found = total
        return isDrifting(total)
      })
      expect(after).toBeLessThanOrEqual(120)
      expect(found).toMatchObject({
        severity: 'advisory',
        note: expect.stringMatching(/of what was served is not metered/),
      })

      simulation.books.faults.leak = null
      expect(simulation.run(300, ({ total }) => total.state === 'agrees')).toBeLessThanOrEqual(180)
    },
  )

  it('names the model that leaks, and what it costs', () => {
    const simulation = simulate(5)
    simulation.run(300)
    const [model = ''] = simulation.books.metered.map((client) => client.model)
    simulation.books.faults.leak = { share: 0.3, model }
    let drifting: DriftBookState['rows'] = []
    simulation.run(200, ({ rows }) => {
      drifting = rows.filter(isDrifting)
      return drifting.length > 0
    })
    expect(drifting.map((row) => row.model)).toEqual([model])
    expect(drifting[0]?.severity).toBe('critical')
    expect(Number(drifting[0]?.driftAmount)).toBeGreaterThan(0)
  })

  it('does not call it a leak when the metering is late', () => {
    const simulation = simulate(7)
    simulation.run(300)
    simulation.books.faults.lagSeconds = 180
    const seen = new Set<string>()
    simulation.run(240, ({ total }) => {
      seen.add(total.state)
      return false
    })
    expect(seen).not.toContain('drifts')
    expect(seen).toContain('unknown')
  })
})
