import type { Filters } from '../../core/tokens/types.ts'
import { SourceFailure } from '../../platform/failure.ts'
import { noneOf, oneOf } from '../../platform/promql.ts'
import { servedModels } from './identity.ts'
import { type HistogramSignal, type Mapping, prefixOf } from './mapping.ts'
import type { Plan } from './plan.ts'
import { type Asked, boundsQuery, curvesText, LATENCY_SIGNALS, latencyQuery } from './questions.ts'
import { type Grouped, readHaving, readLatencies } from './rows.ts'
import type { EngineRules } from './rules.ts'
import type { CurvesQuery, InstantAnswer, PrometheusInferenceOptions, WindowedHistogram } from './types.ts'

type Vector = InstantAnswer['value']

const DEFAULT_WINDOW_MS = 300_000
/** Sums over minutes change little in less than this, ms. */
const LATENCY_EVERY_MS = 30_000
/** Taken for the pause between scrapes until it is learnt, ms. */
const USUAL_SCRAPE_MS = 15_000
/** A rate needs samples to both ends of its window. */
const SCRAPES_IN_RATE = 4

/** Ids of servers whose latencies of a kind are of another part of a request. */
export type LeftOutOf = (kind: HistogramSignal) => ReadonlySet<string>

/** What the figures of the newest round say about the servers. */
export interface Seen {
  readonly mapping: Mapping
  /** Empty before the first round. */
  servers(): Grouped['servers']
  plans(): ReadonlyMap<string, Plan>
  /** The shortest pause between two samples of one server, ms; null before two were seen. */
  cadenceMs(): number | null
}

/** Latencies that Prometheus sums itself: those of now, and the question for those of a time. */
export class RoundLatencies {
  readonly #options: PrometheusInferenceOptions
  readonly #matchers: string
  readonly #leftOutOf: LeftOutOf
  readonly #seen: Seen
  windowed: readonly WindowedHistogram[] = []
  warnings: readonly string[] = []
  #askedAt = Number.NEGATIVE_INFINITY
  #parts = ''

  constructor(options: PrometheusInferenceOptions, matchers: string, leftOutOf: LeftOutOf, seen: Seen) {
    this.#options = options
    this.#matchers = matchers
    this.#leftOutOf = leftOutOf
    this.#seen = seen
  }

  /** What was summed before a pause says nothing of now. */
  forget(): void {
    this.windowed = []
    this.#askedAt = Number.NEGATIVE_INFINITY
  }

