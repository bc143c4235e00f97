import type { Clock } from './clock.ts'

/**
 * Sources that failed together have most often one cause: a switch, a VPN, this machine's own network. When the first
 * of them answers again, the others are worth a question now, and not only when the back-off of each has run out. A
 * source that is broken by itself stays in its back-off.
 */
export interface Neighbourhood {
  /** @param retry asks the source again within so many ms; called only while it fails */
  join(retry: (withinMs: number) => void): Neighbour
}

/** A source as it tells how its questions end. */
export interface Neighbour {
  failed(): void
  answered(): void
  leave(): void
}

export interface NeighbourhoodOptions {
  readonly clock: Clock
  /** First failures no further apart than this count as one outage, ms: an interval and a deadline lie between them. */
  readonly togetherMs: number
  /** The others are asked again within this time, each at its own moment, ms. */
  readonly spreadMs: number
}

/** What one member is asked again for; every further time in an outage comes twice as late at the earliest. */
const FIRST_PATIENCE_MS = 5_000

interface Member {
  readonly retry: (withinMs: number) => void
  /** On the monotonic clock; null while it answers. */
  failingSince: number | null
  mayRetryAt: number
  patienceMs: number
}

export function createNeighbourhood({ clock, togetherMs, spreadMs }: NeighbourhoodOptions): Neighbourhood {
  const failing = new Set<Member>()

  /** `since`: when the one that answers now had failed first. */
  function wakeThoseOf(since: number): void {
    const now = clock.monotonic()
    for (const other of failing) {
      if (other.failingSince === null || Math.abs(other.failingSince - since) > togetherMs) continue
      if (now < other.mayRetryAt) continue
      other.mayRetryAt = now + other.patienceMs
      other.patienceMs *= 2
      other.retry(spreadMs)
    }
  }

  return {
    join(retry) {
      const member: Member = {
        retry,
        failingSince: null,
        mayRetryAt: Number.NEGATIVE_INFINITY,
        patienceMs: FIRST_PATIENCE_MS,
      }
      return {
        failed() {
          if (member.failingSince !== null) return
          member.failingSince = clock.monotonic()
          failing.add(member)
        },
        answered() {
          const since = member.failingSince
          if (since === null) return
          failing.delete(member)
          member.failingSince = null
          member.mayRetryAt = Number.NEGATIVE_INFINITY
          member.patienceMs = FIRST_PATIENCE_MS
          wakeThoseOf(since)
        },
        leave() {
          failing.delete(member)
          member.failingSince = null
        },
      }
    },
  }
}
