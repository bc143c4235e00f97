import type { History as HistoryAnswer, Trend } from '../../../../shared/contract/fleet.ts'
import type { FieldId } from '../../../../shared/model/field.ts'
import { FIGURE } from '../../../../shared/model/figure.ts'
import type { FleetFrame } from '../../../../shared/model/frame.ts'
import type { Topology } from '../../../../shared/model/topology.ts'
import { placesOf, renamedPlace } from '../places/placesOf.ts'
import { bucketsOf, pick } from './downsample.ts'
import { bytesPerCell, createFieldRing, type FieldRing } from './store.ts'
import { createTrend } from './trend.ts'

export interface HistoryOptions {
  /** What is kept; frames given to record() should carry these. */
  readonly fields: readonly FieldId[]
  /** Bound of the figures kept, bytes; the trend takes a few hundred KiB beside it. */
  readonly budgetBytes: number
  /** Frames closer together than this are not kept, ms. */
  readonly stepMs?: number
}

export interface HistoryQuery {
  /** Rows of the topology last given to record(). */
  readonly rows: readonly number[]
  readonly fields: readonly FieldId[]
  readonly fromMs: number
  readonly toMs: number
  readonly maxPoints: number
}

/** The engine's own memory of the last minutes, for drawers and sparklines when no Prometheus keeps a longer one. */
export interface History {
  /** Keeps one frame. Only ok and zero figures are kept: a chart shows a gap where nothing was known. */
  record(frame: FleetFrame, topology: Topology): void
  /** A machine goes by another name: what is kept of its places goes on under the new one. */
  rename(from: string, to: string): void
  read(query: HistoryQuery): HistoryAnswer
  trend(maxPoints?: number): Trend
  /** How far back it reaches, and what it takes. */
  extent(): {
    readonly cuts: number
    readonly capacity: number
    readonly bytes: number
    readonly fromMs: number | null
  }
}

/** No chart looks further back than this from memory: a day at one frame every five seconds. */
const MAX_CUTS = 17_280
const MIN_CUTS = 2

export function createHistory(options: HistoryOptions): History {
  const stepMs = options.stepMs ?? 0
  const perColumn = options.fields.reduce((sum, id) => sum + bytesPerCell(id), 0)
  /** Column by place ("host/slot" or "host/slot/instance"): figures follow the place when rows move. */
  let columnOf = new Map<string, number>()
  let columns = 0
  let cuts = 0
  let rings: FieldRing[] = options.fields.map((id) => createFieldRing(id, 0))
  let times = new Float64Array(0)
  let stored = 0
  let next = 0
  let rowColumns = new Int32Array(0)
  let version = -1
  const trend = createTrend()
  const slotAt = (i: number): number => (next - stored + i + cuts) % cuts

  /** Places of the topology get columns; when there are more than fit, the rings are laid out again. */
  function follow(topology: Topology): void {
    if (topology.version === version) return
    version = topology.version
    const keys = placesOf(topology)
    const fits = keys.filter((key) => !columnOf.has(key)).length + columnOf.size <= columns
    if (!fits) layOut(keys)
    for (const key of keys) if (!columnOf.has(key)) columnOf.set(key, columnOf.size)
    rowColumns = Int32Array.from(keys, (key) => columnOf.get(key) as number)
  }

  /** Keeps what is in `keys`, newest cuts first, with an eighth of room for places to come. */
  function layOut(keys: readonly string[]): void {
    const wide = Math.ceil(keys.length * 1.125) + 8
    const fitting = perColumn === 0 ? MIN_CUTS : Math.floor(options.budgetBytes / (wide * perColumn))
    const deep = Math.max(MIN_CUTS, Math.min(MAX_CUTS, fitting))
    const kept = Math.min(stored, deep)
    const mapped = new Map(keys.map((key, column) => [key, column]))
    const moves: [number, number][] = []
    for (const [key, from] of columnOf) {
      const to = mapped.get(key)
      if (to !== undefined) moves.push([from, to])
    }
    const before = columns
    const slots = Array.from({ length: kept }, (_, i) => slotAt(stored - kept + i))
    rings = rings.map((ring) =>
      ring.resized(wide * deep, (put) => {
        slots.forEach((slot, i) => {
          for (const [from, to] of moves) put(slot * before + from, i * wide + to)
        })
      }),
    )
    const keptTimes = slots.map((slot) => times[slot] as number)
    times = new Float64Array(deep)
    times.set(keptTimes)
    columnOf = mapped
    columns = wide
    cuts = deep
    stored = kept
    next = kept % deep
  }

  return {
    rename(from, to) {
      columnOf = new Map([...columnOf].map(([key, column]) => [renamedPlace(key, from, to), column]))
    },
    record(frame, topology) {
      if (frame.topologyVersion !== topology.version) return
      const newest = stored === 0 ? Number.NEGATIVE_INFINITY : (times[slotAt(stored - 1)] as number)
      // A clock that steps back would fold the curve; nothing is kept until it has caught up.
      if (frame.at <= newest || frame.at - newest < stepMs) return
      follow(topology)
      trend.record(frame, topology.gpus.host.length)
      const base = next * columns
      rings.forEach((ring) => {
        ring.clear(base, base + columns)
        const place = frame.fields.indexOf(ring.field)
        const values = frame.values[place]
        const states = frame.states[place]
        if (!values || !states) return
        for (let row = 0; row < frame.rows; row++) {
          const state = states[row]
          if (state === FIGURE.ok || state === FIGURE.zero) {
            ring.set(base + (rowColumns[row] as number), values[row] as number)
          }
        }
      })
      times[next] = frame.at
      next = (next + 1) % cuts
      stored = Math.min(stored + 1, cuts)
    },
    read({ rows, fields, fromMs, toMs, maxPoints }) {
      const slots: number[] = []
      for (let i = 0; i < stored; i++) {
        const at = times[slotAt(i)] as number
        if (at >= fromMs && at <= toMs) slots.push(slotAt(i))
      }
      const buckets = bucketsOf(
        slots.map((slot) => times[slot] as number),
        Math.max(2, maxPoints),
      )
      const warnings = fields
        .filter((id) => !options.fields.includes(id))
        .map((id) => `The console keeps no history of ${id} in its own memory; connect a Prometheus for it.`)
      const series = rows.flatMap((row) =>
        fields.map((id) => {
          const ring = rings.find((each) => each.field === id)
          const column = rowColumns[row] ?? -1
          const values = pick(buckets, (i) =>
            ring && column >= 0 ? ring.get((slots[i] as number) * columns + column) : Number.NaN,
          )
          return { row, field: id, values }
        }),
      )
      return { origin: 'memory', stepMs: stepOf(buckets.times), times: buckets.times, series, warnings }
    },
    trend: (maxPoints) => trend.read(maxPoints),
    extent: () => ({
      cuts: stored,
      capacity: cuts,
      bytes: rings.reduce((sum, { bytes }) => sum + bytes, 0),
      fromMs: stored === 0 ? null : (times[slotAt(0)] as number),
    }),
  }
}

/** Mean pause between points, ms; 0 for fewer than two. */
function stepOf(times: readonly number[]): number {
  return times.length < 2 ? 0 : ((times.at(-1) as number) - (times[0] as number)) / (times.length - 1)
}