  /** Asks them again where they are old, or other servers have other parts of a request now. @throws SourceFailure when aborted */
  async ask(ask: (promql: string) => Promise<Vector>, signal: AbortSignal): Promise<void> {
    const { clock, latencyWindowMs = DEFAULT_WINDOW_MS } = this.#options
    const isFresh = clock.monotonic() - this.#askedAt < LATENCY_EVERY_MS
    // Which server has which part of a request is known once it was counted a while, and then at once.
    const parts = JSON.stringify(LATENCY_SIGNALS.map((kind) => this.#instancesOf(this.#leftOutOf(kind))))
    if ((isFresh && parts === this.#parts) || signal.aborted) return
    this.#parts = parts
    const asked = this.#asked()
    const windowed: WindowedHistogram[] = []
    this.warnings = []
    try {
      for (const kind of LATENCY_SIGNALS) {
        const leftOut = this.#leftOutOf(kind)
        const matchers = this.#without(leftOut)
        const promql = latencyQuery(kind, asked, this.#options, matchers, latencyWindowMs)
        const bounds = boundsQuery(kind, asked, this.#options, matchers)
        if (promql === null || bounds === null) continue
        const grown = await ask(promql)
        if (grown.series.length === 0) continue
        const having = readHaving(await ask(bounds))
        windowed.push(...readLatencies(kind, grown, having, latencyWindowMs, this.#options, leftOut))
      }
      this.windowed = windowed
    } catch (error) {
      // Sums over minutes are the costliest question; counters are not to be lost with it.
      if (!(error instanceof SourceFailure) || signal.aborted) throw error
      this.warnings = [`Latencies: ${error.failure.text}`]
      this.windowed = []
    }
    this.#askedAt = clock.monotonic()
  }

  /** Engines that are there, each in the spelling it is exposed in. Frontends only where no server is there. */
  #asked(matchersOf: (engine: EngineRules) => readonly string[] | null = () => []): Asked[] {
    const prefixes = new Map<EngineRules, Set<string>>()
    for (const { series } of this.#seen.servers().values()) {
      for (const { name } of series) {
        for (const { of } of this.#seen.mapping.rulesOf(name)) {
          const known = prefixes.get(of) ?? new Set()
          prefixes.set(of, known.add(prefixOf(name)))
        }
      }
    }
    const engines = [...prefixes.keys()]
    const servers = engines.filter(({ tier }) => tier === 'server')
    // Histograms of a configured engine may be all that is known of it.
    const configured = this.#seen.mapping.engines.filter(({ engine }) => engine === 'configured')
    const chosen = new Set([...configured, ...(servers.length > 0 ? servers : engines)])
    return [...chosen].flatMap((of) => {
      const matchers = matchersOf(of)
      if (matchers === null) return []
      return [...(prefixes.get(of) ?? [''])].map((prefix) => ({ of, prefix, matchers }))
    })
  }

  curvesQuery(
    kind: HistogramSignal,
    quantiles: readonly number[],
    filters: Filters,
    stepMs: number,
  ): CurvesQuery {
    if (filters.tenant !== undefined) {
      return { impossible: 'Inference servers know no tenants; their latencies cannot be narrowed to one.' }
    }
    if (filters.gpuType !== undefined) {
      return { impossible: 'Prometheus does not know on which GPU type an inference server runs.' }
    }
    const notes: string[] = []
    const asked = this.#asked((engine) => {
      const matchers: string[] = []
      for (const what of ['model', 'endpoint'] as const) {
        const names = filters[what]
        if (names === undefined) continue
        const label = this.#holderOf(engine, what)
        if (label === null) {
          notes.push(`${engine.engine} does not name the ${what}; it is left out.`)
          return null
        }
        matchers.push(oneOf(label, what === 'model' ? servedModels(names, this.#options) : names))
      }
      return matchers
    })
    const pauseMs = this.#seen.cadenceMs() ?? USUAL_SCRAPE_MS
    const promql = curvesText(
      kind,
      quantiles,
      asked,
      this.#without(this.#leftOutOf(kind)),
      Math.max(stepMs, SCRAPES_IN_RATE * pauseMs),
    )
    if (promql !== null) return { promql, notes }
    const why = notes.length > 0 ? ` ${notes.join(' ')}` : ''
    return { impossible: `No inference server that Prometheus knows reports this latency.${why}` }
  }

  /** The configured matchers, and none of these servers. */
  #without(ids: ReadonlySet<string>): string {
    return [this.#matchers, noneOf('instance', this.#instancesOf(ids))].filter((one) => one !== '').join(',')
  }

  /** Sorted, so that the same servers make the same question. */
  #instancesOf(ids: ReadonlySet<string>): string[] {
    const instances = [...ids].flatMap((id) => this.#seen.servers().get(id)?.around.get('instance') ?? [])
    return [...new Set(instances)].toSorted()
  }

  /** The label that names the model or endpoint on this engine's series, as last seen. */
  #holderOf({ engine, modelLabel }: EngineRules, what: 'model' | 'endpoint'): string | null {
    for (const { holders } of this.#seen.plans().values()) {
      const label = holders.find((one) => one.engine === engine)?.[what] ?? null
      if (label !== null) return label
    }
    return what === 'model' ? modelLabel : null
  }
}
