import type { Trend } from '../../../../shared/contract/fleet.ts'
import { ACTIVITY_FIELDS } from '../../../../shared/model/activity.ts'
import type { FieldId } from '../../../../shared/model/field.ts'
import { FIGURE, PRESENCE } from '../../../../shared/model/figure.ts'
import type { FleetFrame } from '../../../../shared/model/frame.ts'
import { bucketsOf, pick } from './downsample.ts'

/** Site aggregates for the summary strip's sparklines: small, so they reach further back than the figures do. */
export interface TrendRing {
  /** @param boards number of physical rows, the first ones of the frame */
  record(frame: FleetFrame, boards: number): void
  read(maxPoints?: number): Trend
}

const KEPT = 2160
const POINTS = 240

interface Aggregate {
  readonly at: number
  readonly activity: number
  readonly powerWatts: number
  readonly present: number
  readonly hottestCelsius: number
}

/** Keeps {@link KEPT} aggregates, three hours at one every five seconds. */
export function createTrend(): TrendRing {
  const ring: Aggregate[] = []
  let next = 0
  const inOrder = (): Aggregate[] => [...ring.slice(next), ...ring.slice(0, next)]

  return {
    record(frame, boards) {
      const made = aggregate(frame, boards)
      if (ring.length < KEPT) ring.push(made)
      else {
        ring[next] = made
        next = (next + 1) % KEPT
      }
    },
    read(maxPoints = POINTS) {
      const kept = inOrder()
      const buckets = bucketsOf(
        kept.map(({ at }) => at),
        maxPoints,
      )
      const series = (of: (each: Aggregate) => number): (number | null)[] =>
        pick(buckets, (i) => {
          const each = kept[i]
          return each ? of(each) : Number.NaN
        })
      return {
        times: buckets.times,
        activity: series(({ activity }) => activity),
        powerWatts: series(({ powerWatts }) => powerWatts),
        present: series(({ present }) => present),
        hottestCelsius: series(({ hottestCelsius }) => hottestCelsius),
      }
    },
  }
}

function aggregate(frame: FleetFrame, boards: number): Aggregate {
  const good = (id: FieldId): ((row: number) => number) => {
    const place = frame.fields.indexOf(id)
    const values = frame.values[place]
    const states = frame.states[place]
    return (row) => {
      const state = states?.[row]
      return values && (state === FIGURE.ok || state === FIGURE.zero) ? (values[row] as number) : Number.NaN
    }
  }
  const activities = ACTIVITY_FIELDS.map(({ field, scale }) => ({ read: good(field), scale }))
  const power = good('power')
  const temperature = good('gpuTemp')
  let activity = 0
  let active = 0
  let watts = 0
  let powered = 0
  let present = 0
  let hottest = Number.NaN
  for (let row = 0; row < boards; row++) {
    const presence = frame.presence[row]
    if (presence === PRESENCE.present || presence === PRESENCE.unlisted) present++
    for (const { read, scale } of activities) {
      const value = read(row)
      if (value !== value) continue
      activity += value * scale
      active++
      break
    }
    const drawn = power(row)
    if (drawn === drawn) {
      watts += drawn
      powered++
    }
    const celsius = temperature(row)
    if (!(celsius <= hottest)) hottest = celsius === celsius ? celsius : hottest
  }
  return {
    at: frame.at,
    activity: active === 0 ? Number.NaN : activity / active,
    powerWatts: powered === 0 ? Number.NaN : watts,
    present,
    hottestCelsius: hottest,
  }
}
