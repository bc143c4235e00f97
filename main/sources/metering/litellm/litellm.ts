import { SourceFailure } from '../../../platform/failure.ts'
import type { MeteringConnection } from '../connection.ts'
import { Learning } from '../learning.ts'
import { createMeteringHttp } from '../transport/http.ts'
import { longReaderOf } from '../transport/longReader.ts'
import { readerOf } from '../transport/reader.ts'
import { MeteringRefusal } from '../transport/refusal.ts'
import {
  AbilityMissing,
  type MeteringAbilities,
  type MeteringAbility,
  type MeteringSource,
  StepTooFine,
} from '../types.ts'
import { abilitiesOf, NO_DATABASE, type Proxy } from './abilities.ts'
import { DailyAnswers } from './dailyAnswers.ts'
import { DAY_MS } from './days.ts'
import { explained } from './explained.ts'
import { bothHealths } from './health.ts'
import { keysOfTeam, teamsOf } from './lists.ts'
import { sortsLogs } from './longRequests.ts'
import { createMetrics } from './metrics.ts'
import { numberedPages } from './numbered.ts'
import { ratesOf } from './prices.ts'
import { dailySchema, logsSchema, modelsSchema, readinessSchema, type SpendLogs } from './schema.ts'
import { LOGS_PAGE, MOST_LOGS } from './spendLogs.ts'
import { usageOf } from './usage.ts'

const WRONG_ADDRESS =
  'Check that `url` under metering: is the base address of a LiteLLM proxy, without a path such as /v1 or /ui.'
const NO_LOGS =
  'This LiteLLM has no /spend/logs/v2, so only whole days are known of the past; newer versions have it.'
/** So rarely do abilities wait for counters that cannot be read just now, ms. */
const LOOK_MS = 5_000
const DAYS_PAGE = 1000
const MOST_DAY_PAGES = 20

