import type { Track } from './track.ts'

/** Servers of one model and GPU type of which it is not wholly known what they served in a time. */
export interface ServedDoubt {
  readonly model: string
  readonly gpuType: string
  /** What they may have served beside what is counted, at most: what they usually serve. Null: not known. */
  readonly tokens: number | null
  /** Which servers and why, at most 3, in plain words. */
  readonly gaps: readonly string[]
}

const MOST_GAPS = 3

/** Gathers the servers in doubt of one time, with their size, so that a small one does not hide what large ones say. */
export class Doubts {
  readonly #fromMs: number
  readonly #toMs: number
  readonly #tracks: { readonly track: Track; readonly gap: string }[] = []
  /** The largest of each model in this time. */
  readonly #peers = new Map<string, number>()

  constructor(fromMs: number, toMs: number) {
    this.#fromMs = fromMs
    this.#toMs = toMs
  }

  add(track: Track, gap: string): void {
    this.#tracks.push({ track, gap })
  }

  /** What a server served in this time, whether it is in doubt or not. */
  served(track: Track, tokens: number): void {
    const { model } = track.server
    this.#peers.set(model, Math.max(this.#peers.get(model) ?? 0, tokens))
  }

  rows(): ServedDoubt[] {
    const rows = new Map<string, { model: string; gpuType: string; tokens: number | null; gaps: string[] }>()
    for (const { track, gap } of this.#tracks) {
      const { model } = track.server
      const tokens = this.#sizeOf(track)
      for (const { gpuType, weight } of track.types.length > 0 ? track.types : [{ gpuType: '', weight: 1 }]) {
        const key = `${model}\u0000${gpuType}`
        const row = rows.get(key) ?? { model, gpuType, tokens: 0, gaps: [] }
        row.tokens = row.tokens === null || tokens === null ? null : row.tokens + Math.ceil(weight * tokens)
        if (row.gaps.length < MOST_GAPS) row.gaps.push(gap)
        rows.set(key, row)
      }
    }
    return [...rows.values()]
  }

  /** In a time as long as this one: its own, just before or before it fell silent; else what its largest peer served. */
  #sizeOf(track: Track): number | null {
    const end = Math.min(this.#fromMs, track.lastAt)
    const start = end - (this.#toMs - this.#fromMs)
    const now = tokensOf(track, this.#fromMs, this.#toMs)
    if (track.keptFrom <= start) return Math.max(now, tokensOf(track, start, end))
    const peer = this.#peers.get(track.server.model) ?? 0
    const alone = peer <= now
    return alone ? null : peer
  }
}

function tokensOf(track: Track, fromMs: number, toMs: number): number {
  return (['input', 'output'] as const).reduce(
    (sum, what) => sum + track.upTo(toMs, what) - track.upTo(fromMs, what),
    0,
  )
}
