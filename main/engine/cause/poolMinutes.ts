import type { PoolSeries } from '../../core/cause/types.ts'
import type { Served } from '../../core/tokens/served/types.ts'

const MINUTE_MS = 60_000
/** What is kept: as far back as causes are looked for, minutes. */
const KEPT = 180
/** A minute's counters have come by then: servers are scraped every so often, ms. */
const SETTLED_MS = 30_000
/** More models than this are not followed: names come from outside. */
const MOST_MODELS = 500

interface Minute {
  servers: number
  running: number
  waiting: number
  input: number
  output: number
}

type ServedFigures = Pick<Served, 'servers' | 'curves' | 'reach'>

/**
 * What the servers of each model said, minute by minute, since this engine runs: gauges are nowhere else kept, and a queue
 * that is gone cannot be asked for again. Times are wall clock, ms.
 */
export class PoolMinutes {
  readonly #byModel = new Map<string, Map<number, Minute>>()
  #newest = Number.NEGATIVE_INFINITY

  /** Called with every cut; notes a minute once it is over. */
  note(served: ServedFigures | null, now: number): void {
    const minute = Math.floor(now / MINUTE_MS) * MINUTE_MS - MINUTE_MS
    // A clock that was set back begins again.
    if (minute < this.#newest - MINUTE_MS) this.#forget()
    if (served === null || minute <= this.#newest) return
    this.#newest = minute
    const models = new Set([...this.#byModel.keys(), ...served.curves([], now).map(({ model }) => model)])
    for (const model of models) {
      const state = served.servers({ model: [model] }, now)
      if (state.count === 0 || (this.#byModel.size >= MOST_MODELS && !this.#byModel.has(model))) continue
      this.#at(model, minute, {
        servers: state.count - state.silent,
        running: state.implausible ? Number.NaN : (state.running ?? Number.NaN),
        waiting: state.implausible ? Number.NaN : (state.waiting ?? Number.NaN),
        input: Number.NaN,
        output: Number.NaN,
      })
    }
    this.#trim(minute)
  }

  /** @param minutes from `fromMs` on; what is not known is NaN */
  series(served: ServedFigures | null, fromMs: number, minutes: number, now: number): PoolSeries[] {
    if (served !== null) this.#count(served, now)
    return [...this.#byModel].map(([model, known]) => {
      const of = (what: keyof Minute) =>
        Float64Array.from(
          { length: minutes },
          (_, index) => known.get(fromMs + index * MINUTE_MS)?.[what] ?? Number.NaN,
        )
      return {
        model,
        servers: of('servers'),
        running: of('running'),
        waiting: of('waiting'),
        input: of('input'),
        output: of('output'),
      }
    })
  }

  /** Tokens of minutes that have settled: the curves tell of a short while only, so they are kept here. */
  #count(served: ServedFigures, now: number): void {
    const reach = served.reach(now)
    if (reach === null) return
    const from = Math.ceil(reach.fromMs / MINUTE_MS) * MINUTE_MS
    const to = Math.floor(Math.min(reach.toMs, now - SETTLED_MS) / MINUTE_MS) * MINUTE_MS
    if (to <= from) return
    const times = Array.from({ length: (to - from) / MINUTE_MS + 1 }, (_, index) => from + index * MINUTE_MS)
    const sums = new Map<string, { input: Float64Array; output: Float64Array }>()
    for (const { model, input, output } of served.curves(times, now, ['input', 'output'])) {
      const sum = sums.get(model)
      if (sum === undefined) sums.set(model, { input: input.slice(), output: output.slice() })
      else {
        for (let step = 0; step < input.length; step++) {
          sum.input[step] = (sum.input[step] as number) + (input[step] as number)
          sum.output[step] = (sum.output[step] as number) + (output[step] as number)
        }
      }
    }
    for (const [model, { input, output }] of sums) {
      const known = this.#byModel.get(model)
      for (let step = 0; step < input.length; step++) {
        const minute = known?.get(times[step] as number)
        if (minute === undefined) continue
        minute.input = input[step] as number
        minute.output = output[step] as number
      }
    }
  }

  #at(model: string, at: number, minute: Minute): void {
    let known = this.#byModel.get(model)
    if (known === undefined) this.#byModel.set(model, (known = new Map()))
    known.set(at, minute)
  }

  #trim(newest: number): void {
    const oldest = newest - KEPT * MINUTE_MS
    for (const [model, known] of this.#byModel) {
      for (const at of known.keys()) {
        if (at >= oldest) break
        known.delete(at)
      }
      if (known.size === 0) this.#byModel.delete(model)
    }
  }

  #forget(): void {
    this.#byModel.clear()
    this.#newest = Number.NEGATIVE_INFINITY
  }
}
