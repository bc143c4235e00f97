import { SourceFailure } from '../../../platform/failure.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { LiveFleet } from '../../../core/fleet/types.ts'
import {
  type Answered,
  createVectorReader,
  exporterQuery,
  type ExporterTarget,
  identityQuery,
  type PrometheusClient,
  sampleAgeQuery,
  type Vector,
  type VectorReader,
} from '../../../sources/prometheus/index.ts'
import { plural } from '../../../../shared/model/words.ts'
import { askFrozen, Freezes } from './freezes.ts'
import { type Identities, learnIdentities, NO_IDENTITIES } from './identities.ts'
import { AGE_SERIES, FAST_QUESTIONS, type FloorQuestion, isSlowDue, SLOW_QUESTIONS } from './questions.ts'
import { cadenceOf, SampleClock, type Sampled } from './sampleClock.ts'
import { Sheets } from './sheets.ts'

export interface FloorOptions {
  readonly client: PrometheusClient
  readonly fleet: LiveFleet
  readonly clock: Clock
  /** The configured selector, checked. */
  readonly matchers: string
  readonly slowEvery: number
  readonly identityEveryMs: number
  readonly freezeAfterMs: number
}

/** What one refresh brought, before it goes to the floor. */
export interface Refresh extends Sampled {
  readonly rows: number
  readonly bytes: number
  readonly warnings: readonly string[]
  readonly partial: boolean
  /** Puts the figures onto the floor. */
  ingest(): void
}

/** Unknown GPUs ask for an early look at who is who, but not oftener than this, ms. */
const EARLY_IDENTITY_MS = 10_000
const MAX_WARNINGS = 12
const NO_SERIES = 'Prometheus has no GPU series'

/**
 * The floor as Prometheus shows it: how old its samples are, who is who (slowly), and the figures through narrow
 * questions, each of them the whole floor in one column.
 */
export class PrometheusFloor {
  readonly #options: FloorOptions
  readonly #readers = new Map<string, VectorReader>()
  readonly #clock = new SampleClock()
  readonly #fast: Sheets
  readonly #slow: Sheets
  readonly #freezes: Freezes
  #identities: Identities = NO_IDENTITIES
  #identityAt = Number.NEGATIVE_INFINITY
  #identityWarnings: readonly string[] = []
  #forceWhole = false
  #refreshes = 0
  #ageSeries = 0
  #times: Sampled['times'] = new Map()
  /** How often Prometheus has a new sample, ms, as far as seen. */
  #cadenceMs = 15_000

  constructor(options: FloorOptions) {
    this.#options = options
    this.#fast = new Sheets(options.fleet, NO_IDENTITIES)
    this.#slow = new Sheets(options.fleet, NO_IDENTITIES)
    this.#freezes = new Freezes(options.fleet)
  }

  get cadenceMs(): number {
    return this.#cadenceMs
  }

