import { grouped } from '../../../../shared/model/phrases.ts'
import { MeteringRefusal } from '../transport/refusal.ts'
import type { NumberedPages } from './numbered.ts'
import type { Daily, Day } from './schema.ts'

/** A proxy that has no such path may have it after its next release, ms. */
const LOOK_AGAIN_MS = 30 * 60_000
/** What a proxy answers to a path, or a use of it, that it does not know. */
const UNKNOWN: ReadonlySet<number> = new Set([400, 403, 404, 405, 422])

export interface DailyAnswersParts {
  /** One answer. @throws MeteringRefusal */
  one(path: string, query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Daily>
  /** All pages, bounded. */
  pages(
    path: string,
    query: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<NumberedPages<Daily>>
  /** Monotonic, ms. */
  now(): number
}

export interface DailyAnswer {
  readonly days: readonly Day[]
  /** There were more than were read. */
  readonly isCut: boolean
  /** Why the sums may be wrong, in plain words. */
  readonly doubts: readonly string[]
}

/**
 * Totals by day in one answer where the proxy adds them up itself, else from its pages. Rows of pages are sorted by their
 * date alone in many versions, so that pages overlap and leave rows out: the sum of several is not exact, and another one
 * each time.
 */
export class DailyAnswers {
  readonly #parts: DailyAnswersParts
  /** When paths without an answer in one piece were tried last. */
  readonly #without = new Map<string, number>()

  constructor(parts: DailyAnswersParts) {
    this.#parts = parts
  }

  /** @param suits whether an answer in one piece has what is wanted of it */
  async read(
    path: string,
    query: Readonly<Record<string, string>>,
    signal: AbortSignal,
    suits: (answer: Daily) => boolean = () => true,
  ): Promise<DailyAnswer> {
    const whole = await this.#inOne(path, query, signal)
    if (whole !== null && suits(whole))
      return { days: whole.results, isCut: false, doubts: contradictions([whole]) }
    const { pages, isCut } = await this.#parts.pages(path, query, signal)
    const doubts = contradictions(pages)
    if (pages.length > 1) {
      doubts.unshift(
        `LiteLLM tells its totals by day in ${grouped(pages.length)} pages that may overlap or leave rows out, so their sum is not exact; newer versions add them up themselves`,
      )
    }
    return { days: pages.flatMap(({ results }) => results), isCut, doubts }
  }

  /** Null where this proxy has no such answer. */
  async #inOne(
    path: string,
    query: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Daily | null> {
    const triedAt = this.#without.get(path)
    if (triedAt !== undefined && this.#parts.now() - triedAt < LOOK_AGAIN_MS) return null
    try {
      return await this.#parts.one(`${path}/aggregated`, query, signal)
    } catch (error) {
      if (!(error instanceof MeteringRefusal) || !UNKNOWN.has(error.status)) throw error
      this.#without.set(path, this.#parts.now())
      return null
    }
  }
}

/** Where the days of an answer do not add up to the total that it states itself. */
function contradictions(answers: readonly Daily[]): string[] {
  const doubts: string[] = []
  for (const { results, metadata } of answers) {
    for (const [stated, measure, name] of [
      [metadata.total_prompt_tokens, 'prompt_tokens', 'input'],
      [metadata.total_completion_tokens, 'completion_tokens', 'output'],
    ] as const) {
      const sum = results.reduce((all, { metrics }) => all + metrics[measure], 0n)
      if (stated === null || stated === undefined || stated === 0n || stated === sum) continue
      doubts.push(
        `the days of one answer of LiteLLM add up to ${grouped(sum)} ${name} tokens, and the same answer states ${grouped(stated)}`,
      )
    }
  }
  return doubts
}
