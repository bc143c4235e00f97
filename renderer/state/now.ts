import { useSyncExternalStore } from 'react'

/**
 * The engine's clock as this screen knows it, ticking once a second for everybody with one timer. Ages are counted on
 * the engine's clock, because a browser across the room may be minutes off and would call fresh figures old.
 */
const TICK_MS = 1000
/** Transport delay moves every estimate a little; smaller changes would only make ages jitter. */
const STEP_MS = 500

let offsetMs = 0
let current = Date.now()
let timer: ReturnType<typeof setInterval> | null = null
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
    tick()
  }
}

function tick(): void {
  current = engineNow()
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  if (timer === null) {
    current = engineNow()
    timer = setInterval(tick, TICK_MS)
  }
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0 && timer !== null) {
      clearInterval(timer)
      timer = null
    }
  }
}

function snapshot(): number {
  return current
}

/** The engine's clock, renewed every second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, snapshot)
}
