import { message, said } from '../../../../shared/messages/message.ts'
import { latencyText } from '../../../../shared/model/objectiveWords.ts'
import type { TenantMinutes } from '../../../../shared/model/objective.ts'
import type { ObjectiveOptions } from '../../../config/types.ts'
import { chooseBucket, type ChosenBucket, type Minute, MINUTE_MS, splitAt } from '../../../core/slo/index.ts'
import type { Dims, Filters, Histogram, UsageTable } from '../../../core/tokens/types.ts'
import type { RemoteTime } from '../../../platform/remoteClock.ts'
import {
  AbilityMissing,
  type LatencyTable,
  type MeteringAbilities,
  type MeteringSource,
} from '../../../sources/metering/types.ts'
import { bucketed } from './buckets.ts'
import { RemoteMinutes } from './remoteMinutes.ts'
import type { MinuteAnswer, MinuteSource } from './source.ts'

const HOUR_MS = 3_600_000
const WHO = ['tenant', 'model', 'endpoint'] as const

export interface MeteringMinutes {
  readonly source: MeteringSource
  readonly clock: RemoteTime
  readonly lagAllowedMs: number
  readonly abilities: () => MeteringAbilities | null
}

/** Events as the gateway counts them: latencies in histograms, requests and tokens in usage. */
export function meteringMinutes(
  objective: ObjectiveOptions,
  { source, clock, lagAllowedMs, abilities }: MeteringMinutes,
): MinuteSource {
  const minutes = new RemoteMinutes(clock)
  const filters = filtersOf(objective)
  const read = objective.kind === 'latency' ? readLatency : readUsage
  const lagMs = () => abilities()?.lagMs ?? 0

  async function readLatency(
    fromMs: number,
    toMs: number,
    groupBy: readonly (typeof WHO)[number][],
    signal: AbortSignal,
  ): Promise<Told> {
    const kind = objective.latency?.kind ?? 'duration'
    const table = await source.latency({ fromMs, toMs, kind, stepMs: MINUTE_MS, groupBy, filters }, signal)
    return latencyTold(objective, table)
  }

  async function readUsage(
    fromMs: number,
    toMs: number,
    groupBy: readonly (typeof WHO)[number][],
    signal: AbortSignal,
  ): Promise<Told> {
    const table = await source.usage(
      { fromMs, toMs, step: { ms: MINUTE_MS }, groupBy, filters, top: null },
      signal,
    )
    return usageTold(objective, table)
  }

  /** On the back end's clock; what is not in the answer and inside its reach did not happen. */
  async function ask(
    fromMs: number,
    toMs: number,
    groupBy: readonly (typeof WHO)[number][],
    signal: AbortSignal,
  ) {
    const shift = minutes.shiftMs()
    const told = await read(fromMs + shift, toMs + shift, groupBy, signal)
    const end = Math.min(toMs, Math.floor(told.dataAsOf / MINUTE_MS) * MINUTE_MS - shift)
    const rows = told.rows.map(({ dims, events }) => {
      const list: Minute[] = []
      for (let at = fromMs; at < end; at += MINUTE_MS) {
        const unknown = !told.complete || told.unknown(at + shift)
        const found = events.get(at + shift)
        // A histogram that has lost the bucket says nothing.
        const known = unknown || found === null ? 0 : 1
        list.push({ at, ...(known === 0 || found === undefined || found === null ? NONE : found), known })
      }
      return { dims, minutes: list }
    })
    return { ...told, rows, end }
  }

  return {
    get reachBackMs() {
      return abilities()?.retentionMs ?? 0
    },
    spanMs: 12 * HOUR_MS,
    get repeatMs() {
      return Math.max(5 * MINUTE_MS, 3 * lagMs())
    },
    settleMs: 1000,
    get patienceMs() {
      return Math.max(3 * MINUTE_MS, 2 * MINUTE_MS + lagAllowedMs, MINUTE_MS + 3 * lagMs())
    },
    name: said(source.name),
    async ask(fromMs, toMs, signal): Promise<MinuteAnswer> {
      const told = await ask(fromMs, toMs, [], signal)
      const blank = told.rows.length > 0 ? undefined : emptyMinutes(fromMs, told.end, told.complete)
      const isBlind = objective.kind === 'latency' && told.bounds.length > 0 && told.bucket === null
      return {
        minutes: isBlind ? emptyMinutes(fromMs, told.end, false) : (told.rows[0]?.minutes ?? blank ?? []),
        toldUntil: told.end,
        bounds: told.bounds,
        bucket: told.bucket,
        trouble: [
          ...(told.complete ? [] : [message('slo.source.incomplete', { what: told.missing.join('; ') })]),
          ...(isBlind ? [noBucket(objective, told.bounds)] : []),
        ],
      }
    },
    async askByTenant(fromMs, toMs, signal): Promise<readonly TenantMinutes[] | null> {
      try {
        const { rows } = await ask(fromMs, toMs, WHO, signal)
        return rows.map(({ dims, minutes: list }) => ({ dims, minutes: list.map(bucketed) }))
      } catch (error) {
        if (error instanceof AbilityMissing) return null
        throw error
      }
    },
  }
}

