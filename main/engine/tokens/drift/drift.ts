import type { Drift, TokenOrigin } from '../../../../shared/contract/tokens.ts'
import type { Rate } from '../../../../shared/metering/capacity.ts'
import { createDriftBook } from '../../../core/tokens/drift/drift.ts'
import type { ServedBetween } from '../../../core/tokens/served/types.ts'
import type { DriftOptions } from '../../../config/types.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Logger } from '../../../platform/logger.ts'
import { startPoller } from '../../../platform/poller.ts'
import { secondLook } from '../../../platform/pollTimes.ts'
import type { MeteringSource, UsageQuestion } from '../../../sources/metering/types.ts'
import type { RemoteTime } from '../../../platform/remoteClock.ts'
import { doubtsOverTypes, meteredOf, overTypes, pricesAt } from './sides.ts'
import { outdated, outdatedBy } from '../answers/outdated.ts'
import type { ServedWatch } from '../served/watch.ts'

/** Windows that are looked at again each time, because late usage may still change them. */
const AGAIN = 3
/** All of them are looked at again this often: not every back end says that it corrected something, ms. */
const WHOLE_EVERY_MS = 60_000
/** What the spark shows and the longest sum is made of. */
const KEEP = 30
/** A window is compared this soon after it can be, ms. */
const SOON_MS = 5_000
const LONGEST_PAUSE_MS = 30_000

export interface DriftWatchOptions extends DriftOptions {
  readonly source: MeteringSource
  readonly served: ServedWatch
  /** Of all that was served in the last minute: which servers are not mapped to a GPU. */
  readonly unjoined: () => ServedBetween['unjoined']
  readonly backendClock: RemoteTime
  readonly rates: () => readonly Rate[] | null
  readonly currency: string
  readonly origin: () => TokenOrigin
  readonly clock: Clock
  readonly logger: Logger
  readonly onNews: () => void
}

/** Served tokens against metered ones, window by window. */
export interface DriftWatch {
  read(): Drift
  /** Usage from here on the back end's clock was changed: ask for it again. */
  corrected(fromMs: number): void
  close(): Promise<void>
}

