import type { Role } from '../../../shared/contract/define.ts'
import type { Membership, Payload, Reader, TopicSource, Topics } from './topic.ts'

export interface Outlet {
  send(message: string | ArrayBuffer): void
  /** The subscription cannot go on. */
  fail(id: number, stream: string, error: unknown): void
}

/**
 * One subscription of one screen: at most one item is unacknowledged, and nothing is queued behind it. A screen that
 * never acknowledges costs one item, whatever it subscribed to.
 */
export class Publisher implements Reader {
  readonly role: Role
  readonly #id: number
  readonly #stream: string
  readonly #outlet: Outlet
  readonly #membership: Membership
  #seen = 0
  #inFlight = false
  #closed = false

  constructor(id: number, stream: string, source: TopicSource, role: Role, topics: Topics, outlet: Outlet) {
    this.role = role
    this.#id = id
    this.#stream = stream
    this.#outlet = outlet
    this.#membership = topics.join(stream, source, this)
  }

  ready(): boolean {
    return !this.#inFlight && !this.#closed
  }

  deliver(payload: Payload, revision: number): void {
    if (!this.ready()) return
    this.#seen = revision
    this.#inFlight = true
    this.#outlet.send(payload.write(this.#id))
  }

  fail(error: unknown): void {
    if (this.#closed) return
    this.close()
    this.#outlet.fail(this.#id, this.#stream, error)
  }

  /** A second acknowledgement of one item is harmless: it finds nothing in flight. */
  acknowledge(): void {
    if (!this.#inFlight || this.#closed) return
    this.#inFlight = false
    this.#membership.request(this.#seen)
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#membership.leave()
  }
}
