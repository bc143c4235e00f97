import { IMPAIRMENT } from './impairments.ts'
import type { Placement } from './placement.ts'
import { gpuOfUnit, type Site } from './site.ts'

/** Part of its usual speed at which a server works whose boards are slow. */
export const SLOW_SPEED = 0.1

/** Which servers work at a crawl now, though their boards look busy. */
export interface Slowness {
  /** Call after the impairments changed, at the latest before the next step. */
  update(): void
  isSlow(pod: number): boolean
  /** Part of a deployment's requests that slow servers answer, 0–1. */
  share(deployment: number): number
  /** Part of its usual capacity that a deployment has, 0–1. */
  speed(deployment: number): number
}

export function createSlowness(site: Site, placement: Placement, impairments: Uint8Array): Slowness {
  const slow = new Uint8Array(placement.pods.length)
  const shares = new Float64Array(placement.deployments.length)
  return {
    update() {
      shares.fill(0)
      placement.pods.forEach((pod, p) => {
        const isSlow = pod.units.some(
          (unit) => ((impairments[gpuOfUnit(site, unit)] ?? 0) & IMPAIRMENT.slow) !== 0,
        )
        slow[p] = isSlow ? 1 : 0
        if (!isSlow) return
        // A load balancer does not know: every server gets its part of the requests.
        const whole = placement.deployments[pod.deployment]?.capacity ?? 1
        shares[pod.deployment] = (shares[pod.deployment] ?? 0) + pod.capacity / whole
      })
    },
    isSlow: (pod) => slow[pod] === 1,
    share: (deployment) => Math.min(1, shares[deployment] ?? 0),
    speed: (deployment) => 1 - (1 - SLOW_SPEED) * Math.min(1, shares[deployment] ?? 0),
  }
}
