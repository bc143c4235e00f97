import { subscriptionOf } from '../../shared/codec/frame.ts'
import {
  MAX_TEXT,
  responseSchema,
  type Wire,
  WIRE_VERSION,
  type WireRequest,
  type WireResponse,
} from '../../shared/contract/wire.ts'
import { say } from '../../shared/messages/format.ts'
import { Calls } from './calls.ts'
import { CallFailure } from './failure.ts'
import { Subscriptions } from './subscriptions.ts'
import type { Client, Link } from './types.ts'

/** A new line; it may still be connecting. Failing to connect is an `onClose` with its reason. */
export type WireFactory = () => Wire

export interface ClientOptions {
  readonly connect: WireFactory
  /** Something came that the contract does not allow; shown to the person, because a figure may be missing for it. */
  readonly onFault?: (text: string) => void
  readonly now?: () => number
  /** 0 to 1, spreads the attempts of many screens after an engine's restart. */
  readonly random?: () => number
}

const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 15_000
/** A line that held this long starts from the first pause again when it breaks. */
const SETTLED_MS = 10_000
const HELLO_DEADLINE_MS = 10_000
/** Silence after which the engine is asked for a sign of life, and how long it has for it. */
const SILENCE_MS = 10_000
const PROBE_MS = 5000
/** After so many messages that no honest engine sends, the connection is given up. */
const MOST_FAULTS = 32

export interface ClosableClient extends Client {
  /** Gives the connection up for good. */
  close(): void
}

/** Connects at once and stays connected: every loss is followed by the next attempt, at growing pauses. */
export function createClient(options: ClientOptions): ClosableClient {
  return new WireClient(options)
}

