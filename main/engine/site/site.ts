import { textOf } from '../../../shared/messages/format.ts'
import { type Message, message } from '../../../shared/messages/message.ts'
import type { CommandParsed } from '../../../shared/contract/contract.ts'
import type { History } from '../../../shared/contract/fleet.ts'
import type { FleetEvent } from '../../../shared/model/finding.ts'
import type { SourceHealth } from '../../../shared/model/source.ts'
import type { Topology } from '../../../shared/model/topology.ts'
import { inWords } from '../../../shared/model/phrases.ts'
import type { SiteConfig } from '../../config/types.ts'
import { USUAL_CADENCE_MS } from '../../core/cadence.ts'
import { createLiveFleet } from '../../core/fleet/index.ts'
import { recoveryOf } from '../../core/throttles/index.ts'
import type { Clock } from '../../platform/clock.ts'
import { SourceFailure } from '../../platform/failure.ts'
import type { Logger } from '../../platform/logger.ts'
import { type ClockEvent, createSteadyClock } from '../../platform/steadyClock.ts'
import { DEFAULT_ARBITER_RULES } from '../feeds/arbiter.ts'
import { startDirectWay } from '../feeds/direct.ts'
import { prometheusHistory } from '../feeds/prometheus/history.ts'
import { startPrometheusWay } from '../feeds/prometheus/way.ts'
import { selectFeed } from '../feeds/selection.ts'
import { watchCauses } from '../cause/watch.ts'
import { openSlo } from '../slo/open.ts'
import { openTokens } from '../tokens/open.ts'
import type { Audit } from '../../audit/types.ts'
import type { Store } from '../../store/index.ts'
import { Refusal } from '../session/refusal.ts'
import { type OnVerdict, openThrottles } from '../throttles/throttles.ts'
import { createSiteFindings } from './findings.ts'
import { KnownHosts } from './knownHosts.ts'
import { SiteMemory } from './memory.ts'
import {
  eventOutward,
  feedOutward,
  findingOutward,
  fleetOutward,
  healthOutward,
  historyOutward,
  type ShownFleet,
  trendOutward,
} from './outward.ts'
import { storeRow } from './storeRow.ts'
import type { Site } from './types.ts'
import { versionedFrom } from './versioned.ts'

export interface SiteOptions {
  /** Null for setup mode: an empty floor without sources. */
  readonly config: SiteConfig | null
  readonly firstTopologyVersion: number
  readonly clock: Clock
  readonly logger: Logger
  /** Outlives the site where its successor is of the same name. */
  readonly store: Store
  /** Of that store. */
  readonly audit: Audit
  /** A throttle that was decided here is now seen to be something else than before. */
  readonly onVerdict?: OnVerdict
  /** Figures came, or the feed turned. */
  readonly onNews: () => void
}

const MOST_CLOCK_EVENTS = 20
/** What a sudden end of the engine forgets at most, ms. */
const KEEP_HOSTS_EVERY_MS = 60_000

/** Until a configuration says otherwise; nothing is measured in setup mode. */
const SETUP = {
  site: { name: '' },
  inventory: null,
  thresholds: {},
  hostLabels: null,
  staleAfterMs: 30_000,
  freezeAfterMs: 90_000,
}

