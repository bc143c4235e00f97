import type { ServerIdentity, ServerSample } from '../types.ts'
import type { Join } from './join.ts'
import { type Roles, rolesOf } from './roles.ts'
import { Track } from './track.ts'
import type { ServedOptions, ServedRound } from './types.ts'

const DEFAULT_GAP_MS = 60_000
/** Guards memory against labels that change with every scrape. */
export const MOST_TRACKS = 50_000
/** A round that lies further back than this before the newest one: the wall clock was set back, ms. */
const SET_BACK_MS = 5000

/** Whoever keeps something beside the tracks hears what becomes of them. */
export interface RosterListener {
  /** @param afterSilence the sample ends an outage of the server */
  took(key: string, track: Track, sample: ServerSample, afterSilence: boolean): void
  forgot(key: string): void
  /** What lies wholly before this is not asked for any more, ms. */
  trim(oldest: number): void
  /** The clock was set back: nothing before is comparable. */
  restarted(): void
}

/** The inference servers that are followed, each as a {@link Track}, and how far they were watched. */
export class Roster {
  readonly tracks = new Map<string, Track>()
  /** Of the last whole round. */
  roles: Roles = rolesOf([])
  /** NaN before the first round, ms. */
  firstRoundAt = Number.NaN
  newestRoundAt = Number.NEGATIVE_INFINITY
  /** Servers of the newest round beyond {@link MOST_TRACKS}. */
  refused = 0
  readonly windowMs: number
  readonly #sliceMs: number
  readonly #gapMs: number
  readonly #listener: RosterListener
  #join: Join | null = null

  constructor({ windowMs, sliceMs, gapMs = DEFAULT_GAP_MS }: ServedOptions, listener: RosterListener) {
    this.windowMs = windowMs
    this.#sliceMs = sliceMs
    this.#gapMs = gapMs
    this.#listener = listener
  }

  observe(round: ServedRound): void {
    if (round.at < this.newestRoundAt - SET_BACK_MS) this.#restart()
    if (Number.isNaN(this.firstRoundAt)) this.firstRoundAt = round.at
    this.newestRoundAt = Math.max(this.newestRoundAt, round.at)
    this.refused = 0
    for (const track of this.tracks.values()) track.listed = false
    for (const sample of round.samples) {
      // What is younger than its round was scraped before the clock was set back.
      if (sample.at <= round.at + SET_BACK_MS) this.#take(sample)
    }
    this.#forget()
    this.roles = rolesOf(this.tracks.values())
  }

  setJoin(join: Join): void {
    this.#join = join
    for (const track of this.tracks.values()) this.#place(track)
  }

  /** No figure of it for longer than its gap. */
  isSilent(track: Track, now: number): boolean {
    return now - track.lastAt > track.gapMs
  }

  #take(sample: ServerSample): void {
    const key = keyOf(sample.server)
    const track = this.#trackOf(key, sample)
    if (track === null) return
    track.listed = true
    track.lostAt = Number.NaN
    const before = track.silentUntil
    if (!track.take(sample)) return
    this.#place(track)
    this.#listener.took(key, track, sample, track.silentUntil > before)
  }

  #trackOf(key: string, sample: ServerSample): Track | null {
    const known = this.tracks.get(key)
    if (known !== undefined) return known
    if (this.tracks.size >= MOST_TRACKS) {
      this.refused++
      return null
    }
    const track = new Track(sample, this.#sliceMs, this.#gapMs)
    this.tracks.set(key, track)
    return track
  }

  #place(track: Track): void {
    const types = this.#join?.typesOf(track.server) ?? []
    if (types.length > 0) track.types = types
  }

  #forget(): void {
    const oldest = this.newestRoundAt - this.windowMs
    for (const [key, track] of this.tracks) {
      track.trim(oldest)
      if (track.listed) continue
      if (Number.isNaN(track.lostAt)) track.lostAt = this.newestRoundAt
      if (track.lastAt >= oldest) continue
      this.tracks.delete(key)
      this.#listener.forgot(key)
    }
    this.#listener.trim(oldest)
  }

  /** Times before and after a clock was set back are not comparable, and curves only go forward. */
  #restart(): void {
    this.tracks.clear()
    this.#listener.restarted()
    this.firstRoundAt = Number.NaN
    this.newestRoundAt = Number.NEGATIVE_INFINITY
  }
}

const keyOf = ({ id, model, endpoint }: ServerIdentity) => `${id}\u0000${model}\u0000${endpoint}`

/** "team-a/llama-0 (llama-70b)", or by its address where no pod is named. */
export function nameOf({ id, namespace, pod, model }: ServerIdentity): string {
  const place = pod === '' ? id : namespace === '' ? pod : `${namespace}/${pod}`
  return model === '' ? place : `${place} (${model})`
}
