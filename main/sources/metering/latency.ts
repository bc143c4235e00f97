import { latencySchema } from '../../../shared/metering/usage.ts'
import { AnswerError, type Reader, readerOf } from './transport/reader.ts'
import type { LatencyQuestion, LatencyTable } from './types.ts'
import { only, reachOf } from './usage/table.ts'

/**
 * Histograms of an answer, those of a series ascending in time. What is outside of the range is no part of the answer.
 * @returns throws AnswerError for another kind or step, bounds that do not ascend, counts that do not fit them, and a
 * point that is off the steps or there twice
 */
export function latencyReader({
  kind,
  groupBy,
  stepMs,
  fromMs,
  toMs,
}: LatencyQuestion): Reader<LatencyTable> {
  const read = readerOf(latencySchema)
  const step = stepMs === null ? null : stepMs / 1000
  return (body) => {
    const answer = read(body)
    const { bounds } = answer
    if (answer.kind !== kind) throw new AnswerError('kind', `expected ${kind}, as was asked for`)
    if (answer.step !== step) {
      throw new AnswerError('step', `expected ${step ?? 'null'}, as was asked for, and it is ${answer.step}`)
    }
    const disorder = bounds.findIndex((bound, i) => i > 0 && bound <= (bounds[i - 1] ?? 0))
    if (disorder >= 0) throw new AnswerError(`bounds.${disorder}`, 'expected more than the bound before it')
    return {
      ...reachOf(answer),
      series: answer.series.map(({ dims, points }, i) => {
        const times = new Set<number>()
        const read = points.map(({ t, counts }, p) => {
          const place = `series.${i}.points.${p}`
          if (counts.length !== bounds.length + 1) {
            throw new AnswerError(
              `${place}.counts`,
              `expected ${bounds.length + 1} counts, one more than there are bounds, and there are ${counts.length}`,
            )
          }
          const at = Date.parse(t)
          if (stepMs !== null && at % stepMs !== 0) {
            throw new AnswerError(`${place}.t`, `expected a multiple of ${step} s since 1970, and it is ${t}`)
          }
          if (times.has(at))
            throw new AnswerError(`${place}.t`, `expected each step once, and ${t} is there twice`)
          times.add(at)
          return { at, histogram: { bounds, counts } }
        })
        if (stepMs === null && read.length > 1) {
          throw new AnswerError(
            `series.${i}.points`,
            `expected one histogram of the range, and there are ${read.length}`,
          )
        }
        const inside = stepMs === null ? read : read.filter(({ at }) => at + stepMs > fromMs && at < toMs)
        return { dims: only(dims, groupBy), points: inside.toSorted((a, b) => a.at - b.at) }
      }),
    }
  }
}
