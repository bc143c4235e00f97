import { inspect } from 'node:util'

const HIDDEN = '[secret]'

/**
 * A secret that prints as `[secret]` wherever it ends up: in a text, in JSON, in a log, in `util.inspect`. The value
 * lives in a closure, so no walk over properties finds it. {@link reveal} is called where the request is built, and
 * nowhere else; it may give another value later, because tokens in files are rotated.
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
    return this.#read()
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
