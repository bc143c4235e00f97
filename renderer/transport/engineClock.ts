/**
 * The engine's clock as this screen knows it. Ages are counted on it, because a browser across the room may be minutes
 * off and would call fresh figures old.
 */

/** Transport delay moves every estimate a little; smaller changes would only make ages jitter. */
const STEP_MS = 500

let offsetMs = 0
const listeners = new Set<() => void>()

/** ms since the epoch on the engine's clock, now and not as of the last tick. */
export function engineNow(): number {
  return Date.now() + offsetMs
}

/** How far the engine's clock is ahead of this screen's, ms. */
export function clockOffset(): number {
  return offsetMs
}

/** @param at what the engine's clock showed in a message that has just arrived */
export function learnEngineClock(at: number): void {
  const offset = at - Date.now()
  if (Number.isFinite(offset) && Math.abs(offset - offsetMs) >= STEP_MS) {
    offsetMs = Math.abs(offset) < STEP_MS ? 0 : offset
    for (const listener of listeners) listener()
  }
}

/** Calls whenever another offset is in use. Returns how to end it. */
export function onClockStep(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}
