import type { Factory } from '../factory/factory.ts'
import { IMPAIRMENT } from '../factory/impairments.ts'
import { gpuOfUnit } from '../factory/site.ts'
import { SLOW_SPEED } from '../factory/slowness.ts'
import { createRandom } from '../factory/random.ts'
import { LATENCY_KINDS, type LatencyKind } from '../../../shared/metering/capabilities.ts'
import { BOUNDS, dealInto, latencyLaws, meanOf, waitSeconds } from './latencies.ts'
import type { Shape } from './shapes.ts'
import type { ServedCounters } from './types.ts'

/** What the calls of one deployment took in one step. */
export interface Served {
  readonly input: number
  readonly output: number
  readonly cachedInput: number
  readonly requests: number
  readonly errors: number
}
const COUNTED = ['input', 'output', 'cachedInput', 'requests', 'errors'] as const

/** Tokens that a server's cache holds; beyond it requests wait. */
const CACHE_TOKENS_PER_GPU = 260_000
/** Output tokens over which the cache swells and shrinks. */
const BREATH_TOKENS = 7000
const MAX_RUNNING = 256

/** Keeps what every inference server counts. Pods that are down count nothing: the others take their calls. */
export interface ServedKeeper {
  readonly counters: ServedCounters
  /** Tokens per second that a deployment's pods can be seen to serve now. */
  tokensPerSecond(deployment: number): number
  /** Deals the calls of a deployment to its pods, by their load; whole numbers, nothing is lost. */
  book(deployment: number, served: Served, shape: Shape): void
  /** Sets what runs and waits. @param callsPerSecond of the deployment */
  gauge(deployment: number, callsPerSecond: number, shape: Shape): void
  restart(pod: number, nowMs: number): void
}

export function createServed(factory: Factory, startMs: number): ServedKeeper {
  const { placement, podLoad, slowness } = factory
  const count = placement.pods.length
  const random = createRandom(factory.options.seed, 'latencies')
  const podsOf = placement.deployments.map((_, d) =>
    placement.pods.flatMap((pod, i) => (pod.deployment === d ? [i] : [])),
  )
  const column = () => new Float64Array(count)
  const counters: ServedCounters = {
    input: column(),
    output: column(),
    cachedInput: column(),
    requests: column(),
    errors: column(),
    running: column(),
    waiting: column(),
    kvCache: column(),
    latency: Object.fromEntries(
      LATENCY_KINDS.map((kind) => [
        kind,
        {
          bounds: BOUNDS[kind],
          counts: new Float64Array(count * (BOUNDS[kind].length + 1)),
          sums: column(),
        },
      ]),
    ) as unknown as ServedCounters['latency'],
    startedAt: column().fill(startMs),
  }
  const part = column()
  const now: Record<(typeof COUNTED)[number], Float64Array> = {
    input: column(),
    output: column(),
    cachedInput: column(),
    requests: column(),
    errors: column(),
  }

  /** A server runs on all its boards or not at all. */
  function isDown(pod: number): boolean {
    const { site, impairments } = factory
    const units = placement.pods[pod]?.units ?? []
    return units.some((unit) => {
      return ((impairments[gpuOfUnit(site, unit)] ?? 0) & (IMPAIRMENT.stopped | IMPAIRMENT.deadlock)) !== 0
    })
  }

  const speedOf = (pod: number) => (slowness.isSlow(pod) ? SLOW_SPEED : 1)

  function weighPods(deployment: number): number {
    let whole = 0
    for (const pod of podsOf[deployment] ?? []) {
      const rate = isDown(pod) ? 0 : (podLoad[pod] ?? 0) * (placement.pods[pod]?.capacity ?? 0) * speedOf(pod)
      part[pod] = rate
      whole += rate
    }
    return whole
  }

  /** Largest remainders carried from pod to pod; begins at another pod each time, so that none is favoured. */
  function deal(pods: readonly number[], total: number, whole: number, into: Float64Array): void {
    const first = random.below(Math.max(1, pods.length))
    let rate = 0
    let dealt = 0
    for (let i = 0; i < pods.length; i++) {
      const pod = pods[(first + i) % pods.length] ?? -1
      rate += part[pod] ?? 0
      const until = i === pods.length - 1 ? total : Math.min(total, Math.floor((total * rate) / whole + 0.5))
      into[pod] = Math.max(0, until - dealt)
      dealt = Math.max(dealt, until)
    }
  }

  function observe(pod: number, deployment: number, shape: Shape): void {
    const laws = latencyLaws(shape, podLoad[pod] ?? 0, waitSeconds(factory, deployment), speedOf(pod))
    const requests = now.requests[pod] ?? 0
    const observations: Record<LatencyKind, number> = {
      duration: requests,
      timeToFirstToken: requests,
      interToken: Math.max(0, (now.output[pod] ?? 0) - requests),
    }
    for (const kind of LATENCY_KINDS) {
      const { counts, sums, bounds } = counters.latency[kind]
      const seen = observations[kind]
      dealInto(counts, pod * (bounds.length + 1), kind, laws[kind], seen, random.next())
      sums[pod] = (sums[pod] ?? 0) + seen * meanOf(laws[kind])
    }
  }

  return {
    counters,
    tokensPerSecond: weighPods,
    book(deployment, served, shape) {
      const whole = weighPods(deployment)
      const pods = podsOf[deployment] ?? []
      const up = whole > 0 ? pods.filter((pod) => (part[pod] ?? 0) > 0) : pods
      for (const name of COUNTED) {
        deal(up, served[name], whole > 0 ? whole : 1, now[name])
        for (const pod of up) counters[name][pod] = (counters[name][pod] ?? 0) + (now[name][pod] ?? 0)
      }
      for (const pod of up) if ((now.requests[pod] ?? 0) > 0) observe(pod, deployment, shape)
    },
    gauge(deployment, callsPerSecond, shape) {
      const whole = weighPods(deployment)
      const wait = waitSeconds(factory, deployment)
      const call = Math.max(1, shape.input + shape.output)
      for (const pod of podsOf[deployment] ?? []) {
        const share = whole > 0 ? (part[pod] ?? 0) / whole : 0
        const seconds = meanOf(latencyLaws(shape, podLoad[pod] ?? 0, 0, speedOf(pod)).duration)
        const running = Math.min(MAX_RUNNING, Math.round(callsPerSecond * share * seconds))
        counters.running[pod] = running
        counters.waiting[pod] = Math.round(callsPerSecond * share * wait)
        const cache = CACHE_TOKENS_PER_GPU * (placement.pods[pod]?.units.length ?? 1)
        const full = wait > 0.05 ? 0.97 : 0.92
        // Answers grow block by block and end: the same requests never fill it the same twice.
        const breath = 1 + 0.05 * Math.sin((counters.output[pod] ?? 0) / BREATH_TOKENS)
        const used = ((running * call * 0.8) / cache) * breath
        counters.kvCache[pod] = Math.min(full, used + 0.002 * (running > 0 ? 1 : 0))
      }
    },
    restart(pod, nowMs) {
      for (const name of COUNTED) counters[name][pod] = 0
      for (const kind of LATENCY_KINDS) {
        const { counts, sums, bounds } = counters.latency[kind]
        counts.fill(0, pod * (bounds.length + 1), (pod + 1) * (bounds.length + 1))
        sums[pod] = 0
      }
      counters.startedAt[pod] = nowMs
    },
  }
}
