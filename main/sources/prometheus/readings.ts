import { z } from 'zod'
import type { BoundedResponse } from '../../platform/http/index.ts'
import { answerOf } from './answers.ts'
import { isOfMissingRows, type Envelope } from './envelope.ts'
import { AnswerError } from './jsonCursor.ts'

/** What a reader made of one answer. */
export interface Reading<T> extends Pick<Envelope, 'warnings' | 'partial'> {
  readonly value: T
  readonly samples: number | null
}

/** Reads an answer, in steps where it may be long. @throws AnswerError or SyntaxError */
export type Read<T> = (response: BoundedResponse) => Generator<void, Reading<T>>

/** Of an answer that is read in one step, bytes. */
const MOST_SMALL = 8 * 1024 * 1024

/** Reads a small answer by its zod schema. @throws AnswerError or SyntaxError */
export function small<S extends z.ZodType, T>(
  schema: S,
  value: (data: z.output<S>, response: BoundedResponse) => T,
): Read<T> {
  const envelope = answerOf(z.unknown())
  // eslint-disable-next-line require-yield -- small enough for one step
  return function* (response) {
    if (response.body.byteLength > MOST_SMALL)
      throw new AnswerError(MOST_SMALL, `an answer of at most ${MOST_SMALL} bytes`)
    const whole = checked(envelope, JSON.parse(Buffer.from(response.body).toString('utf8')))
    const notes = [...(whole.warnings ?? []), ...(whole.infos ?? [])]
    return {
      value: value(checked(schema, whole.data), response),
      samples: null,
      warnings: notes.slice(0, 20).map((text) => text.slice(0, 500)),
      partial: (whole.isPartial ?? false) || (whole.warnings ?? []).some(isOfMissingRows),
    }
  }
}

function checked<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  throw new AnswerError(0, `another shape (${z.prettifyError(result.error).slice(0, 200)})`)
}

export const PARTIAL = 'The answer is partial: some of it is missing.'
