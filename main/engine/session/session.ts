import { isCommandName, isStreamName } from '../../../shared/contract/contract.ts'
import { messageWithoutPlaces } from '../../../shared/contract/forWalls.ts'
import {
  type Failure,
  requestSchema,
  WIRE_VERSION,
  type Wire,
  type WireRequest,
  type WireResponse,
} from '../../../shared/contract/wire.ts'
import { textOf } from '../../../shared/messages/format.ts'
import type { Person } from '../../../shared/model/person.ts'
import { AccessRefusal } from '../../access/refusal.ts'
import { RateLimit } from '../../platform/rateLimit.ts'
import { usedSecrets } from '../../platform/redact.ts'
import { StoreFailure } from '../../store/index.ts'
import type { Channels, Role } from './bind.ts'
import { type Desk, isPerson } from './desk.ts'
import { type RolePlaces, SESSION_LIMITS, type SessionLimits } from './limits.ts'
import { personFor } from './mayAct.ts'
import { type Outlet, Publisher } from './publisher.ts'
import { defect, inPlainWords, Refusal } from './refusal.ts'
import type { Topics } from './topic.ts'
import { type Message, message, said } from '../../../shared/messages/message.ts'

export interface SessionOptions {
  readonly wire: Wire
  readonly role: Role
  /** Who acts at this screen. */
  readonly desk: Desk
  readonly version: string
  readonly channels: Channels
  readonly topics: Topics
  readonly monotonic: () => number
  /** Those of its role where none are given. */
  readonly limits?: SessionLimits
  /** Shared with every other screen of its role. */
  readonly places?: RolePlaces
  /** A screen asked for something to be done, and it was done or refused: for the log. */
  readonly onAct?: (act: Act) => void
  /** A handler or reader threw what it should not: for the log. */
  readonly onDefect: (channel: string, error: unknown) => void
  readonly onEnd: (reason: string) => void
}

export interface Act {
  readonly command: string
  readonly role: Role
  /** Who asked for it; null where no one was signed in. */
  readonly person: string | null
  readonly console: string
  /** Why it was refused or failed; null where it was done. */
  readonly refused: string | null
}

const RATE_MS = 10_000

/** An answer to a message that carries no usable id of its own; screens count their ids from 1. */
export const NO_ID = 0

/**
 * Serves one screen. Every message is measured, parsed and checked against the contract before anything is done with
 * it; whatever a screen sends, it gets an answer in plain words or its line closed, and no other screen notices.
 */
