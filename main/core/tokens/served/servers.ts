import type { Track } from './track.ts'
import type { Filters } from '../types.ts'
import { textOf } from '../../../../shared/messages/format.ts'
import { message } from '../../../../shared/messages/message.ts'

/** Queues and caches of the inference servers that pass the filters, as they are now. */
export interface ServedServers {
  readonly count: number
  readonly silent: number
  /** Of servers that are not silent and say it; null where none does. */
  readonly running: number | null
  readonly waiting: number | null
  /** Mean over the servers, 0–1. */
  readonly kvCache: number | null
  /** The fullest cache of any of their processes, 0–1. */
  readonly kvCacheMost: number | null
  /** Newest sample, ms. */
  readonly at: number | null
  /**
   * Servers whose queues contradict their counters. They are left out of the sums, unless no other says anything: then
   * the sums are theirs and `implausible`.
   */
  readonly doubtful: number
  readonly implausible: boolean
  /** What these figures leave out, and which filter they cannot honour, in plain words. */
  readonly notes: readonly string[]
}

const GAUGES = ['running', 'waiting', 'kvCache', 'kvCacheMost'] as const
const MOST_NAMED = 3

/** @param named how a server is called */
export function serversOf(
  tracks: Iterable<Track>,
  filters: Filters,
  isSilent: (track: Track) => boolean,
  named: (track: Track) => string,
): ServedServers {
  const passing = [...tracks].filter((track) => track.listed && passes(track, filters))
  const heard = passing.filter((track) => !isSilent(track))
  const doubtful = heard.filter((track) => track.contradiction() !== null)
  const trusted = heard.filter((track) => !doubtful.includes(track))
  const says = (track: Track) => GAUGES.some((gauge) => track.gauges[gauge] !== null)
  const implausible = doubtful.length > 0 && !trusted.some(says)
  const told = implausible ? doubtful : trusted
  const of = (gauge: (typeof GAUGES)[number]) => told.flatMap(({ gauges }) => gauges[gauge] ?? [])
  const [running, waiting, caches, fullest] = [of('running'), of('waiting'), of('kvCache'), of('kvCacheMost')]
  const ids = (some: readonly Track[]) => new Set(some.map(({ server }) => server.id))
  const count = ids(passing).size
  return {
    count,
    silent: count - ids(heard).size,
    running: sumOf(running),
    waiting: sumOf(waiting),
    kvCache: caches.length === 0 ? null : (sumOf(caches) ?? 0) / caches.length,
    kvCacheMost: fullest.length === 0 ? null : Math.max(...fullest),
    at: passing.length === 0 ? null : Math.max(...passing.map(({ lastAt }) => lastAt)),
    doubtful: ids(doubtful).size,
    implausible,
    notes: [
      ...(filters.tenant === undefined
        ? []
        : ['Inference servers know no tenants: these are of all tenants.']),
      ...doubtful
        .slice(0, MOST_NAMED)
        .map(
          (track) =>
            `${textOf(message('doubt.served.server', { server: named(track), fault: track.contradiction() ?? '' }))}.`,
        ),
      ...(doubtful.length > MOST_NAMED ? [`And ${doubtful.length - MOST_NAMED} more.`] : []),
    ],
  }
}

function passes({ server, types }: Track, { model, endpoint, gpuType }: Filters): boolean {
  const within = (names: readonly string[] | undefined, name: string) =>
    names === undefined || names.includes(name)
  return (
    within(model, server.model) &&
    within(endpoint, server.endpoint) &&
    (gpuType === undefined || types.some((type) => gpuType.includes(type.gpuType)))
  )
}

function sumOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0)
}
