import { inspect } from 'node:util'
import { usedSecrets } from './redact.ts'

const HIDDEN = '[secret]'

/**
 * A secret that prints as `[secret]` wherever it ends up: in a text, in JSON, in a log, in `util.inspect`. The value
 * lives in a closure, so no walk over properties finds it. {@link reveal} is called where the request is built, and
 * nowhere else; it may give another value later, because tokens in files are rotated. From then on the value is taken
 * out of the words of sources and of the log, should a server repeat it.
 */
export class Secret {
  /** Where the value comes from, for people: `environment variable PROM_TOKEN`, `file /etc/floorwatch/token`. */
  readonly origin: string
  readonly #read: () => string

  /** @param read gives the value; throws an error with a text for people where it cannot. */
  constructor(origin: string, read: () => string) {
    this.origin = origin
    this.#read = read
  }

  reveal(): string {
    const value = this.#read()
    usedSecrets.register(value)
    return value
  }

  toString(): string {
    return HIDDEN
  }

  toJSON(): string {
    return HIDDEN
  }

  [Symbol.toPrimitive](): string {
    return HIDDEN
  }

  [inspect.custom](): string {
    return HIDDEN
  }
}
