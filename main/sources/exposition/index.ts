export { createDiscovery, type Discovery, type DiscoveryOptions } from './targets/discovery.ts'
export { ExpositionError } from './error.ts'
export { keyOfLabels } from './labels.ts'
export { createTargetParser } from './parser.ts'
export { createScraper, type Scraper } from './scraper.ts'
export type { Scrape, ScraperOptions } from './scraperOptions.ts'
export { heedTimes } from './sampleTimes.ts'
export { targetOf } from './targets/address.ts'
export { EXPORTERS, type ScrapeTarget, type TargetKind } from './targets/target.ts'
export { sourceId } from './targets/health.ts'
export {
  DEFAULT_SCRAPE_LIMITS,
  type ParsedScrape,
  type ParserOptions,
  type ScrapedSeries,
  type ScrapeLimits,
  type TargetParser,
} from './types.ts'
