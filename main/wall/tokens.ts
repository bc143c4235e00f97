import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

export type Role = 'console' | 'wall'

/** What an admitted request may do, and until when. */
export interface Session {
  readonly id: string
  readonly role: Role
}

interface Ticket {
  readonly digest: Buffer
  readonly role: Role
  readonly use: 'once' | 'often' | 'bearer'
  /** On the monotonic clock, ms. */
  readonly expiresAt: number
}

interface Entry {
  readonly digest: Buffer
  readonly session: Session
  lastUsedAt: number
}

/** A printed address waits this long for its browser. */
const ONCE_LIFETIME_MS = 15 * 60_000
/** A console that nobody touched for this long must ask for a new address; a wall never does. */
const CONSOLE_IDLE_MS = 12 * 3_600_000
/** More than any site has screens; beyond it the console that was idle longest goes. */
const MAX_SESSIONS = 256
const MAX_TICKETS = 256

/**
 * Who may see the console, in memory alone: a restart of the engine invalidates everything. Only digests are kept, and
 * they are compared in constant time. `now` is always the monotonic clock, ms.
 */
export class Admissions {
  #tickets: Ticket[] = []
  #sessions: Entry[] = []

  /** A token for one browser to exchange for a session: a console's works once, a wall's as often as it reloads. */
  issueTicket(role: Role, now: number): string {
    return role === 'wall'
      ? this.#issue({ role, use: 'often', expiresAt: Number.POSITIVE_INFINITY })
      : this.#issue({ role, use: 'once', expiresAt: now + ONCE_LIFETIME_MS })
  }

  /** A token that a desktop shell sends with every connection, as long as this engine runs. */
  issueBearer(role: Role): string {
    return this.#issue({ role, use: 'bearer', expiresAt: Number.POSITIVE_INFINITY })
  }

  /**
   * Exchanges the token of an address for a session. `null`: unknown, used already, expired, or a bearer's.
   * @returns the session and the cookie value that stands for it
   */
  redeem(token: string, now: number): { session: Session; cookie: string } | null {
    const ticket = this.#ticket(token, now)
    if (ticket === null || ticket.use === 'bearer') return null
    if (ticket.use === 'once') this.#tickets = this.#tickets.filter((other) => other !== ticket)
    const cookie = randomToken()
    const session = { id: randomBytes(8).toString('hex'), role: ticket.role }
    this.#sessions.push({ digest: digestOf(cookie), session, lastUsedAt: now })
    this.#prune(now)
    return { session, cookie }
  }

  bearer(token: string, now: number): Role | null {
    const ticket = this.#ticket(token, now)
    return ticket?.use === 'bearer' ? ticket.role : null
  }

  /** The session behind a cookie, whose idle time starts anew. */
  session(cookie: string, now: number): Session | null {
    this.#prune(now)
    const entry = find(this.#sessions, cookie)
    if (entry === null) return null
    entry.lastUsedAt = now
    return entry.session
  }

  /** An open line is use, too. */
  touch(id: string, now: number): void {
    const entry = this.#sessions.find(({ session }) => session.id === id)
    if (entry) entry.lastUsedAt = now
  }

  #issue(ticket: Omit<Ticket, 'digest'>): string {
    const token = randomToken()
    this.#tickets.push({ ...ticket, digest: digestOf(token) })
    if (this.#tickets.length > MAX_TICKETS) {
      const oldest = this.#tickets.findIndex(({ use }) => use === 'once')
      this.#tickets.splice(Math.max(0, oldest), 1)
    }
    return token
  }

  #ticket(token: string, now: number): Ticket | null {
    this.#tickets = this.#tickets.filter(({ expiresAt }) => expiresAt > now)
    return find(this.#tickets, token)
  }

  #prune(now: number): void {
    this.#sessions = this.#sessions.filter(
      ({ session, lastUsedAt }) => session.role === 'wall' || now - lastUsedAt < CONSOLE_IDLE_MS,
    )
    while (this.#sessions.length > MAX_SESSIONS) {
      const idlest = this.#sessions.reduce((a, b) => (b.lastUsedAt < a.lastUsedAt ? b : a))
      this.#sessions = this.#sessions.filter((entry) => entry !== idlest)
    }
  }
}

function randomToken(): string {
  return randomBytes(32).toString('base64url')
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/** Looks at every entry whatever matches, so that time tells nothing. */
function find<T extends { readonly digest: Buffer }>(entries: readonly T[], token: string): T | null {
  const wanted = digestOf(token.slice(0, 256))
  let found: T | null = null
  for (const entry of entries) if (timingSafeEqual(entry.digest, wanted)) found = entry
  return found
}
