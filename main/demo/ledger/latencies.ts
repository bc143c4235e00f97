import type { Factory } from '../factory/factory.ts'
import { LATENCY_KINDS, type LatencyKind } from '../../../shared/metering/capabilities.ts'
import type { Shape } from './shapes.ts'

/** vLLM's own bucket bounds, seconds. */
export const BOUNDS: Readonly<Record<LatencyKind, readonly number[]>> = {
  duration: [0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680],
  timeToFirstToken: [
    0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160,
    640, 2560,
  ],
  interToken: [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80],
}

const LOG_BOUNDS = Object.fromEntries(
  LATENCY_KINDS.map((kind) => [kind, Float64Array.from(BOUNDS[kind], Math.log)]),
) as Record<LatencyKind, Float64Array>

/** A lognormal law: median in seconds and standard deviation of the logarithm. */
export interface Law {
  readonly median: number
  readonly sigma: number
}

/** New tokens of a prompt that a server reads per second. */
const PREFILL_PER_SECOND = 12_000
const OVERHEAD_SECONDS = 0.035

/**
 * How long calls of this shape take on servers with this load: the first token waits for the queue, the others for the
 * batch that grows with the load.
 * @param load 0–1
 * @param waitSeconds that a request stands in the queue
 * @param speed part of its usual speed at which the server works
 */
export function latencyLaws(
  shape: Shape,
  load: number,
  waitSeconds: number,
  speed = 1,
): Record<LatencyKind, Law> {
  const prefill = (shape.input * (1 - shape.cached)) / (PREFILL_PER_SECOND * speed)
  const first = (OVERHEAD_SECONDS + prefill) * (1 + load ** 4) + waitSeconds
  const next = (shape.interToken * (0.7 + 0.9 * load)) / speed
  return {
    timeToFirstToken: { median: first, sigma: 0.42 },
    interToken: { median: next, sigma: 0.26 },
    duration: { median: first + next * shape.output * 0.85, sigma: shape.output > 0 ? 0.55 : 0.42 },
  }
}

/** A queue is mostly answers still to be written, and servers take prompts in before they have written all answers. */
const PROMPTS_FIRST = 0.1
/** So much work, in seconds of full service, the running batches take in: answers become slower, and nothing waits. */
const ABSORBED_SECONDS = 15

/** Seconds that a new request of a deployment waits now. */
export function waitSeconds(
  { placement, intake, slowness }: Pick<Factory, 'placement' | 'intake' | 'slowness'>,
  deployment: number,
): number {
  const capacity = (placement.deployments[deployment]?.capacity ?? 1) * slowness.speed(deployment)
  return waitOfQueue((intake.queued[deployment] ?? 0) / Math.max(1, capacity))
}

/** Seconds that a new request waits behind a queue of so many seconds of full service. */
export function waitOfQueue(queueSeconds: number): number {
  return PROMPTS_FIRST * Math.max(0, queueSeconds - ABSORBED_SECONDS)
}

export function meanOf({ median, sigma }: Law): number {
  return median * Math.exp((sigma * sigma) / 2)
}

/**
 * Deals observations of a law to the buckets: whole numbers that add up to `count`. Systematic sampling, so that single
 * observations fall as the law says without a draw for each.
 * @param phase 0–1, another one at every call
 * @param into receives bounds + 1 counts, added from `offset` on
 */
export function dealInto(
  into: Float64Array,
  offset: number,
  kind: LatencyKind,
  { median, sigma }: Law,
  count: number,
  phase: number,
): void {
  if (count <= 0 || median <= 0) return
  const bounds = LOG_BOUNDS[kind]
  const centre = Math.log(median)
  let dealt = 0
  for (let b = 0; b < bounds.length && dealt < count; b++) {
    const part = normalPart(((bounds[b] ?? 0) - centre) / sigma)
    const until = part >= 1 ? count : Math.floor(count * part + phase)
    into[offset + b] = (into[offset + b] ?? 0) + until - dealt
    dealt = until
  }
  into[offset + bounds.length] = (into[offset + bounds.length] ?? 0) + count - dealt
}

const TABLE_REACH = 5
const TABLE_STEPS = 400
const TABLE = Float64Array.from({ length: 2 * TABLE_REACH * TABLE_STEPS + 1 }, (_, i) =>
  exactNormalPart(i / TABLE_STEPS - TABLE_REACH),
)

/** Part of a normal law below `z`, from a table: it is asked for a hundred thousand times per answer. */
function normalPart(z: number): number {
  if (z <= -TABLE_REACH) return 0
  if (z >= TABLE_REACH) return 1
  return TABLE[Math.round((z + TABLE_REACH) * TABLE_STEPS)] ?? 1
}

/** Abramowitz and Stegun 26.2.17; the error is below 7.5e-8. */
function exactNormalPart(z: number): number {
  const t = 1 / (1 + 0.231_641_9 * Math.abs(z))
  const poly =
    t * (0.319_381_53 + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))))
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * poly
  return z > 0 ? 1 - tail : tail
}
