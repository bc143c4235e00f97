import { isCommandName, isStreamName } from '../../../shared/contract/contract.ts'
import { withoutPlaces } from '../../../shared/contract/forWalls.ts'
import {
  type Failure,
  requestSchema,
  WIRE_VERSION,
  type Wire,
  type WireRequest,
  type WireResponse,
} from '../../../shared/contract/wire.ts'
import { say, textOf } from '../../../shared/messages/format.ts'
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

  #parse(message: string | ArrayBuffer): WireRequest | null {
    if (typeof message !== 'string') return this.#breach(NO_ID, 'A screen sends text; these are bytes.')
    if (message.length > this.#limits.maxRequestText) {
      const most = this.#limits.maxRequestText
      return this.#breach(NO_ID, `The request has ${message.length} characters, at most ${most} are taken.`)
    }
    let raw: unknown
    try {
      raw = JSON.parse(message)
    } catch {
      return this.#breach(NO_ID, 'The request is not JSON.')
    }
    const result = requestSchema.safeParse(raw)
    if (result.success) return result.data
    return this.#breach(
      idOf(raw),
      `The request was not understood: ${inPlainWords(result.error, 'message')}.`,
    )
  }

  async #call(id: number, name: string, input: unknown): Promise<void> {
    if (!isCommandName(name)) return this.#fail(id, unknownChannel('command', name))
    if (this.#calls.has(id)) return this.#fail(id, duplicate(id))
    if (this.#calls.size >= this.#limits.maxCalls) {
      return this.#fail(id, {
        code: 'busy',
        text: `This screen already has ${this.#limits.maxCalls} requests under way.`,
        nextStep: 'Wait for one of them to be answered.',
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
      const text = `A wall display may look but not act: ${name} was refused.`
      acted(text, null)
      return this.#fail(id, { code: 'forbidden', text, nextStep: 'Do it from a console.' })
    }
    let person: Person | null
    try {
      person = role === 'wall' ? null : personFor(name, desk)
    } catch (error) {
      const failure = this.#failureOf(name, error)
      const found = desk.person()
      acted(failure.text, isPerson(found) ? found : null)
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
      acted(failure.text, person)
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
        text: `This screen already has ${this.#limits.maxSubscriptions} subscriptions.`,
        nextStep: 'Close one of them first.',
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
    const screens = this.#options.role === 'wall' ? 'walls' : 'consoles'
    return {
      code: 'busy',
      text: `All ${most} ${what} that ${screens} may have at once are taken.`,
      nextStep:
        what === 'requests'
          ? 'Try again in a moment.'
          : 'It is tried again by itself; close screens that are not needed.',
    }
  }

  #failureOf(name: string, error: unknown): Failure {
    if (error instanceof Refusal) return error.failure
    if (error instanceof AccessRefusal)
      return { code: 'failed', text: error.message, nextStep: textOf(error.nextStep) }
    // Nothing was done without being kept; the words say why it could not be.
    if (error instanceof StoreFailure)
      return { code: 'failed', text: error.message, nextStep: say('access.why.noStore.next') }
    this.#options.onDefect(name, error)
    return defect(name)
  }

  #breach(id: number, text: string): null {
    this.#breaches += 1
    if (this.#breaches >= this.#limits.maxBreaches)
      this.end(`too many broken requests, the last one: ${text}`)
    else
      this.#fail(id, { code: 'invalid', text, nextStep: 'Reload the screen so that it matches this engine.' })
    return null
  }

  #fail(id: number, { code, text, nextStep }: Failure): void {
    // The words may be a source's own, which may repeat what it was sent.
    const clean = { code, text: usedSecrets.scrub(text), nextStep: usedSecrets.scrub(nextStep) }
    if (this.#options.role === 'wall') {
      clean.text = withoutPlaces(clean.text)
      clean.nextStep = code === 'failed' ? 'Look at a console: it tells more.' : withoutPlaces(clean.nextStep)
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
    text: `This engine has no ${kind} called ${JSON.stringify(name)}.`,
    nextStep: 'Reload the screen so that it matches this engine.',
  }
}

function duplicate(id: number): Failure {
  return {
    code: 'invalid',
    text: `The id ${id} is already in use on this line.`,
    nextStep: 'Reload the screen so that it matches this engine.',
  }
}
