import type { CommandParsed } from '../../../shared/contract/contract.ts'
import type { History, Trend } from '../../../shared/contract/fleet.ts'
import type { Finding } from '../../../shared/model/finding.ts'
import type { Feed, SourceHealth } from '../../../shared/model/source.ts'
import type { SiteConfig } from '../../config/types.ts'
import type { Store } from '../../store/index.ts'
import type { CauseWatch } from '../cause/watch.ts'
import type { SloWatch } from '../slo/types.ts'
import type { SiteThrottles } from '../throttles/throttles.ts'
import type { TokenWatch } from '../tokens/types.ts'
import type { ShownFleet } from './outward.ts'

/**
 * One configured site while it runs: its sources, its live floor and its memory. Another configuration means another
 * site; screens and their subscriptions outlive it.
 */
export interface Site {
  /** Null in setup mode. */
  readonly config: SiteConfig | null
  /** What this site's engine keeps on disk; it may be without a file, see its health. */
  readonly store: Store
  /** Evaluated with every cut. */
  readonly fleet: ShownFleet
  readonly tokens: TokenWatch
  /** The objectives and how they burn; replaced when the clock was set. */
  readonly slo: SloWatch
  /** Why objectives burn. */
  readonly causes: CauseWatch
  readonly throttles: SiteThrottles
  feed(): Feed
  sources(): SourceHealth[]
  /** What is abnormal about the floor and about its sources, worst first; bounded, `total` counts all. */
  findings(): { findings: Finding[]; total: number }
  /** Findings by severity: adds up to the `total` of findings(). */
  abnormal(): { critical: number; advisory: number }
  /** Before every picture of the floor: time passes for the arbiter and for every figure. `now` is wall clock, ms. */
  cut(now: number): void
  history(question: CommandParsed<'fleet.history'>, signal: AbortSignal): Promise<History>
  trend(): Trend
  /** A host that left on purpose leaves the floor, and is not remembered. @throws Refusal where it answers or is listed */
  dismissHost(host: string): void
  /** Stops polling and releases every socket. */
  close(): Promise<void>
}

/** One of the two ways to the floor. It may watch its sources while the other way feeds. */
export interface Way {
  /** Its figures go to the floor from now on, or no longer. */
  setFeeding(on: boolean): void
  health(): SourceHealth[]
  close(): Promise<void>
}
