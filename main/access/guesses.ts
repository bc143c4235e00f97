import { message } from '../../shared/messages/message.ts'
import { Attempts } from './attempts.ts'
import { AccessRefusal } from './refusal.ts'

/** Where someone tries to sign in. */
export interface GuessPlace {
  /** Of the network; '' on this machine. */
  readonly address: string
  /** The browser or window. */
  readonly holder: string
}

const PER_ACCOUNT = { free: 4, firstMs: 1_000, longestMs: 60_000 }
/** Many people may share an address, as behind a proxy. */
const PER_ADDRESS = { free: 20, firstMs: 1_000, longestMs: 15 * 60_000 }
const MOST_KNOWN = 1024

/** One attempt that is under way. */
export interface Attempt {
  right(): void
  /** It was neither right nor wrong: there was no time for it. */
  withdraw(): void
}

/**
 * Slows down guessing, per account and per address. A browser in which the account was signed in before has a count of
 * its own, so that a stranger who fails on purpose does not keep the on-call engineer out.
 */
export class Guesses {
  readonly #accounts = new Attempts(PER_ACCOUNT)
  readonly #addresses = new Attempts(PER_ADDRESS)
  readonly #known = new Set<string>()

  /**
   * @param now monotonic, ms
   * @throws AccessRefusal where it is too soon
   */
  begin(login: string, { address, holder }: GuessPlace, now: number): Attempt {
    const pair = `${login} ${holder}`
    const account = this.#known.has(pair) ? pair : login
    const waitMs = Math.max(this.#accounts.waitMs(account, now), this.#addresses.waitMs(address, now))
    if (waitMs > 0) {
      const seconds = Math.ceil(waitMs / 1000)
      throw new AccessRefusal(message('access.wait', { seconds }), message('access.wait.next'))
    }
    this.#accounts.begin(account, now)
    this.#addresses.begin(address, now)
    return {
      right: () => {
        this.#accounts.clear(account)
        // Whoever has one account must not use it to guess at others from there.
        this.#addresses.takeBack(address, now)
        this.#remember(pair)
      },
      withdraw: () => {
        this.#accounts.takeBack(account, now)
        this.#addresses.takeBack(address, now)
      },
    }
  }

  #remember(pair: string): void {
    this.#known.delete(pair)
    this.#known.add(pair)
    const [oldest] = this.#known
    if (this.#known.size > MOST_KNOWN && oldest !== undefined) this.#known.delete(oldest)
  }
}
