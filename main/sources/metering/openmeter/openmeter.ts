import type { Tenant } from '../../../../shared/metering/tenants.ts'
import { SourceFailure } from '../../../platform/failure.ts'
import type { MeteringConnection } from '../connection.ts'
import { Learning } from '../learning.ts'
import { isLive } from '../queries.ts'
import { segment } from '../transport/address.ts'
import { createMeteringHttp } from '../transport/http.ts'
import { inTurns } from '../../../platform/turn.ts'
import { longReaderOf } from '../transport/longReader.ts'
import { readerOf } from '../transport/reader.ts'
import { MeteringRefusal } from '../transport/refusal.ts'
import {
  AbilityMissing,
  type MeteringAbilities,
  type MeteringAbility,
  type MeteringSource,
} from '../types.ts'
import { abilitiesOf, LAG_MS } from './abilities.ts'
import { meterSchema, queryAnswerSchema, subjectsSchema } from './schema.ts'
import { dimensionsIn, leftOutOf, queryOf, tableOf } from './usage.ts'

const WRONG_ADDRESS =
  'Check that `url` under metering: is the base address of OpenMeter, without the /api/v1.'
const MINUTE_MS = 60_000
const NO_LIMITS = { tpm: null, rpm: null, maxConcurrent: null }

/** OpenMeter, read through the meters that are configured. @throws SourceFailure for an address that is none */
export function createOpenmeter(connection: MeteringConnection): MeteringSource {
  const { options, clock } = connection
  const settings = options.openmeter
  const http = createMeteringHttp({
    ...connection,
    url: options.url,
    title: 'OpenMeter',
    wrongAddress: WRONG_ADDRESS,
  })
  const learning = new Learning<MeteringAbilities>(async (signal) => {
    try {
      const meter = await http.get(pathOf(settings.tokens), readerOf(meterSchema), { signal, topic: 'meter' })
      return abilitiesOf(settings, meter)
    } catch (error) {
      if (!(error instanceof MeteringRefusal) || error.status !== 404) throw error
      throw new SourceFailure(
        {
          code: 'no-meter',
          text: `${http.name} has no meter "${settings.tokens}"`,
          nextStep: 'Put the slug of the token meter at metering.openmeter.tokens in floorwatch.yaml.',
        },
        error,
      )
    }
  }, clock)

  async function require(
    needed: readonly MeteringAbility[],
    signal: AbortSignal,
  ): Promise<MeteringAbilities> {
    const abilities = await learning.get(signal)
    for (const ability of needed) {
      const text = abilities.lacks.get(ability)
      if (text !== undefined) throw new AbilityMissing(ability, text)
    }
    return abilities
  }

  /** What it cannot do at all, in the words of its abilities. */
  const lacking = (ability: MeteringAbility) => async (_: unknown, signal: AbortSignal) => {
    await require([ability], signal)
    throw new AbilityMissing(ability, 'OpenMeter does not know that.')
  }

  /** Windows that are closed on the back end's own clock, and whose events have arrived. */
  const dataAsOf = () =>
    Math.floor((http.backendClock.toRemote(clock.now()) - LAG_MS) / MINUTE_MS) * MINUTE_MS

  const ask = (
    slug: string,
    question: Parameters<MeteringSource['usage']>[0],
    byType: boolean,
    signal: AbortSignal,
  ) =>
    http.getLong(`${pathOf(slug)}/query`, readAnswer, {
      signal,
      query: queryOf(question, settings, byType),
      remarks: ({ data }) => ({ samples: data.length }),
      ...(isLive(question) ? { topic: slug } : {}),
    })

  return {
    kind: 'openmeter',
    name: http.name,
    abilities: (signal) => learning.get(signal),
    async usage(question, signal) {
      const keys = question.groupBy.includes('key') ? (['key'] as const) : []
      await require(['liveUsage', ...dimensionsIn(question), ...keys], signal)
      const [tokens, requests] = await Promise.all([
        ask(settings.tokens, question, true, signal),
        settings.requests === null ? null : ask(settings.requests, question, false, signal),
      ])
      if (isLive(question)) http.remark('types', leftOutOf(settings, tokens))
      return await inTurns(tableOf(question, settings, tokens, requests, dataAsOf()))
    },
    latency: lacking('latency'),
    capacity: lacking('capacity'),
    rates: (signal) => lacking('prices')(null, signal),
    async tenants(signal) {
      const subjects = await http.get('/api/v1/subjects', readerOf(subjectsSchema), {
        signal,
        topic: 'subjects',
        remarks: (known) => ({ samples: known.length }),
      })
      const tenants = subjects.map(
        ({ key, displayName }): Tenant => ({
          id: key,
          name: displayName ?? key,
          state: 'active',
          entitlement: { tokensPerSecond: null },
          limits: NO_LIMITS,
          quotas: [],
        }),
      )
      return { tenants, dataAsOf: http.backendClock.toRemote(clock.now()), complete: true, missing: [] }
    },
    keys: lacking('key'),
    statement: (_, range, signal) => lacking('statements')(range, signal),
    workflows: lacking('workflows'),
    workflow: lacking('workflows'),
    throttles: null,
    follow: () => () => undefined,
    backendClock: http.backendClock,
    health: () => http.health(),
    close: () => http.close(),
  }
}

/** So many rows are more than can be held as points. */
const readAnswer = longReaderOf(queryAnswerSchema, {
  key: 'data',
  element: queryAnswerSchema.shape.data.element,
  most: 500_000,
})

function pathOf(slug: string): string {
  return `/api/v1/meters/${segment(slug)}`
}
