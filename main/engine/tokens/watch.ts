import type { SiteConfig } from '../../config/types.ts'
import type { LiveFleet } from '../../core/fleet/types.ts'
import { createJoin } from '../../core/tokens/served/join.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Logger } from '../../platform/logger.ts'
import type { MeteringSource } from '../../sources/metering/types.ts'
import { Refusal } from '../session/refusal.ts'
import { type Asking, refusalOf } from './answers/asking.ts'
import { SourceFailure } from '../../platform/failure.ts'
import { RemoteClock } from '../../platform/remoteClock.ts'
import { watchDrift } from './drift/drift.ts'
import { watchDaily } from './usage/dailyWatch.ts'
import { driftStatus } from './drift/status.ts'
import { emptyTokenWatch } from './answers/empty.ts'
import { tenantEvidence } from './evidence/evidence.ts'
import { tokenHistory } from './usage/history.ts'
import { tenantKeys } from './tenants/keys.ts'
import { LatencyReader } from './latency/figures.ts'
import { latencyHistory } from './latency/history.ts'
import type { OpenedInference } from './served/open.ts'
import { NO_METERING, originOf } from './answers/origin.ts'
import { overviewOf } from './usage/overview.ts'
import { tokensOf } from './usage/shares.ts'
import { ServedFigures } from './served/figures.ts'
import { servedHistory } from './served/history.ts'
import { watchServed } from './served/watch.ts'
import { SharedAnswers } from './answers/shared.ts'
import { watchSlowFacts } from './slowFacts.ts'
import { TenantFigures } from './tenants/figures.ts'
import { tenantPage } from './tenants/page.ts'
import { dimensionsOf, meteringDown, meteringLack } from './answers/lacks.ts'
import { whileDown } from './answers/whileDown.ts'
import { tokenTotals } from './usage/totals.ts'
import type { TokenWatch } from './types.ts'
import { watchUsage } from './usage/live.ts'
import { rateWindow } from './windows.ts'
import { workflowList, workflowTree } from './workflows/workflows.ts'
import { yieldNow } from './yield/yield.ts'
import { type Message, message } from '../../../shared/messages/message.ts'

export interface TokenWatchOptions {
  readonly config: Pick<SiteConfig, 'site' | 'metering' | 'economics' | 'drift'>
  /** Closed with the watch. */
  readonly source: MeteringSource | null
  readonly inference: OpenedInference | null
  readonly fleet: Pick<LiveFleet, 'topology' | 'frame'>
  readonly clock: Clock
  readonly logger: Logger
  /** Figures came, or a way turned. */
  readonly onNews: () => void
}

/** Identical questions of many screens within this time are one question, ms. */
const ANSWERS_KEPT_MS = 5_000

