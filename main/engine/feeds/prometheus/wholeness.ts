import { SourceFailure } from '../../../platform/failure.ts'
import { plural } from '../../../../shared/model/phrases.ts'
import { type Answered, countQuery, type Vector } from '../../../sources/prometheus/index.ts'
import type { Ask, FloorQuestion } from './questions.ts'

/** The same answers in a row, empty or fewer than before, until they are taken for a fact where nothing else tells. */
const ANSWERS_TO_BELIEVE = 3

/**
 * Whether the answer to a question is whole. A back end that cuts answers off may say so by a warning, or not at all:
 * whenever rows are fewer than before, it is asked how many it counts itself, and only an answer that has as many says
 * that a GPU is gone.
 */
export class Wholeness {
  /** Rows of the last whole answer, by question. */
  readonly #rows = new Map<string, number>()
  readonly #empties = new Map<string, number>()
  /** Rows of answers whose count could not be had, and how many such answers came in a row, by question. */
  readonly #uncounted = new Map<string, { readonly rows: number; readonly times: number }>()

  /**
   * @param promql as it was asked
   * @param always count also where nothing is missing yet: at the start it is not known how many rows there should be
   * @returns null for a whole answer, else why it is not
   */
  async check(
    ask: Ask,
    question: Pick<FloorQuestion, 'id' | 'title'>,
    promql: string,
    answer: Answered<Vector>,
    always = false,
  ): Promise<string | null> {
    const { id, title } = question
    const rows = answer.value.series.length
    const before = this.#rows.get(id) ?? 0
    if (answer.partial) return answer.warnings.at(-1) ?? `${title}: the answer is partial`
    if (rows === 0 && before > 0 && !this.#believesEmpty(id))
      return `${title} was answered with nothing where there ${before === 1 ? 'was 1 row' : `were ${before} rows`}`
    if (rows > 0) this.#empties.delete(id)
    if (rows < before || (always && rows > 0)) {
      const lacking = await this.#lacking(ask, question, promql, rows)
      if (lacking !== null) return lacking
    }
    this.#rows.set(id, rows)
    return null
  }

  #believesEmpty(id: string): boolean {
    const empties = (this.#empties.get(id) ?? 0) + 1
    this.#empties.set(id, empties)
    return empties >= ANSWERS_TO_BELIEVE
  }

  /** Why rows are known to be missing, or may be; null where they are not. */
  async #lacking(
    ask: Ask,
    { id, title }: Pick<FloorQuestion, 'id' | 'title'>,
    promql: string,
    rows: number,
  ): Promise<string | null> {
    let answer: Answered<Vector>
    try {
      answer = await ask(`count/${id}`, countQuery(promql))
    } catch (error) {
      if (!(error instanceof SourceFailure)) throw error
      return this.#uncountable(id, title, rows)
    }
    this.#uncounted.delete(id)
    const counted = answer.value.values[0] ?? (answer.value.series.length === 0 ? 0 : Number.NaN)
    if (answer.partial) return answer.warnings.at(-1) ?? `${title}: the count of rows is partial`
    if (counted <= rows) return null
    return `${title}: ${plural(rows, 'row')} came of ${counted} that the back end counts`
  }

  /** A count that cannot be had proves nothing; the same rows again and again are believed. */
  #uncountable(id: string, title: string, rows: number): string | null {
    const before = this.#uncounted.get(id)
    const times = before?.rows === rows ? before.times + 1 : 1
    this.#uncounted.set(id, { rows, times })
    if (times >= ANSWERS_TO_BELIEVE) return null
    return `${title}: rows are fewer than before, and the back end does not count them`
  }
}
