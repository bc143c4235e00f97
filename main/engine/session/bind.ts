import type { z } from 'zod'
import type { Command, ForWalls, FrameStream, Role, Stream } from '../../../shared/contract/define.ts'
import type { CommandName, StreamName } from '../../../shared/contract/contract.ts'
import { MAX_TEXT } from '../../../shared/contract/wire.ts'
import { addressTo, encodeFrame } from '../../../shared/codec/frame.ts'
import type { FleetFrame } from '../../../shared/model/frame.ts'
import type { Person } from '../../../shared/model/person.ts'
import type { ScreenOrigin } from './desk.ts'
import { inPlainWords, Refusal } from './refusal.ts'
import type { Payload, TopicSource } from './topic.ts'
import { type Message, message } from '../../../shared/messages/message.ts'

export type { Role } from '../../../shared/contract/define.ts'

export interface Caller {
  readonly role: Role
  /**
   * Who acts. Never null in a handler of a command whose right is a role (shared/model/rights.ts): the session has looked
   * before. See {@link actingPerson}.
   */
  readonly person: Person | null
  readonly origin: ScreenOrigin
  /** Aborted when the screen goes away. */
  readonly signal: AbortSignal
}

/** The person of a command that takes one. */
export function actingPerson({ person }: Caller): Person {
  if (person === null) throw new Error('a command that takes a person was let through without one')
  return person
}

/** A command with its schemas and handler closed over, so that nothing untyped lies between wire and handler. */
export interface BoundCommand {
  readonly access: 'read' | 'act'
  /** @throws Refusal for input that the contract does not allow, and whatever the handler throws. */
  run(input: unknown, caller: Caller): Promise<unknown>
}

export interface BoundStream {
  /** @throws Refusal for params that the contract does not allow. */
  open(params: unknown, role: Role, origin: ScreenOrigin): TopicSource
}

/** One entry per channel of the contract: a channel without a handler does not compile. */
export interface Channels {
  readonly commands: { readonly [N in CommandName]: BoundCommand }
  readonly streams: { readonly [N in StreamName]: BoundStream }
}

/** `all`: every output is checked against its schema (tests, development). `answers`: answers of commands alone. */
export type OutputChecks = 'all' | 'answers'

/** An answer that the contract does not allow: a defect of the engine, never shown in detail. */
export class ContractBreach extends Error {
  override readonly name = 'ContractBreach'
}

export function bindCommand<I extends z.ZodType, O extends z.ZodType>(
  definition: Command<I, O>,
  handler: (input: z.output<I>, caller: Caller) => Promise<z.output<O>>,
): BoundCommand {
  return {
    access: definition.access,
    async run(input, caller) {
      const question = accepted(definition.input, input, 'input')
      const narrow = readingOf(definition.walls, question, caller.role)
      return checked(definition.output, narrow(await handler(question, caller)))
    },
  }
}

/** How a stream gets its items. Items are read when somebody is ready for one, never oftener than `everyMs`. */
export interface StreamReader<P, T> {
  readonly everyMs: number
  read(params: P, role: Role, origin: ScreenOrigin): T
  /** Equal fingerprints: nothing new for the screens, the item is not sent again. Without one each item is news. */
  fingerprint?(item: T): unknown
  /** The item differs by role, so console and wall do not share it. */
  readonly perRole?: boolean
  /** The item differs by browser or window, so these do not share it. */
  readonly perHolder?: boolean
}

export function bindStream<P extends z.ZodType, T extends z.ZodType>(
  definition: Stream<P, T>,
  checks: OutputChecks,
  reader: StreamReader<z.output<P>, z.output<T>>,
): BoundStream {
  return {
    open(params, role, origin) {
      const parsed = accepted(definition.params, params, 'params')
      const narrow = readingOf(definition.walls, parsed, role)
      const perRole = reader.perRole === true || definition.walls !== 'whole'
      let last: unknown = NOTHING
      return {
        key: `${perRole ? role : ''} ${reader.perHolder === true ? origin.holder : ''} ${JSON.stringify(parsed)}`,
        everyMs: reader.everyMs,
        render() {
          const item = reader.read(parsed, role, origin)
          if (reader.fingerprint) {
            const print = reader.fingerprint(item)
            if (print === last) return 'unchanged'
            last = print
          }
          const shown = narrow(item)
          if (checks === 'all') checked(definition.item, shown)
          return textPayload(JSON.stringify(shown))
        },
      }
    },
  }
}

export function bindFrameStream<P extends z.ZodType>(
  definition: FrameStream<P>,
  reader: { readonly everyMs: number; read(params: z.output<P>): FleetFrame },
): BoundStream {
  return {
    open(params, role) {
      const parsed = accepted(definition.params, params, 'params')
      readingOf(definition.walls, parsed, role)
      return {
        key: JSON.stringify(parsed),
        everyMs: reader.everyMs,
        render: () => framePayload(encodeFrame(reader.read(parsed))),
      }
    },
  }
}

/**
 * What this role gets of the items of a channel.
 * @throws Refusal where a wall may have nothing of it
 */
function readingOf<Q, T>(walls: ForWalls<Q, T>, question: Q, role: Role): (item: T) => T {
  if (role !== 'wall' || walls === 'whole') return (item) => item
  if (walls === 'refused') throw notForWalls(message('refusal.wall'))
  const refused = walls.refuses?.(question) ?? null
  if (refused !== null) throw notForWalls(refused)
  return (item) => walls.narrow(item)
}

function notForWalls(text: Message): Refusal {
  return new Refusal('forbidden', text, message('refusal.wall.next'))
}

const NOTHING = Symbol('no item yet')

function accepted<S extends z.ZodType>(schema: S, value: unknown, root: string): z.output<S> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw new Refusal(
    'invalid',
    message('refusal.notUnderstood', { problem: inPlainWords(result.error, root) }),
    message('refusal.notUnderstood.next'),
  )
}

function checked<S extends z.ZodType>(schema: S, value: z.output<S>): z.output<S> {
  const result = schema.safeParse(value)
  if (!result.success) throw new ContractBreach(inPlainWords(result.error, 'output'))
  return value
}

/** The item is encoded once; per screen only the envelope with its subscription is put around it. */
function textPayload(item: string): Payload {
  if (item.length > MAX_TEXT - 64) {
    throw new Refusal(
      'failed',
      message('refusal.itemTooLong', { length: item.length, most: MAX_TEXT }),
      message('refusal.itemTooLong.next'),
    )
  }
  return { bytes: item.length, write: (id) => `{"t":"item","id":${id},"item":${item}}` }
}

function framePayload(encoded: ArrayBuffer): Payload {
  return { bytes: encoded.byteLength, write: (id) => addressTo(encoded, id) }
}