class WireClient implements ClosableClient {
  readonly #options: Required<ClientOptions>
  readonly #calls: Calls
  readonly #subscriptions: Subscriptions
  readonly #linkListeners = new Set<(link: Link) => void>()
  #link: Link
  #wire: Wire | null = null
  #closed = false
  #lastId = 0
  #attempts = 0
  #faults = 0
  #openedAt = 0
  #heardAt = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(options: ClientOptions) {
    this.#options = { onFault: () => undefined, now: Date.now, random: Math.random, ...options }
    const nextId = (): number => {
      // Ids of one line never repeat in practice: 2^32 calls at 100 a second take a year; then it restarts at 1.
      this.#lastId = this.#lastId >= 0xffff_fffe ? 1 : this.#lastId + 1
      return this.#lastId
    }
    this.#calls = new Calls(nextId)
    this.#subscriptions = new Subscriptions({
      nextId,
      send: (request) => this.#send(request),
      isOpen: () => this.#link.state === 'open',
      onFault: (text) => this.#fault(text),
    })
    this.#link = { state: 'connecting', since: this.#options.now(), reason: '', nextAttemptAt: null }
    this.#connect()
  }

  readonly call: Client['call'] = (name, input, { signal } = {}) => {
    if (this.#link.state === 'lost') {
      const text = say(this.#link.refused === true ? 'link.notSent.refused' : 'link.notSent', {
        reason: this.#link.reason,
      })
      return Promise.reject(new CallFailure('line', text, say('link.notSent.next')))
    }
    const send = this.#link.state === 'open' ? (request: WireRequest) => this.#send(request) : null
    return this.#calls.call(name, input, send, signal)
  }

  readonly open: Client['open'] = (name, params, onItem, onFailure) =>
    this.#subscriptions.open(name, params, onItem, onFailure)

  readonly link = (): Link => this.#link

  readonly onLink = (listener: (link: Link) => void): (() => void) => {
    this.#linkListeners.add(listener)
    return () => this.#linkListeners.delete(listener)
  }

  readonly close = (): void => {
    if (this.#closed) return
    this.#lose(say('link.closed'))
    this.#closed = true
    clearTimeout(this.#timer)
  }

  #connect(): void {
    this.#attempts += 1
    this.#faults = 0
    let wire: Wire
    try {
      wire = this.#options.connect()
    } catch (error) {
      return this.#lose(
        say('link.notOpened', { problem: error instanceof Error ? error.message : String(error) }),
      )
    }
    this.#wire = wire
    this.#setLink({ ...this.#link, nextAttemptAt: null })
    wire.onMessage((message) => {
      if (wire === this.#wire) this.#receive(message)
    })
    wire.onClose((reason, end) => {
      if (wire === this.#wire) this.#lose(sentence(reason), end === 'refused')
    })
    this.#after(HELLO_DEADLINE_MS, () => this.#lose(say('link.noAnswer')))
  }

  #receive(message: string | ArrayBuffer): void {
    this.#heardAt = this.#options.now()
    if (typeof message !== 'string') return this.#receiveBytes(message)
    const response = this.#parse(message)
    if (response === null) return
    switch (response.t) {
      case 'hello':
        return this.#greet(response.wire, response.version)
      case 'result':
        this.#calls.result(response.id, response.output)
        return
      case 'failure':
        if (!this.#calls.fail(response.id, response.failure)) {
          this.#subscriptions.fail(response.id, response.failure)
        }
        return
      case 'item':
        this.#subscriptions.item(response.id, response.item)
        return
    }
  }

  #receiveBytes(bytes: ArrayBuffer): void {
    try {
      this.#subscriptions.frame(subscriptionOf(bytes), bytes)
    } catch (error) {
      this.#fault(error instanceof Error ? error.message : String(error))
    }
  }

  #parse(message: string): WireResponse | null {
    if (message.length > MAX_TEXT) {
      this.#fault(say('link.fault.long', { length: message.length, most: MAX_TEXT }))
      return null
    }
    let raw: unknown
    try {
      raw = JSON.parse(message)
    } catch {
      this.#fault(say('link.fault.json'))
      return null
    }
    const parsed = responseSchema.safeParse(raw)
    if (parsed.success) return parsed.data
    this.#fault(say('link.fault.form'))
    return null
  }

  #greet(wireVersion: number, version: string): void {
    if (wireVersion !== WIRE_VERSION) {
      return this.#lose(
        say('link.version', { version: version.slice(0, 40), theirs: wireVersion, ours: WIRE_VERSION }),
      )
    }
    if (this.#link.state === 'open') return this.#fault(say('link.fault.greeting'))
    this.#openedAt = this.#options.now()
    this.#setLink({ state: 'open', since: this.#openedAt, reason: '', nextAttemptAt: null })
    this.#calls.flush((request) => this.#send(request))
    this.#subscriptions.reopen()
    this.#listenForLife()
  }

  /** A line can be dead without being closed: a sleeping laptop, a dropped NAT entry, an engine that hangs. */
  #listenForLife(): void {
    this.#after(SILENCE_MS, () => {
      const heardAt = this.#heardAt
      if (this.#options.now() - heardAt < SILENCE_MS) return this.#listenForLife()
      // Any answer to the smallest question is a sign of life, a refusal too.
      this.call('fleet.trend', {}).catch(() => undefined)
      this.#after(PROBE_MS, () => {
        if (this.#heardAt > heardAt) this.#listenForLife()
        else this.#lose(say('link.silent', { seconds: (SILENCE_MS + PROBE_MS) / 1000 }))
      })
    })
  }

  #lose(reason: string, refused = false): void {
    if (this.#closed) return
    const wire = this.#wire
    this.#wire = null
    wire?.close()
    const now = this.#options.now()
    const wasOpen = this.#link.state === 'open'
    if (wasOpen && now - this.#openedAt >= SETTLED_MS) this.#attempts = 0
    const pause = this.#pause()
    // The age of what is shown counts from the moment of the loss, not from the last failed attempt.
    const since = this.#link.state === 'lost' ? this.#link.since : wasOpen ? now : this.#link.since
    this.#setLink({ state: 'lost', since, reason, refused, nextAttemptAt: now + pause })
    this.#calls.lost()
    this.#subscriptions.lost()
    this.#after(pause, () => this.#connect())
  }

  /** Doubles up to the cap; between half and all of it, so that a hundred walls do not return in the same instant. */
  #pause(): number {
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** Math.max(0, this.#attempts - 1), LONGEST_PAUSE_MS)
    return Math.round(pause * (0.5 + this.#options.random() / 2))
  }

  #fault(text: string): void {
    this.#options.onFault(text)
    this.#faults += 1
    if (this.#faults >= MOST_FAULTS) this.#lose(say('link.faults', { problem: text }))
  }

  #send(request: WireRequest): void {
    if (this.#wire === null) return
    try {
      this.#wire.send(JSON.stringify(request))
    } catch (error) {
      this.#lose(say('link.sendFailed', { problem: error instanceof Error ? error.message : String(error) }))
    }
  }

  #setLink(link: Link): void {
    this.#link = link
    for (const listener of this.#linkListeners) listener(link)
  }

  /** One timer for the whole line: only one thing is ever waited for. */
  #after(ms: number, then: () => void): void {
    clearTimeout(this.#timer)
    if (!this.#closed) this.#timer = setTimeout(then, ms)
  }
}

function sentence(reason: string): string {
  const text = reason.trim() === '' ? say('link.closedByEngine') : reason.trim()
  const capital = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?]$/.test(capital) ? capital : `${capital}.`
}