/** Starts polling at once; nothing that a source does or fails to do is thrown from here. */
export function createSite(options: SiteOptions): Site {
  const { config, logger, onNews, store } = options
  const { site, inventory, thresholds, hostLabels, staleAfterMs, freezeAfterMs } = config ?? SETUP
  /** Of the floor and its sources; tokens have the machine's, because days and bills go by that. */
  const clock = createSteadyClock(options.clock, noteClockEvent)
  const shiftMs = (): number => clock.shiftMs()
  const openedAt = clock.now()
  const clockEvents: FleetEvent[] = []
  const known = new KnownHosts(store, logger)
  const fleet = versionedFrom(
    options.firstTopologyVersion,
    createLiveFleet({
      site: site.name,
      inventory,
      limits: thresholds,
      staleAfterMs,
      freezeAfterMs,
      remembered: inventory === null ? known.read() : [],
      ...(hostLabels === null ? {} : { hostLabels }),
    }),
  )
  const memory = new SiteMemory(fleet, paceOf(config))
  const shared = { fleet, clock, logger, onNews }
  const direct = config?.exporters ? startDirectWay({ ...shared, exporters: config.exporters }) : null
  const prometheus = config?.prometheus
    ? startPrometheusWay({
        ...shared,
        prometheus: config.prometheus,
        hostLabels: hostLabels ?? [],
        staleAfterMs,
        freezeAfterMs,
        decide: (event) => selection.decide(event),
      })
    : null
  const selection = selectFeed({
    clock,
    facts: () => ({ prometheus: prometheus !== null, exporters: direct?.targets() ?? 0 }),
    rules: { ...DEFAULT_ARBITER_RULES, staleAfterMs },
    onTurn(feed) {
      logger.info({ path: feed.path, reason: feed.reason }, 'the feed of the floor turned')
      // First the one that stops, so that the floor never has two feeds.
      if (feed.path !== 'prometheus') prometheus?.setFeeding(false)
      direct?.setFeeding(feed.path === 'direct')
      if (feed.path === 'prometheus') prometheus?.setFeeding(true)
      onNews()
    },
  })

  const shown: ShownFleet = { ...fleetOutward(fleet, shiftMs), events }
  let tokens = startTokens()
  let slo = startSlo()
  const sources = (): SourceHealth[] => {
    const by = shiftMs()
    const ofFloor = [...(prometheus?.health() ?? []), ...(direct?.health() ?? [])]
    const ofStore = storeRow(store.health())
    return [
      ...ofFloor.map((health) => healthOutward(health, by)),
      ...tokens.sources(),
      ...(ofStore === null ? [] : [ofStore]),
    ]
  }
  const findings = createSiteFindings(fleet, staleAfterMs)
  const causes = watchCauses({
    slo: () => slo,
    metering: () => tokens.measuring.metering,
    served: () => tokens.measuring.served,
    entitled() {
      const { ids, entitled } = tokens.tenants()
      return new Map(ids.map((id, place) => [id, entitled[place] ?? null]))
    },
    clock: options.clock,
    logger,
    onNews,
  })
  const throttles = openThrottles({
    relief: (asked) => causes.relief(asked),
    recovery: (throttle) => recoveryOf(slo?.objectives() ?? [], slo?.states() ?? [], throttle),
    link: () => tokens.metering,
    store,
    audit: options.audit,
    ...(options.onVerdict === undefined ? {} : { onVerdict: options.onVerdict }),
    clock: options.clock,
    logger,
    onNews,
  })

  let keptAt = openedAt

  function keepHosts(): void {
    if (config === null || inventory !== null) return
    keptAt = clock.now()
    const by = shiftMs()
    known.keep(fleet.toRemember().map((host) => ({ ...host, seenAt: host.seenAt + by })))
  }

  function startTokens() {
    const opened = openTokens({ config, fleet: shown, clock: options.clock, logger, onNews })
    opened.onLimits(() => throttles.hurry())
    return opened
  }

  function startSlo() {
    return openSlo({ config, measuring: () => tokens.measuring, store, clock: options.clock, logger, onNews })
  }

  /** What is measured goes on as if nothing had happened. Tokens are asked again, because their steps bear dates. */
  function noteClockEvent({ kind, byMs }: ClockEvent): void {
    const text = clockText(kind, byMs)
    logger.warn({ kind, byMs }, textOf(text))
    clockEvents.unshift({
      at: clock.now(),
      severity: 'advisory',
      where: '',
      text,
    })
    clockEvents.splice(MOST_CLOCK_EVENTS)
    if (kind === 'slept') return
    const old = [slo, tokens]
    tokens = startTokens()
    slo = startSlo()
    for (const each of old) {
      each.close().catch((error: unknown) => logger.error({ err: error }, 'closing the token side failed'))
    }
  }

  function events(): readonly FleetEvent[] {
    const by = shiftMs()
    if (clockEvents.length === 0) return fleet.events()
    return [...clockEvents, ...fleet.events()]
      .toSorted((a, b) => b.at - a.at)
      .map((event) => eventOutward(event, by))
  }

  /** The engine's own memory, which is dated by the steady clock. */
  function remembered(question: CommandParsed<'fleet.history'>, topology: Topology): History {
    const by = shiftMs()
    const inside = { ...question, fromMs: question.fromMs - by, toMs: question.toMs - by }
    const history = historyOutward(memory.read(inside, topology), by)
    const set = clockEvents
      .filter(({ at }) => at >= inside.fromMs && at <= inside.toMs)
      .map(({ at, text }) => `${new Date(at + by).toISOString()}: ${textOf(text)}`)
    return set.length === 0 ? history : { ...history, warnings: [...history.warnings, ...set] }
  }

  return {
    config,
    store,
    fleet: shown,
    get tokens() {
      return tokens
    },
    get slo() {
      return slo
    },
    causes,
    feed: () =>
      config === null
        ? feedOutward(
            { path: 'none', since: openedAt, reason: 'No factory is connected yet.', fallback: false },
            shiftMs(),
          )
        : feedOutward(selection.feed(), shiftMs()),
    sources,
    throttles,
    findings() {
      const by = shiftMs()
      const { findings: list, total } = findings.list()
      return { findings: list.map((finding) => findingOutward(finding, by)), total }
    },
    abnormal: () => findings.abnormal(),
    cut(now) {
      selection.decide({ kind: 'tick' })
      const steady = clock.now()
      fleet.evaluate(steady)
      findings.update(() => {
        const by = -shiftMs()
        return sources().map((health) => healthOutward(health, by))
      }, steady)
      memory.record(steady)
      if (steady - keptAt >= KEEP_HOSTS_EVERY_MS) keepHosts()
      tokens.cut(now)
      slo.cut(now)
      causes.cut(now)
    },
    async history(question, signal) {
      const topology = memory.topologyFor(question)
      if (prometheus === null || selection.feed().path !== 'prometheus') return remembered(question, topology)
      try {
        const { client, matchers } = prometheus
        const cadenceMs = prometheus.cadenceMs() ?? USUAL_CADENCE_MS
        return await prometheusHistory({ client, matchers, cadenceMs, question, topology, signal })
      } catch (error) {
        if (!(error instanceof SourceFailure)) throw error
        const known = remembered(question, topology)
        const warning = `From the console's own memory, because Prometheus did not answer: ${error.message}`
        return { ...known, warnings: [warning, ...known.warnings] }
      }
    },
    trend: () => trendOutward(memory.trend(), shiftMs()),
    dismissHost(host) {
      const stays = fleet.dismiss(host)
      if (stays !== null)
        throw new Refusal(
          'failed',
          message(`host.dismiss.${stays}`, { host }),
          message(`host.dismiss.${stays}.next`),
        )
      logger.warn({ host }, 'a host was dismissed from the floor')
      fleet.evaluate(clock.now())
      keepHosts()
      onNews()
    },
    async close() {
      keepHosts()
      await causes.close()
      await slo.close()
      // A call that waits for its answer is noted as such before its connection goes.
      await throttles.close()
      await Promise.all([prometheus?.close(), direct?.close(), tokens.close()])
    },
  }
}

function clockText(kind: ClockEvent['kind'], byMs: number): Message {
  const by = inWords(Math.abs(byMs))
  if (kind === 'slept') return message('event.clock.slept', { by })
  return message(byMs < 0 ? 'event.clock.back' : 'event.clock.forward', { by })
}

/** How often new figures come at most, ms. */
function paceOf(config: SiteConfig | null): number {
  const paces = [config?.prometheus?.refreshMs, config?.exporters?.intervalMs].filter(
    (ms) => ms !== undefined,
  )
  return paces.length === 0 ? 5_000 : Math.min(...paces)
}
