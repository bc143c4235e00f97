import type { Host } from './hosts.ts'

/** What the longest pause still weighs after one more change. */
const DECAY = 0.9

/** Several queries bring one and the same change a moment apart. */
const SAME_CHANGE_MS = 1000

/** The first answer starts the clock; later ones only move "still answers" on. */
export function noteAnswer(hosts: readonly (Host | null)[], place: number, at: number): void {
  const host = hosts[place]
  if (!host || at <= host.answeredAt) return
  if (host.quietSince === Number.NEGATIVE_INFINITY) host.quietSince = at
  host.answeredAt = at
}

export function noteChange(hosts: readonly (Host | null)[], place: number, at: number): void {
  const host = hosts[place]
  if (!host || at <= host.changedAt) return
  // A pause that ended is one that this exporter takes, also when it was called a freeze; its weight is bounded where
  // it is used, and it is forgotten with the changes that follow.
  const pause = at - host.changedAt
  if (pause > SAME_CHANGE_MS && Number.isFinite(pause)) {
    host.cadence = Math.max(pause, host.cadence * DECAY)
  }
  host.changedAt = at
  if (at > host.quietSince) host.quietSince = at
}
