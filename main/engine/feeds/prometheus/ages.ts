import {
  AGE_SERIES,
  type AnsweredSeries,
  sampleAgeQuery,
  sampleCountQuery,
  STRANGER,
} from '../../../sources/prometheus/index.ts'
import type { Ask } from './questions.ts'
import { SampleClock, type Sampled } from './sampleClock.ts'

/** How old the samples of each exporter target are, and whether the answer may lack targets. */
export interface AgesRead extends Sampled {
  readonly partial: boolean
  readonly warnings: readonly string[]
  readonly bytes: number
}

function instanceOf({ labels }: AnsweredSeries): string {
  return labels.get('instance') ?? ''
}

/** How far back the pause between samples is counted, ms. */
const COUNTED_MS = 300_000

/**
 * Asks Prometheus how old its samples are, per exporter target and by whatever series the target has: a board without a
 * temperature ages as any other. One series is asked alone where all targets have it.
 */
export class Ages {
  readonly #clock = new SampleClock()
  readonly #matchers: string
  readonly #now: () => number
  #series: readonly string[] = AGE_SERIES
  #known: Sampled['times'] = new Map()

  /** @param now wall clock, ms */
  constructor(matchers: string, now: () => number) {
    this.#matchers = matchers
    this.#now = now
  }

  get clockRefusal(): string | null {
    return this.#clock.refusal
  }

  /** @throws SourceFailure */
  async read(ask: Ask): Promise<AgesRead> {
    const sentAt = this.#now()
    const answer = await ask('ages', sampleAgeQuery(this.#matchers, this.#series))
    const { partial, warnings, bytes, value } = answer
    if (value.evaluatedAt === null) {
      // The one series that all targets had is gone from all of them: whatever else they have tells.
      this.#series = AGE_SERIES
      return { times: new Map(), dataAgeMs: null, partial, warnings, bytes }
    }
    const rows = value.series.flatMap((series, i) =>
      series === STRANGER ? [] : [{ instance: instanceOf(series), sampledAt: value.values[i] ?? Number.NaN }],
    )
    const sampled = this.#clock.translate(rows, {
      evaluatedAt: value.evaluatedAt,
      sentAt,
      receivedAt: this.#now(),
    })
    this.#known = sampled.times
    return { ...sampled, partial, warnings, bytes }
  }

  /**
   * Looks which series are needed, and how often targets have a sample where that is not known yet.
   * @param instances all targets that have GPUs
   * @throws SourceFailure
   */
  async learn(ask: Ask, instances: ReadonlySet<string>): Promise<void> {
    const [first = ''] = AGE_SERIES
    const alone = await ask('ages-alone', sampleAgeQuery(this.#matchers, [first]))
    const told = new Set(alone.value.series.filter((one) => one !== STRANGER).map(instanceOf))
    const enough = !alone.partial && [...instances, ...this.#known.keys()].every((each) => told.has(each))
    this.#series = enough ? [first] : AGE_SERIES
    this.#clock.keep(new Set([...instances, ...this.#known.keys()]))
    if (![...instances].some((each) => this.cadenceMs(each) === null)) return
    const counts = await ask('counts', sampleCountQuery(this.#matchers, COUNTED_MS, this.#series))
    counts.value.series.forEach((series, i) => {
      if (series === STRANGER) return
      const count = counts.value.values[i] ?? 0
      if (count >= 2) this.#clock.assume(instanceOf(series), COUNTED_MS / count)
    })
  }

  /** Learnt pause between two samples of a target, ms; null while it is not known. */
  cadenceMs(instance: string): number | null {
    return this.#clock.cadenceMs(instance)
  }

  get shortestCadenceMs(): number | null {
    return this.#clock.shortestCadenceMs
  }
}
