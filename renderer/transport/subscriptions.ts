import { decodeFrame } from '../../shared/codec/frame.ts'
import {
  type StreamItem,
  type StreamName,
  type StreamParams,
  STREAMS,
} from '../../shared/contract/contract.ts'
import { BINARY_HEADER_BYTES, type Failure, type WireRequest } from '../../shared/contract/wire.ts'
import { say } from '../../shared/messages/format.ts'
import { firstIssue } from './calls.ts'
import { engineNow } from './engineClock.ts'
import type { Received } from './types.ts'

interface Listener {
  readonly onItem: (item: unknown, received: Received) => void
  readonly onFailure: ((failure: Failure) => void) | undefined
}

interface Last {
  readonly item: unknown
  readonly at: number
}

interface Subscription {
  readonly key: string
  readonly name: StreamName
  readonly params: unknown
  readonly listeners: Set<Listener>
  /** Its id on the present line; null while it is not open there. */
  id: number | null
  last: Last | null
  /** Whether `last` came over the present line. */
  current: boolean
  failures: number
  retry: ReturnType<typeof setTimeout> | null
}

export interface SubscriptionHost {
  readonly nextId: () => number
  /** Does nothing while there is no line. */
  readonly send: (request: WireRequest) => void
  readonly isOpen: () => boolean
  /** Something came that the contract does not allow, or a listener threw. */
  readonly onFault: (text: string) => void
}

/** Asking again makes sense where the engine was only busy or could not do it right now. */
const RETRY_FIRST_MS = 2000
const RETRY_MOST_MS = 60_000
/** Last items of streams that no view listens to any more, so that a view opened without a connection is not empty. */
const MOST_REMEMBERED = 32

/**
 * What this screen listens to. Listeners of the same stream and parameters share one subscription: an item, a topology
 * of 100,000 GPUs for instance, crosses the connection once, is checked once, and a late listener gets the last one at once.
 */
export class Subscriptions {
  readonly #byKey = new Map<string, Subscription>()
  readonly #byId = new Map<number, Subscription>()
  readonly #remembered = new Map<string, Last>()
  readonly #host: SubscriptionHost

  constructor(host: SubscriptionHost) {
    this.#host = host
  }

