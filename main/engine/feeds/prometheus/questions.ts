import { FIELDS, seriesNamesOf } from '../../../../shared/model/field.ts'
import {
  fastQuery,
  type IdentityCut,
  SHARE_LABEL,
  sharedQuery,
  xidCountQuery,
  type Answered,
  type Vector,
} from '../../../sources/prometheus/index.ts'
import type { Question } from './sheet.ts'

/** Asks one question; the same `id` keeps the identity of its rows between answers. @throws SourceFailure */
export type Ask = (id: string, promql: string) => Promise<Answered<Vector>>

/** A question of the floor and its PromQL. */
export interface FloorQuestion extends Question {
  /** For people: "SM activity". */
  readonly title: string
  promql(matchers: string, cut: IdentityCut): string
}

/** Fields that an exporter may write for each pod of a shared GPU. */
const PER_POD: ReadonlySet<string> = new Set(['fbUsed', 'gpuUtil'])

function fieldQuestions(pace: 'fast' | 'slow'): FloorQuestion[] {
  return FIELDS.filter((field) => field.pace === pace).map((field) => {
    const { id, series, title } = field
    const names = seriesNamesOf(field)
    return {
      id,
      title,
      // Whichever name the row came under, the preferred one says the same.
      seriesName: series[0],
      extraLabels: PER_POD.has(id) ? [SHARE_LABEL] : [],
      promql: (matchers, cut) =>
        PER_POD.has(id) ? sharedQuery(names, matchers, cut) : fastQuery(names, matchers, cut),
    }
  })
}

export const FAST_QUESTIONS: readonly FloorQuestion[] = fieldQuestions('fast')

export const SLOW_QUESTIONS: readonly FloorQuestion[] = [
  ...fieldQuestions('slow'),
  {
    id: 'xidCounts',
    title: 'XID counts',
    seriesName: 'DCGM_EXP_XID_ERRORS_COUNT',
    extraLabels: ['xid', 'window_size_in_ms'],
    promql: xidCountQuery,
  },
]

/** Whether the n-th refresh (from 0) asks the slow questions too. */
export function isSlowDue(refresh: number, slowEvery: number): boolean {
  return refresh % slowEvery === 0
}
