import type { SourceError, SourceHealth } from '../../../shared/model/source.ts'
import {
  createDiscovery,
  createScraper,
  DEFAULT_SCRAPE_LIMITS,
  type Scrape,
  type ScrapeTarget,
  sourceId,
  type TargetKind,
} from '../exposition/index.ts'
import { Frontends } from './frontends.ts'
import { createMapping } from './mapping.ts'
import type { PlannedSample } from './plan.ts'
import { ScrapedServers } from './scrapedServers.ts'
import type { DirectInferenceOptions, InferenceListener, InferenceSource } from './types.ts'

const INFERENCE_SERVERS: TargetKind = {
  kind: 'inference',
  noun: 'inference server',
  section: 'inference',
}

/** What one target said last. */
interface Known {
  readonly servers: ScrapedServers
  samples: PlannedSample[]
}

/** Rounds of servers that are asked less often than this follow each other at least this far apart, ms. */
const SHORTEST_ROUND_MS = 1000
/** Parts of an interval in which a round comes; servers answer spread over it. */
const ROUNDS_PER_INTERVAL = 5
/** Every server has its first turn within a second or an interval; the first round comes half as long after it, ms. */
const FIRST_ROUND_MS = 1500
const MOST_WARNINGS = 20

/**
 * Inference servers straight from their /metrics. A round holds the latest sample of every target, those that do not
 * answer included with the sample they had, so that silence is told from being gone.
 *
 * @throws MappingError where `names` holds an unknown signal
 */
export function createDirectInference(
  options: DirectInferenceOptions,
  listener: InferenceListener,
): InferenceSource {
  const { clock, intervalMs } = options
  const mapping = createMapping(options.names)
  const frontends = new Frontends()
  const known = new Map<string, Known>()
  /** By the `id` of their health. */
  const byId = new Map<string, ScrapedServers>()
  const roundMs = Math.max(Math.min(SHORTEST_ROUND_MS, intervalMs), intervalMs / ROUNDS_PER_INTERVAL)
  let timer: ReturnType<typeof setTimeout> | null = null
  let started = false
  let closed = false
  let news = false
  let roundAt = Number.NEGATIVE_INFINITY

  const request = {
    agent: options.agent,
    ...(options.authorise === undefined ? {} : { authorise: options.authorise }),
    ...(options.headers === undefined ? {} : { headers: options.headers }),
    deadlineMs: options.deadlineMs,
    clock,
    logger: options.logger,
    targetKind: INFERENCE_SERVERS,
  }

  function meet(target: ScrapeTarget): Known {
    const id = sourceId(target, INFERENCE_SERVERS)
    const servers = byId.get(id) ?? new ScrapedServers(target, id, mapping, options)
    byId.set(id, servers)
    const one = { servers, samples: [] }
    known.set(target.url, one)
    return one
  }

  /** @returns why the answer is of no use, though it came */
  function take({ target, parsed, sampledAt }: Scrape): SourceError | null {
    const one = known.get(target.url) ?? meet(target)
    const samples = one.servers.read(parsed, sampledAt)
    news = true
    const emptiness = one.servers.emptiness()
    // Nothing in an answer is no fact about the servers: what they said stands, and grows old.
    if (emptiness === null) one.samples = samples
    return emptiness
  }

  const scraper = createScraper({
    ...request,
    intervalMs,
    concurrency: options.concurrency,
    limits: options.limits ?? DEFAULT_SCRAPE_LIMITS,
    // A counter of tokens passes DCGM's blank values honestly.
    dcgmBlanks: false,
    isWanted: (name) => mapping.reads(name),
    onScrape: take,
    onLost(target, error) {
      news = true
      if (error === null) {
        known.delete(target.url)
        byId.delete(sourceId(target, INFERENCE_SERVERS))
      } else listener.onFailure(error)
    },
  })
  scraper.pause()
  const discovery = createDiscovery({
    ...request,
    ...(options.secretScope === undefined ? {} : { secretScope: options.secretScope }),
    static: options.static,
    files: options.files,
    http: options.http,
    ...(options.filesEveryMs === undefined ? {} : { filesEveryMs: options.filesEveryMs }),
    onTargets(targets) {
      options.onTargets?.(targets)
      scraper.setTargets(targets)
    },
  })

  function round(): void {
    const now = clock.now()
    if (news || now - roundAt >= intervalMs) {
      news = false
      roundAt = now
      const { samples, warning } = frontends.without([...known.values()].flatMap((one) => one.samples))
      const ofTargets = [...known.values()].flatMap(({ servers }) => servers.warnings)
      const warnings = [...(warning === '' ? [] : [warning]), ...ofTargets].slice(0, MOST_WARNINGS)
      listener.onRound({ at: now, samples, windowed: [], warnings })
    }
    schedule(roundMs)
  }

  function withDoubts(health: SourceHealth): SourceHealth {
    const doubts = byId.get(health.id)?.doubts(clock.now()) ?? []
    return doubts.length === 0 ? health : { ...health, doubts: [...health.doubts, ...doubts] }
  }

  function schedule(delayMs: number): void {
    timer = setTimeout(round, delayMs)
  }

  return {
    setActive(on) {
      if (closed || on === (timer !== null)) return
      if (!on) {
        scraper.pause()
        if (timer !== null) clearTimeout(timer)
        timer = null
        return
      }
      if (!started) {
        started = true
        discovery.start().catch((error: unknown) => {
          listener.onFailure({
            code: 'internal',
            text: `inference servers: discovery failed (${error instanceof Error ? error.message : String(error)})`,
            nextStep: 'This is a defect of Floorwatch; please report it with this text.',
          })
        })
      }
      // What they said before the pause is not what they say now.
      known.clear()
      scraper.resume()
      schedule(Math.min(FIRST_ROUND_MS, intervalMs * 1.5))
    },
    health: (): SourceHealth[] => [...discovery.health(), ...scraper.health().map(withDoubts)],
    async close() {
      closed = true
      if (timer !== null) clearTimeout(timer)
      timer = null
      await Promise.all([discovery.close(), scraper.close()])
    },
  }
}
