import type { english } from './english/index.ts'
import type { ParameterOf } from './parameters.ts'

export type MessageId = keyof typeof english

/** What stands for a parameter: a name, a number, or another message. */
export type MessageValue = string | number | Message

/** A text as it travels: what is said, and of what. Whoever shows it puts it into its own language. */
export interface Message {
  readonly id: MessageId
  readonly values: Readonly<Record<string, MessageValue>>
}

/** Parameters of a message, each of them needed; `Value` is what a parameter can be. */
export type ValuesOf<Id extends MessageId, Value = MessageValue> = [
  ParameterOf<(typeof english)[Id]>,
] extends [never]
  ? []
  : [values: Readonly<Record<ParameterOf<(typeof english)[Id]>, Value>>]

/** A message to send or to keep; the compiler asks for exactly its parameters. */
export function message<Id extends MessageId>(id: Id, ...[values]: ValuesOf<Id>): Message {
  return { id, values: values ?? {} }
}
