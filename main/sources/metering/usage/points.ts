import { z } from 'zod'
import { usageSchema, usageSeriesSchema } from '../../../../shared/metering/usage.ts'
import { instant, MOST_TOKENS } from '../../../../shared/metering/values.ts'
import { MEASURES, type Measure } from '../../../../shared/model/tokens.ts'
import { readerOf } from '../transport/reader.ts'

/** One point as it stands in the answer, found to be as the contract says. */
export type RawPoint = Readonly<Record<Exclude<Measure, 'errorTokens'>, number | bigint>> & {
  readonly t: string
  readonly errorTokens?: number | bigint | undefined
}

export interface RawUsage extends Omit<z.output<typeof envelope>, 'series' | 'rest'> {
  readonly series: readonly {
    readonly dims: z.output<typeof usageSeriesSchema>['dims']
    readonly points: readonly RawPoint[]
  }[]
  readonly rest?: readonly RawPoint[] | undefined
  /** ms since the epoch by each `t` of the points. */
  readonly instants: ReadonlyMap<string, number>
}

const anything = z.array(z.unknown())
const envelope = usageSchema.extend({
  series: z.array(usageSeriesSchema.extend({ points: anything })),
  rest: anything.optional(),
})
const readEnvelope = readerOf(envelope)
const readWhole = readerOf(usageSchema)

/**
 * An answer for usage, held against its schema. Points come by the hundred thousand, so they are checked by hand, ten
 * times as fast; what this check does not like is put before the schema itself, which knows the words for it.
 * @throws AnswerError
 */
export function readUsage(body: unknown): RawUsage {
  const answer = readEnvelope(body)
  const instants = new Map<string, number>()
  const arePoints = (points: readonly unknown[]): points is readonly RawPoint[] =>
    points.every((point) => isPoint(point, instants))
  const { series, rest } = answer
  const good: RawUsage['series'][number][] = []
  for (const { dims, points } of series) {
    if (!arePoints(points)) return byTheSchema(body)
    good.push({ dims, points })
  }
  if (rest !== undefined && !arePoints(rest)) return byTheSchema(body)
  return { ...answer, series: good, rest, instants }
}

function byTheSchema(body: unknown): RawUsage {
  const answer = readWhole(body)
  const all = [...answer.series.flatMap(({ points }) => points), ...(answer.rest ?? [])]
  return { ...answer, instants: new Map(all.map(({ t }) => [t, Date.parse(t)])) }
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
