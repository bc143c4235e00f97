import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

/** What one hash costs: 128 · 2^ln · r bytes of memory, p times. */
export interface ScryptCost {
  /** Logarithm of N. */
  readonly ln: number
  readonly r: number
  readonly p: number
}

/** OWASP's figure: 128 MiB and some tenths of a second. Raise it here: older hashes are renewed as people sign in. */
export const PRESENT_COST: ScryptCost = { ln: 17, r: 8, p: 1 }
/** Beyond this a hash is not ours: it would take all of the memory. */
const MOST_COST: ScryptCost = { ln: 20, r: 16, p: 4 }

export const SHORTEST_PASSWORD = 12
export const LONGEST_PASSWORD = 256

const SALT_BYTES = 16
const HASH_BYTES = 32

export interface PasswordsOptions {
  readonly cost?: ScryptCost
  /** Hashes that are made at once: each takes a thread of Node's pool, which has four. */
  readonly atOnce?: number
  /** Those that may wait for their turn. */
  readonly mostWaiting?: number
}

export interface Verdict {
  readonly right: boolean
  /** It was made at a lower cost than today's: to be made again while the password is at hand. */
  readonly outdated: boolean
}

/** More are waiting than are worth waiting for. */
export class PasswordsBusy extends Error {
  override readonly name = 'PasswordsBusy'
}

/**
 * Hashes passwords with scrypt, outside of the engine's own thread, as PHC strings
 * (`$scrypt$ln=17,r=8,p=1$salt$hash`). scrypt and not argon2, because the engine also runs in Electron, whose crypto
 * library lacks the latter: one database has to work under both.
 */
export class Passwords {
  readonly #cost: ScryptCost
  readonly #atOnce: number
  readonly #mostWaiting: number
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor({ cost = PRESENT_COST, atOnce = 2, mostWaiting = 32 }: PasswordsOptions = {}) {
    this.#cost = cost
    this.#atOnce = atOnce
    this.#mostWaiting = mostWaiting
  }

  /** @throws PasswordsBusy */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(SALT_BYTES)
    return phc(this.#cost, salt, await this.#derive(password, salt, this.#cost, HASH_BYTES))
  }

  /**
   * @param kept null where there is no such account, or none with a password: the same work is done, so that the time
   *   tells nothing
   * @throws PasswordsBusy
   */
  async verify(password: string, kept: string | null): Promise<Verdict> {
    const parsed = kept === null ? null : parsePhc(kept)
    const { cost, salt, hash } = parsed ?? {
      cost: this.#cost,
      salt: randomBytes(SALT_BYTES),
      hash: randomBytes(HASH_BYTES),
    }
    const made = await this.#derive(password, salt, cost, hash.length)
    const right = timingSafeEqual(made, hash) && parsed !== null
    return { right, outdated: right && isLess(cost, this.#cost) }
  }

  async #derive(password: string, salt: Buffer, cost: ScryptCost, bytes: number): Promise<Buffer> {
    await this.#turn()
    try {
      return await derive(password.normalize('NFKC'), salt, cost, bytes)
    } finally {
      this.#running -= 1
      this.#waiting.shift()?.()
    }
  }

  #turn(): Promise<void> | null {
    if (this.#running < this.#atOnce) {
      this.#running += 1
      return null
    }
    if (this.#waiting.length >= this.#mostWaiting) throw new PasswordsBusy('too many passwords at once')
    return new Promise((resolve) => {
      this.#waiting.push(() => {
        this.#running += 1
        resolve()
      })
    })
  }
}

function derive(password: string, salt: Buffer, { ln, r, p }: ScryptCost, bytes: number): Promise<Buffer> {
  const N = 2 ** ln
  // Node refuses what takes more than `maxmem`, and counts a little more than the 128 · N · r of the algorithm.
  const options = { N, r, p, maxmem: 256 * N * r * p }
  return new Promise((resolve, reject) => {
    scrypt(password, salt, bytes, options, (error, hash) => (error ? reject(error) : resolve(hash)))
  })
}

function phc({ ln, r, p }: ScryptCost, salt: Buffer, hash: Buffer): string {
  return `$scrypt$ln=${ln},r=${r},p=${p}$${unpadded(salt)}$${unpadded(hash)}`
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}

const PHC = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/

/** Null for what is no hash of ours, or costs more than can be meant. */
function parsePhc(text: string): { cost: ScryptCost; salt: Buffer; hash: Buffer } | null {
  const found = PHC.exec(text)
  if (found === null) return null
  const [, ln, r, p, salt = '', hash = ''] = found
  const cost = { ln: Number(ln), r: Number(r), p: Number(p) }
  const sane = cost.ln >= 1 && cost.r >= 1 && cost.p >= 1
  if (!sane || cost.ln > MOST_COST.ln || cost.r > MOST_COST.r || cost.p > MOST_COST.p) return null
  return { cost, salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') }
}

function isLess(cost: ScryptCost, than: ScryptCost): boolean {
  return cost.ln < than.ln || cost.r < than.r || cost.p < than.p
}
