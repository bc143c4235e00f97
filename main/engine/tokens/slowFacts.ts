import type { Capacity, Rate } from '../../../shared/metering/capacity.ts'
import type { Tenant } from '../../../shared/metering/tenants.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Logger } from '../../platform/logger.ts'
import { type Poller, startPoller } from '../../platform/poller.ts'
import { secondLook } from '../../platform/pollTimes.ts'
import { AbilityMissing, type MeteringAbility, type MeteringSource } from '../../sources/metering/types.ts'
import type { RemoteTime } from '../../platform/remoteClock.ts'

const TENANTS_EVERY_MS = 30_000
const RATES_EVERY_MS = 5 * 60_000
const CAPACITY_EVERY_MS = 60_000
/** Capacity is a mean over this time: near enough to the floor's present to be compared, whole minutes enough to be one. */
const CAPACITY_SPAN_MS = 5 * 60_000
const LONGEST_PAUSE_MS = 30_000

/** Something that changes slowly, with when it was learnt and why it is not there. */
export interface Fact<T> {
  readonly value: T | null
  /** Wall clock of the answer, ms. */
  readonly at: number | null
  /** Why there is none, or why it is old; null where all is well. */
  readonly trouble: string | null
}

/** Tenants with their limits, prices and costs, GPU hours: asked slowly, kept while the back end is away. */
export interface SlowFacts {
  tenants(): Fact<readonly Tenant[]>
  rates(): Fact<readonly Rate[]>
  capacity(): Fact<Capacity>
  /** Counts up when tenants or rates were learnt again. */
  revision(): number
  /** Limits or throttles changed. */
  hurryTenants(): void
  close(): Promise<void>
}

export function watchSlowFacts(options: {
  readonly source: MeteringSource
  readonly backendClock: RemoteTime
  readonly clock: Clock
  readonly logger: Logger
  readonly onNews: () => void
}): SlowFacts {
  const { source, backendClock, clock, logger, onNews } = options
  let revision = 0

  function learn<T>(
    what: string,
    ability: MeteringAbility,
    everyMs: number,
    ask: (signal: AbortSignal) => Promise<T>,
  ): { readonly fact: () => Fact<T>; readonly poller: Poller } {
    let value: T | null = null
    let at: number | null = null
    let missing: string | null = null
    const poller = startPoller({
      what,
      everyMs,
      afterFailures: secondLook(everyMs, Math.min(everyMs, LONGEST_PAUSE_MS)),
      clock,
      logger,
      async ask(signal) {
        missing = (await source.abilities(signal)).lacks.get(ability) ?? null
        if (missing !== null) return
        try {
          value = await ask(signal)
        } catch (error) {
          // Learnt at the call itself: a back end may find out only when it is asked.
          if (!(error instanceof AbilityMissing)) throw error
          missing = error.message
          return
        }
        at = clock.now()
        revision += 1
      },
      onDone: onNews,
    })
    return { poller, fact: () => ({ value, at, trouble: missing ?? poller.failure()?.text ?? null }) }
  }

  const tenants = learn('tenants', 'tenants', TENANTS_EVERY_MS, async (signal) => {
    return (await source.tenants(signal)).tenants
  })
  const rates = learn(
    'prices',
    'prices',
    RATES_EVERY_MS,
    async (signal) => (await source.rates(signal)).rates,
  )
  const capacity = learn('capacity', 'capacity', CAPACITY_EVERY_MS, (signal) => {
    const toMs = backendClock.toRemote(clock.now())
    return source.capacity({ fromMs: toMs - CAPACITY_SPAN_MS, toMs }, signal)
  })
  return {
    tenants: tenants.fact,
    rates: rates.fact,
    capacity: capacity.fact,
    revision: () => revision,
    hurryTenants: () => tenants.poller.hurry(),
    async close() {
      await Promise.all([tenants.poller.close(), rates.poller.close(), capacity.poller.close()])
    },
  }
}
