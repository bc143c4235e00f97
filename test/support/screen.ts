import { decodeFrame, subscriptionOf } from '../../shared/codec/frame.ts'
import {
  type CommandInput,
  type CommandName,
  type CommandOutput,
  COMMANDS,
  type StreamItem,
  type StreamName,
  type StreamParams,
} from '../../shared/contract/contract.ts'
import { type Failure, responseSchema, type Wire } from '../../shared/contract/wire.ts'
import { type Plainly, plainly } from './plainly.ts'

/** What a screen was refused. */
export class Refused extends Error {
  readonly failure: Plainly<Failure>

  constructor(failure: Failure) {
    const told = plainly(failure)
    super(told.text)
    this.failure = told
  }
}

interface Subscription {
  receive(item: unknown): void
  fail(failure: Failure): void
}

/** The newest item of a stream and a way to wait for one that is as expected. */
export interface Watch<T> {
  readonly count: () => number
  latest(): T | null
  failure(): Failure | null
  /** @throws when no such item has come in time; the text shows the last one. */
  until(what: string, matches: (item: T) => boolean, timeoutMs?: number): Promise<T>
  close(): void
}

/** A screen without pictures: speaks the contract over a wire as the renderer does, and puts messages into words; for tests. */
export class Screen {
  readonly #wire: Wire
  readonly #calls = new Map<number, (answer: { output: unknown } | { failure: Failure }) => void>()
  readonly #subscriptions = new Map<number, Subscription>()
  #nextId = 1
  closed: string | null = null

  constructor(wire: Wire) {
    this.#wire = wire
    wire.onClose((reason) => (this.closed = reason))
    wire.onMessage((message) => this.#receive(message))
  }

  async call<N extends CommandName>(name: N, input: CommandInput<N>): Promise<Plainly<CommandOutput<N>>> {
    const id = this.#nextId++
    const answer = await new Promise<{ output: unknown } | { failure: Failure }>((resolve) => {
      this.#calls.set(id, resolve)
      this.#wire.send(JSON.stringify({ t: 'call', id, name, input }))
    })
    if ('failure' in answer) throw new Refused(answer.failure)
    return plainly(COMMANDS[name].output.parse(answer.output) as CommandOutput<N>)
  }

  watch<N extends StreamName>(name: N, params: StreamParams<N>): Watch<Plainly<StreamItem<N>>> {
    type Item = Plainly<StreamItem<N>>
    const id = this.#nextId++
    let latest: Item | null = null
    let failure: Failure | null = null
    let count = 0
    const waiting = new Set<() => void>()
    this.#subscriptions.set(id, {
      receive: (item) => {
        latest = plainly(item) as Item
        count += 1
        for (const look of waiting) look()
        this.#wire.send(JSON.stringify({ t: 'ack', id }))
      },
      fail: (reason) => {
        failure = reason
        for (const look of waiting) look()
      },
    })
    this.#wire.send(JSON.stringify({ t: 'open', id, name, params }))
    return {
      count: () => count,
      latest: () => latest,
      failure: () => failure,
      until: (what, matches, timeoutMs = 10_000) =>
        new Promise((resolve, reject) => {
          const done = () => {
            waiting.delete(look)
            clearTimeout(timer)
          }
          const look = () => {
            if (failure) {
              done()
              reject(new Refused(failure))
            } else if (count > 0 && matches(latest as Item)) {
              done()
              // An item may itself be null: there is no such thing.
              resolve(latest as Item)
            }
          }
          const timer = setTimeout(() => {
            done()
            const text = JSON.stringify(latest, null, 1)?.slice(0, 1500)
            reject(
              new Error(
                `${name}: no item with ${what} within ${timeoutMs} ms; the last of ${count}: ${text}`,
              ),
            )
          }, timeoutMs)
          waiting.add(look)
          look()
        }),
      close: () => {
        this.#subscriptions.delete(id)
        this.#wire.send(JSON.stringify({ t: 'close', id }))
      },
    }
  }

  close(): void {
    this.#wire.close()
  }

  #receive(message: string | ArrayBuffer): void {
    if (typeof message !== 'string') {
      this.#subscriptions.get(subscriptionOf(message))?.receive(decodeFrame(message))
      return
    }
    const response = responseSchema.parse(JSON.parse(message))
    switch (response.t) {
      case 'hello':
        return
      case 'result':
        this.#calls.get(response.id)?.({ output: response.output })
        this.#calls.delete(response.id)
        return
      case 'item':
        this.#subscriptions.get(response.id)?.receive(response.item)
        return
      case 'failure':
        this.#calls.get(response.id)?.({ failure: response.failure })
        this.#calls.delete(response.id)
        this.#subscriptions.get(response.id)?.fail(response.failure)
    }
  }
}
