import type { UsageTable } from '../../../core/tokens/types.ts'
import { SourceFailure } from '../../../platform/failure.ts'
import { MeteringRefusal } from '../transport/refusal.ts'
import type { UsageQuestion } from '../types.ts'
import { joinInTime } from './join.ts'

/** Questions that one may be cut into; what needs more asks for too much. */
const MOST_PARTS = 64

/**
 * Asks for long times in parts. A back end bounds its answers and does not say beforehand how; where it refuses one as
 * too large the time is halved, and how many steps fitted is remembered. The most used rows of a part are not those of
 * the whole, so a question with `top` is never cut.
 */
export class UsageAsking {
  readonly #ask: (question: UsageQuestion) => Promise<UsageTable>
  readonly #fits: Map<string, number>
  #parts = 0

  /** @param fits steps that fitted into an answer, by grouping; kept between questions */
  constructor(ask: (question: UsageQuestion) => Promise<UsageTable>, fits: Map<string, number>) {
    this.#ask = ask
    this.#fits = fits
  }

  async answer(question: UsageQuestion): Promise<UsageTable> {
    const { step } = question
    if (!('ms' in step) || question.top !== null) return await this.#ask(question)
    const first = Math.floor(question.fromMs / step.ms)
    const steps = Math.ceil(question.toMs / step.ms) - first
    const most = Math.max(1, this.#fits.get(keyOf(question)) ?? steps)
    const parts: UsageTable[] = []
    for (let begun = 0; begun < steps; begun += most) {
      const count = Math.min(most, steps - begun)
      parts.push(...(await this.#halving(question, step.ms, first + begun, count)))
    }
    return parts.length === 0 ? await this.#ask(question) : joinInTime(parts, question.groupBy)
  }

  /** @throws the refusal where a single step is too much, or too many parts would be needed */
  async #halving(
    question: UsageQuestion,
    stepMs: number,
    first: number,
    count: number,
  ): Promise<UsageTable[]> {
    const part = {
      ...question,
      fromMs: Math.max(question.fromMs, first * stepMs),
      toMs: Math.min(question.toMs, (first + count) * stepMs),
    }
    this.#parts += 1
    try {
      return [await this.#ask(part)]
    } catch (error) {
      if (count === 1 || this.#parts >= MOST_PARTS || !isTooLarge(error)) throw error
      const half = Math.ceil(count / 2)
      this.#fits.set(keyOf(question), half)
      const earlier = await this.#halving(question, stepMs, first, half)
      return [...earlier, ...(await this.#halving(question, stepMs, first + half, count - half))]
    }
  }
}

/** Filters make answers smaller, so what fitted without any fits with them. */
function keyOf({ groupBy }: UsageQuestion): string {
  return groupBy.toSorted().join()
}

/** Refused for its size, as opposed to refused for what it asks. */
function isTooLarge(error: unknown): boolean {
  if (error instanceof MeteringRefusal) {
    return error.status === 413 || (error.status === 400 && /^query\.(step|from|to)$/.test(error.pointer))
  }
  return error instanceof SourceFailure && error.failure.code === 'too-large'
}
