import type { SourceHealth } from '../../../shared/model/source.ts'

/** One series of a scrape, as the exporter named it. Labels are untrusted text. */
export interface ScrapedSeries {
  readonly name: string
  readonly labels: ReadonlyMap<string, string>
}

/**
 * One parsed exposition. `series` keeps its identity (===) while the target sends the same series in the same order,
 * so a consumer rebinds only when it changes; `values[i]` belongs to `series[i]`. `values` is reused by the parser:
 * read it before the next parse. Sentinels for "blank" arrive as NaN.
 */
export interface ParsedScrape {
  readonly series: readonly ScrapedSeries[]
  /** At least `count` long. */
  readonly values: Float64Array
  readonly count: number
  /** The same series with the very same numbers as the previous scrape: under a steady load this smells of a freeze. */
  readonly identical: boolean
  /** Series that were refused (over a limit, duplicate), in plain words; at most 20. */
  readonly refused: readonly string[]
}

export interface ScrapeLimits {
  readonly maxBodyBytes: number
  /** Sample lines, refused ones included; what comes after is not read. */
  readonly maxSamples: number
  readonly maxLabels: number
  /** Of a metric name, a label name or a label value, bytes. */
  readonly maxLabelLength: number
}

export const DEFAULT_SCRAPE_LIMITS: ScrapeLimits = {
  maxBodyBytes: 32 * 1024 * 1024,
  maxSamples: 200_000,
  maxLabels: 64,
  maxLabelLength: 4096,
}

/** Keeps what one target sent last and parses the next body against it. Keeps no reference to a body. */
export interface TargetParser {
  /**
   * @param contentType of the answer; decides between Prometheus text 0.0.4 and OpenMetrics 1.0. Without one the body
   * decides: OpenMetrics ends in `# EOF`.
   * @throws ExpositionError naming line, column and what was expected. The previous state is kept.
   */
  parse(body: Uint8Array, contentType?: string): ParsedScrape
}

/** One exporter to scrape. */
export interface ScrapeTarget {
  /** `http://host:9400/metrics?x=y`; two targets are the same when their URLs are. */
  readonly url: string
  /** `host:9400`, as discovery named it: what Prometheus would call `instance`. */
  readonly instance: string
  /** Labels that discovery gave the target itself, `__*` left out. Untrusted text. */
  readonly labels: ReadonlyMap<string, string>
}

/** A good scrape. All of it is valid during the call only, but for `scrape.series`. */
export type OnScrape = (
  target: ScrapeTarget,
  scrape: ParsedScrape,
  /** When the scrape started, wall clock, ms. */
  sampledAt: number,
  /** Start to last byte, ms. */
  latencyMs: number,
  /** Of the exposition, inflated. */
  bytes: number,
) => void

export interface Scraper {
  /** Scrapes these from now on. A target that stays keeps its state; one that went away is forgotten. */
  setTargets(targets: readonly ScrapeTarget[]): void
  /** Standby: nothing is asked; what is in flight is given up without counting as a failure. */
  pause(): void
  /** Asks every target soon, also one that was backing off, then every one at its own moment again. */
  resume(): void
  health(): SourceHealth[]
  /** Of one target, by its URL. */
  healthOf(url: string): SourceHealth | null
  /** Stops; resolves when nothing is in flight. The agent is its owner's to close. */
  close(): Promise<void>
}
