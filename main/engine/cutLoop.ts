/** When to cut the next picture of the fleet. */
export interface CutPace {
  /** No two cuts closer than this, ms. */
  readonly shortestMs: number
  /** Without news too, because ages move, ms. */
  readonly longestMs: number
  /** A cut may take this share of the time at most; a slow machine cuts less often instead of falling behind. */
  readonly budget: number
}

export const DEFAULT_PACE: CutPace = { shortestMs: 250, longestMs: 1000, budget: 0.1 }

/**
 * How long after the start of the last cut the next one is due, ms.
 * @param news data came, or a screen waits
 * @param costMs what the last cut took
 */
export function nextCutAfter(news: boolean, costMs: number, pace: CutPace = DEFAULT_PACE): number {
  const affordable = costMs / pace.budget
  return Math.max(news ? pace.shortestMs : pace.longestMs, affordable)
}

export interface CutLoop {
  /** Data came or a screen waits: do not let the longest pause pass. */
  hurry(): void
  stop(): void
}

/**
 * Calls `cut` at its pace until stopped. A cut that throws is reported and the next one comes as if nothing had
 * happened.
 * @param monotonic ms, of the engine's clock
 */
export function startCutLoop(options: {
  readonly monotonic: () => number
  readonly cut: () => void
  readonly onDefect: (error: unknown) => void
  readonly pace?: CutPace
}): CutLoop {
  const { monotonic, cut, onDefect, pace } = options
  let startedAt = Number.NEGATIVE_INFINITY
  let costMs = 0
  let lastCostMs = Number.POSITIVE_INFINITY
  let news = false
  let stopped = false
  let timer: ReturnType<typeof setTimeout> | null = null

  function run(): void {
    timer = null
    startedAt = monotonic()
    news = false
    try {
      cut()
    } catch (error) {
      onDefect(error)
    }
    // Of two in a row the cheaper: what is dear once was held up by a collection or by another process, and to wait ten
    // times as long for it makes a stall of a quarter of a second one of several.
    const spentMs = Math.max(0, monotonic() - startedAt)
    costMs = Math.min(spentMs, lastCostMs)
    lastCostMs = spentMs
    if (!stopped && timer === null) plan()
  }

  function plan(): void {
    if (timer !== null) clearTimeout(timer)
    const due = startedAt + nextCutAfter(news, costMs, pace)
    timer = setTimeout(run, Math.max(0, due - monotonic()))
  }

  plan()
  return {
    hurry() {
      if (news || stopped) return
      news = true
      plan()
    },
    stop() {
      stopped = true
      if (timer !== null) clearTimeout(timer)
    },
  }
}
