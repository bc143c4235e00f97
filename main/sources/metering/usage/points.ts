import { z } from 'zod'
import { usagePointSchema, usageSchema, usageSeriesSchema } from '../../../../shared/metering/usage.ts'
import { instant, MOST_TOKENS } from '../../../../shared/metering/values.ts'
import { MEASURES, type Measure } from '../../../../shared/model/tokens.ts'
import { readerOf } from '../transport/reader.ts'

/** One point as it stands in the answer, found to be as the contract says. */
export type RawPoint = Readonly<Record<Exclude<Measure, 'errorTokens'>, number | bigint>> & {
  readonly t: string
  readonly errorTokens?: number | bigint | undefined
}

/** One group of an answer, found to be as the contract says. */
export interface RawSeries {
  readonly dims: z.output<typeof usageSeriesSchema>['dims']
  readonly points: readonly RawPoint[]
}

/** An answer for usage without its series. */
export interface RawUsage extends Omit<z.output<typeof envelope>, 'series' | 'rest'> {
  readonly rest: readonly RawPoint[] | undefined
}

const anything = z.array(z.unknown())
const envelope = usageSchema.extend({ series: anything, rest: anything.optional() })
const seriesOfAnything = usageSeriesSchema.extend({ points: anything })
const readEnvelope = readerOf(envelope)
const readSeries = readerOf(seriesOfAnything)
const readWholeSeries = readerOf(usageSeriesSchema)
const readPoints = readerOf(z.array(usagePointSchema))

/**
 * Holds parts of an answer for usage against their schemas. Points come by the hundred thousand, so they are checked by
 * hand, ten times as fast; what this check does not like is put before the schema itself, which knows the words for it.
 * All throw AnswerError.
 */
export class UsageParts {
  /** ms since the epoch by each `t` of the points. */
  readonly instants = new Map<string, number>()

  /** @param head the answer, whose series are read elsewhere */
  head(head: unknown): RawUsage {
    const { rest, series: _, ...answer } = readEnvelope(head)
    return {
      ...answer,
      rest: rest === undefined || this.#arePoints(rest) ? rest : this.#noted(readPoints(rest, 'rest')),
    }
  }

  /** @param place of the series among all */
  series(series: unknown, place: number): RawSeries {
    const { dims, points } = readSeries(series, `series.${place}`)
    if (this.#arePoints(points)) return { dims, points }
    const whole = readWholeSeries(series, `series.${place}`)
    return { dims: whole.dims, points: this.#noted(whole.points) }
  }

  #arePoints(points: readonly unknown[]): points is readonly RawPoint[] {
    return points.every((point) => isPoint(point, this.instants))
  }

  #noted(points: readonly RawPoint[]): readonly RawPoint[] {
    for (const { t } of points) this.instants.set(t, Date.parse(t))
    return points
  }
}

function isPoint(value: unknown, instants: Map<string, number>): boolean {
  if (typeof value !== 'object' || value === null) return false
  const point = value as Readonly<Record<string, unknown>>
  return isInstant(point['t'], instants) && MEASURES.every((measure) => isCount(measure, point[measure]))
}

const HAPPENINGS: ReadonlySet<Measure> = new Set(['requests', 'rejected', 'errors'])

function isCount(measure: Measure, count: unknown): boolean {
  if (typeof count === 'number') return Number.isSafeInteger(count) && count >= 0
  if (typeof count === 'bigint') return count >= 0n && count <= MOST_TOKENS && !HAPPENINGS.has(measure)
  return count === undefined && measure === 'errorTokens'
}

/** The same few starts of steps stand in every series. */
function isInstant(text: unknown, instants: Map<string, number>): boolean {
  if (typeof text !== 'string') return false
  if (instants.has(text)) return true
  if (!instant.safeParse(text).success) return false
  instants.set(text, Date.parse(text))
  return true
}
