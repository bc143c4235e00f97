import type { SourceDoubt } from '../../../../shared/model/source.ts'
import type { Cube } from '../../../core/tokens/usage/cube/cube.ts'
import { DailyCheck } from '../../../core/tokens/usage/dailyCheck.ts'
import { sumTotals, tokensIn } from '../../../core/tokens/usage/totals.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Logger } from '../../../platform/logger.ts'
import { startPoller } from '../../../platform/poller.ts'
import { secondLook } from '../../../platform/pollTimes.ts'
import type { RemoteTime } from '../../../platform/remoteClock.ts'
import { AbilityMissing, type MeteringSource } from '../../../sources/metering/types.ts'
import { message } from '../../../../shared/messages/message.ts'

const DAY_MS = 86_400_000
const EVERY_MS = 5 * 60_000
const LONGEST_PAUSE_MS = 10 * 60_000

export interface DailyWatchOptions {
  readonly source: MeteringSource
  readonly cube: Pick<Cube, 'reach' | 'tokensBetween' | 'times'>
  readonly backendClock: RemoteTime
  readonly clock: Clock
  readonly logger: Logger
}

/** The total of the present day (of UTC) beside the live figures, looked at every few minutes. */
export interface DailyWatch {
  doubts(): readonly SourceDoubt[]
  close(): Promise<void>
}

export function watchDaily({ source, cube, backendClock, clock, logger }: DailyWatchOptions): DailyWatch {
  const check = new DailyCheck()
  let liveTo: number | null = null

  /** Tokens of the live figures since the look before; null for the first, and where the cube has a gap. */
  function liveSince(): number | null {
    const reach = cube.reach()
    const from = liveTo
    liveTo = reach?.dataAsOf ?? null
    if (reach === null || from === null || reach.dataAsOf < from) return null
    const oldest = cube.times()[0]
    if (oldest === undefined || oldest > from || !reach.complete) return null
    return cube.tokensBetween(from, reach.dataAsOf)
  }

  async function ask(signal: AbortSignal): Promise<void> {
    if ((await source.abilities(signal)).lacks.has('liveUsage')) return
    const at = backendClock.toRemote(clock.now())
    const dayMs = Math.floor(at / DAY_MS) * DAY_MS
    const range = { fromMs: dayMs, toMs: dayMs + DAY_MS }
    const live = liveSince()
    try {
      const table = await source.usage(
        { ...range, step: { ms: DAY_MS }, groupBy: [], filters: {}, top: null },
        signal,
      )
      if (!table.complete || (table.doubts ?? []).length > 0) return
      const tokens = table.rows.reduce<bigint | null>((sum, _, row) => {
        const more = tokensIn(sumTotals(table, row, 'all'))
        return sum === null || more === null ? null : sum + more
      }, 0n)
      // Half of the tokens is no second figure.
      if (tokens === null) return
      check.look({ at, dayMs, tokens, live })
    } catch (error) {
      // Not every back end adds days up; then there is no second figure.
      if (!(error instanceof AbilityMissing)) throw error
    }
  }

  const poller = startPoller({
    what: 'the total of the day',
    everyMs: EVERY_MS,
    afterFailures: secondLook(EVERY_MS, LONGEST_PAUSE_MS),
    clock,
    logger,
    ask,
  })
  return {
    doubts() {
      const { found } = check
      if (found === null) return []
      return [
        {
          code: 'daily-against-live',
          severity: 'advisory',
          what: message(`doubt.daily.${found.kind}`, { source: source.name }),
          by: found.by,
          nextStep: message('doubt.daily.next'),
        },
      ]
    },
    close: () => poller.close(),
  }
}
