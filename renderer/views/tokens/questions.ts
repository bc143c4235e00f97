import type { BucketTotals, LatencyHistory, TokensHistory } from '../../../shared/contract/tokens.ts'
import type { LatencyKind } from '../../../shared/metering/capabilities.ts'
import type { Charted, Dimension, TokenFilters } from '../../../shared/model/tokens.ts'
import { continued, knownUntil } from '../../state/tokens/continued.ts'
import { withNames } from '../../state/tokens/filters.ts'
import { SLOTS } from '../../state/tokens/slots.ts'
import { chosenAmongAll, type Layer } from '../../ui/chart/stacked/stack.ts'
import type { Client } from '../../transport/types.ts'
import { type Ask, whatIsAsked } from './useAsked.ts'

/** As many layers as there are colours; everybody else is the rest. */
const TOP = SLOTS

export interface HistoryQuestion {
  readonly measure: Charted
  readonly by: Dimension
  readonly filters: TokenFilters
  readonly spanMs: number
  readonly maxPoints: number
}

export interface HistoryPicture extends Omit<TokensHistory, 'series'> {
  readonly fromMs: number
  /** While the metering is down: up to here its last picture stands, and served tokens continue it, ms. */
  readonly meteredUntil: number | null
  readonly series: readonly Layer[]
}

/**
 * The series of a dimension under the filters of the others, so that what is chosen is seen among the rest. Where the
 * dimension itself is filtered, the chosen ones are asked for too: one of them may be too small for a layer.
 */
export const askHistory: Ask<HistoryQuestion, HistoryPicture> = async (client, query, now, signal) => {
  const { measure, by, filters, spanMs, maxPoints } = query
  const fromMs = now - spanMs
  const input = { fromMs, toMs: now, maxPoints, measure, groupBy: by, top: TOP }
  const open = client.call('tokens.history', { ...input, filters: withNames(filters, by, []) }, { signal })
  if (filters[by] === undefined) return withLastMetered(client, query, { ...(await open), fromMs })
  const [all, chosen] = await Promise.all([
    open,
    client.call('tokens.history', { ...input, filters, top: filters[by].length }, { signal }),
  ])
  return withLastMetered(client, query, { ...all, fromMs, series: chosenAmongAll(all, chosen) })
}

type Answered = Omit<HistoryPicture, 'meteredUntil'>

/** As many questions as a person looks at in turn. */
const MOST_METERED = 12
const lastMetered = new WeakMap<Client, Map<string, Answered>>()

/** Keeps what the metering answers, and puts it before what the inference servers answer while it is down. */
function withLastMetered(client: Client, query: HistoryQuestion, answer: Answered): HistoryPicture {
  const key = whatIsAsked(JSON.stringify(query))
  const known = lastMetered.get(client) ?? new Map<string, Answered>()
  lastMetered.set(client, known)
  if (answer.standIn === null) {
    known.delete(key)
    known.set(key, answer)
    const [oldest] = known.keys()
    if (known.size > MOST_METERED && oldest !== undefined) known.delete(oldest)
    return { ...answer, meteredUntil: null }
  }
  const metered = answer.origin.state === 'failing' ? known.get(key) : undefined
  const until = metered === undefined ? null : knownUntil(metered)
  if (metered === undefined || until === null || until <= answer.fromMs)
    return { ...answer, meteredUntil: null }
  return { ...continued(metered, answer, answer.fromMs), meteredUntil: until }
}

export interface TotalsQuestion {
  readonly bucket: 'hour' | 'day' | 'month'
  readonly buckets: number
  readonly by: Dimension
  readonly filters: TokenFilters
}

export const askTotals: Ask<TotalsQuestion, BucketTotals> = (client, query, _now, signal) => {
  const { bucket, buckets, by, filters } = query
  return client.call('tokens.totals', { bucket, buckets, groupBy: by, filters, top: TOP }, { signal })
}

export interface LatencyQuestion {
  readonly kind: LatencyKind
  readonly filters: TokenFilters
  readonly spanMs: number
  readonly maxPoints: number
}

export interface LatencyPicture extends LatencyHistory {
  readonly fromMs: number
  readonly toMs: number
}

export const askLatency: Ask<LatencyQuestion, LatencyPicture> = async (client, query, now, signal) => {
  const { kind, filters, spanMs, maxPoints } = query
  const range = { fromMs: now - spanMs, toMs: now }
  const answer = await client.call('tokens.latency', { ...range, maxPoints, kind, filters }, { signal })
  return { ...answer, ...range }
}
