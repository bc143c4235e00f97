import type { Clock } from '../../../platform/clock.ts'

export interface ProbeOptions {
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** The person at the screen waits: long enough for a slow server, short enough to try again, ms. */
export const PROBE_DEADLINE_MS = 10_000
