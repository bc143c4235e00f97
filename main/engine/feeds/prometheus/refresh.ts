import type { SourceDoubt } from '../../../../shared/model/source.ts'
import type { Completeness } from '../../../core/observation.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { LiveFleet } from '../../../core/fleet/types.ts'
import type { PrometheusClient } from '../../../sources/prometheus/index.ts'
import type { Turn } from '../../../platform/turn.ts'
import type { AgesRead } from './ages.ts'
import type { unreachedDoubts } from './exporters.ts'
import type { Outcome } from './outcome.ts'
import type { Sampled } from './sampleClock.ts'

export interface FloorOptions {
  readonly client: PrometheusClient
  readonly fleet: LiveFleet
  readonly clock: Clock
  /** The configured selector, checked. */
  readonly matchers: string
  readonly slowEvery: number
  /** From one refresh to the next, ms. */
  readonly refreshMs: number
  readonly identityEveryMs: number
  /** Labels that name the machine, beside the usual ones. */
  readonly hostLabels: readonly string[]
  readonly freezeAfterMs: number
}

/** What one refresh brought, before it goes to the floor. */
export interface Refresh extends Sampled {
  readonly rows: number
  readonly bytes: number
  readonly warnings: readonly string[]
  readonly doubts: readonly SourceDoubt[]
  /** Whether every question was answered wholly. Each takes back its own figures; who is who takes GPUs back. */
  readonly complete: Completeness
  /**
   * Puts the figures onto the floor, target by target, and lets other work in between. Then come the slow questions and
   * who is who, where they are due: what they bring is told by the same fields, once it is there.
   * @param goesOn asked on the way: whether they are still wanted
   */
  ingest(goesOn: () => boolean): Promise<void>
}

/** One refresh on its way. */
export interface Round extends ReturnType<typeof unreachedDoubts> {
  readonly signal: AbortSignal
  readonly ages: AgesRead
  readonly outcome: Outcome
  /** Whether who is who was answered wholly. */
  readonly named: Completeness
  /** Monotonic, ms. */
  readonly startedAt: number
  readonly turn: Turn
}
