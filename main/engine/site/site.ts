import type { SourceHealth } from '../../../shared/model/source.ts'
import type { SiteConfig } from '../../config/types.ts'
import { createLiveFleet } from '../../core/fleet/index.ts'
import type { Clock } from '../../platform/clock.ts'
import { SourceFailure } from '../../platform/failure.ts'
import type { Logger } from '../../platform/logger.ts'
import { DEFAULT_ARBITER_RULES } from '../feeds/arbiter.ts'
import { startDirectWay } from '../feeds/direct.ts'
import { prometheusHistory } from '../feeds/prometheus/history.ts'
import { startPrometheusWay } from '../feeds/prometheus/way.ts'
import { selectFeed } from '../feeds/selection.ts'
import { openTokens } from '../tokens/open.ts'
import { createSiteFindings } from './findings.ts'
import { SiteMemory } from './memory.ts'
import type { Site } from './types.ts'
import { versionedFrom } from './versioned.ts'

export interface SiteOptions {
  /** Null for setup mode: an empty floor without sources. */
  readonly config: SiteConfig | null
  readonly firstTopologyVersion: number
  readonly clock: Clock
  readonly logger: Logger
  /** Figures came, or the feed turned. */
  readonly onNews: () => void
}

/** Until a configuration says otherwise; nothing is measured in setup mode. */
const SETUP = {
  site: { name: '' },
  inventory: null,
  thresholds: {},
  staleAfterMs: 30_000,
  freezeAfterMs: 90_000,
}

/** Starts polling at once; nothing that a source does or fails to do is thrown from here. */
export function createSite(options: SiteOptions): Site {
  const { config, clock, logger, onNews } = options
  const { site, inventory, thresholds, staleAfterMs, freezeAfterMs } = config ?? SETUP
  const openedAt = clock.now()
  const fleet = versionedFrom(
    options.firstTopologyVersion,
    createLiveFleet({ site: site.name, inventory, limits: thresholds, staleAfterMs, freezeAfterMs }),
  )
  const memory = new SiteMemory(fleet, paceOf(config))
  const shared = { fleet, clock, logger, onNews }
  const direct = config?.exporters ? startDirectWay({ ...shared, exporters: config.exporters }) : null
  const prometheus = config?.prometheus
    ? startPrometheusWay({
        ...shared,
        prometheus: config.prometheus,
        staleAfterMs,
        freezeAfterMs,
        decide: (event) => selection.decide(event),
      })
    : null
  const selection = selectFeed({
    clock,
    facts: () => ({ prometheus: prometheus !== null, exporters: direct?.targets() ?? 0 }),
    rules: { ...DEFAULT_ARBITER_RULES, maxDataAgeMs: staleAfterMs },
    onTurn(feed) {
      logger.info({ path: feed.path, reason: feed.reason }, 'the feed of the floor turned')
      // First the one that stops, so that the floor never has two feeds.
      if (feed.path !== 'prometheus') prometheus?.setFeeding(false)
      direct?.setFeeding(feed.path === 'direct')
      if (feed.path === 'prometheus') prometheus?.setFeeding(true)
      onNews()
    },
  })

  const tokens = openTokens({ config, fleet, clock, logger, onNews })
  const sources = (): SourceHealth[] => [
    ...(prometheus?.health() ?? []),
    ...(direct?.health() ?? []),
    ...tokens.sources(),
  ]
  const findings = createSiteFindings(fleet, staleAfterMs)

  return {
    config,
    fleet,
    tokens,
    feed: () =>
      config === null
        ? { path: 'none', since: openedAt, reason: 'No factory is connected yet.', fallback: false }
        : selection.feed(),
    sources,
    findings: () => findings.list(),
    abnormal: () => findings.abnormal(),
    cut(now) {
      selection.decide({ kind: 'tick' })
      fleet.evaluate(now)
      findings.update(sources(), now)
      memory.record(now)
      tokens.cut(now)
    },
    async history(question, signal) {
      const topology = memory.topologyFor(question)
      if (prometheus === null || selection.feed().path !== 'prometheus')
        return memory.read(question, topology)
      try {
        const { client, matchers } = prometheus
        const cadenceMs = prometheus.cadenceMs()
        return await prometheusHistory({ client, matchers, cadenceMs, question, topology, signal })
      } catch (error) {
        if (!(error instanceof SourceFailure)) throw error
        const known = memory.read(question, topology)
        const warning = `From the console's own memory, because Prometheus did not answer: ${error.message}`
        return { ...known, warnings: [warning, ...known.warnings] }
      }
    },
    trend: () => memory.trend(),
    async close() {
      await Promise.all([prometheus?.close(), direct?.close(), tokens.close()])
    },
  }
}

/** How often new figures come at most, ms. */
function paceOf(config: SiteConfig | null): number {
  const paces = [config?.prometheus?.refreshMs, config?.exporters?.intervalMs].filter(
    (ms) => ms !== undefined,
  )
  return paces.length === 0 ? 5_000 : Math.min(...paces)
}
