import { ExpositionError } from './error.ts'
import { isOpenMetrics } from './format.ts'
import { type Known, nothingKnown, scan } from './scan.ts'
import { Outline } from './outline.ts'
import {
  DEFAULT_SCRAPE_LIMITS,
  type ParsedScrape,
  type ScrapedSeries,
  type ScrapeLimits,
  type TargetParser,
} from './types.ts'

/**
 * Parses what one target sends, scrape after scrape: Prometheus text 0.0.4 and OpenMetrics 1.0.
 *
 * Steady: an exporter sends the same lines in the same order and only the numbers differ. So the parser remembers the
 * outline of the last body (what stands between the numbers) and compares bytes; only numbers are read.
 * Otherwise the body is read line by line, and a series that was there before keeps its identity.
 */
export function createTargetParser(limits: ScrapeLimits = DEFAULT_SCRAPE_LIMITS): TargetParser {
  let known: Known = nothingKnown()
  let outline = new Outline()
  let series: readonly ScrapedSeries[] = []
  let values: Float64Array = new Float64Array(0)
  let refused: readonly string[] = []
  let wasOpenMetrics = false

  function answer(identical: boolean): ParsedScrape {
    return { series, values, count: series.length, identical, refused }
  }

  return {
    parse(body, contentType) {
      if (body.length > limits.maxBodyBytes) {
        throw new ExpositionError(
          1,
          1,
          `a body of at most ${limits.maxBodyBytes} bytes`,
          `${body.length} bytes`,
        )
      }
      const openMetrics = isOpenMetrics(body, contentType)
      const steady = openMetrics === wasOpenMetrics ? outline.match(body, values) : 'different'
      if (steady !== 'different') return answer(steady === 'identical')

      const read = scan(body, openMetrics, limits, known)
      wasOpenMetrics = openMetrics
      const same =
        read.series.length === series.length && read.series.every((one, index) => one === series[index])
      if (!same) series = read.series
      ;({ known, outline, values, refused } = read)
      return answer(false)
    },
  }
}
