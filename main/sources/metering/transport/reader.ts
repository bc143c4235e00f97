import type { z } from 'zod'
import { firstIssue } from '../../../../shared/metering/issue.ts'

/** An answer that is not what was agreed. `message` names the field and what was expected there. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError'

  /** @param field `series.3.points.0.t`, '' for the whole body */
  constructor(field: string, expected: string) {
    super(field === '' ? expected : `${field}: ${expected}`)
  }
}

/** An answer that is as agreed, and more than can be held. `message` says how much it is and how much can be. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError'
}

/** Makes a value of an answer's JSON. @throws AnswerError */
export type Reader<T> = (body: unknown) => T

/** Makes a value of an answer's bytes, with places in between where the work may rest. @throws AnswerError, TooLargeError, NotJson */
export type LongReader<T> = (body: Uint8Array) => Iterator<void, T>

/** Reads by a schema; fields that it does not know are dropped. */
export function readerOf<S extends z.ZodType>(schema: S): (body: unknown, at?: string) => z.output<S> {
  return (body, at = '') => {
    const result = schema.safeParse(body)
    if (result.success) return result.data
    throw errorOf(result.error, at)
  }
}

/** A reader that also holds the value against the question. @param check throws AnswerError */
export function checking<T>(read: Reader<T>, check: (value: T) => void): Reader<T> {
  return (body) => {
    const value = read(body)
    check(value)
    return value
  }
}

const MAX_FIELD = 120
const MAX_EXPECTED = 200

function errorOf(error: z.ZodError, at: string): AnswerError {
  const { path: within, message, more } = firstIssue(error)
  const path = [at, within].filter(Boolean).join('.')
  const others = more > 0 ? `, and ${more} more ${more === 1 ? 'place' : 'places'}` : ''
  return new AnswerError(path.slice(0, MAX_FIELD), message.slice(0, MAX_EXPECTED) + others)
}
