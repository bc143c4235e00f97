import type { MeteringEvent } from '../../../../shared/metering/audit.ts'

export interface NumberedEvent {
  /** What `Last-Event-ID` gives back: this start of the server, and the number of the event. */
  readonly id: string
  readonly event: MeteringEvent
}

export interface Resumption {
  readonly events: readonly NumberedEvent[]
  /** Events were lost in between: the ring is bounded, and another start of the server numbers from the start. */
  readonly gap: boolean
}

/** What has changed, for everyone who listens now and for those who come back soon. */
export interface EventRing {
  publish(event: MeteringEvent): void
  /** All kept events behind the one that the listener saw last. */
  after(lastEventId: string): Resumption
  /** The id of the newest event, for a listener that begins. */
  newest(): string
  /** @returns its end */
  subscribe(listener: (event: NumberedEvent) => void): () => void
}

/** Enough for an hour of what a console cares about; who was away longer reads everything again. */
const CAPACITY = 4096

/**
 * @param start tells this start of the server from every other one
 */
export function createEventRing(start: string, capacity = CAPACITY): EventRing {
  const ring: NumberedEvent[] = []
  const listeners = new Set<(event: NumberedEvent) => void>()
  let count = 0
  const idOf = (n: number) => `${start}-${n}`

  return {
    publish(event) {
      count += 1
      const numbered = { id: idOf(count), event }
      ring.push(numbered)
      if (ring.length > capacity) ring.shift()
      for (const listener of listeners) listener(numbered)
    },
    after(lastEventId) {
      const text = lastEventId.startsWith(`${start}-`) ? lastEventId.slice(start.length + 1) : ''
      const seen = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
      if (!(seen <= count)) return { events: [...ring], gap: true }
      const missing = count - seen
      return { events: ring.slice(Math.max(0, ring.length - missing)), gap: missing > ring.length }
    },
    newest: () => idOf(count),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
