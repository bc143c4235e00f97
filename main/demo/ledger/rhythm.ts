import type { LocalTime } from '../factory/calendar.ts'
import type { DeploymentSpec } from '../factory/catalogue.ts'
import { dayRhythm } from '../factory/demand.ts'
import { smoothNoise } from './hash.ts'

/** The bursts of factory/demand.ts: size, longest size, seconds that one lasts with its rise and fall. */
const BURST = { size: 0.1, cap: 5, lasts: 55 } as const
/** How gently the mean load bends towards the capacity: demand swings around its mean, and queues fill the troughs. */
const BEND = 0.06
/** A factory sells more every month. */
const GROWTH_PER_DAY = 0.0015

/** Mean demand that bursts add, in relation to the peak: mean of a cut Pareto law times the share of time. */
export function meanBurst({ every, alpha }: DeploymentSpec['burst']): number {
  const size = (alpha - BURST.cap ** (1 - alpha)) / (alpha - 1)
  return (BURST.size * size * BURST.lasts) / (every + BURST.lasts)
}

/** Mean served load, 0–1, where demand has this mean in relation to the capacity. */
export function servedLoad(asked: number): number {
  return asked - BEND * Math.log1p(Math.exp((asked - 1) / BEND))
}

/** What a deployment serves on average at this time of the week. */
export function expectedLoad(spec: DeploymentSpec, local: LocalTime): number {
  return servedLoad(spec.peak * (dayRhythm(spec, local) + meanBurst(spec.burst)))
}

/** Demand some days before the start in relation to that at the start. */
export function growth(daysBefore: number): number {
  return Math.exp(-GROWTH_PER_DAY * Math.max(0, daysBefore))
}

/** What one client takes of its usual share at a time: it swings over hours. About 1 on average. */
export function sway(seed: number, stream: number, atMs: number): number {
  return Math.exp(0.28 * smoothNoise(seed, stream, atMs / (3 * 3_600_000)))
}
