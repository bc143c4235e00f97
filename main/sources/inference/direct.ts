import type { SourceHealth } from '../../../shared/model/source.ts'
import {
  createDiscovery,
  createScraper,
  DEFAULT_SCRAPE_LIMITS,
  type Scrape,
  type ScrapedSeries,
  sourceId,
  type TargetKind,
} from '../exposition/index.ts'
import { Frontends } from './frontends.ts'
import { placeOf } from './identity.ts'
import { createMapping } from './mapping.ts'
import { type Plan, type PlannedSample, planServer } from './plan.ts'
import type { DirectInferenceOptions, InferenceListener, InferenceSource } from './types.ts'

const INFERENCE_SERVERS: TargetKind = {
  kind: 'inference',
  noun: 'inference server',
  section: 'inference',
}

/** What one target said last. */
interface Known {
  series: readonly ScrapedSeries[]
  /** Of all its series, those included that say nothing here. */
  count: number
  plan: Plan
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
    targetKind: INFERENCE_SERVERS,
  }

  function take({ target, parsed, sampledAt }: Scrape): void {
    const before = known.get(target.url)
    const plan =
      before?.series === parsed.series
        ? before.plan
        : planServer(
            { ...placeOf(target.url, target.labels, options), source: sourceId(target, INFERENCE_SERVERS) },
            target.labels,
            parsed.series.map(({ name, labels }, index) => ({ index, name, labels })),
            mapping,
            options,
          )
    known.set(target.url, {
      series: parsed.series,
      count: parsed.count + parsed.passedOver,
      plan,
      samples: plan.read(parsed.values, sampledAt),
    })
    news = true
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
      if (error === null) known.delete(target.url)
      else listener.onFailure(error)
    },
  })
  scraper.pause()
  const discovery = createDiscovery({
    ...request,
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
      const warnings = [...(warning === '' ? [] : [warning]), ...strangers(known)].slice(0, MOST_WARNINGS)
      listener.onRound({ at: now, samples, windowed: [], warnings })
    }
    schedule(roundMs)
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
    health: (): SourceHealth[] => [...discovery.health(), ...scraper.health()],
    async close() {
      closed = true
      if (timer !== null) clearTimeout(timer)
      timer = null
      await Promise.all([discovery.close(), scraper.close()])
    },
  }
}

function strangers(known: ReadonlyMap<string, Known>): string[] {
  return [...known]
    .filter(([, { plan }]) => plan.known === 0)
    .map(
      ([url, { count }]) =>
        `${new URL(url).host} answers, but none of its ${count} series is known of an inference engine; name them under inference.names.`,
    )
}
