import { randomBytes } from 'node:crypto'
import { RateLimit } from '../platform/rateLimit.ts'
import type { Budgets } from './budgets.ts'
import { digestOf, findByDigest, matches, randomToken, type Role } from './tokens.ts'
import type { Walls } from './walls.ts'

/** Who a request comes from: a console's browser, a wall, a desktop window. */
export interface Holder {
  /** Of the session, the wall address or the desktop token. */
  readonly id: string
  readonly role: Role
}

interface Ticket {
  readonly digest: Buffer
  /** On the monotonic clock, ms. */
  readonly expiresAt: number
}

interface Bearer {
  readonly digest: Buffer
  readonly holder: Holder
}

interface Session {
  readonly cookie: Buffer
  readonly proof: Buffer
  readonly holder: Holder
  lastUsedAt: number
}

export type Redemption =
  | {
      readonly holder: Holder
      readonly cookie: string
      /** For the page alone, never for the cookie jar. */
      readonly proof: string
    }
  | 'busy'
  | 'full'

/** A printed address waits this long for its browser. */
const TICKET_LIFETIME_MS = 15 * 60_000
/** A console that was not touched for this long must ask for a new address; a wall never does. */
const CONSOLE_IDLE_MS = 12 * 3_600_000
const MINUTE_MS = 60_000
const MAX_TICKETS = 64
const MAX_BEARERS = 64

/**
 * Who may see the console. A browser has two keys: the cookie, which it also sends to every other port of this machine
 * (cookies ignore ports), and the proof, which lies in the storage of the page's own origin and travels over its line
 * alone. Neither is worth anything without the other. Consoles are forgotten when the engine stops, walls are not.
 * Only digests are kept, and they are compared in constant time. `now` is always the monotonic clock, ms.
 */
export class Admissions {
  readonly #budgets: Budgets
  readonly #walls: Walls
  readonly #rates: Readonly<Record<Role, RateLimit>>
  #tickets: Ticket[] = []
  #bearers: Bearer[] = []
  #sessions: Session[] = []

  constructor(budgets: Budgets, walls: Walls) {
    this.#budgets = budgets
    this.#walls = walls
    this.#rates = {
      console: new RateLimit(budgets.console.redemptionsPerMinute, MINUTE_MS),
      wall: new RateLimit(budgets.wall.redemptionsPerMinute, MINUTE_MS),
    }
  }

  /** A token for one browser to exchange for a session: a console's works once, a wall's as often as it reloads. */
  issueTicket(role: Role, now: number): string {
    if (role === 'wall') return this.#walls.issue('printed by serve')
    const token = randomToken()
    this.#tickets = [...this.#live(now), { digest: digestOf(token), expiresAt: now + TICKET_LIFETIME_MS }]
    this.#tickets = this.#tickets.slice(-MAX_TICKETS)
    return token
  }

  /** A token that a desktop window sends with every connection, as long as this engine runs. */
  issueBearer(role: Role): string {
    const token = randomToken()
    const holder = { id: newId(), role }
    this.#bearers = [...this.#bearers, { digest: digestOf(token), holder }].slice(-MAX_BEARERS)
    return token
  }

  /**
   * Exchanges the token of an address for the two keys of a browser. `null`: unknown, used already, expired, or a
   * desktop window's; `busy`: addresses of this kind were opened too often in the last minute; `full`: too many walls.
   */
  redeem(token: string, now: number): Redemption | null {
    this.#tickets = this.#live(now)
    const ticket = findByDigest(this.#tickets, ({ digest }) => digest, token)
    if (ticket === null) return this.#redeemWall(token, now)
    if (!this.#rates.console.take(now)) return 'busy'
    this.#tickets = this.#tickets.filter((other) => other !== ticket)
    const cookie = randomToken()
    const proof = randomToken()
    const holder: Holder = { id: newId(), role: 'console' }
    this.#sessions.push({ cookie: digestOf(cookie), proof: digestOf(proof), holder, lastUsedAt: now })
    this.#prune(now)
    return { holder, cookie, proof }
  }

  bearer(token: string): Holder | null {
    return findByDigest(this.#bearers, ({ digest }) => digest, token)?.holder ?? null
  }

  /** The holder of a cookie, whose idle time begins again. It opens files, and no line without its proof. */
  holderOf(cookie: string, now: number): Holder | null {
    this.#prune(now)
    const session = findByDigest(this.#sessions, (entry) => entry.cookie, cookie)
    if (session !== null) {
      session.lastUsedAt = now
      return session.holder
    }
    const wall = this.#walls.byCookie(cookie)
    return wall === null ? null : { id: wall.id, role: 'wall' }
  }

  /** Whether the page that holds this cookie is the one that was admitted with it. */
  proves(cookie: string, proof: string): boolean {
    const session = findByDigest(this.#sessions, (entry) => entry.cookie, cookie)
    const digest = session?.proof ?? this.#walls.byCookie(cookie)?.proof ?? NO_DIGEST
    return matches(digest, proof)
  }

  /** An open line is use, too. */
  touch({ id, role }: Holder, now: number): void {
    if (role === 'wall') return this.#walls.seen(id)
    const session = this.#sessions.find(({ holder }) => holder.id === id)
    if (session) session.lastUsedAt = now
  }

  #redeemWall(token: string, now: number): Redemption | null {
    const redeemed = this.#walls.redeem(token, now)
    if (redeemed === null || typeof redeemed === 'string') return redeemed
    if (!this.#rates.wall.take(now)) return 'busy'
    const { wall, cookie, proof } = redeemed
    return { holder: { id: wall.id, role: 'wall' }, cookie, proof }
  }

  #live(now: number): Ticket[] {
    return this.#tickets.filter(({ expiresAt }) => expiresAt > now)
  }

  #prune(now: number): void {
    const live = this.#sessions.filter(({ lastUsedAt }) => now - lastUsedAt < CONSOLE_IDLE_MS)
    const surplus = live.length - this.#budgets.console.sessions
    // The consoles that were idle longest go.
    const kept = surplus > 0 ? live.toSorted((a, b) => a.lastUsedAt - b.lastUsedAt).slice(surplus) : live
    this.#sessions = kept
  }
}

/** Of a token that does not exist: comparing takes as long as with a real one. */
const NO_DIGEST = digestOf(randomToken())

function newId(): string {
  return randomBytes(8).toString('hex')
}
