import type { SourceError, SourceHealth } from '../../../shared/model/source.ts'
import { backoffDelay } from '../../platform/backoff.ts'
import { describeFailure, SourceFailure } from '../../platform/failure.ts'
import { type Poller, startPoller } from '../../platform/poller.ts'
import { checkedSelector } from '../../platform/promql.ts'
import { PrometheusRounds } from './rounds.ts'
import type {
  InferenceListener,
  InstantQueries,
  PrometheusInference,
  PrometheusInferenceOptions,
} from './types.ts'

/** While it fails it is still asked this often, ms. */
const LONGEST_PAUSE_MS = 30_000
const FIRST_RETRY_MS = 2000

/**
 * Inference servers through Prometheus: counters and queues of every server with the time of their samples, and
 * latencies summed over a window. One round begins after the one before has ended.
 *
 * @throws MappingError where `names` holds an unknown signal, SelectorError where `selector` is none
 */
export function createPrometheusInference(
  options: PrometheusInferenceOptions,
  queries: InstantQueries,
  listener: InferenceListener,
): PrometheusInference {
  const rounds = new PrometheusRounds(
    options,
    queries,
    checkedSelector(options.selector),
    (kind) => listener.leftOutOf?.(kind) ?? new Set(),
  )
  const watch = new Watch(options, rounds, listener)
  return {
    setActive: (on) => watch.setActive(on),
    health: () => [watch.health()],
    close: () => watch.close(),
    curvesQuery: (kind, quantiles, filters, stepMs) => rounds.curvesQuery(kind, quantiles, filters, stepMs),
  }
}

class Watch {
  readonly #options: PrometheusInferenceOptions
  readonly #rounds: PrometheusRounds
  readonly #listener: InferenceListener
  readonly #poller: Poller
  #active = false
  /** Why its last answer is of no use, though it answered: no reason to ask less often. */
  #emptiness: SourceError | null = null
  #lastAttemptAt: number | null = null
  #lastSuccessAt: number | null = null
  #latencyMs: number | null = null
  #samples: number | null = null
  #partial = false
  #warnings: readonly string[] = []

  constructor(options: PrometheusInferenceOptions, rounds: PrometheusRounds, listener: InferenceListener) {
    const { refreshMs, name, clock, logger } = options
    this.#options = options
    this.#rounds = rounds
    this.#listener = listener
    const policy = {
      baseMs: refreshMs,
      ceilingMs: Math.max(refreshMs, LONGEST_PAUSE_MS),
      floorMs: Math.min(refreshMs, FIRST_RETRY_MS),
    }
    this.#poller = startPoller({
      what: `inference servers through ${name}`,
      everyMs: refreshMs,
      afterFailures: (failures, random) => backoffDelay(failures, policy, random),
      clock,
      logger,
      ask: (signal) => this.#attempt(signal),
      paused: true,
    })
  }

  setActive(on: boolean): void {
    if (on === this.#active) return
    this.#active = on
    if (!on) return this.#poller.pause()
    this.#rounds.forget()
    this.#poller.resume()
  }

  close(): Promise<void> {
    this.#active = false
    return this.#poller.close()
  }

  async #attempt(signal: AbortSignal): Promise<void> {
    const { clock, name, address } = this.#options
    const startedAt = clock.monotonic()
    this.#lastAttemptAt = clock.now()
    try {
      const { round, partial, rows, servers } = await this.#rounds.ask(signal)
      if (signal.aborted) return
      this.#lastSuccessAt = clock.now()
      this.#latencyMs = clock.monotonic() - startedAt
      this.#samples = rows
      this.#partial = partial
      this.#warnings = round.warnings
      this.#emptiness = servers === 0 ? noServers(this.#options) : null
      this.#listener.onRound(round)
    } catch (error) {
      const failure = describeFailure(error, { source: `inference servers through ${name}`, address })
      if (!signal.aborted) {
        this.#emptiness = null
        this.#listener.onFailure(failure)
      }
      throw new SourceFailure(failure, error)
    }
  }

  health(): SourceHealth {
    const { address, name, refreshMs, clock } = this.#options
    const failures = this.#emptiness === null ? this.#poller.failures() : 1
    const slow = this.#partial || this.#warnings.length > 0 || (this.#latencyMs ?? 0) > refreshMs
    const heard = this.#lastSuccessAt === null ? 'unknown' : slow ? 'slow' : 'ok'
    return {
      id: `inference through ${address}`,
      kind: 'inference',
      name: `Inference servers through ${name}`,
      address,
      state: !this.#active ? 'standby' : failures > 0 ? 'failing' : heard,
      feeding: this.#active && failures === 0 && this.#lastSuccessAt !== null,
      lastAttemptAt: this.#lastAttemptAt,
      lastSuccessAt: this.#lastSuccessAt,
      latencyMs: this.#latencyMs,
      samples: this.#samples,
      bytes: null,
      consecutiveFailures: failures,
      error: this.#emptiness ?? this.#poller.failure(),
      warnings: [...this.#warnings],
      doubts: this.#rounds.doubts(clock.now()),
      cadenceMs: this.#rounds.cadenceMs,
      nextAttemptAt: this.#poller.nextAttemptAt(),
    }
  }
}

/** It answers, and its answer is of no use. */
function noServers({ name, selector }: PrometheusInferenceOptions): SourceError {
  return {
    code: 'empty',
    text: `${name} answers, but has no series of an inference server${selector === '' ? '' : ` that passes the selector ${selector}`}; expected vllm:…, sglang:… or those of another engine`,
    nextStep:
      'See whether Prometheus scrapes the inference servers (their /metrics), and whether inference.selector fits their labels.',
  }
}
