import { z } from 'zod'
import { english } from './english/index.ts'
import type { Message, MessageId } from './message.ts'

/** UTF-16 units of one text among the values: longer than any path, and than what is quoted of a server. */
export const LONGEST_VALUE = 8192
/** Elements of a list, and parameters of a message. */
export const MOST_VALUES = 64
/** A message within a message within …: a finding quotes an error, which quotes what was expected. */
export const DEEPEST = 6

/**
 * A message as it travels: its id is one of the catalogue, every parameter of that text is there, and it is bounded in
 * length, number and depth, so that whatever passes can be put into words. For every text of the contract that Floorwatch
 * says itself; words of others are values in it.
 */
export const messageSchema = z.custom<Message>((value) => isMessage(value, DEEPEST), {
  error: 'Expected a message of the catalogue with its parameters.',
})

function isMessage(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null || depth === 0) return false
  const { id, values, ...rest } = value as Record<string, unknown>
  if (typeof id !== 'string' || !Object.hasOwn(english, id) || Object.keys(rest).length > 0) return false
  if (typeof values !== 'object' || values === null || Array.isArray(values)) return false
  const entries = Object.entries(values)
  return (
    entries.length <= MOST_VALUES &&
    parametersOf(id as MessageId).every((name) => Object.hasOwn(values, name)) &&
    entries.every(([, each]) => isValue(each, depth))
  )
}

function isValue(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return value.length <= LONGEST_VALUE
  if (typeof value === 'number') return Number.isFinite(value)
  if (!Array.isArray(value)) return isMessage(value, depth - 1)
  return depth > 1 && value.length <= MOST_VALUES && value.every((each) => isValue(each, depth - 1))
}

const parameters = new Map<MessageId, readonly string[]>()

/** As the compiler reads them (parameters.ts): no branch of the catalogue is one word alone. */
function parametersOf(id: MessageId): readonly string[] {
  let names = parameters.get(id)
  if (names === undefined) {
    names = [...english[id].matchAll(/\{\s*(\w+)\s*[,}]/g)].map(([, name]) => name as string)
    parameters.set(id, names)
  }
  return names
}
