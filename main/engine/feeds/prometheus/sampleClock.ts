import { Cadence } from '../../../core/cadence.ts'
import { RemoteClock } from '../../../platform/remoteClock.ts'
import type { SampleTimes } from './sheet.ts'
import { MOST_TARGETS } from './targets.ts'

/** One row of the sample-age query. */
export interface SampleAge {
  readonly instance: string
  /** Seconds since the epoch, by the clock of Prometheus. */
  readonly sampledAt: number
}

export interface Sampled {
  /** Sample times on the local wall clock, ms. */
  readonly times: SampleTimes
  /** Age of the newest sample by Prometheus's own clock, ms; null without any. */
  readonly dataAgeMs: number | null
}

/** When a question was evaluated by the clock of Prometheus, sent and answered by ours; ms. */
export interface Evaluated {
  readonly evaluatedAt: number
  readonly sentAt: number
  readonly receivedAt: number
}

/** Two clocks that drift less than this against each other are taken to stand still, ms. */
const DRIFT_MS = 1000
/** Ages are told by Prometheus's own clock, so a wrong one does no harm; one of another year is no clock, ms. */
const FURTHEST_MS = 30 * 86_400_000

/**
 * Sample times in local time, and how often each target has a new one. The difference of the clocks leans to the older
 * side, so that nothing looks too fresh, and is held still against network jitter: one sample keeps one time, however
 * often it is asked for.
 */
export class SampleClock {
  readonly #clock = new RemoteClock({
    lean: 'oldest',
    steadyMs: DRIFT_MS,
    agreeMs: 0,
    boundMs: FURTHEST_MS,
  })
  readonly #cadences = new Map<string, Cadence>()
  /** Targets of the last answer. */
  #answering: readonly string[] = []

  /** Why the clock of Prometheus cannot be used, in plain words; null where it can. */
  get refusal(): string | null {
    return this.#clock.refusal
  }

  translate(rows: readonly SampleAge[], { evaluatedAt, sentAt, receivedAt }: Evaluated): Sampled {
    this.#clock.observe({ stampMs: evaluatedAt, sentAt, receivedAt })
    const times = new Map<string, number>()
    if (this.#clock.refusal !== null) return { times, dataAgeMs: null }
    let newest = Number.NEGATIVE_INFINITY
    for (const { instance, sampledAt } of rows) {
      const remote = sampledAt * 1000
      // From the future: whoever wrote it has no clock, and nothing is known of its age.
      if (!Number.isFinite(remote) || remote > evaluatedAt) continue
      newest = Math.max(newest, remote)
      const local = Math.min(sentAt, this.#clock.toLocal(remote))
      times.set(instance, local)
      this.#cadenceOf(instance).note(local)
    }
    this.#answering = [...times.keys()]
    // A Prometheus that makes targets up names others in every answer.
    if (this.#cadences.size > 2 * MOST_TARGETS) this.keep(new Set(this.#answering))
    return { times, dataAgeMs: newest === Number.NEGATIVE_INFINITY ? null : evaluatedAt - newest }
  }

  /** Learnt pause between two samples of a target, ms; null while it is not known. */
  cadenceMs(instance: string): number | null {
    return this.#cadences.get(instance)?.ms ?? null
  }

  /** What the history of Prometheus says of a target, until two of its samples were seen, ms. */
  assume(instance: string, cadenceMs: number): void {
    if (this.cadenceMs(instance) === null) this.#cadences.set(instance, new Cadence(cadenceMs))
  }

  /** Of the target that has new samples most often, ms; null while none is known. */
  get shortestCadenceMs(): number | null {
    let shortest = Number.POSITIVE_INFINITY
    for (const instance of this.#answering)
      shortest = Math.min(shortest, this.cadenceMs(instance) ?? shortest)
    return Number.isFinite(shortest) ? shortest : null
  }

  /** Targets that are gone need no memory. */
  keep(instances: ReadonlySet<string>): void {
    for (const instance of this.#cadences.keys()) {
      if (!instances.has(instance)) this.#cadences.delete(instance)
    }
  }

  #cadenceOf(instance: string): Cadence {
    const known = this.#cadences.get(instance)
    if (known) return known
    const made = new Cadence()
    this.#cadences.set(instance, made)
    return made
  }
}
