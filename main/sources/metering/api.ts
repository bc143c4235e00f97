import type { Capabilities } from '../../../shared/metering/capabilities.ts'
import { type AnswerOf, OPERATIONS } from '../../../shared/metering/operations.ts'
import type { Measure } from '../../../shared/model/tokens.ts'
import type { UsageTable } from '../../core/tokens/types.ts'
import { abilitiesOf, LATENCY_NAMES } from './abilities.ts'
import type { MeteringConnection } from './connection.ts'
import { followEvents } from './events.ts'
import { latencyReader } from './latency.ts'
import { Learning } from './learning.ts'
import { allPages } from './pages.ts'
import { segment } from './transport/address.ts'
import { throttlesOverApi } from './throttles/api.ts'
import type { Remarks } from './transport/health.ts'
import { createMeteringHttp } from './transport/http.ts'
import { AnswerError, checking, readerOf } from './transport/reader.ts'
import { MeteringRefusal } from './transport/refusal.ts'
import {
  AbilityMissing,
  type LatencyQuestion,
  type MeteringAbilities,
  type MeteringAbility,
  type MeteringSource,
  type UsageQuestion,
} from './types.ts'
import { dimensionsOf, filterQuery, isLive, rangeQuery, usageQuery } from './queries.ts'
import { UsageAsking } from './usage/asking.ts'
import type { Counted } from './usage/growing.ts'
import { reachOf, usageReader } from './usage/table.ts'

const PAGE = 1000
const MOST_TENANT_PAGES = 50
const MOST_KEY_PAGES = 5

const WRONG_ADDRESS =
  'Check that `url` under metering: is the base address of a Metering API, without the /v1; `floorwatch conformance URL` tells what it keeps of the contract.'

interface Known {
  readonly capabilities: Capabilities
  readonly abilities: MeteringAbilities
}

