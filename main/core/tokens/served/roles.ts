import type { TypeShare } from './join.ts'
import type { Followed, Track } from './track.ts'
import type { ServerRole } from '../types.ts'

/**
 * Disaggregated serving: a prefill server reads the prompt, answers one token and hands its cache to a decode server,
 * which counts the same prompt, the whole answer and the request once more. A request is counted where it is answered;
 * what its prompt cost is put to the GPUs that read it.
 */
export interface Roles {
  /** Null for servers that do both parts, or of which it is not known. */
  of(track: Track): ServerRole | null
  /** Input that this server counts and another one read, between two times; 0 where there is none. */
  readElsewhere(track: Track, fromMs: number, toMs: number): number
  /** On which types the prompts of its model are read; empty where its prefill servers are not mapped to a GPU. */
  prefillTypes(track: Track): readonly TypeShare[]
  /** Whether any server has a part of requests only. */
  readonly some: boolean
}

/** A prefill server's requests are over with their first token; a few are still on their way. */
const TOKENS_A_REQUEST = 1.05
/** Fewer requests than this say nothing of what a server is for. */
const LEAST_REQUESTS = 3

interface Deployment {
  readonly prefill: Track[]
  readonly decode: Track[]
}

/** Judges from what the servers have counted and what labels say of them. */
export function rolesOf(tracks: Iterable<Track>): Roles {
  const groups = Map.groupBy(tracks, ({ server }) => `${server.namespace}\u0000${server.model.toLowerCase()}`)
  const roles = new Map<Track, ServerRole>()
  const deployments = new Map<Track, Deployment>()
  for (const members of groups.values()) {
    const decode = members.filter((track) => track.server.role === 'decode' || receives(track))
    if (decode.length === 0) continue
    const prefill = members.filter((track) => !decode.includes(track) && isPrefill(track))
    // Caches may come from a store of the server's own: then no other counts the request.
    if (prefill.length === 0) continue
    const deployment = { prefill, decode }
    for (const track of prefill) roles.set(track, 'prefill')
    for (const track of decode) {
      roles.set(track, 'decode')
      deployments.set(track, deployment)
    }
  }
  return {
    of: (track) => roles.get(track) ?? null,
    readElsewhere(track, fromMs, toMs) {
      if (!deployments.has(track)) return 0
      const grown = (what: Followed) => track.upTo(toMs, what) - track.upTo(fromMs, what)
      // Without a count of its own a decode server reads nothing itself.
      return Math.min(
        grown('input'),
        track.counters.transferredInput === null ? Infinity : grown('transferredInput'),
      )
    },
    prefillTypes: (track) => typesOf(deployments.get(track)?.prefill ?? []),
    some: roles.size > 0,
  }
}

function receives({ counters, server }: Track): boolean {
  return server.role !== 'prefill' && (counters.transferredInput ?? 0) > 0
}

function isPrefill(track: Track): boolean {
  const { input, output, requests } = track.counters
  if (track.server.role !== undefined) return track.server.role === 'prefill'
  track.answersOneToken ||=
    requests !== null &&
    output !== null &&
    requests >= LEAST_REQUESTS &&
    output <= TOKENS_A_REQUEST * requests &&
    (input ?? 0) > output
  return track.answersOneToken
}

/** By what each server has read. */
function typesOf(prefill: readonly Track[]): TypeShare[] {
  const read = new Map<string, number>()
  for (const { types, counters } of prefill) {
    for (const { gpuType, weight } of types) {
      read.set(gpuType, (read.get(gpuType) ?? 0) + weight * Math.max(1, counters.input ?? 1))
    }
  }
  const all = [...read.values()].reduce((sum, tokens) => sum + tokens, 0)
  return [...read].map(([gpuType, tokens]) => ({ gpuType, weight: tokens / all }))
}
