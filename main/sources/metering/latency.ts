import { latencySchema } from '../../../shared/metering/usage.ts'
import { AnswerError, type Reader, readerOf } from './transport/reader.ts'
import type { LatencyQuestion, LatencyTable } from './types.ts'
import { only, reachOf } from './usage/table.ts'

/** Histograms of an answer. @returns throws AnswerError for another kind, bounds that do not ascend, counts that do not fit them */
export function latencyReader({ kind, groupBy }: LatencyQuestion): Reader<LatencyTable> {
  const read = readerOf(latencySchema)
  return (body) => {
    const answer = read(body)
    const { bounds } = answer
    if (answer.kind !== kind) throw new AnswerError('kind', `expected ${kind}, as was asked for`)
    const disorder = bounds.findIndex((bound, i) => i > 0 && bound <= (bounds[i - 1] ?? 0))
    if (disorder >= 0) throw new AnswerError(`bounds.${disorder}`, 'expected more than the bound before it')
    return {
      ...reachOf(answer),
      series: answer.series.map(({ dims, counts }, i) => {
        if (counts.length !== bounds.length + 1) {
          throw new AnswerError(
            `series.${i}.counts`,
            `expected ${bounds.length + 1} counts, one more than there are bounds, and there are ${counts.length}`,
          )
        }
        return { dims: only(dims, groupBy), histogram: { bounds, counts } }
      }),
    }
  }
}
