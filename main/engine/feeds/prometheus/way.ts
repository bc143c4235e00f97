import type { SourceHealth } from '../../../../shared/model/source.ts'
import type { PrometheusOptions } from '../../../config/types.ts'
import type { LiveFleet } from '../../../core/fleet/types.ts'
import { backoffDelay } from '../../../platform/backoff.ts'
import type { Clock } from '../../../platform/clock.ts'
import { SourceFailure } from '../../../platform/failure.ts'
import type { Logger } from '../../../platform/logger.ts'
import { checkedSelector, type PrometheusClient } from '../../../sources/prometheus/index.ts'
import { openPrometheus } from '../../site/prometheusAccess.ts'
import type { Way } from '../../site/types.ts'
import type { ArbiterEvent } from '../arbiter.ts'
import { inWords } from '../../../../shared/model/words.ts'
import { briefly } from '../words.ts'
import { PrometheusFloor, type Refresh } from './floor.ts'
import { SPEAKER } from './sheets.ts'

export interface PrometheusWayOptions {
  readonly prometheus: PrometheusOptions
  readonly fleet: LiveFleet
  readonly clock: Clock
  readonly logger: Logger
  readonly staleAfterMs: number
  readonly freezeAfterMs: number
  /** Told after every attempt; calls {@link Way.setFeeding} when that changes the feed. */
  readonly decide: (event: ArbiterEvent) => void
  readonly onNews: () => void
}

export interface PrometheusWay extends Way {
  readonly client: PrometheusClient
  readonly matchers: string
  /** How often Prometheus has a new sample, ms, as far as seen. */
  cadenceMs(): number
}

/** A first failure is looked at again soon: it takes two in a row to turn to the exporters. */
const SECOND_LOOK_MS = 1_000
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
  const { prometheus, fleet, clock, logger } = options
  const matchers = checkedSelector(prometheus.selector)
  const { client, close } = openPrometheus(prometheus, clock, CONNECTIONS)
  const floor = new PrometheusFloor({
    client,
    fleet,
    clock,
    matchers,
    slowEvery: prometheus.slowEvery,
    identityEveryMs: prometheus.identityEveryMs,
    freezeAfterMs: options.freezeAfterMs,
  })
  const poller = new Poller(options, client, floor)
  void poller.run().catch((error: unknown) => logger.fatal({ err: error }, 'polling Prometheus ended'))
  return {
    client,
    matchers,
    cadenceMs: () => floor.cadenceMs,
    setFeeding: (on) => poller.setFeeding(on),
    health: () => [poller.health()],
    async close() {
      await poller.close()
      await close()
    },
  }
}

class Poller {
  readonly #options: PrometheusWayOptions
  readonly #client: PrometheusClient
  readonly #floor: PrometheusFloor
  readonly #closing = new AbortController()
  #feeding = false
  #failures = 0
  #failure: SourceFailure['failure'] | null = null
  #last: { readonly refresh: Refresh; readonly tookMs: number; readonly at: number } | null = null
  #lastSuccessAt: number | null = null
  /** Why its last answer is of no use for the floor, though it answered. */
  #emptiness: string | null = null
  #title = 'Prometheus'
  #titled = false
  #nextAttemptAt: number | null = null
  #wake: (() => void) | null = null
  #running: Promise<void> = Promise.resolve()

  constructor(options: PrometheusWayOptions, client: PrometheusClient, floor: PrometheusFloor) {
    this.#options = options
    this.#client = client
    this.#floor = floor
  }