/** Starts at once; whatever a side does not know leaves its windows unknown, never in agreement. */
export function watchDrift(options: DriftWatchOptions): DriftWatch {
  const { source, served, backendClock, threshold, lagMs, clock, logger } = options
  let windowMs = options.windowMs
  let book = createDriftBook({ threshold, windowMs, lagMs, keep: KEEP })
  let turns = backendClock.turns
  /** Which `served` the windows were made of: names differ between the two ways. */
  let made = served.served()
  let impossible: string | null = null
  let unjoined: ServedBetween['unjoined'] = { share: null, servers: [], total: 0 }
  let uncounted: readonly string[] = []
  /** By the start of its window: the servers' side is not remembered for as long as the metering's may change. */
  let remembered = new Map<number, ServedBetween>()
  /** Start of the first window ever asked for, and the end of the newest that was told. */
  let firstFrom: number | null = null
  let toldTo: number | null = null
  const startedAt = clock.monotonic()
  let wholeAt = startedAt
  let correctedFrom = Number.POSITIVE_INFINITY

  function restart(stepMs: number): void {
    windowMs = stepMs
    book = createDriftBook({ threshold, windowMs, lagMs, keep: KEEP })
    turns = backendClock.turns
    made = served.served()
    remembered = new Map()
    firstFrom = null
    toldTo = null
  }

  function servedIn(start: number, end: number, settled: boolean): ServedBetween {
    const known = remembered.get(start)
    if (settled && known?.complete === true) return known
    const fresh = served.served().between(backendClock.toLocal(start), backendClock.toLocal(end))
    const best = fresh.watched ? fresh : (known ?? fresh)
    remembered.set(start, best)
    return best
  }

  async function ask(signal: AbortSignal): Promise<void> {
    const { groups, minStepMs, lacks } = await source.abilities(signal)
    impossible = lacks.get('liveUsage') ?? lacks.get('model') ?? null
    if (impossible !== null) return
    const stepMs = Math.ceil(options.windowMs / minStepMs) * minStepMs
    if (stepMs !== windowMs || turns !== backendClock.turns || made !== served.served()) restart(stepMs)
    const now = backendClock.toRemote(clock.now())
    const toMs = Math.floor((now - lagMs) / stepMs) * stepMs
    const newestFrom = toMs - AGAIN * stepMs
    firstFrom ??= newestFrom
    const oldest = Math.max(firstFrom, toMs - KEEP * stepMs)
    const whole = clock.monotonic() - wholeAt >= WHOLE_EVERY_MS
    const asked = correctedFrom
    const since = Math.min(newestFrom, (toldTo ?? toMs) - stepMs, Math.floor(asked / stepMs) * stepMs)
    const fromMs = whole ? oldest : Math.max(oldest, since)
    const byType = groups.has('gpuType')
    correctedFrom = Number.POSITIVE_INFINITY
    const question: UsageQuestion = {
      fromMs,
      toMs,
      step: { ms: stepMs },
      groupBy: byType ? ['model', 'gpuType'] : ['model'],
      filters: {},
      top: null,
    }
    const table = await source.usage(question, signal).catch((error: unknown) => {
      correctedFrom = Math.min(correctedFrom, asked)
      throw error
    })
    if (whole) wholeAt = clock.monotonic()
    toldTo = toMs
    const isExact = table.complete && (table.doubts ?? []).length === 0
    const price = pricesAt(options.rates(), options.currency, now)
    for (const [step, start] of table.times.entries()) {
      const end = table.times[step + 1] ?? table.toMs
      const settled = end <= newestFrom
      // An answer that misses a part says nothing new of windows that were told whole.
      if (settled && !table.complete && remembered.has(start)) continue
      const between = servedIn(start, end, settled)
      book.observe({
        fromMs: start,
        toMs: end,
        served: byType ? between.sums : overTypes(between.sums),
        servedComplete: between.watched,
        servedGaps: between.gaps,
        servedDoubts: byType ? between.doubts : doubtsOverTypes(between.doubts),
        metered: meteredOf(table, step),
        meteredComplete: isExact && end <= table.dataAsOf,
        price,
      })
      unjoined = between.unjoined
      uncounted = between.uncounted
    }
    for (const start of remembered.keys()) if (start < oldest) remembered.delete(start)
    // A drift begins when it is found, also while no screen is open.
    book.state(now)
  }

  const everyMs = Math.max(SOON_MS, Math.min(options.windowMs / 4, 15_000))
  const poller = startPoller({
    what: 'drift',
    everyMs,
    afterFailures: secondLook(everyMs, LONGEST_PAUSE_MS),
    clock,
    logger,
    ask,
    onDone: options.onNews,
  })

  /** Since the end of the newest window that the metering was heard of, beyond the time it takes anyway, ms. */
  function silentMs(now: number): number {
    return toldTo === null ? clock.monotonic() - startedAt : backendClock.toRemote(now) - lagMs - toldTo
  }

  return {
    read() {
      const now = clock.now()
      const state = book.state(backendClock.toRemote(now))
      const local = (ms: number | null) => (ms === null ? null : backendClock.toLocal(ms))
      const failure = poller.failure()
      const trouble = impossible ?? failure?.text ?? null
      const silence = { impossible, failure: failure?.text ?? null, ageMs: silentMs(now), windowMs }
      const old = outdatedBy(silence)
      const { total, rows } =
        old === null ? state : outdated({ total: state.total, rows: [...state.rows] }, old)
      const rowOf = (row: (typeof rows)[number]) => ({ ...row, since: local(row.since) })
      return {
        at: now,
        origin: options.origin(),
        currency: options.currency,
        fromMs: local(state.fromMs),
        toMs: local(state.toMs),
        threshold,
        total: rowOf(total),
        rows: rows.map(rowOf),
        // Before anything is compared, or where nothing can be: of the newest minute.
        unjoined: mutable(rows.length > 0 ? unjoined : options.unjoined()),
        servedSource: served.sourceText(),
        notes: [
          ...(trouble === null ? [] : [trouble]),
          ...(uncounted.length === 0
            ? []
            : [`Not compared, because they do not count tokens: ${uncounted.join(', ')}.`]),
          ...served.warnings(),
        ].slice(0, 20),
      }
    },
    corrected(fromMs) {
      correctedFrom = Math.min(correctedFrom, fromMs)
      poller.hurry()
    },
    close: () => poller.close(),
  }
}

const mutable = ({ share, servers, total }: ServedBetween['unjoined']) => ({
  share,
  servers: [...servers],
  total,
})
