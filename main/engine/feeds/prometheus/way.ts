import type { SourceError, SourceHealth } from '../../../../shared/model/source.ts'
import type { PrometheusOptions } from '../../../config/types.ts'
import type { LiveFleet } from '../../../core/fleet/types.ts'
import { staleLimit } from '../../../core/observation.ts'
import type { Clock } from '../../../platform/clock.ts'
import { SourceFailure, sourceErrorOf } from '../../../platform/failure.ts'
import type { Logger } from '../../../platform/logger.ts'
import { type Poller, startPoller } from '../../../platform/poller.ts'
import { secondLook } from '../../../platform/pollTimes.ts'
import { checkedSelector, type PrometheusClient } from '../../../sources/prometheus/index.ts'
import { openPrometheus } from '../../site/prometheusAccess.ts'
import type { Way } from '../../site/types.ts'
import type { ArbiterEvent } from '../arbiter.ts'
import { inWords } from '../../../../shared/model/phrases.ts'
import { briefly } from '../brief.ts'
import { PrometheusFloor } from './floor.ts'
import type { Refresh } from './refresh.ts'
import type { Sampled } from './sampleClock.ts'
import { SPEAKER } from './sheets.ts'

export interface PrometheusWayOptions {
  readonly prometheus: PrometheusOptions
  readonly fleet: LiveFleet
  readonly clock: Clock
  readonly logger: Logger
  /** Labels that name the machine, beside the usual ones. */
  readonly hostLabels: readonly string[]
  readonly staleAfterMs: number
  readonly freezeAfterMs: number
  /** Told after every attempt; calls {@link Way.setFeeding} when that changes the feed. */
  readonly decide: (event: ArbiterEvent) => void
  readonly onNews: () => void
}

export interface PrometheusWay extends Way {
  readonly client: PrometheusClient
  readonly matchers: string
  /** How often Prometheus has a new sample, ms; null while that is not known. */
  cadenceMs(): number | null
}

/** While it fails it is still asked this often, so that its return is noticed, ms. */
const LONGEST_PAUSE_MS = 10_000
const CONNECTIONS = 6

/**
 * Polls one Prometheus: while it feeds, the whole floor at every refresh; otherwise only how fresh its samples are. One
 * refresh begins after the one before has ended, however long that took, so nothing piles up.
 *
 * @throws SelectorError when the configured selector is none
 */
export function startPrometheusWay(options: PrometheusWayOptions): PrometheusWay {
  const { prometheus, fleet, clock } = options
  const matchers = checkedSelector(prometheus.selector)
  const { client, close } = openPrometheus(prometheus, clock, CONNECTIONS)
  const floor = new PrometheusFloor({
    client,
    fleet,
    clock,
    matchers,
    slowEvery: prometheus.slowEvery,
    refreshMs: prometheus.refreshMs,
    identityEveryMs: prometheus.identityEveryMs,
    hostLabels: options.hostLabels,
    freezeAfterMs: options.freezeAfterMs,
  })
  const watch = new PrometheusWatch(options, client, floor)
  return {
    client,
    matchers,
    cadenceMs: () => floor.cadenceMs,
    setFeeding: (on) => watch.setFeeding(on),
    health: () => [watch.health()],
    async close() {
      await watch.close()
      await close()
    },
  }
}

class PrometheusWatch {
  readonly #options: PrometheusWayOptions
  readonly #client: PrometheusClient
  readonly #floor: PrometheusFloor
  readonly #poller: Poller
  #feeding = false
  #failure: SourceError | null = null
  #last: { readonly refresh: Refresh; readonly tookMs: number; readonly at: number } | null = null
  #lastSuccessAt: number | null = null
  /** Why its last answer is of no use for the floor, though it answered. */
  #emptiness: SourceError | null = null
  #title = 'Prometheus'
  #titled = false