  open<N extends StreamName>(
    name: N,
    params: StreamParams<N>,
    onItem: (item: StreamItem<N>, received: Received) => void,
    onFailure?: (failure: Failure) => void,
  ): () => void {
    const key = `${name} ${JSON.stringify(params)}`
    const found = this.#byKey.get(key)
    const subscription = found ?? newSubscription(key, name, params)
    // An item reaches a listener only after it was checked against the schema of this very stream.
    const listener: Listener = {
      onItem: (item, received) => onItem(item as StreamItem<N>, received),
      onFailure,
    }
    subscription.listeners.add(listener)
    if (found === undefined) {
      this.#byKey.set(key, subscription)
      this.#subscribe(subscription)
      if (!this.#host.isOpen()) this.#recall(subscription)
    } else if (subscription.last !== null) {
      this.#tell(subscription, listener, subscription.last)
    }
    return () => {
      if (!subscription.listeners.delete(listener)) return
      if (subscription.listeners.size === 0) this.#drop(subscription)
    }
  }

  /** The connection is open (again): everything is asked for again. */
  reopen(): void {
    for (const subscription of this.#byKey.values()) this.#subscribe(subscription)
  }

  /** The connection is gone and its ids with it. Last items stay: they are what is last known. */
  lost(): void {
    this.#byId.clear()
    for (const subscription of this.#byKey.values()) {
      subscription.id = null
      subscription.current = false
      clearRetry(subscription)
      if (subscription.last === null) this.#recall(subscription)
    }
  }

  item(id: number, raw: unknown): void {
    const subscription = this.#byId.get(id)
    // An item may cross the close of its subscription: not worth a word.
    if (subscription === undefined) return
    const definition = STREAMS[subscription.name]
    if (definition.encoding === 'frame') {
      this.#host.onFault(say('link.stream.text', { stream: subscription.name }))
    } else {
      const parsed = definition.item.safeParse(raw)
      if (parsed.success) this.#deliver(subscription, parsed.data)
      else
        this.#host.onFault(
          say('link.stream.unknown', { stream: subscription.name, problem: firstIssue(parsed.error) }),
        )
    }
    // Acknowledged in any case, or one bad item would silence the stream for good.
    this.#acknowledge(subscription, id)
  }

  frame(id: number, bytes: ArrayBuffer): void {
    const subscription = this.#byId.get(id)
    if (subscription === undefined) return
    if (STREAMS[subscription.name].encoding !== 'frame') {
      this.#host.onFault(say('link.stream.bytes', { stream: subscription.name }))
    } else {
      try {
        this.#deliver(subscription, decodeFrame(bytes, BINARY_HEADER_BYTES))
      } catch (error) {
        this.#host.onFault(say('link.stream.frame', { problem: messageOf(error) }))
      }
    }
    this.#acknowledge(subscription, id)
  }

  fail(id: number, failure: Failure): void {
    const subscription = this.#byId.get(id)
    if (subscription === undefined) return
    this.#byId.delete(id)
    subscription.id = null
    for (const { onFailure } of subscription.listeners) onFailure?.(failure)
    if (failure.code !== 'busy' && failure.code !== 'failed') return
    const pause = Math.min(RETRY_FIRST_MS * 2 ** subscription.failures, RETRY_MOST_MS)
    subscription.failures += 1
    subscription.retry = setTimeout(() => this.#subscribe(subscription), pause)
  }

  #subscribe(subscription: Subscription): void {
    clearRetry(subscription)
    if (!this.#host.isOpen()) return
    const id = this.#host.nextId()
    subscription.id = id
    this.#byId.set(id, subscription)
    this.#host.send({ t: 'open', id, name: subscription.name, params: subscription.params })
  }

  #drop(subscription: Subscription): void {
    this.#byKey.delete(subscription.key)
    this.#remember(subscription)
    clearRetry(subscription)
    if (subscription.id === null) return
    this.#byId.delete(subscription.id)
    this.#host.send({ t: 'close', id: subscription.id })
    subscription.id = null
  }

  #deliver(subscription: Subscription, item: unknown): void {
    subscription.failures = 0
    subscription.last = { item, at: engineNow() }
    subscription.current = true
    for (const listener of subscription.listeners) this.#tell(subscription, listener, subscription.last)
  }

  /** Frames are kept by their own store, and are the largest. */
  #remember({ key, name, last }: Subscription): void {
    if (last === null || STREAMS[name].encoding === 'frame') return
    this.#remembered.delete(key)
    this.#remembered.set(key, last)
    const [oldest] = this.#remembered.keys()
    if (this.#remembered.size > MOST_REMEMBERED && oldest !== undefined) this.#remembered.delete(oldest)
  }

  #recall(subscription: Subscription): void {
    const last = this.#remembered.get(subscription.key)
    if (last === undefined) return
    subscription.last = last
    for (const listener of subscription.listeners) this.#tell(subscription, listener, last)
  }

  #tell(subscription: Subscription, listener: Listener, { item, at }: Last): void {
    try {
      listener.onItem(item, { at, current: subscription.current })
    } catch (error) {
      this.#host.onFault(say('link.stream.shown', { stream: subscription.name, problem: messageOf(error) }))
    }
  }

  #acknowledge(subscription: Subscription, id: number): void {
    if (subscription.id === id) this.#host.send({ t: 'ack', id })
  }
}

function newSubscription(key: string, name: StreamName, params: unknown): Subscription {
  return {
    key,
    name,
    params,
    listeners: new Set(),
    id: null,
    last: null,
    current: false,
    failures: 0,
    retry: null,
  }
}

function clearRetry(subscription: Subscription): void {
  if (subscription.retry !== null) clearTimeout(subscription.retry)
  subscription.retry = null
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
