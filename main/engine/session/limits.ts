import type { Role } from '../../../shared/contract/define.ts'

/** What one screen may ask for. */
export interface SessionLimits {
  /** Longest request, in UTF-16 units. */
  readonly maxRequestText: number
  readonly maxCalls: number
  readonly maxSubscriptions: number
  /** Messages in ten seconds. A screen acknowledges each item, and there are at most four of a stream in a second. */
  readonly maxMessages: number
  /** After so many messages that no honest screen sends, the connection is closed. */
  readonly maxBreaches: number
}

export const SESSION_LIMITS: Readonly<Record<Role, SessionLimits>> = {
  // The largest honest request is a setup draft with 10,000 exporters.
  console: {
    maxRequestText: 2 * 1024 * 1024,
    maxCalls: 16,
    maxSubscriptions: 64,
    maxMessages: 10_000,
    maxBreaches: 16,
  },
  wall: { maxRequestText: 64 * 1024, maxCalls: 4, maxSubscriptions: 32, maxMessages: 3000, maxBreaches: 16 },
}

/** What all screens of a role may have under way together: a view holds some ten subscriptions and few calls. */
export const ROLE_LIMITS: Readonly<Record<Role, { readonly calls: number; readonly subscriptions: number }>> =
  {
    console: { calls: 128, subscriptions: 2048 },
    wall: { calls: 16, subscriptions: 1024 },
  }

/** A number of places that are taken and given back. */
export class Places {
  readonly most: number
  #taken = 0

  constructor(most: number) {
    this.most = most
  }

  /** @returns whether there was one left */
  take(): boolean {
    if (this.#taken >= this.most) return false
    this.#taken += 1
    return true
  }

  give(): void {
    this.#taken = Math.max(0, this.#taken - 1)
  }
}

/** The places of one role. */
export interface RolePlaces {
  readonly calls: Places
  readonly subscriptions: Places
}

export function rolePlaces(): Readonly<Record<Role, RolePlaces>> {
  const of = (role: Role): RolePlaces => ({
    calls: new Places(ROLE_LIMITS[role].calls),
    subscriptions: new Places(ROLE_LIMITS[role].subscriptions),
  })
  return { console: of('console'), wall: of('wall') }
}
