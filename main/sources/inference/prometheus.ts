import type { SourceError, SourceHealth } from '../../../shared/model/source.ts'
import { backoffDelay } from '../../platform/backoff.ts'
import { describeFailure, SourceFailure } from '../../platform/failure.ts'
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
  const rounds = new PrometheusRounds(options, queries, checkedSelector(options.selector))
  const loop = new Loop(options, rounds, listener)
  return {
    setActive: (on) => loop.setActive(on),
    health: () => [loop.health()],
    close: () => loop.close(),
    curvesQuery: (kind, quantiles, filters, stepMs) => rounds.curvesQuery(kind, quantiles, filters, stepMs),
  }
}

class Loop {
  readonly #options: PrometheusInferenceOptions
  readonly #rounds: PrometheusRounds
  readonly #listener: InferenceListener
  #asking: AbortController | null = null
  #running: Promise<void> = Promise.resolve()
  #closed = false
  #failures = 0
  #error: SourceError | null = null
  #lastAttemptAt: number | null = null
  #lastSuccessAt: number | null = null
  #nextAttemptAt: number | null = null
  #latencyMs: number | null = null
  #samples: number | null = null
  #partial = false
  #warnings: readonly string[] = []

  constructor(options: PrometheusInferenceOptions, rounds: PrometheusRounds, listener: InferenceListener) {
    this.#options = options
    this.#rounds = rounds
    this.#listener = listener
  }

  setActive(on: boolean): void {
    if (this.#closed || on === (this.#asking !== null)) return
    if (!on) {
      this.#asking?.abort()
      this.#asking = null
      this.#nextAttemptAt = null
      return
    }
    const asking = new AbortController()
    this.#asking = asking
    this.#rounds.forget()
    const before = this.#running
    this.#running = (async () => {
      await before
      await this.#loop(asking.signal)
    })()
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#asking?.abort()
    this.#asking = null
    await this.#running
  }

  async #loop(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options
    while (!signal.aborted) {
      const startedAt = clock.monotonic()
      await this.#attempt(signal)
      if (signal.aborted) return
      const pauseMs = Math.max(0, this.#pauseMs() - (clock.monotonic() - startedAt))
      this.#nextAttemptAt = clock.now() + pauseMs
      await pause(pauseMs, signal)
    }
  }

  async #attempt(signal: AbortSignal): Promise<void> {
    const { clock, name, address } = this.#options
    const startedAt = clock.monotonic()
    this.#lastAttemptAt = clock.now()
    this.#nextAttemptAt = null
    try {
      const { round, partial, rows, servers } = await this.#rounds.ask(signal)
      if (signal.aborted) return
      this.#failures = 0
      this.#error = null
      this.#lastSuccessAt = clock.now()
      this.#latencyMs = clock.monotonic() - startedAt
      this.#samples = rows
      this.#partial = partial
      this.#warnings = round.warnings
      if (servers === 0) this.#saysNothing()
      this.#listener.onRound(round)
    } catch (error) {
      if (signal.aborted) return
      this.#failures++
      this.#error =
        error instanceof SourceFailure
          ? error.failure
          : describeFailure(error, { source: `inference servers through ${name}`, address })
      this.#listener.onFailure(this.#error)
    }
  }

  /** It answers, and its answer is of no use. */
  #saysNothing(): void {
    const { name, selector } = this.#options
    this.#failures = 1
    this.#error = {
      code: 'empty',
      text: `${name} answers, but has no series of an inference server${selector === '' ? '' : ` that passes the selector ${selector}`}; expected vllm:…, sglang:… or those of another engine`,
      nextStep:
        'See whether Prometheus scrapes the inference servers (their /metrics), and whether inference.selector fits their labels.',
    }
  }

  #pauseMs(): number {
    const { refreshMs } = this.#options
    // An answer with nothing in it is no reason to ask less often.
    if (this.#failures === 0 || this.#error?.code === 'empty') return refreshMs
    const ceilingMs = Math.max(refreshMs, LONGEST_PAUSE_MS)
    return backoffDelay(
      this.#failures,
      { baseMs: refreshMs, ceilingMs, floorMs: Math.min(refreshMs, FIRST_RETRY_MS) },
      Math.random(),
    )
  }

  health(): SourceHealth {
    const { address, name, refreshMs } = this.#options
    const active = this.#asking !== null
    const slow = this.#partial || this.#warnings.length > 0 || (this.#latencyMs ?? 0) > refreshMs
    const heard = this.#lastSuccessAt === null ? 'unknown' : slow ? 'slow' : 'ok'
    return {
      id: `inference through ${address}`,
      kind: 'inference',
      name: `Inference servers through ${name}`,
      address,
      state: !active ? 'standby' : this.#failures > 0 ? 'failing' : heard,
      feeding: active && this.#failures === 0 && this.#lastSuccessAt !== null,
      lastAttemptAt: this.#lastAttemptAt,
      lastSuccessAt: this.#lastSuccessAt,
      latencyMs: this.#latencyMs,
      samples: this.#samples,
      bytes: null,
      consecutiveFailures: this.#failures,
      error: this.#error,
      warnings: [...this.#warnings],
      doubts: this.#rounds.doubts(this.#options.clock.now()),
      cadenceMs: this.#rounds.cadenceMs,
      nextAttemptAt: this.#nextAttemptAt,
    }
  }
}

/** Ends early, without an error, when the signal says so. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
    if (signal.aborted) done()
  })
}
