import { figureText } from '../../../../shared/model/units.ts'
import { inWords } from '../../../../shared/model/phrases.ts'
import { type Message, message } from '../../../../shared/messages/message.ts'

/** One look at both figures that a metering tells of the same usage. */
export interface DailyLook {
  /** When, on the metering's clock, ms. */
  readonly at: number
  /** Start of the day, ms, and its tokens so far. */
  readonly dayMs: number
  readonly tokens: bigint
  /** Tokens of the live figures since the look before; null where they have a gap. */
  readonly live: number | null
}

/** How the total of the day and the live figures contradict each other. */
export interface DailyContradiction {
  /** Which of them stands still. */
  readonly kind: 'still' | 'liveStill' | 'disagree'
  /** By how much each grew within a time. */
  readonly by: Message
}

/** Both are told in steps and with a lag of their own: less than this says nothing, ms. */
const LEAST_MS = 15 * 60_000
/** Fewer tokens say nothing. */
const LEAST_TOKENS = 10_000
/** What one may have of the other before they contradict each other. */
const LEAST_SHARE = 0.5
const MOST_SHARE = 2

/**
 * Follows the total of a day beside the live figures of the same metering. They come from different tables: one can stop
 * while the other goes on, or count what the other leaves out, and each looks well by itself.
 */
export class DailyCheck {
  #from: DailyLook | null = null
  #last: DailyLook | null = null
  #live = 0
  #found: DailyContradiction | null = null

  /** Of the newest time that was long enough to tell; null where they agree or nothing can be said. */
  get found(): DailyContradiction | null {
    return this.#found
  }

  look(now: DailyLook): void {
    const { live } = now
    // A new day begins at zero, a gap leaves open what was used, and a day that shrank was corrected: begin again.
    if (this.#last?.dayMs !== now.dayMs || live === null || now.tokens < this.#last.tokens) {
      this.#begin(now)
      return
    }
    this.#last = now
    this.#live += live
    const from = this.#from as DailyLook
    const tookMs = now.at - from.at
    if (tookMs < LEAST_MS) return
    const daily = Number(now.tokens - from.tokens)
    if (Math.max(daily, this.#live) >= LEAST_TOKENS) {
      const share = daily / this.#live
      this.#found =
        share >= LEAST_SHARE && share <= MOST_SHARE ? null : contradiction(daily, this.#live, tookMs)
    } else this.#found = null
    this.#begin(now)
  }

  #begin(now: DailyLook): void {
    this.#from = now
    this.#last = now
    this.#live = 0
  }
}

function contradiction(daily: number, live: number, tookMs: number): DailyContradiction {
  const size = (tokens: number) => figureText(Math.round(tokens), { unit: 'tok' })
  return {
    kind: daily === 0 ? 'still' : live === 0 ? 'liveStill' : 'disagree',
    by: message('doubt.daily.by', { duration: inWords(tookMs), day: size(daily), live: size(live) }),
  }
}
