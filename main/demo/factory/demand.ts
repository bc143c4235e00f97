import type { LocalTime } from './calendar.ts'
import type { DeploymentSpec } from './catalogue.ts'
import type { Deployment } from './placement.ts'
import { createRandom } from './random.ts'

/** Requests wait at most this long, in seconds of full service, before clients give up. */
export const QUEUE_SECONDS = 45

/** Bursts rise and fall with this time constant, s. */
const BURST_SECONDS = 9

/** Ratio of the daily peak at an hour, between `night` and 1; a broad hump around the peak hour. */
export function dayRhythm(spec: DeploymentSpec, at: LocalTime): number {
  const distance = Math.cos(((at.hour - spec.peakHour) / 24) * 2 * Math.PI) - 1
  const hump = Math.exp(1.7 * distance)
  const level = spec.night + (1 - spec.night) * hump
  return at.weekend ? level * spec.weekend : level
}

/** What gateways make of a deployment's demand. */
export interface Gate {
  /** Part of the demand that they let through, 0–1. */
  readonly admitted: number
  /** Tokens per second beyond the rhythm, already admitted. */
  readonly extra: number
  /** Part of the capacity that the servers have now, above 0 and up to 1. */
  readonly speed: number
}

const OPEN: Gate = { admitted: 1, extra: 0, speed: 1 }

/** The tokens that one deployment is asked for and serves. */
export interface Demand {
  /**
   * Moves on by `seconds`.
   * @returns served tokens per second in relation to the capacity that the servers have now, 0–1
   */
  advance(seconds: number, nowMs: number, local: LocalTime, gate?: Gate): number
  /** Tokens per second asked for in the last step, before admission. */
  asked(): number
  /** Admitted tokens that wait. */
  queued(): number
}

/**
 * Demand follows the day, bursts arrive by a Gamma process with Pareto sizes, and what exceeds the capacity waits:
 * after a burst the boards stay full until the queue is empty, as real servers do.
 */
export function createDemand(deployment: Deployment, index: number, seed: number, startMs: number): Demand {
  const { spec, capacity } = deployment
  const random = createRandom(seed, `demand/${index}/${spec.tenant}/${spec.endpoint}`)
  const pause = () => random.gamma(spec.burst.every, spec.burst.variation) * 1000
  let nextBurstAt = startMs + pause()
  let burstEndsAt = Number.NEGATIVE_INFINITY
  let target = 0
  let burst = 0
  let drift = random.normal() * 0.08
  let queued = 0
  let asked = 0

  return {
    advance(seconds, nowMs, local, gate = OPEN) {
      if (nowMs >= nextBurstAt) {
        target = 0.1 * random.pareto(spec.burst.alpha, 5)
        burstEndsAt = nowMs + (15 + random.gamma(40, 0.8)) * 1000
        nextBurstAt = burstEndsAt + pause()
      } else if (nowMs >= burstEndsAt) target = 0
      burst += (target - burst) * (1 - Math.exp(-seconds / BURST_SECONDS))
      const keep = Math.exp(-seconds / 120)
      drift = drift * keep + random.normal() * 0.08 * Math.sqrt(1 - keep * keep)

      asked = Math.max(0, capacity * spec.peak * (dayRhythm(spec, local) * (1 + drift) + burst))
      const wanted = (asked * gate.admitted + gate.extra) * seconds + queued
      const able = capacity * gate.speed
      const served = Math.min(wanted, able * seconds)
      queued = Math.min(wanted - served, able * QUEUE_SECONDS)
      return served / (able * seconds)
    },
    asked: () => asked,
    queued: () => queued,
  }
}

/**
 * Training reads no demand: it runs flat out, writes a checkpoint every quarter hour and waits for storage meanwhile,
 * all workers at once.
 */
export function trainingLoad(index: number, nowMs: number): number {
  const seconds = (nowMs / 1000 + index * 311) % 900
  return seconds < 38 ? 0.12 : 0.97
}
