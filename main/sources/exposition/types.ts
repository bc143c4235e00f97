/** The lines of a body that are no samples and were passed over. */
export interface MalformedLines {
  readonly count: number
  /** Metrics that they would belong to, '' for a line without a name or beyond the first eight. */
  readonly names: readonly string[]
  /** In plain words, one text for each metric. */
  readonly words: readonly string[]
  /** The series of lines whose name and labels could be read: the target has them, and not their figure. */
  readonly series: readonly ScrapedSeries[]
  /** How many lines there are of which that cannot be said, by metric; '' for those without a name. */
  readonly others: ReadonlyMap<string, number>
}

/** One series of a scrape, as the target named it. Labels are untrusted text. */
export interface ScrapedSeries {
  readonly name: string
  readonly labels: ReadonlyMap<string, string>
}

/**
 * One parsed exposition. `series` keeps its identity (===) while the target sends the same series in the same order,
 * so a consumer rebinds only when it changes; `values[i]` belongs to `series[i]`. `values` is reused by the parser:
 * read it before the next parse. Sentinels for "blank" arrive as NaN where the target is DCGM's.
 */
export interface ParsedScrape {
  readonly series: readonly ScrapedSeries[]
  readonly values: Float64Array
  /**
   * When each sample was true as the target says, ms since the epoch on its clock, not judged; NaN where it does not
   * say, null where it says of none, as nearly always. Reused like `values`.
   */
  readonly times: Float64Array | null
  readonly count: number
  /** Series that were not asked for, see ParserOptions. */
  readonly passedOver: number
  /** Samples that were passed over because of `maxLabelSets`. */
  readonly beyond: number
  /** Series that were refused (over a limit, duplicate), in plain words; at most 20. */
  readonly refused: readonly string[]
  /** Metrics that a series over a limit is missing from; of a duplicate nothing is missing. At most 20. */
  readonly lost: ReadonlySet<string>
  readonly malformed: MalformedLines
}

export interface ScrapeLimits {
  readonly maxBodyBytes: number
  /** Sample lines, refused ones included. A body with more is refused as a whole, as Prometheus does. */
  readonly maxSamples: number
  readonly maxLabels: number
  /** Of a metric name, a label name or a label value, bytes. */
  readonly maxLabelLength: number
  /**
   * Distinct label sets, and distinct metric names. What comes beyond is passed over, unless the scrape before had it: a
   * target that makes names up costs neither time nor memory, and what is known of it goes on.
   */
  readonly maxLabelSets: number
}

export const DEFAULT_SCRAPE_LIMITS: ScrapeLimits = {
  maxBodyBytes: 32 * 1024 * 1024,
  maxSamples: 200_000,
  maxLabels: 64,
  maxLabelLength: 4096,
  maxLabelSets: 8192,
}

export interface ParserOptions {
  /**
   * Take the values that DCGM writes for "blank" as absent (NaN). Right for GPU exporters; a token counter passes
   * 2147483632 honestly.
   */
  readonly dcgmBlanks: boolean
  /**
   * Names of the series that are wanted; all where it is missing. The others are read to the end of their line and
   * counted, no more: an inference server has six times as many series as anybody looks at.
   */
  readonly isWanted?: (name: string) => boolean
}

/** Keeps what one target sent last and parses the next body against it. Keeps no reference to a body. */
export interface TargetParser {
  /**
   * @param contentType of the answer; OpenMetrics 1.0 is told by it or by its last line, `# EOF`. All else is read as
   * Prometheus text 0.0.4.
   * @throws ExpositionError naming line, column and what was expected, where the body as a whole is none: cut off, beyond
   * a limit, or a page. Single lines that are no samples are passed over and told. The previous state is kept.
   */
  parse(body: Uint8Array, contentType?: string): ParsedScrape
  /**
   * The same without holding the event loop: what is long is read in turns. The body has to stay as it is until then.
   * @throws (rejects) as parse
   */
  parseInTurns(body: Uint8Array, contentType?: string): Promise<ParsedScrape>
}