const NONE = { good: 0, bad: 0, badLeast: 0 } as const

function emptyMinutes(fromMs: number, toMs: number, known: boolean): Minute[] {
  const list: Minute[] = []
  for (let at = fromMs; at < toMs; at += MINUTE_MS) list.push({ at, ...NONE, known: known ? 1 : 0 })
  return list
}

type Events = Pick<Minute, 'good' | 'bad' | 'badLeast'>

/** An answer on the back end's clock. */
interface Told {
  readonly dataAsOf: number
  readonly complete: boolean
  readonly missing: readonly string[]
  /** Null: something happened, and it is not known what. */
  readonly rows: readonly { readonly dims: Dims; readonly events: ReadonlyMap<number, Events | null> }[]
  readonly bounds: readonly number[]
  readonly bucket: ChosenBucket | null
  readonly unknown: (at: number) => boolean
}

function latencyTold({ latency }: ObjectiveOptions, table: LatencyTable): Told {
  const first = table.series[0]?.points[0]?.histogram
  const bounds = first?.bounds ?? []
  const bucket = chooseBucket(bounds, latency?.thresholdMs ?? 0)
  const split = (histogram: Histogram): Events | null => (bucket === null ? null : splitAt(histogram, bucket))
  return {
    ...table,
    bounds,
    bucket,
    unknown: () => false,
    rows: table.series.map(({ dims, points }) => ({
      dims,
      events: new Map(points.map(({ at, histogram }) => [at, split(histogram)])),
    })),
  }
}

/** @throws AbilityMissing where the back end does not count what is needed */
function usageTold({ kind, rejectionsAreBad }: ObjectiveOptions, table: UsageTable): Told {
  const { counts, times, rows, spread = [] } = table
  const need = (what: 'requests' | 'errors' | 'rejected' | 'errorTokens' | 'input' | 'output') => {
    const column = counts[what]
    if (column === null) {
      throw new AbilityMissing(
        what === 'requests' || what === 'input' || what === 'output' ? 'liveUsage' : what,
        `The metering does not count ${what}.`,
      )
    }
    return (cell: number) => column.approximate(cell)
  }
  const eventsOf = kind === 'errorTokens' ? errorTokens() : availability()
  return {
    ...table,
    bounds: [],
    bucket: null,
    // What is only known of a longer time is put evenly into it: the minute itself is not known.
    unknown: (at) => spread.some(({ fromMs, toMs }) => at < toMs && at + MINUTE_MS > fromMs),
    rows: rows.map((dims, row) => ({
      dims,
      events: new Map(times.map((time, step) => [time, eventsOf(row * times.length + step)])),
    })),
  }

  function availability() {
    const [requests, errors] = [need('requests'), need('errors')]
    const rejected = rejectionsAreBad ? need('rejected') : () => 0
    return (cell: number) => split(requests(cell) + rejected(cell), errors(cell) + rejected(cell))
  }

  function errorTokens() {
    const [input, output, lost] = [need('input'), need('output'), need('errorTokens')]
    return (cell: number) => split(input(cell) + output(cell), lost(cell))
  }
}

function split(total: number, lost: number): Events {
  const bad = Math.min(total, lost)
  return { good: total - bad, bad, badLeast: bad }
}

export function noBucket({ latency }: ObjectiveOptions, bounds: readonly number[]) {
  return message('slo.source.noBucket', {
    threshold: latencyText(latency?.thresholdMs ?? 0),
    bounds: bounds.map((bound) => latencyText(bound * 1000)).join(', '),
  })
}

function filtersOf({ scope }: ObjectiveOptions): Filters {
  const { model, endpoint, tenant } = scope
  return {
    ...(model === undefined ? {} : { model: [model] }),
    ...(endpoint === undefined ? {} : { endpoint: [endpoint] }),
    ...(tenant === undefined ? {} : { tenant: [tenant] }),
  }
}
