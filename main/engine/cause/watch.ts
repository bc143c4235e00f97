import type { Objective } from '../../../shared/model/objective.ts'
import type { Relief } from '../../../shared/model/preview.ts'
import { attribute, type CauseFound, type CauseInput } from '../../core/cause/index.ts'
import { covers } from '../../core/throttles/index.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Logger } from '../../platform/logger.ts'
import { AbilityMissing } from '../../sources/metering/types.ts'
import type { SloWatch } from '../slo/types.ts'
import type { ServedWatch } from '../tokens/served/watch.ts'
import { askLoads, eventsOf, type Metering, MINUTE_MS, type MinuteRange, tenantEvents } from './loads.ts'
import { PoolMinutes } from './poolMinutes.ts'
import { reliefOf, type ReliefAsked } from './relief.ts'

/** How far back is asked: what is usual is learnt from the time before the burn. */
const MINUTES = 150
/** An answer is good for so long; a minute brings one more minute. */
const EVERY_MS = 30_000
/** Whoever has looked within this time is kept up to date. */
const LOOKED_AT_MS = 90_000
/** Tenants whose keys are asked for. */
const MOST_BY_KEY = 3
const BURNING = ['page', 'ticket', 'pending'] as const

export interface CauseWatchOptions {
  readonly slo: () => Pick<SloWatch, 'objectives' | 'states' | 'minutes' | 'byTenant'>
  /** Null where it is not configured; replaced when the clock was set. */
  readonly metering: () => Metering | null
  readonly served: () => Pick<ServedWatch, 'served'> | null
  /** Tokens per second that tenants bought, as far as they are known. */
  readonly entitled: () => ReadonlyMap<string, number | null>
  readonly clock: Clock
  readonly logger: Logger
  readonly onNews: () => void
}

/** Why the objectives of a site burn. Asks only while one burns or a screen looks; nothing is thrown from here. */
export interface CauseWatch {
  /** The newest finding; null where there is no such objective, or it was not looked at yet: it then is. */
  read(objectiveId: string): CauseFound | null
  /** What is expected of the servers of a scope under a limit; null where nothing is known of them. */
  relief(asked: ReliefAsked): Promise<Relief | null>
  /** With every picture: notes the queues of the minute, and asks what is due. */
  cut(now: number): void
  close(): Promise<void>
}

interface Known {
  readonly found: CauseFound
  readonly input: CauseInput
  /** Monotonic, ms. */
  readonly at: number
}

