import { readEnvelope, type Envelope } from './envelope.ts'
import { AnswerError, JsonCursor } from './jsonCursor.ts'
import type { HistoryWindow } from './queries.ts'
import { samplePair } from './sampleValue.ts'
import { atOnce } from '../../platform/turn.ts'
import { DEFAULT_READER_LIMITS, readLabels, type AnsweredSeries, type ReaderLimits } from './vectorReader.ts'

export interface RangeSeries extends AnsweredSeries {
  /** ms since the epoch, as the back end sent them. */
  readonly times: Float64Array
  readonly values: Float64Array
}

export interface RangeAnswer extends Envelope {
  readonly series: readonly RangeSeries[]
}

export const MAX_RANGE_POINTS = 4_000_000

/** @throws AnswerError naming the byte and what was expected */
export function readMatrix(body: Uint8Array, limits?: ReaderLimits, maxPoints?: number): RangeAnswer {
  return atOnce(matrixSteps(body, limits, maxPoints))
}

/** The same in steps. */
export function* matrixSteps(
  body: Uint8Array,
  limits: ReaderLimits = DEFAULT_READER_LIMITS,
  maxPoints = MAX_RANGE_POINTS,
): Generator<void, RangeAnswer> {
  const cursor = new JsonCursor(body)
  const series: RangeSeries[] = []
  let pointsLeft = maxPoints

  function* row(): Generator<void, void> {
    if (series.length >= limits.maxSeries) throw cursor.error(`at most ${limits.maxSeries} series`)
    let identity: AnsweredSeries | null = null
    let points: Points = EMPTY
    for (const key of cursor.members()) {
      if (key === 'metric') identity = readLabels(cursor, limits)
      else if (key === 'values') {
        points = yield* readPoints(cursor, pointsLeft)
        pointsLeft -= points.times.length
      } else yield* cursor.skipped()
    }
    if (identity === null) throw cursor.error('a metric in the row')
    series.push({ ...identity, ...points })
  }

  function* data(): Generator<void, void> {
    let type = ''
    for (const key of cursor.members()) {
      if (key === 'resultType') type = cursor.string(32)
      else if (key === 'result') {
        for (const _ of cursor.elements()) {
          yield* row()
          yield
        }
      } else yield* cursor.skipped()
    }
    if (type !== 'matrix') throw cursor.error('a result of type matrix')
  }

  const envelope = yield* readEnvelope(cursor, data)
  if (envelope.error === null && !envelope.hasData) throw cursor.error('data')
  return { ...envelope, series }
}

interface Points {
  readonly times: Float64Array
  readonly values: Float64Array
}
const EMPTY: Points = { times: new Float64Array(0), values: new Float64Array(0) }

function* readPoints(cursor: JsonCursor, most: number): Generator<void, Points> {
  const times: number[] = []
  const values: number[] = []
  const sample = { value: Number.NaN }
  for (const _ of cursor.elements()) {
    const at = samplePair(cursor, sample)
    if (times.length >= most) throw new AnswerError(cursor.at, `at most ${MAX_RANGE_POINTS} points in all`)
    if (times.length > 0 && at <= (times.at(-1) as number)) throw cursor.error('ascending times')
    times.push(at)
    values.push(sample.value)
    if ((times.length & 255) === 0) yield
  }
  return { times: Float64Array.from(times), values: Float64Array.from(values) }
}

/** Lays a series on the grid it was asked for; NaN where it has no point. */
export function onGrid(series: Points, window: HistoryWindow): Float64Array {
  const length = Math.round((window.toMs - window.fromMs) / window.stepMs) + 1
  const grid = new Float64Array(length).fill(Number.NaN)
  series.times.forEach((time, index) => {
    const slot = Math.round((time - window.fromMs) / window.stepMs)
    if (slot >= 0 && slot < length) grid[slot] = series.values[index] as number
  })
  return grid
}
