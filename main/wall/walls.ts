import { randomBytes } from 'node:crypto'
import { RateLimit } from '../platform/rateLimit.ts'
import { derivedToken, digestOf, findByDigest, randomToken } from './tokens.ts'

/** A wall's address as it is kept: digests alone, so that whoever reads them cannot use them. */
export interface Wall {
  readonly id: string
  /** For people. */
  readonly name: string
  /** Which floor it shows: an address is good for the engine of that site alone. */
  readonly site: string
  /** ms since the epoch. */
  readonly issuedAt: number
  readonly token: Buffer
  readonly cookie: Buffer
  readonly proof: Buffer
}

/** Where walls outlast the engine. */
export interface WallStore {
  /**
   * Those of every site that are admitted now; null where that cannot be told, which withdraws nothing.
   * @param known records that need not be read again, by id
   */
  read(known: ReadonlyMap<string, Wall>): Wall[] | null
  /** @returns false where it could not be kept */
  add(wall: Wall): boolean
  /** It was seen just now. */
  touch(id: string): void
}

export interface WallsOptions {
  readonly site: string
  /** null: walls are known until this engine stops. */
  readonly store: WallStore | null
  /** Wall addresses at most. */
  readonly most: number
  readonly redemptionsPerMinute: number
  readonly wallClock: () => number
  /** Revoked: whatever it has open must end. */
  readonly onRevoked: (id: string) => void
}

interface Entry {
  readonly wall: Wall
  /** It stands in the store, so it is revoked once it no longer does. */
  readonly stored: boolean
  readonly rate: RateLimit
}

const MINUTE_MS = 60_000
const UNUSED_AT_MOST = 16

export function newWall(name: string, site: string, issuedAt: number): { wall: Wall; token: string } {
  const token = randomToken()
  const { cookie, proof } = keysOf(token)
  const digests = { token: digestOf(token), cookie: digestOf(cookie), proof: digestOf(proof) }
  return { token, wall: { id: randomBytes(4).toString('hex'), name, site, issuedAt, ...digests } }
}

/**
 * The wall displays that may look. An address works as often as its display restarts, and all that is made of it is
 * derived from it: redeeming it a thousand times takes no more room than once. A new address is kept once it was used,
 * and then until somebody revokes it, over every restart of the engine.
 */
export class Walls {
  readonly #options: WallsOptions
  readonly #walls = new Map<string, Entry>()
  /** Issued by this engine and not used yet, oldest first. */
  #unused: Wall[] = []

  constructor(options: WallsOptions) {
    this.#options = options
    this.refresh()
  }

  get size(): number {
    return this.#walls.size
  }

  /** A token for the address of one more wall. */
  issue(name: string): string {
    const { site, wallClock } = this.#options
    const { wall, token } = newWall(name, site, wallClock())
    this.#unused = [...this.#unused, wall].slice(-UNUSED_AT_MOST)
    return token
  }

  /**
   * The wall whose address this is, with the cookie and the proof of its browser; null for no wall's.
   * @returns `busy` when it came too often, `full` where there are too many walls already
   */
  redeem(token: string, now: number): { wall: Wall; cookie: string; proof: string } | 'busy' | 'full' | null {
    const entry = findByDigest(this.#walls.values(), ({ wall }) => wall.token, token)
    if (entry !== null) {
      return entry.rate.take(now) ? { wall: entry.wall, ...keysOf(token) } : 'busy'
    }
    const fresh = findByDigest(this.#unused, (wall) => wall.token, token)
    if (fresh === null) return null
    if (this.#walls.size >= this.#options.most) return 'full'
    this.#unused = this.#unused.filter((wall) => wall !== fresh)
    this.#keep(fresh, this.#options.store?.add(fresh) ?? false)
    this.#walls.get(fresh.id)?.rate.take(now)
    return { wall: fresh, ...keysOf(token) }
  }

  byCookie(cookie: string): Wall | null {
    return findByDigest(this.#walls.values(), ({ wall }) => wall.cookie, cookie)?.wall ?? null
  }

  seen(id: string): void {
    if (this.#walls.get(id)?.stored === true) this.#options.store?.touch(id)
  }

  /** Takes over what was added to and removed from the store by another process. */
  refresh(): void {
    const { store, site, most, onRevoked } = this.#options
    const known = new Map([...this.#walls].map(([id, { wall }]) => [id, wall]))
    const found = store?.read(known) ?? null
    if (found === null) return
    const mine = new Map(found.filter((wall) => wall.site === site).map((wall) => [wall.id, wall]))
    for (const [id, { stored }] of this.#walls) {
      if (!stored || mine.has(id)) continue
      this.#walls.delete(id)
      onRevoked(id)
    }
    for (const [id, wall] of mine) {
      if (!this.#walls.has(id) && this.#walls.size < most) this.#keep(wall, true)
    }
  }

  #keep(wall: Wall, stored: boolean): void {
    this.#walls.set(wall.id, {
      wall,
      stored,
      rate: new RateLimit(this.#options.redemptionsPerMinute, MINUTE_MS),
    })
  }
}

function keysOf(token: string): { cookie: string; proof: string } {
  return {
    cookie: derivedToken(token, 'cookie of a Floorwatch wall'),
    proof: derivedToken(token, 'proof of a Floorwatch wall'),
  }
}
