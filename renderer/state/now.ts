import { useSyncExternalStore } from 'react'
import { engineNow, onClockStep } from '../transport/engineClock.ts'

/** The engine's clock, ticking once a second for everybody with one timer. */
const TICK_MS = 1000

let current = Date.now()
let timer: ReturnType<typeof setInterval> | null = null
const listeners = new Set<() => void>()

onClockStep(tick)

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
