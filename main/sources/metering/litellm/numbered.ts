import type { Clock } from '../../../platform/clock.ts'
import { SourceFailure } from '../../../platform/failure.ts'

interface Numbered {
  readonly total_pages: number
}

export interface NumberedPages<P> {
  readonly pages: readonly P[]
  /** There were more than were read. */
  readonly isCut: boolean
}

/** Pages that are asked for side by side: LiteLLM answers each with a search of its database. */
const ABREAST = 4

/**
 * The pages of a list that are told by numbers, the first ones up to a bound. All of them together have one deadline.
 * @throws SourceFailure
 */
export async function numberedPages<P extends Numbered>(
  ask: (page: number, signal: AbortSignal) => Promise<P>,
  options: {
    readonly most: number
    readonly signal: AbortSignal
    readonly clock: Clock
    readonly deadlineMs: number
    /** For words: "LiteLLM at proxy:4000: the spend logs". */
    readonly what: string
    /** Looks at the first page before others are asked for; may throw. */
    readonly check?: (first: P) => void
  },
): Promise<NumberedPages<P>> {
  const { most, clock, deadlineMs } = options
  const until = clock.monotonic() + deadlineMs
  const halt = new AbortController()
  const signal = AbortSignal.any([options.signal, halt.signal])
  const first = await ask(1, signal)
  options.check?.(first)
  const last = Math.min(most, first.total_pages)
  const pages = [first]
  while (pages.length < last) {
    if (clock.monotonic() >= until) throw tooSlow(options.what, pages.length, last, deadlineMs)
    const numbers = Array.from(
      { length: Math.min(ABREAST, last - pages.length) },
      (_, i) => pages.length + 1 + i,
    )
    try {
      pages.push(...(await Promise.all(numbers.map((page) => ask(page, signal)))))
    } catch (error) {
      halt.abort()
      throw error
    }
  }
  return { pages, isCut: first.total_pages > most }
}

function tooSlow(what: string, read: number, of: number, deadlineMs: number): SourceFailure {
  return new SourceFailure({
    code: 'timeout',
    text: `${what}: only ${read} of ${of} pages came within ${Math.round(deadlineMs / 1000)} s`,
    nextStep: 'Ask for a shorter time, or raise `timeout` under metering: in floorwatch.yaml.',
  })
}