export function watchCauses(options: CauseWatchOptions): CauseWatch {
  const { slo, metering, served, entitled, clock, logger, onNews } = options
  const pools = new PoolMinutes()
  const known = new Map<string, Known>()
  const lookedAt = new Map<string, number>()
  const closing = new AbortController()
  let asking: Promise<void> | null = null

  const objectiveOf = (id: string) =>
    slo()
      .objectives()
      .find((each) => each.id === id)
  const isFresh = (id: string) =>
    clock.monotonic() - (known.get(id)?.at ?? Number.NEGATIVE_INFINITY) < EVERY_MS

  /** The next one that burns or is looked at, and was not asked for lately. */
  function due(): Objective | undefined {
    const burning = new Set(
      slo()
        .states()
        .filter(({ state }) => (BURNING as readonly string[]).includes(state))
        .map(({ objectiveId }) => objectiveId),
    )
    return slo()
      .objectives()
      .find(({ id }) => {
        const looks = clock.monotonic() - (lookedAt.get(id) ?? Number.NEGATIVE_INFINITY) < LOOKED_AT_MS
        return (burning.has(id) || looks) && !isFresh(id)
      })
  }

  async function ask(objective: Objective, signal: AbortSignal): Promise<Known> {
    const range = rangeOf(objective.id)
    const events = eventsOf(slo().minutes(objective.id, range.fromMs, endOf(range)), range)
    const blank: CauseInput = {
      objectiveId: objective.id,
      ...range,
      target: objective.target,
      models: objective.scope.model === undefined ? [] : [objective.scope.model],
      events,
      byTenant: null,
      loads: [],
      pools: [],
      entitled: new Map(),
    }
    // While it does not burn, nobody is asked.
    if (attribute(blank).verdict === 'quiet') return keep(blank)
    const watch = served()?.served() ?? null
    const asked = metering()
    const loads = asked === null ? [] : await orNone(() => askLoads(asked, range, null, signal), [])
    const byTenant = await orNone(
      () => slo().byTenant(objective.id, range.fromMs, endOf(range), signal),
      null,
    )
    const input: CauseInput = {
      ...blank,
      loads,
      byTenant: tenantEvents(byTenant, range),
      pools: pools.series(watch, range.fromMs, range.minutes, clock.now()),
      entitled: entitled(),
    }
    const first = attribute(input)
    if (asked === null || first.proposal === null) return keep(input, first)
    return keep(await withKeys(input, first, asked, range, signal))
  }

  /** The loads of those who are proposed, by key: keys are told of one tenant at a time. */
  async function withKeys(
    input: CauseInput,
    found: CauseFound,
    asked: Metering,
    range: MinuteRange,
    signal: AbortSignal,
  ): Promise<CauseInput> {
    let { loads } = input
    const tenants = found.proposal?.parts.map(({ tenant }) => tenant) ?? []
    for (const tenant of tenants.slice(0, MOST_BY_KEY)) {
      const byKey = await orNone(() => askLoads(asked, range, tenant, signal), [])
      if (byKey.length > 0) loads = [...loads.filter((load) => load.tenant !== tenant), ...byKey]
    }
    return { ...input, loads }
  }

  function keep(input: CauseInput, found = attribute(input)): Known {
    const one: Known = { input, found, at: clock.monotonic() }
    known.set(input.objectiveId, one)
    return one
  }

  /** What a source cannot tell, or does not tell now, stands as not measured in the finding. */
  async function orNone<T>(question: () => Promise<T>, none: T): Promise<T> {
    try {
      return await question()
    } catch (error) {
      if (closing.signal.aborted) throw error
      if (!(error instanceof AbilityMissing))
        logger.debug({ err: error }, 'a cause could not be looked for whole')
      return none
    }
  }

  function rangeOf(objectiveId: string): MinuteRange {
    const state = slo()
      .states()
      .find((each) => each.objectiveId === objectiveId)
    const end = Math.floor((state?.asOf ?? clock.now()) / MINUTE_MS) * MINUTE_MS
    return { fromMs: end - MINUTES * MINUTE_MS, minutes: MINUTES }
  }

  return {
    read(objectiveId) {
      if (objectiveOf(objectiveId) === undefined) return null
      lookedAt.set(objectiveId, clock.monotonic())
      return known.get(objectiveId)?.found ?? null
    },
    async relief(asked) {
      const states = slo().states()
      const worst = slo()
        .objectives()
        .filter(
          ({ scope }) => covers(asked.scope.models, scope.model) && covers([asked.tenant], scope.tenant),
        )
        .toSorted((a, b) => burnOf(b.id) - burnOf(a.id))[0]
      if (worst === undefined) return null
      try {
        const { input } = isFresh(worst.id)
          ? (known.get(worst.id) as Known)
          : await ask(worst, closing.signal)
        return reliefOf(input, asked)
      } catch (error) {
        logger.debug({ err: error }, 'the relief of a limit could not be predicted')
        return null
      }

      function burnOf(id: string): number {
        const sli = states.find(({ objectiveId }) => objectiveId === id)?.sli
        return sli === null || sli === undefined || sli.total === 0 ? 0 : sli.bad / sli.total
      }
    },
    cut(now) {
      pools.note(served()?.served() ?? null, now)
      for (const id of known.keys()) if (objectiveOf(id) === undefined) known.delete(id)
      const next = asking === null ? due() : undefined
      if (next === undefined) return
      asking = ask(next, closing.signal)
        .then(onNews, (error: unknown) => {
          if (!closing.signal.aborted)
            logger.error({ err: error, objective: next.id }, 'a cause could not be looked for')
        })
        .finally(() => (asking = null))
    },
    async close() {
      closing.abort()
      await asking
    },
  }
}

function endOf({ fromMs, minutes }: MinuteRange): number {
  return fromMs + minutes * MINUTE_MS
}
