import { atOnce, inTurns } from '../../platform/turn.ts'
import { ExpositionError } from './error.ts'
import { isOpenMetrics } from './format.ts'
import type { Scanned } from './known.ts'
import { scan } from './scan.ts'
import {
  DEFAULT_SCRAPE_LIMITS,
  type ParsedScrape,
  type ParserOptions,
  type ScrapedSeries,
  type ScrapeLimits,
  type TargetParser,
} from './types.ts'

/**
 * Parses what one target sends, scrape after scrape: Prometheus text 0.0.4 and OpenMetrics 1.0.
 *
 * Steady: a target sends the same lines in the same order and only the numbers differ. So the parser remembers the
 * outline of the last body (what stands between the numbers) and compares bytes; only numbers are read.
 * Otherwise the body is read line by line, and a series that was there before keeps its identity.
 */
export function createTargetParser(
  limits: ScrapeLimits = DEFAULT_SCRAPE_LIMITS,
  options: ParserOptions = { dcgmBlanks: true },
): TargetParser {
  let last: Scanned | null = null
  let wasOpenMetrics = false

  function* read(body: Uint8Array, contentType?: string): Generator<void, ParsedScrape> {
    if (body.length > limits.maxBodyBytes) {
      throw new ExpositionError(
        1,
        1,
        `a body of at most ${limits.maxBodyBytes} bytes`,
        `${body.length} bytes`,
      )
    }
    const openMetrics = isOpenMetrics(body, contentType)
    if (last !== null && openMetrics === wasOpenMetrics) {
      if (last.outline.match(body, last.values, options.dcgmBlanks, last.times))
        return answer(last, openMetrics)
    }
    const scanned = yield* scan(body, openMetrics, limits, last, options)
    wasOpenMetrics = openMetrics
    last = isSame(scanned.series, last?.series)
      ? { ...scanned, series: last?.series ?? scanned.series }
      : scanned
    return answer(last, openMetrics)
  }

  return {
    parse: (body, contentType) => atOnce(read(body, contentType)),
    parseInTurns: (body, contentType) => inTurns(read(body, contentType)),
  }
}

function answer(
  { series, values, times, passedOver, beyond, refused, lost, malformed }: Scanned,
  openMetrics: boolean,
): ParsedScrape {
  // OpenMetrics writes seconds. What is scaled here is written again with the next body.
  if (openMetrics && times !== null) for (const [index, time] of times.entries()) times[index] = time * 1000
  return { series, values, times, count: series.length, passedOver, beyond, refused, lost, malformed }
}

function isSame(now: readonly ScrapedSeries[], before: readonly ScrapedSeries[] | undefined): boolean {
  return now.length === before?.length && now.every((one, index) => one === before[index])
}