/** A LiteLLM proxy: its counters, its totals by day and its single requests. @throws SourceFailure for an address that is none */
export function createLitellm(connection: MeteringConnection): MeteringSource {
  const { options, access, clock } = connection
  const http = createMeteringHttp({
    ...connection,
    url: options.url,
    title: 'LiteLLM',
    wrongAddress: WRONG_ADDRESS,
  })
  const metricsUrl = options.litellm.metrics
  const metrics = metricsUrl === null ? null : createMetrics(connection, metricsUrl)
  const now = () => http.backendClock.toRemote(clock.now())
  const learning = new Learning<Proxy>(learn, clock)
  let lookedAt: number | null = null

  async function learn(signal: AbortSignal): Promise<Proxy> {
    try {
      const ready = await http.get('/health/readiness', readerOf(readinessSchema), {
        signal,
        topic: 'readiness',
      })
      const database = ready.db ?? ''
      return {
        version: ready.litellm_version || (await hiddenVersion(signal)),
        database: /^connected$/i.test(database)
          ? 'connected'
          : /^disconnected$/i.test(database)
            ? 'away'
            : 'none',
      }
    } catch (error) {
      // It answers so while its database is away; its counters go on meanwhile.
      if (!(error instanceof MeteringRefusal) || error.status !== 503) throw error
      return { version: '', database: 'away' }
    }
  }

  /** '' where it does not say; that is no reason to know nothing. */
  async function hiddenVersion(signal: AbortSignal): Promise<string> {
    try {
      return (await http.get('/health/readiness/details', readerOf(readinessSchema), { signal }))
        .litellm_version
    } catch (error) {
      if (!(error instanceof SourceFailure) || signal.aborted) throw error
      return ''
    }
  }

  async function abilities(signal: AbortSignal): Promise<MeteringAbilities> {
    const proxy = await learning.get(signal)
    // Usage that cannot be told is not asked for, so its return would not be seen elsewhere.
    const again = metrics !== null && metrics.trouble() !== null
    if (lookedAt === null || (again && clock.monotonic() - lookedAt >= LOOK_MS)) await look(signal)
    return abilitiesOf(proxy, { configured: metrics !== null, trouble: metrics?.trouble() ?? null })
  }

  /** What the counters distinguish shows at a reading. One that fails is told with the next usage. */
  async function look(signal: AbortSignal): Promise<void> {
    lookedAt = clock.monotonic()
    try {
      await metrics?.refresh(signal)
    } catch (error) {
      if (!(error instanceof SourceFailure) || signal.aborted) throw error
    }
  }

  async function requireDatabase(ability: MeteringAbility, signal: AbortSignal): Promise<void> {
    if ((await learning.get(signal)).database === 'none') throw new AbilityMissing(ability, NO_DATABASE)
  }

  const lacking = (ability: MeteringAbility) => async (_: unknown, signal: AbortSignal) => {
    const text = (await abilities(signal)).lacks.get(ability)
    throw new AbilityMissing(ability, text ?? 'LiteLLM does not know that.')
  }

  const paging = <P extends { readonly total_pages: number }>(
    what: string,
    most: number,
    ask: (page: number, signal: AbortSignal) => Promise<P>,
    signal: AbortSignal,
    check?: (first: P) => void,
  ) =>
    explained(
      numberedPages(ask, {
        most,
        signal,
        clock,
        deadlineMs: access.deadlineMs,
        what: `${http.name}: ${what}`,
        ...(check === undefined ? {} : { check }),
      }),
    )

  const pagesOfDays = (path: string, query: Readonly<Record<string, string>>, signal: AbortSignal) =>
    paging(
      'the totals by day',
      MOST_DAY_PAGES,
      (page, each) =>
        http.getLong(path, readDays, {
          signal: each,
          query: { ...query, page, page_size: DAYS_PAGE },
        }),
      signal,
    )
  const answers = new DailyAnswers({
    now: () => clock.monotonic(),
    one: (path, query, signal) => explained(http.getLong(path, readDays, { signal, query })),
    pages: pagesOfDays,
  })
  async function logs(
    query: Readonly<Record<string, string>>,
    page: number,
    size: number,
    signal: AbortSignal,
  ): Promise<SpendLogs> {
    try {
      return await http.get('/spend/logs/v2', readerOf(logsSchema), {
        signal,
        query: { ...query, page, page_size: size },
      })
    } catch (error) {
      if (!(error instanceof MeteringRefusal) || error.status !== 404) throw error
      throw new StepTooFine(NO_LOGS, DAY_MS)
    }
  }

  const pageOfLogs = (query: Readonly<Record<string, string>>, page: number, signal: AbortSignal) =>
    logs(query, page, LOGS_PAGE, signal)
  const sorting = new Learning<boolean>((signal) => sortsLogs(pageOfLogs, now(), signal), clock)

  const usage = usageOf({
    metrics,
    now,
    offsetMs: () => http.backendClock.offsetMs,
    abilities,
    requireDatabase: (signal) => requireDatabase('liveUsage', signal),
    daily: {
      now,
      version: async (signal) => (await learning.get(signal)).version,
      answers,
      teams: async (signal) => (await teamsOf(http, paging, signal)).tenants.map(({ id }) => id),
    },
    logs: {
      now,
      pages: (query, check, signal) =>
        paging(
          'the spend logs',
          Math.ceil(MOST_LOGS / LOGS_PAGE),
          (page, each) => logs(query, page, LOGS_PAGE, each),
          signal,
          ({ total }) => check(total),
        ),
      page: pageOfLogs,
      sorts: (signal) => sorting.get(signal),
      count: async (query, signal) => (await logs(query, 1, 1, signal)).total,
      days: async (start, end, signal) =>
        (await answers.read('/user/daily/activity', { start_date: start, end_date: end }, signal)).days,
    },
  })

  return {
    kind: 'litellm',
    name: http.name,
    abilities,
    usage,
    latency: lacking('latency'),
    capacity: lacking('capacity'),
    async rates(signal) {
      const { rates, missing } = await explained(
        http.get('/model/info', (body) => ratesOf(readModels(body)), {
          signal,
          topic: 'prices',
          remarks: (known) => ({ samples: known.rates.length }),
        }),
      )
      return { rates, dataAsOf: now(), complete: missing.length === 0, missing }
    },
    async tenants(signal) {
      await requireDatabase('tenants', signal)
      const { tenants, missing } = await teamsOf(http, paging, signal)
      return { tenants, dataAsOf: now(), complete: missing.length === 0, missing }
    },
    async keys(tenant, signal) {
      await requireDatabase('key', signal)
      const { keys, missing } = await keysOfTeam(http, paging, tenant, now(), signal)
      return {
        keys: [...keys],
        nextCursor: null,
        dataAsOf: new Date(now()).toISOString(),
        complete: missing.length === 0,
        missing: [...missing],
      }
    },
    statement: (_, range, signal) => lacking('statements')(range, signal),
    workflows: lacking('workflows'),
    workflow: lacking('workflows'),
    throttles: null,
    follow: () => () => undefined,
    backendClock: http.backendClock,
    health: () => bothHealths(http.health(), metrics?.http.health() ?? null),
    async close() {
      await metrics?.http.close()
      await http.close()
    },
  }
}

const readModels = readerOf(modelsSchema)
const dailyPageSchema = dailySchema.transform((page) => ({ ...page, total_pages: page.metadata.total_pages }))
/** A day with thousands of keys is long, and still checked at once. */
const readDays = longReaderOf(dailyPageSchema, {
  key: 'results',
  element: dailySchema.shape.results.element,
  most: 100_000,
  mostInOne: 8 * 1024 * 1024,
})