  /**
   * How old the newest samples are, and nothing else.
   * @throws SourceFailure
   */
  async sampled(signal: AbortSignal): Promise<Sampled & { readonly bytes: number }> {
    let bytes = 0
    for (let tried = 0; tried < AGE_SERIES.length; tried++) {
      const series = AGE_SERIES[this.#ageSeries] ?? AGE_SERIES[0]
      const askedAt = this.#options.clock.now()
      const answer = await this.#ask('ages', sampleAgeQuery(this.#options.matchers, series), signal)
      bytes += answer.bytes
      const { series: rows, values, evaluatedAt } = answer.value
      if (rows.length > 0 && evaluatedAt !== null) {
        const ages = rows.map(({ labels }, i) => ({
          instance: labels.get('instance') ?? '',
          sampledAt: values[i] ?? Number.NaN,
        }))
        const sampled = this.#clock.translate(ages, evaluatedAt, askedAt)
        this.#noteCadence(sampled.times)
        return { ...sampled, bytes }
      }
      this.#ageSeries = (this.#ageSeries + 1) % AGE_SERIES.length
    }
    return { times: new Map(), dataAgeMs: null, bytes }
  }

  /**
   * A look from the side while the other way feeds: how old the samples are, and whether a column of the floor comes
   * too, because a back end that answers only small questions could not feed.
   * @throws SourceFailure
   */
  async watch(signal: AbortSignal): Promise<Sampled> {
    const sampled = await this.sampled(signal)
    const [question] = FAST_QUESTIONS
    if (question && sampled.dataAgeMs !== null) {
      await this.#ask(question.id, question.promql(this.#options.matchers, this.#identities.cut), signal)
    }
    return sampled
  }

  /**
   * One whole refresh.
   * @throws SourceFailure when nothing useful was answered
   */
  async refresh(signal: AbortSignal): Promise<Refresh> {
    const { clock, slowEvery } = this.#options
    const sampled = await this.sampled(signal)
    if (sampled.dataAgeMs === null) {
      return { ...sampled, rows: 0, warnings: [], partial: false, ingest: () => this.release(NO_SERIES) }
    }
    if (this.#identityDue(clock.monotonic())) await this.#learn(signal)

    const slowDue = isSlowDue(this.#refreshes, slowEvery)
    const asked = slowDue ? [...FAST_QUESTIONS, ...SLOW_QUESTIONS] : FAST_QUESTIONS
    const answers = await Promise.allSettled(
      asked.map((question) =>
        this.#ask(question.id, question.promql(this.#options.matchers, this.#identities.cut), signal),
      ),
    )
    const outcome = this.#judge(asked, answers)
    this.#refreshes += 1
    return {
      ...sampled,
      bytes: sampled.bytes + outcome.bytes,
      rows: outcome.rows,
      partial: outcome.partial,
      warnings: [...this.#identityWarnings, ...outcome.warnings].slice(0, MAX_WARNINGS),
      ingest: () => {
        for (const { question, vector } of outcome.columns) {
          const sheets = FAST_QUESTIONS.includes(question) ? this.#fast : this.#slow
          sheets.put(question, vector, sampled.times)
        }
        this.#fast.releaseLost(sampled.times)
        this.#slow.releaseLost(sampled.times)
        this.#fast.ingest(sampled.times, clock.now())
        if (slowDue) this.#slow.ingest(sampled.times, clock.now())
      },
    }
  }

  /** Nothing goes from here to the floor any more; the next refresh asks everything. */
  release(why?: string): void {
    this.#fast.release(why)
    this.#slow.release(why)
    this.#freezes.clear()
    this.#refreshes = 0
  }

  #ask(id: string, promql: string, signal: AbortSignal): Promise<Answered<Vector>> {
    const reader = this.#readers.get(id) ?? createVectorReader()
    this.#readers.set(id, reader)
    return this.#options.client.query(promql, { signal, reader })
  }

  #noteCadence(times: Sampled['times']): void {
    const cadence = cadenceOf(this.#times, times)
    if (cadence !== null) this.#cadenceMs = Math.min(300_000, cadence)
    this.#times = times
  }

  #identityDue(now: number): boolean {
    const unknown = this.#fast.takeUnknown() + this.#slow.takeUnknown() > 0
    const age = now - this.#identityAt
    return age >= this.#options.identityEveryMs || (unknown && age >= EARLY_IDENTITY_MS)
  }

  async #learn(signal: AbortSignal): Promise<void> {
    const { clock, matchers, freezeAfterMs } = this.#options
    const windowMs = Math.max(freezeAfterMs, 4 * this.#cadenceMs)
    const [rows, targets, frozen] = await Promise.allSettled([
      this.#ask('identity', identityQuery(matchers), signal),
      this.#ask('exporters', exporterQuery(matchers), signal),
      askFrozen((promql) => this.#ask('frozen', promql, signal), matchers, windowMs),
    ])
    if (rows.status === 'rejected') throw rows.reason
    const warnings: string[] = []
    const exporters = new Map<string, ExporterTarget>()
    if (targets.status === 'fulfilled') {
      const down = readExporters(targets.value.value, exporters)
      if (down.length > 0) warnings.push(unreached(down, exporters.size))
    }
    const cut = this.#forceWhole ? 'whole' : undefined
    this.#identities = learnIdentities(
      rows.value.value.series.map(({ labels }) => labels),
      exporters,
      cut,
    )
    this.#fast.relabel(this.#identities)
    this.#slow.relabel(this.#identities)
    if (frozen.status === 'fulfilled')
      this.#freezes.update(frozen.value, this.#identities, clock.now() - windowMs)
    else warnings.push(`Frozen exporters could not be looked for: ${textOf(frozen.reason)}`)
    this.#identityWarnings = warnings
    this.#identityAt = clock.monotonic()
  }

  #judge(asked: readonly FloorQuestion[], answers: readonly PromiseSettledResult<Answered<Vector>>[]) {
    const columns: { question: FloorQuestion; vector: Vector }[] = []
    const warnings = new Set<string>()
    let first: unknown = null
    let rows = 0
    let bytes = 0
    let partial = false
    asked.forEach((question, i) => {
      const answer = answers[i]
      if (answer?.status === 'fulfilled') {
        rows += answer.value.value.series.length
        bytes += answer.value.bytes
        partial ||= answer.value.partial
        for (const warning of answer.value.warnings) warnings.add(warning)
        columns.push({ question, vector: answer.value.value })
        return
      }
      first ??= answer?.reason
      if (codeOf(answer?.reason) === 'duplicate-series') this.#mixedUp()
      warnings.add(`${question.title} was not answered: ${textOf(answer?.reason)}`)
    })
    if (columns.length === 0 && first !== null) throw first
    return { columns, warnings: [...warnings], rows, bytes, partial: partial || first !== null }
  }

  /** Two boards share the shortened UUID: from now on it is asked for whole. */
  #mixedUp(): void {
    this.#forceWhole = true
    this.#identityAt = Number.NEGATIVE_INFINITY
    this.#refreshes = -1
  }
}

function readExporters(vector: Vector, exporters: Map<string, ExporterTarget>): string[] {
  const down: string[] = []
  vector.series.forEach(({ labels }, i) => {
    const instance = labels.get('instance') ?? ''
    exporters.set(instance, {
      instance,
      job: labels.get('job') ?? '',
      pod: labels.get('pod') ?? '',
      namespace: labels.get('namespace') ?? '',
      container: labels.get('container') ?? '',
    })
    if (vector.values[i] === 0) down.push(instance)
  })
  return down
}

function unreached(down: readonly string[], of: number): string {
  const named = down.slice(0, 3).map((instance) => instance.slice(0, 80))
  const more = down.length > named.length ? ` and ${down.length - named.length} more` : ''
  return `Prometheus does not reach ${down.length} of ${plural(of, 'exporter')}: ${named.join(', ')}${more}.`
}

function codeOf(error: unknown): string {
  return error instanceof SourceFailure ? error.failure.code : ''
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
