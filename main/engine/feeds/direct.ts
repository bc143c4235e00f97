import type { SourceError, SourceHealth } from '../../../shared/model/source.ts'
import type { ExporterOptions } from '../../config/types.ts'
import type { Binding, LiveFleet } from '../../core/fleet/types.ts'
import type { Clock } from '../../platform/clock.ts'
import { redactUrl } from '../../platform/redact.ts'
import type { Logger } from '../../platform/logger.ts'
import {
  createDiscovery,
  createScraper,
  type Scrape,
  type ScrapedSeries,
  type ScrapeTarget,
} from '../../sources/exposition/index.ts'
import { openAccess } from '../site/access.ts'
import type { Way } from '../site/types.ts'
import { countOrigins } from './origins.ts'
import { briefly } from './words.ts'

export interface DirectWayOptions {
  readonly exporters: ExporterOptions
  readonly fleet: LiveFleet
  readonly clock: Clock
  readonly logger: Logger
  readonly onNews: () => void
}

export interface DirectWay extends Way {
  /** Exporters that discovery knows now. */
  targets(): number
}

/** What the fleet made of the series that a target sent last. */
interface Bound {
  readonly series: readonly ScrapedSeries[]
  readonly binding: Binding
}

/** Of an address that many targets share (a gateway before them), so that one that hangs delays no other. */
const SHARED_CONNECTIONS = 16

/** Exporters straight to the floor. Discovery runs all the time, scraping only while this way feeds. */
export function startDirectWay(options: DirectWayOptions): DirectWay {
  const { exporters, fleet, clock, logger, onNews } = options
  const sharing = new Map<string, number>()
  // Requests to one target go one after another, and one that is given up takes its socket with it.
  const access = openAccess(exporters.access, (origin) =>
    sharing.get(origin) === 1 ? 1 : SHARED_CONNECTIONS,
  )
  const request = { agent: access.agent, authorise: access.authorise, headers: access.headers }
  const bound = new Map<string, Bound>()

  function take({ target, parsed, sampledAt }: Scrape): void {
    let known = bound.get(target.url)
    if (known?.series !== parsed.series) {
      const series = withTargetLabels(parsed.series, target)
      known = { series: parsed.series, binding: bind(target, series, sampledAt) }
      bound.set(target.url, known)
    }
    fleet.ingest(known.binding, parsed.values, sampledAt)
    onNews()
  }

  function bind({ url }: ScrapeTarget, series: readonly ScrapedSeries[], at: number): Binding {
    const name = sourceName(url)
    return fleet.bind(name, series, at, { name, scope: 'machine' })
  }

  function lose(target: ScrapeTarget, error: SourceError | null): void {
    const why = error === null ? 'no longer a target' : briefly(error)
    if (bound.delete(target.url)) fleet.release(sourceName(target.url), why)
    onNews()
  }

  const scraper = createScraper({
    ...request,
    intervalMs: exporters.intervalMs,
    deadlineMs: access.deadlineMs,
    concurrency: exporters.concurrency,
    limits: exporters.limits,
    clock,
    onScrape: take,
    onLost: lose,
  })
  scraper.pause()
  const discovery = createDiscovery({
    ...request,
    static: exporters.static,
    files: exporters.files,
    http: exporters.http,
    deadlineMs: access.deadlineMs,
    clock,
    onTargets(targets) {
      countOrigins(targets, sharing)
      scraper.setTargets(targets)
      onNews()
    },
  })
  discovery.start().catch((error: unknown) => logger.error({ err: error }, 'discovery of exporters failed'))

  /** What the floor refused of a target stands beside what the target says of itself. */
  function withDoubts(health: SourceHealth): SourceHealth {
    const doubts = fleet.doubts(sourceName(health.address))
    return doubts.length === 0 ? health : { ...health, doubts: [...health.doubts, ...doubts] }
  }

  return {
    targets: () => scraper.targets(),
    setFeeding(on) {
      if (on) {
        scraper.resume()
        return
      }
      scraper.pause()
      for (const url of bound.keys()) fleet.release(sourceName(url))
      bound.clear()
    },
    health: (): SourceHealth[] => [...discovery.health(), ...scraper.health().map(withDoubts)],
    async close() {
      await Promise.all([discovery.close(), scraper.close()])
      await access.agent.close()
    },
  }
}

/** `10.0.0.1:9400` where the path is the usual one: as people know it, and as Prometheus names an instance. */
function sourceName(url: string): string {
  const { host, pathname, search } = new URL(redactUrl(url))
  return pathname === '/metrics' && search === '' ? host : `${host}${pathname}${search}`
}

/** What discovery may say about a target that tells where it stands on the floor. */
const PLACE_LABELS = ['Hostname', 'hostname', 'instance'] as const

/**
 * Discovery's labels stand where the exporter names no host itself. Only then: a copy of the labels of every series of
 * a large floor is hundreds of megabytes.
 */
function withTargetLabels(
  series: readonly ScrapedSeries[],
  { labels }: ScrapeTarget,
): readonly ScrapedSeries[] {
  const named = series.some((each) => each.labels.has('Hostname') || each.labels.has('hostname'))
  const useful = PLACE_LABELS.flatMap((name) => {
    const value = labels.get(name)
    return value === undefined ? [] : [[name, value] as const]
  })
  if (named || useful.length === 0) return series
  return series.map((each) => ({ name: each.name, labels: new Map([...useful, ...each.labels]) }))
}
