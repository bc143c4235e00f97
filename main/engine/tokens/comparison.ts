import type { Reconciliation, TokenOrigin } from '../../../shared/contract/tokens.ts'
import type { Rate } from '../../../shared/metering/capacity.ts'
import { listPrice } from '../../core/tokens/prices.ts'
import { createReconciler } from '../../core/tokens/reconcile.ts'
import type { ServedBetween, ServedSum } from '../../core/tokens/served.ts'
import type { ServedDoubt } from '../../core/tokens/servedDoubts.ts'
import type { UsageTable } from '../../core/tokens/types.ts'
import type { ReconciliationOptions } from '../../config/types.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Logger } from '../../platform/logger.ts'
import type { MeteringSource } from '../../sources/metering/types.ts'
import type { BackendClock } from './backendClock.ts'
import { regularly } from './regularly.ts'
import type { ServedWatch } from './servedWatch.ts'
import { RATE_WINDOW_MS } from './windows.ts'

/** Windows that are looked at again each time, because late usage may still change them. */
const AGAIN = 3
/** What the spark shows and the longest sum is made of. */
const KEEP = 30
/** A window is compared this soon after it can be, ms. */
const SOON_MS = 5_000
const LONGEST_PAUSE_MS = 30_000

export interface ComparisonOptions extends ReconciliationOptions {
  readonly source: MeteringSource
  readonly served: ServedWatch
  readonly backendClock: BackendClock
  readonly rates: () => readonly Rate[] | null
  readonly currency: string
  readonly origin: () => TokenOrigin
  readonly clock: Clock
  readonly logger: Logger
  readonly onNews: () => void
}

/** Served tokens against metered ones, window by window. */
export interface Comparison {
  read(): Reconciliation
  close(): Promise<void>
}

/** Starts at once; whatever a side does not know leaves its windows unknown, never in agreement. */
export function compareServed(options: ComparisonOptions): Comparison {
  const { source, served, backendClock, threshold, lagMs, clock, logger } = options
  let windowMs = options.windowMs
  let reconciler = createReconciler({ threshold, windowMs, lagMs, keep: KEEP })
  let turns = backendClock.turns
  /** Which `served` the windows were made of: names differ between the two ways. */
  let made = served.served()
  let impossible: string | null = null
  let unjoined: ServedBetween['unjoined'] = { share: null, servers: [], total: 0 }
  let uncounted: readonly string[] = []

  function startAnew(stepMs: number): void {
    windowMs = stepMs
    reconciler = createReconciler({ threshold, windowMs, lagMs, keep: KEEP })
    turns = backendClock.turns
    made = served.served()
  }

  async function ask(signal: AbortSignal): Promise<void> {
    const { groups, minStepMs, lacks } = await source.abilities(signal)
    impossible = lacks.get('liveUsage') ?? lacks.get('model') ?? null
    if (impossible !== null) return
    const stepMs = Math.ceil(options.windowMs / minStepMs) * minStepMs
    if (stepMs !== windowMs || turns !== backendClock.turns || made !== served.served()) startAnew(stepMs)
    const now = backendClock.toBackend(clock.now())
    const toMs = Math.floor((now - lagMs) / stepMs) * stepMs
    const fromMs = toMs - AGAIN * stepMs
    const byType = groups.has('gpuType')
    const table = await source.usage(
      {
        fromMs,
        toMs,
        step: { ms: stepMs },
        groupBy: byType ? ['model', 'gpuType'] : ['model'],
        filters: {},
        top: null,
      },
      signal,
    )
    const price = pricesAt(options.rates(), options.currency, now)
    for (const [step, start] of table.times.entries()) {
      const end = table.times[step + 1] ?? table.toMs
      const between = served.served().between(backendClock.toLocal(start), backendClock.toLocal(end))
      reconciler.observe({
        fromMs: start,
        toMs: end,
        served: byType ? between.sums : overTypes(between.sums),
        servedComplete: between.watched,
        servedGaps: between.gaps,
        servedDoubts: byType ? between.doubts : doubtsOverTypes(between.doubts),
        metered: meteredOf(table, step),
        meteredComplete: table.complete && end <= table.dataAsOf,
        price,
      })
      unjoined = between.unjoined
      uncounted = between.uncounted
    }
  }

  const regular = regularly({
    what: 'reconciliation',
    everyMs: Math.max(SOON_MS, Math.min(options.windowMs / 4, 15_000)),
    longestPauseMs: LONGEST_PAUSE_MS,
    clock,
    logger,
    ask,
    onDone: options.onNews,
  })

  /** Before anything is compared, or where nothing can be: of the newest minute. */
  function recently(now: number): ServedBetween['unjoined'] {
    const toMs = served.served().reach(now)?.toMs ?? now
    return served.served().between(toMs - RATE_WINDOW_MS, toMs).unjoined
  }

  return {
    read() {
      const now = clock.now()
      const state = reconciler.state(backendClock.toBackend(now))
      const local = (ms: number | null) => (ms === null ? null : backendClock.toLocal(ms))
      const failure = regular.failure()
      const trouble = impossible ?? failure?.text ?? null
      const rowOf = (row: (typeof state.rows)[number]) => ({ ...row, since: local(row.since) })
      return {
        at: now,
        origin: options.origin(),
        currency: options.currency,
        fromMs: local(state.fromMs),
        toMs: local(state.toMs),
        threshold,
        total: rowOf(state.total),
        rows: state.rows.map(rowOf),
        unjoined: mutable(state.rows.length > 0 ? unjoined : recently(now)),
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
    close: () => regular.close(),
  }
}

const mutable = ({ share, servers, total }: ServedBetween['unjoined']) => ({
  share,
  servers: [...servers],
  total,
})

/** Metered tokens of one step; the rest row of a back end that shortens is a group without a name. */
function meteredOf(table: UsageTable, step: number): ServedSum[] {
  const { input, output } = table.counts
  const steps = table.times.length
  return table.rows.map((dims, row) => ({
    model: dims.model ?? '',
    gpuType: dims.gpuType ?? '',
    input: input?.exact(row * steps + step) ?? 0n,
    output: output?.exact(row * steps + step) ?? 0n,
  }))
}

function overTypes(sums: readonly ServedSum[]): ServedSum[] {
  const byModel = new Map<string, ServedSum>()
  for (const { model, input, output } of sums) {
    const sum = byModel.get(model)
    byModel.set(model, {
      model,
      gpuType: '',
      input: (sum?.input ?? 0n) + input,
      output: (sum?.output ?? 0n) + output,
    })
  }
  return [...byModel.values()]
}

function doubtsOverTypes(doubts: readonly ServedDoubt[]): ServedDoubt[] {
  const byModel = new Map<string, ServedDoubt>()
  for (const { model, tokens, gaps } of doubts) {
    const sum = byModel.get(model) ?? { tokens: 0, gaps: [] }
    byModel.set(model, {
      model,
      gpuType: '',
      tokens: sum.tokens === null || tokens === null ? null : sum.tokens + tokens,
      gaps: [...sum.gaps, ...gaps],
    })
  }
  return [...byModel.values()]
}

/** What input and output of a model would have been sold for, list price per Mtok. */
function pricesAt(
  rates: readonly Rate[] | null,
  currency: string,
  now: number,
): (model: string, gpuType: string) => { readonly input: string; readonly output: string } | null {
  return (model, gpuType) => {
    if (rates === null) return null
    const input = listPrice(rates, { model, gpuType, tokenType: 'input', currency }, now)
    const output = listPrice(rates, { model, gpuType, tokenType: 'output', currency }, now)
    return input === null || output === null ? null : { input, output }
  }
}