/** Everything about tokens of one site. Asks at once; nothing that a source does or fails to do is thrown from here. */
export function createTokenWatch(options: TokenWatchOptions): TokenWatch {
  const { config, source, inference, fleet, clock, logger, onNews } = options
  const now = () => clock.now()
  const blank = emptyTokenWatch(now)
  const backendClock = source?.backendClock ?? new RemoteClock()
  const shared = new SharedAnswers(clock, ANSWERS_KEPT_MS)
  const served =
    inference === null
      ? null
      : watchServed({ ways: inference.ways, topology: () => fleet.topology(), clock, logger, onNews })
  const servedFigures = served === null ? null : new ServedFigures(served, now)
  const allocated = () => (served?.join() ?? createJoin(fleet.topology())).allocated()
  const latency = new LatencyReader({ served, source, backendClock, clock, onNews })
  const askLatency: TokenWatch['latency'] = (question, signal) =>
    latencyHistory({ served, client: inference?.client ?? null, shared, clock }, question, signal)
  const closeAll = async () => {
    shared.close()
    latency.close()
    await served?.close()
    await inference?.close()
  }

  if (source === null || config.metering === null) {
    // Served tokens without metering: what was served, how fast and on what is told; who used it is not known.
    const known = {
      cube: null,
      facts: null,
      abilities: () => null,
      backendClock,
      served,
      servedFigures,
      latency,
      fleet,
      allocated,
      economics: config.economics,
      origin: blankOrigin,
      now,
    }
    return {
      ...blank,
      measuring: { metering: null, served, client: inference?.client ?? null },
      overview: (params) => overviewOf(known, params),
      yields: () => yieldNow(known),
      drift: () => ({ ...blank.drift(), ...servedAlone(servedFigures) }),
      history: async (question) =>
        servedHistory({ figures: servedFigures, origin: blankOrigin, now }, question, NO_METERING.text),
      totals: async () => {
        throw noTotals(NO_METERING.text)
      },
      latency: askLatency,
      sources: () => served?.sources() ?? [],
      cut: () => served?.cut(),
      close: closeAll,
    }
  }

  const { lagAllowedMs, refreshMs } = config.metering
  const usage = watchUsage({ source, refreshMs, backendClock, clock, logger, onNews })
  const facts = watchSlowFacts({ source, backendClock, clock, logger, onNews })
  const { cube } = usage
  const daily = watchDaily({ source, cube, backendClock, clock, logger })
  const origin = () => {
    const reach = cube.reach()
    return originOf(
      {
        name: source.name,
        abilities: usage.abilities(),
        reach: reach && { ...reach, dataAsOf: backendClock.toLocal(reach.dataAsOf) },
        failures: usage.failures(),
        failure: usage.failure(),
        lastAnswerAt: usage.lastAnswerAt(),
        lagAllowedMs,
        corrections: usage.corrections(),
      },
      now(),
    )
  }
  const asking: Asking = { source, backendClock, shared, clock, timezone: config.site.timezone, origin }
  const figures = new TenantFigures({ usage, facts, backendClock, origin, now })
  const driftWatch =
    served === null || servedFigures === null
      ? null
      : watchDrift({
          ...config.drift,
          source,
          served,
          unjoined: () => servedFigures.unjoined(),
          backendClock,
          rates: () => facts.rates().value,
          currency: config.economics.currency,
          origin,
          clock,
          logger,
          onNews,
        })
  const correctionListeners = new Set<(fromMs: number) => void>()
  const limitListeners = new Set<() => void>()
  const unfollow = source.follow((news) => {
    if (news.kind === 'limits') {
      facts.hurryTenants()
      for (const listener of limitListeners) listener()
    } else if (news.kind === 'advanced') usage.hurry()
    else {
      shared.forget()
      usage.corrected(news.fromMs)
      driftWatch?.corrected(news.fromMs)
      for (const listener of correctionListeners) listener(backendClock.toLocal(news.fromMs))
    }
  })

  return {
    measuring: {
      metering: {
        source,
        clock: backendClock,
        abilities: () => usage.abilities(),
        onCorrected(listener) {
          correctionListeners.add(listener)
          return () => correctionListeners.delete(listener)
        },
      },
      served,
      client: inference?.client ?? null,
    },
    status() {
      const rates = cube.reach() === null ? null : cube.rates({}, rateWindow(cube.stepMs()))
      const { state, dataAsOf } = origin()
      return {
        perSecond: rates === null ? null : tokensOf(rates),
        at: dataAsOf,
        origin: state === 'none' ? 'waiting' : state,
        drift: driftStatus(driftWatch?.read() ?? blank.drift()),
      }
    },
    overview: (params) =>
      overviewOf(
        {
          cube,
          abilities: () => usage.abilities(),
          backendClock,
          served,
          servedFigures,
          latency,
          origin,
          now,
        },
        params,
      ),
    tenants: () => figures.item(),
    sparks({ tenants }) {
      const { times, values } = cube.sparks(tenants)
      return { times: times.map((time) => backendClock.toLocal(time)), values: values.map((row) => [...row]) }
    },
    tenant: ({ id }) => tenantPage({ cube, figures, latency, backendClock, origin, now }, id),
    yields: () =>
      yieldNow({
        cube,
        abilities: () => usage.abilities(),
        facts,
        servedFigures,
        fleet,
        allocated,
        economics: config.economics,
        origin,
        backendClock,
        now,
      }),
    drift: () => driftWatch?.read() ?? { ...blank.drift(), ...noServers(origin()) },
    async history(question, signal) {
      const asked = dimensionsOf(question.groupBy, question.filters)
      const lack = meteringLack(usage.abilities(), asked)
      if (servedFigures === null) return tokenHistory(asking, question, signal)
      const stood = { figures: servedFigures, origin, now }
      if (lack !== null) return servedHistory(stood, question, lack)
      return whileDown(
        () => {
          const failure = usage.failure()
          // An answer without any of the usage that it told before would draw a fall to nothing.
          if (failure?.code === 'empty') throw refusalOf(new SourceFailure(failure))
          return tokenHistory(asking, question, signal)
        },
        () => {
          const down = meteringDown(origin())
          return down === null ? null : servedHistory(stood, question, down)
        },
      )
    },
    async totals(question, signal) {
      const lack = meteringLack(usage.abilities(), dimensionsOf(question.groupBy, question.filters))
      if (lack !== null && servedFigures !== null) throw noTotals(lack)
      return tokenTotals(asking, question, signal)
    },
    latency: askLatency,
    keys: (question, signal) => tenantKeys(asking, question, signal),
    workflows: (question, signal) => workflowList(asking, question, signal),
    workflow: (question, signal) => workflowTree(asking, question, signal),
    evidence: (question, signal) =>
      tenantEvidence(
        { ...asking, currency: config.economics.currency, siteName: config.site.name },
        question,
        signal,
      ),
    metering: {
      source,
      backendClock,
      tenantName: (id) => facts.tenants().value?.find((tenant) => tenant.id === id)?.name ?? id,
    },
    onLimits(listener) {
      limitListeners.add(listener)
      return () => limitListeners.delete(listener)
    },
    sources() {
      const health = source.health()
      const doubts = [...health.doubts, ...usage.doubts(), ...daily.doubts()]
      return [{ ...health, doubts }, ...(served?.sources() ?? [])]
    },
    cut() {
      served?.cut()
    },
    async close() {
      unfollow()
      await Promise.all([usage.close(), daily.close(), facts.close(), driftWatch?.close(), closeAll()])
      await source.close()
    },
  }

  function blankOrigin() {
    return blank.overview({ filters: {}, limit: 1 }).origin
  }
}

/** Served tokens are followed for minutes: a day of them is no exact total. */
function noTotals(why: Message): Refusal {
  return new Refusal('failed', message('refusal.metered', { reason: why }), message('refusal.metered.next'))
}

/** What is said of drift where metered tokens are not known: still, which served tokens are not mapped to a GPU. */
function servedAlone(figures: ServedFigures | null) {
  if (figures === null) return {}
  const { share, servers, total } = figures.unjoined()
  return { unjoined: { share, servers: [...servers], total }, servedSource: figures.sourceText() }
}

/** What is said of drift where served tokens are not known. */
function noServers(origin: ReturnType<TokenWatch['drift']>['origin']) {
  const text =
    'No inference servers are configured, so served tokens are not known and metered ones cannot be compared.'
  return { origin, notes: [text, 'Add inference: to floorwatch.yaml (docs/configuration.md).'] }
}
