import { plural } from '../../../shared/model/phrases.ts'
import type { SourceError, SourceHealth } from '../../../shared/model/source.ts'
import type { ExporterOptions } from '../../config/types.ts'
import { Cadence } from '../../core/cadence.ts'
import type { LiveFleet } from '../../core/fleet/types.ts'
import type { Completeness } from '../../core/observation.ts'
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
import { openAccess } from '../access.ts'
import { secretScopeOf } from '../site/secretScopeOf.ts'
import type { Way } from '../site/types.ts'
import { emptinessOf } from './emptiness.ts'
import { countOrigins } from './origins.ts'
import { briefly } from './brief.ts'
import { boardsOf, inTurnDoubts, MachinesInTurn } from './machinesInTurn.ts'
import { type Named, namedBy, valuesOf } from './withheld.ts'

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

/** What a target sent last. */
interface Known {
  readonly cadence: Cadence
  scraped: readonly ScrapedSeries[]
  named: Named
  emptiness: SourceError | null
  readonly machines: MachinesInTurn
  boards: ReadonlySet<string>
}

/** Failures in a row after which an exporter that never answered is waited for no longer. */
const FAILURES_OF_SILENCE = 2
/** The roll is not called oftener, ms. */
const ROLL_CALL_PAUSE_MS = 1000

const NOTHING: Named = { series: [], unread: undefined }

/** Of an address that many targets share (a gateway before them), so that one that hangs delays no other. */
const SHARED_CONNECTIONS = 16

/** Exporters straight to the floor. Discovery runs all the time, scraping only while this way feeds. */
export function startDirectWay(options: DirectWayOptions): DirectWay {
  const { exporters, fleet, clock, logger, onNews } = options
  const sharing = new Map<string, number>()
  // Requests to one target go one after another, and one that is given up takes its socket with it.
  const scope = secretScopeOf(exporters)
  const access = openAccess(exporters.access, scope, (origin) =>
    sharing.get(origin) === 1 ? 1 : SHARED_CONNECTIONS,
  )
  const request = {
    agent: access.agent,
    authorise: access.authorise,
    headers: access.headers,
    clock,
    logger,
  }
  const known = new Map<string, Known>()
  /** Sources that answer for several machines in turn, and for how many. */
  const inTurn = new Map<string, number>()
  /** Targets that were read completely since this way feeds. */
  const everRead = new Set<string>()
  let targets: readonly ScrapeTarget[] = []
  let nextRollCallAt = Number.NEGATIVE_INFINITY
  /** Of the present targets, by address: a look at the health of a large floor asks for thousands. */
  const names = new Map<string, string>()

  function nameOf(url: string): string {
    const name = names.get(url) ?? sourceName(url)
    names.set(url, name)
    return name
  }

  function knownOf(target: ScrapeTarget): Known {
    const before = known.get(target.url)
    if (before) return before
    // Until two answers came, what is configured is the best guess.
    const made = {
      cadence: new Cadence(exporters.intervalMs),
      scraped: [],
      named: NOTHING,
      emptiness: null,
      machines: new MachinesInTurn(),
      boards: new Set<string>(),
    }
    known.set(target.url, made)
    return made
  }

  /** @returns why the answer is of no use, though it came */
  function take({ target, parsed, sampledAt, declaresGpus }: Scrape): SourceError | null {
    const of = knownOf(target)
    of.cadence.note(sampledAt)
    if (of.scraped !== parsed.series || parsed.series.length === 0) {
      of.scraped = parsed.series
      of.emptiness = emptinessOf(target, parsed, declaresGpus)
      of.boards = boardsOf(parsed.series)
    }
    of.machines.note(of.boards, sampledAt)
    of.named = namedBy(parsed, of.named)
    const complete = completenessOf(parsed, of, declaresGpus)
    const source = nameOf(target.url)
    if (of.machines.count > 1) inTurn.set(source, of.machines.count)
    else inTurn.delete(source)
    fleet.observe({
      source,
      sampledAt,
      cadenceMs: of.cadence.ms,
      complete,
      rows: {
        speaker: { name: source, scope: 'machine' },
        target: target.labels,
        series: of.named.series,
        values: valuesOf(of.named, parsed.values),
        ...(of.named.unread === undefined ? {} : { unread: of.named.unread }),
      },
    })
    if (complete === true) everRead.add(target.url)
    callRoll(sampledAt)
    onNews()
    return of.emptiness
  }

  /**
   * A listed GPU that no exporter names is missing only once each of them, and each list of them, was read. One that has
   * failed several times and never answered is waited for no longer; the floor knows what it may stand for.
   */
  function callRoll(at: number): void {
    if (at < nextRollCallAt) return
    nextRollCallAt = at + ROLL_CALL_PAUSE_MS
    if (discovery.health().some(({ error }) => error !== null)) return
    const unread = targets.filter(({ url }) => !everRead.has(url))
    const failing = new Set(
      unread.length === 0
        ? []
        : scraper
            .health()
            .flatMap(({ address, consecutiveFailures }) =>
              consecutiveFailures >= FAILURES_OF_SILENCE ? [address] : [],
            ),
    )
    if (unread.some(({ url }) => !failing.has(redactUrl(url)))) return
    fleet.callRoll(
      at,
      unread.map(({ url, labels }) => ({ source: nameOf(url), address: new URL(url).host, labels })),
    )
  }

  function lose(target: ScrapeTarget, error: SourceError | null): void {
    const why = error === null ? 'no longer a target' : briefly(error)
    inTurn.delete(nameOf(target.url))
    if (known.delete(target.url)) fleet.release(nameOf(target.url), why)
    onNews()
  }

  const scraper = createScraper({
    ...request,
    intervalMs: exporters.intervalMs,
    deadlineMs: access.deadlineMs,
    concurrency: exporters.concurrency,
    limits: exporters.limits,
    onScrape: take,
    onLost: lose,
  })
  scraper.pause()
  const discovery = createDiscovery({
    ...request,
    secretScope: scope,
    static: exporters.static,
    files: exporters.files,
    http: exporters.http,
    deadlineMs: access.deadlineMs,
    onTargets(found) {
      targets = found
      names.clear()
      countOrigins(found, sharing)
      scraper.setTargets(found)
      onNews()
    },
  })
  discovery.start().catch((error: unknown) => logger.error({ err: error }, 'discovery of exporters failed'))

  /** What the floor refused of a target stands beside what the target says of itself. */
  function withDoubts(health: SourceHealth): SourceHealth {
    const source = nameOf(health.address)
    const machines = inTurn.get(source) ?? 1
    const doubts = [...fleet.doubts(source), ...(machines > 1 ? inTurnDoubts([[source, machines]]) : [])]
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
      for (const url of known.keys()) fleet.release(nameOf(url), undefined, true)
      known.clear()
      inTurn.clear()
      everRead.clear()
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

/** Whether an answer names all that its exporter has. */
function completenessOf(
  { beyond }: Scrape['parsed'],
  { emptiness, machines }: Pick<Known, 'emptiness' | 'machines'>,
  declaresGpus: boolean,
): Completeness {
  if (beyond > 0) return { why: `${plural(beyond, 'series', 'series')} beyond what is read of one exporter` }
  if (machines.why !== null) return { why: machines.why }
  // Comments that name the fields of GPUs, and no GPU below them: the exporter was asked and knows none.
  return emptiness === null || declaresGpus ? true : { why: emptiness.text }
}
