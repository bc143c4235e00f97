const LONGEST_MS = 12

/** Whoever waits for a turn. One of them runs between two looks at sockets and timers, however many there are. */
const waiting: (() => void)[] = []

/**
 * Keeps long work from holding the event loop: ask `over()` every few hundred rows (it costs a clock reading) and await
 * `next()` where it says so. Whatever else the engine has to do (other sources, screens, timers) runs in between, so state
 * that others may change has to be read again afterwards, and what is half done must not be visible to them.
 */
export class Turn {
  private endsAt: number
  private readonly longestMs: number

  /** `longestMs`: how long one turn may hold the loop. */
  constructor(longestMs = LONGEST_MS) {
    this.longestMs = longestMs
    this.endsAt = performance.now() + longestMs
  }

  /** Whether the loop has been held for as long as it may. */
  over(): boolean {
    return performance.now() >= this.endsAt
  }

  /**
   * Lets everything that waits run, then begins the next turn. Ten answers that arrive at once take turns, so await it
   * also before long work that was called by a socket.
   */
  async next(): Promise<void> {
    await new Promise<void>((resolve) => {
      waiting.push(resolve)
      if (waiting.length === 1) setImmediate(giveTurn)
    })
    this.endsAt = performance.now() + this.longestMs
  }
}

function giveTurn(): void {
  waiting.shift()?.()
  if (waiting.length > 0) setImmediate(giveTurn)
}

/**
 * Runs long work that is cut into steps of well below a millisecond, in turns.
 * @param steps what is half done between two of them must not be visible to others
 * @returns what the last step returns
 */
export async function inTurns<T>(steps: Iterator<void, T>, turn: Turn = new Turn()): Promise<T> {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
    if (turn.over()) await turn.next()
  }
}

/** Runs the same work at once. */
export function atOnce<T>(steps: Iterator<void, T>): T {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}
