import { plural } from '../../../../shared/model/words.ts'
import { type Answered, countQuery, type Vector } from '../../../sources/prometheus/index.ts'
import type { FloorQuestion } from './questions.ts'

type Ask = (id: string, promql: string) => Promise<Answered<Vector>>

/** Empty answers in a row, where there were rows before, until the series is taken to be exported no longer. */
const EMPTIES_TO_BELIEVE = 3

/**
 * Whether the answer to a question is whole. A back end that cuts answers off may say so by a warning, or not at all:
 * whenever rows are fewer than before, it is asked how many it counts itself, and only an answer that has as many says
 * that a GPU is gone.
 */
export class Wholeness {
  /** Rows of the last whole answer, by question. */
  readonly #rows = new Map<string, number>()
  readonly #empties = new Map<string, number>()

  /**
   * @param promql as it was asked
   * @param always count also where nothing is missing yet: at the start nobody knows how many rows there should be
   * @returns null for a whole answer, else why it is not
   */
  async check(
    ask: Ask,
    question: FloorQuestion,
    promql: string,
    answer: Answered<Vector>,
    always: boolean,
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
    return empties >= EMPTIES_TO_BELIEVE
  }

  /** Rows that the back end counts and did not send; a count that cannot be had proves nothing. */
  async #lacking(
    ask: Ask,
    { id, title }: FloorQuestion,
    promql: string,
    rows: number,
  ): Promise<string | null> {
    const answer = await ask(`count/${id}`, countQuery(promql))
    const counted = answer.value.values[0] ?? (answer.value.series.length === 0 ? 0 : Number.NaN)
    if (answer.partial) return answer.warnings.at(-1) ?? `${title}: the count of rows is partial`
    if (counted <= rows) return null
    return `${title}: ${plural(rows, 'row')} came of ${counted} that the back end counts`
  }
}