/** A back end that speaks the Metering API of this project (docs/metering-api.md). @throws SourceFailure for an address that is none */
export function createApi(connection: MeteringConnection): MeteringSource {
  const { options, clock } = connection
  const http = createMeteringHttp({
    ...connection,
    url: options.url,
    title: 'Metering API',
    wrongAddress: WRONG_ADDRESS,
  })
  /** Steps that fitted into an answer, by grouping. */
  const fits = new Map<string, number>()
  const learning = new Learning<Known>(async (signal) => {
    const capabilities = await http.get(
      OPERATIONS.getCapabilities.path,
      readerOf(OPERATIONS.getCapabilities.answer.body),
      { signal, topic: 'capabilities' },
    )
    return { capabilities, abilities: abilitiesOf(capabilities) }
  }, clock)

  async function require(needed: readonly MeteringAbility[], signal: AbortSignal): Promise<Known> {
    const known = await learning.get(signal)
    for (const ability of needed) {
      const text = known.abilities.lacks.get(ability)
      if (text !== undefined) throw new AbilityMissing(ability, text)
    }
    return known
  }

  async function usage(question: UsageQuestion, signal: AbortSignal): Promise<UsageTable> {
    const { capabilities, abilities } = await require(['liveUsage', ...dimensionsOf(question)], signal)
    const { step } = question
    if ('bucket' in step && !capabilities.calendarBuckets.includes(step.bucket)) {
      throw new AbilityMissing('calendarBuckets', `${abilities.backend} has no calendar of ${step.bucket}s.`)
    }
    const counted = countedBy(capabilities)
    const topic = isLive(question) ? { topic: 'usage' } : {}
    const asking = new UsageAsking(
      (part) =>
        http.getLong(OPERATIONS.getUsage.path, usageReader(part, counted), {
          signal,
          query: usageQuery(part),
          ...topic,
          remarks: (table) => ({ samples: pointsIn(table), ...remarksOf(table) }),
        }),
      fits,
    )
    try {
      return await asking.answer(question)
    } catch (error) {
      if (error instanceof MeteringRefusal && error.status === 400) {
        // What it accepts may have changed since it was learnt.
        learning.doubt()
        if ('bucket' in step && error.pointer === 'query.timezone') {
          const text = `${abilities.backend} has no calendar of ${step.timezone}.`
          throw new AbilityMissing('calendarBuckets', text)
        }
      }
      throw error
    }
  }

  async function latency(question: LatencyQuestion, signal: AbortSignal) {
    const { capabilities, abilities } = await require(['latency', ...dimensionsOf(question)], signal)
    const { kind, stepMs, groupBy, filters } = question
    if (!capabilities.latencyKinds.includes(kind)) {
      throw new AbilityMissing('latency', `${abilities.backend} does not measure ${LATENCY_NAMES[kind]}.`)
    }
    return await http.get(OPERATIONS.getLatency.path, latencyReader(question), {
      signal,
      query: {
        ...rangeQuery(question),
        kind,
        step: stepMs === null ? undefined : stepMs / 1000,
        groupBy: groupBy.join() || undefined,
        ...filterQuery(filters),
      },
    })
  }

  return {
    kind: 'api',
    name: http.name,
    abilities: async (signal) => (await learning.get(signal)).abilities,
    usage,
    latency,
    capacity: (range, signal) =>
      http.get(OPERATIONS.getCapacity.path, readerOf(OPERATIONS.getCapacity.answer.body), {
        signal,
        query: rangeQuery(range),
        ...regular('capacity', ({ rows }: AnswerOf<'getCapacity'>) => rows.length),
      }),
    async rates(signal) {
      const answer = await http.get(OPERATIONS.getRates.path, readerOf(OPERATIONS.getRates.answer.body), {
        signal,
        ...regular('rates', ({ rates }: AnswerOf<'getRates'>) => rates.length),
      })
      return { rates: answer.rates, ...reachOf(answer) }
    },
    async tenants(signal) {
      const read = readerOf(OPERATIONS.listTenants.answer.body)
      const { entries, ...reach } = await allPages(
        async (cursor, check) => {
          const answer = await http.get(OPERATIONS.listTenants.path, checking(read, check), {
            signal,
            query: { limit: PAGE, cursor },
            ...regular('tenants', ({ tenants }: AnswerOf<'listTenants'>) => tenants.length),
          })
          return { entries: answer.tenants, nextCursor: answer.nextCursor, ...reachOf(answer) }
        },
        { idOf: ({ id }) => id, maxPages: MOST_TENANT_PAGES, what: 'tenants' },
      )
      return { tenants: entries, ...reach }
    },
    async keys(tenant, signal) {
      const read = readerOf(OPERATIONS.listKeys.answer.body)
      const { entries, dataAsOf, complete, missing } = await allPages(
        async (cursor, check) => {
          const answer = await http.get(pathOf('listKeys', tenant), checking(read, check), {
            signal,
            query: { limit: PAGE, cursor },
          })
          return { entries: answer.keys, nextCursor: answer.nextCursor, ...reachOf(answer) }
        },
        { idOf: ({ id }) => id, maxPages: MOST_KEY_PAGES, what: `keys of ${tenant}` },
      )
      return {
        dataAsOf: new Date(dataAsOf).toISOString(),
        complete,
        missing: [...missing],
        keys: [...entries],
        nextCursor: null,
      }
    },
    async statement(tenant, range, signal) {
      await require(['statements'], signal)
      const read = checking(readerOf(OPERATIONS.getStatement.answer.body), (answer) =>
        refuseOther('tenant', answer.tenant, tenant),
      )
      return await http.get(pathOf('getStatement', tenant), read, { signal, query: rangeQuery(range) })
    },
    async workflows(question, signal) {
      await require(['workflows'], signal)
      const { tenant, outcome, cursor, limit } = question
      return await http.get(OPERATIONS.listWorkflows.path, readerOf(OPERATIONS.listWorkflows.answer.body), {
        signal,
        query: {
          ...rangeQuery(question),
          tenant: tenant ?? undefined,
          outcome: outcome ?? undefined,
          cursor: cursor ?? undefined,
          limit,
        },
      })
    },
    async workflow(id, signal) {
      await require(['workflows'], signal)
      const read = checking(readerOf(OPERATIONS.getWorkflow.answer.body), (answer) =>
        refuseOther('workflow.id', answer.workflow.id, id),
      )
      return await http.get(pathOf('getWorkflow', id), read, { signal })
    },
    throttles: throttlesOverApi(http),
    follow: (onEvent) =>
      followEvents({ ...connection, http, abilities: (signal) => learning.get(signal) }, onEvent),
    backendClock: http.backendClock,
    health: () => http.health(),
    close: () => http.close(),
  }
}

function countedBy({ tokenTypes, errorTokens }: Capabilities): Counted {
  const counted = Object.fromEntries(
    (['input', 'output', 'cachedInput', 'reasoning'] as const).map((type) => [
      type,
      tokenTypes.includes(type),
    ]),
  ) as Record<Measure, boolean>
  return { ...counted, requests: true, rejected: true, errors: true, errorTokens }
}

function pathOf(name: 'listKeys' | 'getStatement' | 'getWorkflow', id: string): string {
  return OPERATIONS[name].path.replace('{id}', () => segment(id))
}

/** The answer has to be about what was asked for. */
function refuseOther(field: string, answered: string, asked: string): void {
  if (answered !== asked) throw new AnswerError(field, 'it is not the one that was asked for')
}

/** A question that is asked again and again, whose end tells how the source is. */
function regular<T extends Incomplete>(topic: string, samples: (answer: T) => number) {
  const remarks = (answer: T): Remarks => ({ samples: samples(answer), ...remarksOf(answer) })
  return { topic, remarks }
}

interface Incomplete {
  readonly complete: boolean
  readonly missing: readonly string[]
}

function remarksOf({ complete, missing }: Incomplete): Remarks {
  if (complete) return {}
  return {
    warnings:
      missing.length === 0
        ? ['A part of the factory has not reported.']
        : missing.map((what) => `Not reported: ${what}.`),
  }
}

function pointsIn({ given }: UsageTable): number {
  let points = 0
  for (const one of given) points += one
  return points
}
