/** Rates on screens are means over this time before the end of the data, ms; or one step of a coarser back end. */
export const RATE_WINDOW_MS = 60_000

/** Latencies are summed over this time: shorter ones have too few requests for a p99, ms. */
export const LATENCY_WINDOW_MS = 300_000

/** Over which `tokens.overview` and its kin speak, ms. @param stepMs of the cube, 0 while it is empty */
export function rateWindow(stepMs: number): number {
  return Math.max(RATE_WINDOW_MS, stepMs)
}
