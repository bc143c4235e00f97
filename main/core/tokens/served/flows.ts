import type { RankedRow } from '../../../../shared/contract/tokens.ts'
import { type Charted, DIMENSIONS, type Dimension, type Rates } from '../../../../shared/model/tokens.ts'
import type { Ranking } from '../usage/cube/cube.ts'
import type { ServedCurve, ServedMeasure, ServedRate } from './types.ts'
import type { Filters } from '../types.ts'

/** The dimensions that an inference server can say: it serves a model at an endpoint on GPUs, and knows no tenant. */
export type ServedDimension = Exclude<Dimension, 'tenant'>

/** What an inference server counts of a chart's measures; all others are null, never 0. */
export const SERVED_MEASURES = ['tokens', 'input', 'output', 'requests'] as const satisfies readonly Charted[]

type Placed = Readonly<Record<ServedDimension, string>>

/** What passes the filters. @param ignore leaves this dimension's filter out */
export function passing<T extends Placed>(flows: readonly T[], filters: Filters, ignore?: Dimension): T[] {
  const asked = DIMENSIONS.filter(
    (dimension): dimension is ServedDimension =>
      dimension !== 'tenant' && dimension !== ignore && filters[dimension] !== undefined,
  )
  return flows.filter((flow) => asked.every((dimension) => filters[dimension]?.includes(flow[dimension])))
}

/** Of all these flows together, per second. */
export function servedRates(flows: readonly ServedRate[]): Rates {
  const sum = (what: ServedMeasure) => {
    const counted = flows.flatMap((flow) => flow[what] ?? [])
    // No server at all serves nothing; servers that do not count it say nothing.
    return counted.length === 0 && flows.length > 0 ? null : counted.reduce((all, rate) => all + rate, 0)
  }
  return {
    input: sum('input'),
    output: sum('output'),
    requests: sum('requests'),
    cachedInput: null,
    reasoning: null,
    rejected: null,
    errors: null,
    errorTokens: null,
  }
}

const tokensOf = ({ input, output }: Pick<ServedRate, 'input' | 'output'>) => (input ?? 0) + (output ?? 0)

/** Names of a dimension by tokens per second. @param stepMs of the curves, which give the sparks */
export function rankServed(
  dimension: ServedDimension,
  flows: readonly ServedRate[],
  curves: readonly ServedCurve[],
  stepMs: number,
  limit: number,
): Ranking {
  const groups = [...Map.groupBy(flows, (flow) => flow[dimension])]
    .map(([name, members]) => ({
      name,
      members,
      tokens: members.reduce((all, one) => all + tokensOf(one), 0),
    }))
    .toSorted((a, b) => b.tokens - a.tokens || (a.name < b.name ? -1 : 1))
  const total = groups.reduce((all, { tokens }) => all + tokens, 0)
  const courses = Map.groupBy(curves, (curve) => curve[dimension])
  const rest = groups.slice(limit)
  return {
    rows: groups.slice(0, limit).map(
      ({ name, members, tokens }): RankedRow => ({
        name,
        rates: servedRates(members),
        share: total > 0 ? tokens / total : null,
        spark: perSecond(courses.get(name) ?? [], 'tokens', stepMs),
      }),
    ),
    others:
      rest.length === 0
        ? null
        : { count: rest.length, rates: servedRates(rest.flatMap(({ members }) => members)) },
    total: groups.length,
  }
}

/** The sum of curves of equal length, per second; null where none of the servers counts it. */
export function perSecond(
  curves: readonly ServedCurve[],
  measure: (typeof SERVED_MEASURES)[number],
  stepMs: number,
): (number | null)[] {
  const [first] = curves
  if (first === undefined) return []
  const sums = new Float64Array(first.input.length).fill(Number.NaN)
  for (const curve of curves) {
    const parts = measure === 'tokens' ? [curve.input, curve.output] : [curve[measure]]
    for (const part of parts) {
      for (const [step, value] of part.entries()) {
        if (Number.isNaN(value)) continue
        const before = sums[step] as number
        sums[step] = (Number.isNaN(before) ? 0 : before) + value
      }
    }
  }
  return Array.from(sums, (sum) => (Number.isNaN(sum) ? null : (sum * 1000) / stepMs))
}

/** Per second by GPU type and model, '' for servers that are not mapped to a GPU. */
export function byTypeAndModel(flows: readonly ServedRate[]): Map<string, ReadonlyMap<string, Rates>> {
  const types = Map.groupBy(flows, ({ gpuType }) => gpuType)
  return new Map(
    [...types].map(([type, ofType]) => {
      const models = Map.groupBy(ofType, ({ model }) => model)
      return [type, new Map([...models].map(([model, members]) => [model, servedRates(members)]))]
    }),
  )
}

/** Of these flows, what is served by servers that are not mapped to a GPU. */
export function unjoinedOf(flows: readonly ServedRate[]): {
  readonly share: number | null
  readonly tokens: number
} {
  let all = 0
  let nowhere = 0
  for (const flow of flows) {
    all += tokensOf(flow)
    if (flow.gpuType === '') nowhere += tokensOf(flow)
  }
  return { share: all > 0 ? nowhere / all : null, tokens: nowhere }
}