export class Session {
  readonly #options: SessionOptions
  readonly #limits: SessionLimits
  readonly #calls = new Map<number, AbortController>()
  readonly #publishers = new Map<number, Publisher>()
  readonly #outlet: Outlet = {
    send: (message) => this.#send(message),
    fail: (id, stream, error) => {
      this.#release(id)
      this.#fail(id, this.#failureOf(stream, error))
    },
  }
  readonly #rate: RateLimit
  #breaches = 0
  #ended = false

  constructor(options: SessionOptions) {
    this.#options = options
    this.#limits = options.limits ?? SESSION_LIMITS[options.role]
    this.#rate = new RateLimit(this.#limits.maxMessages, RATE_MS)
  }

  /** Says hello and listens from then on. */
  start(): void {
    const { wire, role, version } = this.#options
    wire.onClose((reason) => this.end(reason))
    this.#respond({ t: 'hello', wire: WIRE_VERSION, role, version })
    wire.onMessage((message) => this.#receive(message))
  }

  get subscriptions(): number {
    return this.#publishers.size
  }

  /** Ends calls and subscriptions and closes the connection; harmless when it has ended already. */
  end(reason: string): void {
    if (this.#ended) return
    this.#ended = true
    for (const call of this.#calls.values()) call.abort(new Error(reason))
    for (const id of this.#publishers.keys()) this.#release(id)
    this.#calls.clear()
    this.#options.wire.close()
    this.#options.onEnd(reason)
  }

  #receive(message: string | ArrayBuffer): void {
    if (this.#ended) return
    if (!this.#rate.take(this.#options.monotonic()))
      return this.end('the screen sends more than any screen has to')
    const request = this.#parse(message)
    if (!request) return
    switch (request.t) {
      case 'call':
        void this.#call(request.id, request.name, request.input)
        return
      case 'open':
        this.#open(request.id, request.name, request.params)
        return
      case 'ack':
        // An acknowledgement may cross the failure that ended its subscription: not worth an answer.
        this.#publishers.get(request.id)?.acknowledge()
        return
      case 'close':
        this.#release(request.id)
        return
    }
  }

  #parse(received: string | ArrayBuffer): WireRequest | null {
    if (typeof received !== 'string') return this.#breach(NO_ID, message('refusal.notText'))
    if (received.length > this.#limits.maxRequestText) {
      const most = this.#limits.maxRequestText
      return this.#breach(NO_ID, message('refusal.tooLong', { length: received.length, most }))
    }
    let raw: unknown
    try {
      raw = JSON.parse(received)
    } catch {
      return this.#breach(NO_ID, message('refusal.notJson'))
    }
    const result = requestSchema.safeParse(raw)
    if (result.success) return result.data
    return this.#breach(
      idOf(raw),
      message('refusal.notUnderstood', { problem: inPlainWords(result.error, 'message') }),
    )
  }

  async #call(id: number, name: string, input: unknown): Promise<void> {
    if (!isCommandName(name)) return this.#fail(id, unknownChannel('command', name))
    if (this.#calls.has(id)) return this.#fail(id, duplicate(id))
    if (this.#calls.size >= this.#limits.maxCalls) {
      return this.#fail(id, {
        code: 'busy',
        text: message('refusal.calls', { most: this.#limits.maxCalls }),
        nextStep: message('refusal.calls.next'),
      })
    }
    const command = this.#options.channels.commands[name]
    const { desk, role } = this.#options
    const acted = (refused: string | null, person: Person | null) => {
      if (command.access !== 'act') return
      this.#options.onAct?.({
        command: name,
        role,
        person: person?.name ?? null,
        console: desk.origin.console,
        refused,
      })
    }
    if (command.access === 'act' && role === 'wall') {
      const text = message('refusal.wall.act', { command: name })
      acted(textOf(text), null)
      return this.#fail(id, { code: 'forbidden', text, nextStep: message('refusal.wall.act.next') })
    }
    let person: Person | null
    try {
      person = role === 'wall' ? null : personFor(name, desk)
    } catch (error) {
      const failure = this.#failureOf(name, error)
      const found = desk.person()
      acted(textOf(failure.text), isPerson(found) ? found : null)
      return this.#fail(id, failure)
    }
    const { places } = this.#options
    if (places?.calls.take() === false) return this.#fail(id, this.#allTaken('requests', places.calls.most))
    const controller = new AbortController()
    this.#calls.set(id, controller)
    try {
      const { signal } = controller
      const output = await command.run(input, { role, person, origin: desk.origin, signal })
      acted(null, person)
      this.#respond({ t: 'result', id, output })
    } catch (error) {
      if (controller.signal.aborted) return acted('the screen went away', person)
      const failure = this.#failureOf(name, error)
      acted(textOf(failure.text), person)
      this.#fail(id, failure)
    } finally {
      // Not before: work that is no longer waited for is work all the same.
      places?.calls.give()
      if (this.#calls.get(id) === controller) this.#calls.delete(id)
    }
  }

  #open(id: number, name: string, params: unknown): void {
    if (!isStreamName(name)) return this.#fail(id, unknownChannel('stream', name))
    if (this.#publishers.has(id)) return this.#fail(id, duplicate(id))
    if (this.#publishers.size >= this.#limits.maxSubscriptions) {
      return this.#fail(id, {
        code: 'busy',
        text: message('refusal.subscriptions', { most: this.#limits.maxSubscriptions }),
        nextStep: message('refusal.subscriptions.next'),
      })
    }
    const { channels, desk, places, role, topics } = this.#options
    if (places?.subscriptions.take() === false) {
      return this.#fail(id, this.#allTaken('subscriptions', places.subscriptions.most))
    }
    try {
      const source = channels.streams[name].open(params, role, desk.origin)
      this.#publishers.set(id, new Publisher(id, name, source, role, topics, this.#outlet))
    } catch (error) {
      places?.subscriptions.give()
      this.#fail(id, this.#failureOf(name, error))
    }
  }

  #release(id: number): void {
    const publisher = this.#publishers.get(id)
    if (publisher === undefined) return
    this.#publishers.delete(id)
    publisher.close()
    this.#options.places?.subscriptions.give()
  }

  #allTaken(what: 'requests' | 'subscriptions', most: number): Failure {
    return {
      code: 'busy',
      text: message(`refusal.all.${what}`, {
        most,
        screens: message(`refusal.screens.${this.#options.role}`),
      }),
      nextStep: message(`refusal.all.${what}.next`),
    }
  }

  #failureOf(name: string, error: unknown): Failure {
    if (error instanceof Refusal) return error.failure
    if (error instanceof AccessRefusal) return { code: 'failed', text: error.text, nextStep: error.nextStep }
    // Nothing was done without being kept; the words say why it could not be.
    if (error instanceof StoreFailure)
      return { code: 'failed', text: said(error.message), nextStep: message('access.why.noStore.next') }
    this.#options.onDefect(name, error)
    return defect(name)
  }

  #breach(id: number, text: Message): null {
    this.#breaches += 1
    if (this.#breaches >= this.#limits.maxBreaches)
      this.end(`too many broken requests, the last one: ${textOf(text)}`)
    else this.#fail(id, { code: 'invalid', text, nextStep: message('refusal.reload.next') })
    return null
  }

  #fail(id: number, { code, text, nextStep }: Failure): void {
    // The words may be a source's own, which may repeat what it was sent.
    const clean = {
      code,
      text: usedSecrets.scrubMessage(text),
      nextStep: usedSecrets.scrubMessage(nextStep),
    }
    if (this.#options.role === 'wall') {
      clean.text = messageWithoutPlaces(clean.text)
      clean.nextStep =
        code === 'failed' ? message('refusal.wall.failed.next') : messageWithoutPlaces(clean.nextStep)
    }
    this.#respond({ t: 'failure', id, failure: clean })
  }

  #respond(response: WireResponse): void {
    this.#send(JSON.stringify(response))
  }

  #send(message: string | ArrayBuffer): void {
    if (this.#ended) return
    try {
      this.#options.wire.send(message)
    } catch (error) {
      this.end(
        `the connection broke while sending: ${error instanceof Error ? error.message : String(error)}`,
      )
    }
  }
}

function idOf(raw: unknown): number {
  if (typeof raw !== 'object' || raw === null || !('id' in raw)) return NO_ID
  const { id } = raw
  return typeof id === 'number' && Number.isInteger(id) && id >= 0 && id <= 0xffff_ffff ? id : NO_ID
}

function unknownChannel(kind: 'command' | 'stream', name: string): Failure {
  return {
    code: 'unknown',
    text: message(`refusal.unknown.${kind}`, { name: JSON.stringify(name) }),
    nextStep: message('refusal.reload.next'),
  }
}

function duplicate(id: number): Failure {
  return {
    code: 'invalid',
    text: message('refusal.duplicate', { number: String(id) }),
    nextStep: message('refusal.reload.next'),
  }
}
