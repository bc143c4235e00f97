import type { SourceError } from '../../../shared/model/source.ts'
import type { Authorise } from '../../platform/auth.ts'
import type { Clock } from '../../platform/clock.ts'
import type { HttpAgent } from '../../platform/http/index.ts'
import type { Logger } from '../../platform/logger.ts'
import type { Neighbourhood } from '../../platform/neighbourhood.ts'
import type { ScrapeTarget, TargetKind } from './targets/target.ts'
import type { ParsedScrape, ScrapeLimits } from './types.ts'

export interface Scrape {
  readonly target: ScrapeTarget
  /** Valid until the target's next scrape: the parser uses its arrays again. */
  readonly parsed: ParsedScrape
  /**
   * When the request was sent, wall clock, ms: no figure in it is younger than the answer, and none is called so. Earlier
   * where the target itself says of all its samples that they are older.
   */
  readonly sampledAt: number
  readonly latencyMs: number
  readonly bytes: number
  /** There are no samples, yet the comments of the body name fields of GPUs. */
  readonly declaresGpus: boolean
}

export interface ScraperOptions {
  readonly agent: HttpAgent
  readonly authorise?: Authorise
  /** Plain headers beside Accept. */
  readonly headers?: Readonly<Record<string, string>>
  readonly intervalMs: number
  /** For one scrape from the connection to the last byte, ms. */
  readonly deadlineMs: number
  /** Scrapes that may hold a place at once, see lanes.ts. */
  readonly concurrency: number
  readonly limits: ScrapeLimits
  readonly clock: Clock
  readonly logger: Logger
  /** In [0, 1), for back-off. */
  readonly random?: () => number
  /** @returns why the answer is of no use although it came; null where it is */
  readonly onScrape: (scrape: Scrape) => SourceError | null | void
  /** A target that answered does so no longer, or is no target any more. Called once per loss. */
  readonly onLost: (target: ScrapeTarget, error: SourceError | null) => void
  /** Sources whose outages may have one cause with these targets'; the targets among themselves where none is given. */
  readonly neighbourhood?: Neighbourhood
  /** Ask for compressed answers. Off where none is given: exporters are near, and inflating costs more than it saves. */
  readonly compressed?: boolean
  /** Exporters where none is given. */
  readonly targetKind?: TargetKind
  /** See {@link ParserOptions}. */
  readonly dcgmBlanks?: boolean
  /** See {@link ParserOptions}. */
  readonly isWanted?: (name: string) => boolean
}
