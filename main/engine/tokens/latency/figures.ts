import type { LatencyFigures } from '../../../../shared/contract/tokens.ts'
import { LATENCY_KINDS, type LatencyKind } from '../../../../shared/metering/capabilities.ts'
import type { Quantiles, TokenFilters } from '../../../../shared/model/tokens.ts'
import { addHistograms, quantilesOf } from '../../../core/tokens/latency/quantile.ts'
import type { Histogram } from '../../../core/tokens/types.ts'
import type { Clock } from '../../../platform/clock.ts'
import { AbilityMissing, type LatencyTable, type MeteringSource } from '../../../sources/metering/types.ts'
import { filtersOf } from '../answers/asking.ts'
import type { RemoteTime } from '../../../platform/remoteClock.ts'
import { noLatency } from '../answers/blank.ts'
import { OnDemand } from '../answers/onDemand.ts'
import { LATENCY_WINDOW_TEXT, type ServedWatch } from '../served/watch.ts'
import { LATENCY_WINDOW_MS } from '../windows.ts'

const KEEP_MS = 15_000

/** Histograms of the gateway by kind, and why one is missing. */
interface Measured {
  readonly histograms: Readonly<Record<LatencyKind, Histogram | null>>
  readonly notes: readonly string[]
}

/**
 * Latencies from whoever can say them for these filters: the inference servers know models and endpoints but no
 * tenants, the metering measures at the gateway and may know them.
 */
export class LatencyReader {
  readonly #served: ServedWatch | null
  readonly #source: MeteringSource | null
  readonly #backendClock: RemoteTime
  readonly #clock: Clock
  readonly #measured: OnDemand<Measured>

  constructor(options: {
    readonly served: ServedWatch | null
    readonly source: MeteringSource | null
    readonly backendClock: RemoteTime
    readonly clock: Clock
    readonly onNews: () => void
  }) {
    this.#served = options.served
    this.#source = options.source
    this.#backendClock = options.backendClock
    this.#clock = options.clock
    this.#measured = new OnDemand({
      clock: options.clock,
      keepMs: KEEP_MS,
      what: 'latency',
      onNews: options.onNews,
    })
  }

  /** What is known now; a newer answer of the metering comes by itself while somebody goes on reading. */
  read(filters: TokenFilters): LatencyFigures {
    const fromServers = this.#ofServers(filters)
    const wantsGateway = filters.tenant !== undefined || fromServers === null
    const fromGateway = wantsGateway ? this.atGateway(filters) : null
    if (filters.tenant !== undefined && hasFigures(fromGateway)) return fromGateway
    return fromServers ?? fromGateway ?? noLatency('No inference servers are configured.')
  }

  /** As measured at the gateway; null where no metering is configured. */
  atGateway(filters: TokenFilters): LatencyFigures | null {
    const source = this.#source
    if (source === null) return null
    const { value, at, error } = this.#measured.read(JSON.stringify(filters), (signal) =>
      this.#ask(source, filters, signal),
    )
    if (value === null) {
      return noLatency(error === null ? `${source.name} is being asked for latencies.` : error.text)
    }
    return {
      ...figuresOf(value.histograms),
      source: `gateway, as ${source.name} measures it, ${LATENCY_WINDOW_TEXT}`,
      note: [...value.notes, ...(error === null ? [] : [error.text])].join(' '),
      at,
    }
  }

  close(): void {
    this.#measured.close()
  }

  #ofServers(filters: TokenFilters): LatencyFigures | null {
    const watch = this.#served
    if (watch === null || watch.path() === 'none') return null
    const served = watch.served()
    const now = this.#clock.now()
    const { note, ...histograms } = served.latency(filtersOf(filters), LATENCY_WINDOW_MS, now)
    const figures = figuresOf(histograms)
    if (LATENCY_KINDS.every((kind) => figures[kind] === null) && this.#source !== null) return null
    const empty = LATENCY_KINDS.every((kind) => figures[kind] === null)
    return {
      ...figures,
      source: `${watch.sourceText()}, ${LATENCY_WINDOW_TEXT}`,
      note: empty ? 'No inference server has told a latency in this time.' : note,
      at: served.servers(filtersOf(filters), now).at,
    }
  }

  async #ask(source: MeteringSource, filters: TokenFilters, signal: AbortSignal): Promise<Measured> {
    const toMs = this.#backendClock.toRemote(this.#clock.now())
    const range = { fromMs: toMs - LATENCY_WINDOW_MS, toMs }
    const notes = new Set<string>()
    const answers = await Promise.all(
      LATENCY_KINDS.map(async (kind) => {
        try {
          const table = await source.latency(
            { ...range, kind, stepMs: null, groupBy: [], filters: filtersOf(filters) },
            signal,
          )
          if (!table.complete) for (const what of table.missing) notes.add(`Not reported: ${what}.`)
          return [kind, sumOf(table)] as const
        } catch (error) {
          if (!(error instanceof AbilityMissing)) throw error
          notes.add(error.message)
          return [kind, null] as const
        }
      }),
    )
    return {
      histograms: Object.fromEntries(answers) as Measured['histograms'],
      notes: [...notes].slice(0, 5),
    }
  }
}

function sumOf({ series }: LatencyTable): Histogram | null {
  const [first, ...others] = series.flatMap(({ points }) => points.map(({ histogram }) => histogram))
  return first === undefined ? null : others.reduce(addHistograms, first)
}

function figuresOf(
  histograms: Readonly<Record<LatencyKind, Histogram | null>>,
): Record<LatencyKind, Quantiles | null> {
  const of = (histogram: Histogram | null) => (histogram === null ? null : quantilesOf(histogram))
  return {
    duration: of(histograms.duration),
    timeToFirstToken: of(histograms.timeToFirstToken),
    interToken: of(histograms.interToken),
  }
}

function hasFigures(figures: LatencyFigures | null): figures is LatencyFigures {
  return figures !== null && LATENCY_KINDS.some((kind) => figures[kind] !== null)
}
