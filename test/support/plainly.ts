import { textOf } from '../../shared/messages/format.ts'
import type { Message } from '../../shared/messages/message.ts'
import { messageSchema } from '../../shared/messages/schema.ts'

/** A value with texts where it has messages. */
export type Plainly<T> = T extends Message
  ? string
  : T extends ArrayBufferView | ReadonlyMap<unknown, unknown>
    ? T
    : T extends readonly (infer Element)[]
      ? Plainly<Element>[]
      : T extends object
        ? { [Key in keyof T]: Plainly<T[Key]> }
        : T

/** What a screen reads: a value with every message in it put into words. */
export function plainly<T>(value: T): Plainly<T> {
  return inWords(value) as Plainly<T>
}

function inWords(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inWords)
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || value instanceof Map)
    return value
  const told = 'values' in value ? messageSchema.safeParse(value) : null
  if (told?.success === true) return textOf(told.data)
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, inWords(part)]))
}