  constructor(options: PrometheusWayOptions, client: PrometheusClient, floor: PrometheusFloor) {
    const { clock, logger, onNews } = options
    const { refreshMs } = options.prometheus
    this.#options = options
    this.#client = client
    this.#floor = floor
    this.#poller = startPoller({
      what: 'the floor from Prometheus',
      everyMs: refreshMs,
      afterFailures: secondLook(refreshMs, Math.max(refreshMs, LONGEST_PAUSE_MS)),
      clock,
      logger,
      ask: (signal) => this.#attempt(signal),
      onDone: onNews,
    })
  }

  setFeeding(on: boolean): void {
    if (this.#feeding === on) return
    this.#feeding = on
    // At once, also where the feed turned this way during an attempt.
    if (on) this.#poller.now()
    else this.#floor.release(this.#failure === null ? undefined : `Prometheus: ${briefly(this.#failure)}`)
  }

  close(): Promise<void> {
    return this.#poller.close()
  }

  async #attempt(signal: AbortSignal): Promise<void> {
    const { decide } = this.#options
    try {
      if (this.#feeding) await this.#refresh(signal)
      else this.#answered(await this.#floor.watch(signal))
      if (!this.#titled) await this.#learnTitle(signal)
    } catch (error) {
      if (!signal.aborted) {
        this.#titled = false
        this.#failure = sourceErrorOf(error, 'the floor from Prometheus')
        decide({ kind: 'failed', text: withoutSource(this.#failure.text) })
      }
      throw error
    }
  }

  async #refresh(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options
    const startedAt = clock.monotonic()
    const refresh = await this.#floor.refresh(signal)
    if (signal.aborted) return
    this.#last = { refresh, tookMs: clock.monotonic() - startedAt, at: clock.now() }
    this.#answered(refresh)
    await refresh.ingest(() => this.#feeding && !signal.aborted)
  }

  #answered({ dataAgeMs }: Sampled): void {
    const { clock, decide, staleAfterMs } = this.#options
    const { cadenceMs } = this.#floor
    this.#emptiness = emptinessOf(dataAgeMs, staleLimit(staleAfterMs, cadenceMs))
    this.#failure = null
    this.#lastSuccessAt = clock.now()
    decide({ kind: 'answered', dataAgeMs, cadenceMs })
  }

  /** Which back end it is, for people. One that keeps it to itself is as good; another may stand there after trouble. */
  async #learnTitle(signal: AbortSignal): Promise<void> {
    this.#titled = true
    try {
      this.#title = (await this.#client.buildInfo({ signal })).value.title
    } catch (error) {
      if (!(error instanceof SourceFailure)) throw error
    }
  }

  health(): SourceHealth {
    const known = this.#client.health()
    const last = this.#last
    const fed = this.#feeding ? last?.refresh : undefined
    return {
      ...known,
      name: this.#title,
      state: this.#state(),
      feeding: this.#feeding,
      lastSuccessAt: this.#lastSuccessAt,
      latencyMs: last?.tookMs ?? known.latencyMs,
      samples: last?.refresh.rows ?? known.samples,
      bytes: last?.refresh.bytes ?? known.bytes,
      consecutiveFailures: this.#poller.failures(),
      error: this.#failure ?? this.#emptiness,
      warnings: [...(this.#feeding ? (fed?.warnings ?? []) : known.warnings)],
      doubts: [...(fed?.doubts ?? []), ...this.#options.fleet.doubts(SPEAKER.name)],
      cadenceMs: this.#floor.cadenceMs,
      nextAttemptAt: this.#poller.nextAttemptAt(),
    }
  }

  #state(): SourceHealth['state'] {
    const failures = this.#poller.failures()
    if (failures > 2) return 'backoff'
    if (failures > 0 || this.#emptiness !== null) return 'failing'
    if (this.#lastSuccessAt === null) return 'unknown'
    if (!this.#feeding) return 'standby'
    const late = (this.#last?.tookMs ?? 0) > this.#options.prometheus.refreshMs
    return late || this.#last?.refresh.complete !== true ? 'slow' : 'ok'
  }
}

/**
 * An answer without current samples came, and is a failure of its source all the same.
 * @param limitMs oldest age of a sample that is current
 */
export function emptinessOf(dataAgeMs: number | null, limitMs: number): SourceError | null {
  if (dataAgeMs === null) {
    return {
      code: 'empty',
      text: 'Prometheus answers, but has no GPU series',
      nextStep: 'See whether it reaches a dcgm-exporter, and whether `selector` leaves it out.',
    }
  }
  if (dataAgeMs <= limitMs) return null
  return {
    code: 'old',
    text: `Prometheus answers, but its newest GPU sample is ${inWords(dataAgeMs)} old`,
    nextStep: 'See whether it still reaches the exporters.',
  }
}

/** "Prometheus: connection refused by ..." reads twice in a sentence that already names Prometheus. */
function withoutSource(text: string): string {
  return text.replace(/^Prometheus: /, '').replace(/[.]$/, '')
}
