import type { english } from './english/index.ts'
import type { ParameterOf } from './parameters.ts'

export type MessageId = keyof typeof english

/** What stands for a parameter: a name, a number, another message, or several, which are listed: "a, b and c". */
export type MessageValue = string | number | Message | readonly MessageValue[]

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

/** Messages without parameters: what a table of words, or a list of keys, can hold. */
export type PlainId = {
  [Id in MessageId]: [ParameterOf<(typeof english)[Id]>] extends [never] ? Id : never
}[MessageId]

/** A message to send or to keep; the compiler asks for exactly its parameters. */
export function message<Id extends MessageId>(id: Id, ...[values]: ValuesOf<Id>): Message {
  return { id, values: values ?? {} }
}

/** Words of somebody else, such as a server's own, where a message is asked for: alike in every language. */
export function said(text: string): Message {
  return message('general.said', { text })
}

/** "a, b and c", in the language of whoever reads it. */
export function listed(values: readonly MessageValue[]): Message {
  return message('general.said', { text: values })
}

/** The first few names, and how many there are beyond them: "h-1, h-2, h-3 and 12 more". */
export function firstOf(names: readonly MessageValue[], most: number, count: number = names.length): Message {
  const shown = names.slice(0, most)
  const more = count - shown.length
  return listed(more > 0 ? [...shown, message('general.more', { count: more })] : shown)
}

/**
 * The message with each text among its values changed, also within messages and lists that it holds: this is how secrets
 * and places are taken out of messages. Its own words stay, for they are the catalogue's.
 * @param change gets a text and the name of the parameter for which it stands
 */
export function withTexts(
  { id, values }: Message,
  change: (text: string, parameter: string) => MessageValue,
): Message {
  const changed = Object.entries(values).map(([parameter, value]) => [
    parameter,
    valueWithTexts(value, parameter, change),
  ])
  return { id, values: Object.fromEntries(changed) }
}

function valueWithTexts(
  value: MessageValue,
  parameter: string,
  change: (text: string, parameter: string) => MessageValue,
): MessageValue {
  if (typeof value === 'number') return value
  if (typeof value === 'string') return change(value, parameter)
  if (isList(value)) return value.map((element) => valueWithTexts(element, parameter, change))
  return withTexts(value, change)
}

/** `Array.isArray` does not know read-only lists. */
export function isList(value: MessageValue): value is readonly MessageValue[] {
  return Array.isArray(value)
}