  setFeeding(on: boolean): void {
    if (this.#feeding === on) return
    this.#feeding = on
    if (on) this.#wake?.()
    else this.#floor.release(this.#failure === null ? undefined : `Prometheus: ${briefly(this.#failure)}`)
  }

  run(): Promise<void> {
    this.#running = this.#loop()
    return this.#running
  }

  async close(): Promise<void> {
    this.#closing.abort()
    this.#wake?.()
    await this.#running
  }

  async #loop(): Promise<void> {
    const { clock } = this.#options
    while (!this.#closing.signal.aborted) {
      const startedAt = clock.monotonic()
      const fed = this.#feeding
      await this.#attempt(fed)
      // The feed turned this way during the attempt: the floor is asked at once.
      if (this.#feeding && !fed && this.#failures === 0) continue
      await this.#pause(Math.max(0, this.#pauseMs() - (clock.monotonic() - startedAt)))
    }
  }

  async #attempt(whole: boolean): Promise<void> {
    const { decide, onNews, clock, logger } = this.#options
    const { signal } = this.#closing
    const startedAt = clock.monotonic()
    this.#nextAttemptAt = null
    try {
      if (whole) {
        const refresh = await this.#floor.refresh(signal)
        this.#succeeded(refresh.dataAgeMs)
        this.#last = { refresh, tookMs: clock.monotonic() - startedAt, at: clock.now() }
        decide({ kind: 'answered', dataAgeMs: refresh.dataAgeMs })
        if (this.#feeding) refresh.ingest()
      } else {
        const { dataAgeMs } = await this.#floor.watch(signal)
        this.#succeeded(dataAgeMs)
        decide({ kind: 'answered', dataAgeMs })
      }
      if (!this.#titled) await this.#learnTitle(signal)
    } catch (error) {
      if (signal.aborted) return
      this.#failures += 1
      this.#titled = false
      this.#failure = failureOf(error)
      if (!(error instanceof SourceFailure)) logger.error({ err: error }, 'a refresh from Prometheus failed')
      decide({ kind: 'failed', text: withoutSource(this.#failure.text) })
    }
    onNews()
  }

  #succeeded(dataAgeMs: number | null): void {
    this.#failures = 0
    this.#emptiness = emptinessOf(dataAgeMs, this.#options.staleAfterMs)
    this.#failure = null
    this.#lastSuccessAt = this.#options.clock.now()
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

  #pauseMs(): number {
    const { refreshMs } = this.#options.prometheus
    if (this.#failures === 0) return refreshMs
    if (this.#failures === 1) return Math.min(refreshMs, SECOND_LOOK_MS)
    const ceilingMs = Math.max(refreshMs, LONGEST_PAUSE_MS)
    const floorMs = Math.min(refreshMs, SECOND_LOOK_MS)
    return backoffDelay(this.#failures, { baseMs: refreshMs, ceilingMs, floorMs }, Math.random())
  }

  #pause(ms: number): Promise<void> {
    this.#nextAttemptAt = this.#options.clock.now() + ms
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        this.#wake = null
        resolve()
      }
      const timer = setTimeout(done, ms)
      this.#wake = done
      if (this.#closing.signal.aborted) done()
    })
  }

  health(): SourceHealth {
    const known = this.#client.health()
    const last = this.#last
    return {
      ...known,
      name: this.#title,
      state: this.#state(),
      feeding: this.#feeding,
      lastSuccessAt: this.#lastSuccessAt,
      latencyMs: last?.tookMs ?? known.latencyMs,
      samples: last?.refresh.rows ?? known.samples,
      bytes: last?.refresh.bytes ?? known.bytes,
      consecutiveFailures: this.#failures,
      error: this.#failure,
      warnings: [
        ...(this.#emptiness === null ? [] : [this.#emptiness]),
        ...(this.#feeding ? (last?.refresh.warnings ?? []) : known.warnings),
      ],
      doubts: [...known.doubts, ...this.#options.fleet.doubts(SPEAKER.name)],
      nextAttemptAt: this.#nextAttemptAt,
    }
  }

  #state(): SourceHealth['state'] {
    if (this.#failures > 2) return 'backoff'
    if (this.#failures > 0) return 'failing'
    if (this.#lastSuccessAt === null) return 'unknown'
    if (this.#emptiness !== null) return 'slow'
    if (!this.#feeding) return 'standby'
    const late = (this.#last?.tookMs ?? 0) > this.#options.prometheus.refreshMs
    return late || this.#last?.refresh.partial === true ? 'slow' : 'ok'
  }
}

/** An answer without current samples is no error of its server, yet nobody should take that source for a healthy one. */
export function emptinessOf(dataAgeMs: number | null, staleAfterMs: number): string | null {
  if (dataAgeMs === null) {
    return 'It answers, but has no GPU series: it reaches no dcgm-exporter, or the selector leaves them out.'
  }
  if (dataAgeMs <= staleAfterMs) return null
  return `Its newest GPU sample is ${inWords(dataAgeMs)} old: see whether it still reaches the exporters.`
}

function failureOf(error: unknown): SourceFailure['failure'] {
  if (error instanceof SourceFailure) return error.failure
  return {
    code: 'internal',
    text: 'Prometheus: its answer could not be used.',
    nextStep: "The engine's log has the details; please report them.",
  }
}

/** "Prometheus: connection refused by ..." reads twice in a sentence that already names Prometheus. */
function withoutSource(text: string): string {
  return text.replace(/^Prometheus: /, '').replace(/[.]$/, '')
}
