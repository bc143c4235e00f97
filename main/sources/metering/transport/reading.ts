import type { z } from 'zod'

/** An answer that is not what was agreed. `message` names the field and what was expected there. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError'

  /** @param field `series.3.points.0.t`, '' for the whole body */
  constructor(field: string, expected: string) {
    super(field === '' ? expected : `${field}: ${expected}`)
  }
}

/** Makes a value of an answer's JSON. @throws AnswerError */
export type Reader<T> = (body: unknown) => T

/** Reads by a schema; fields that it does not know are dropped. */
export function readerOf<S extends z.ZodType>(schema: S): Reader<z.output<S>> {
  return (body) => {
    const result = schema.safeParse(body)
    if (result.success) return result.data
    throw errorOf(result.error.issues)
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

type Issues = z.core.$ZodError['issues']

const MAX_FIELD = 120
const MAX_EXPECTED = 200

function errorOf(issues: Issues): AnswerError {
  const issue = deepest(issues)
  const field = issue.path.slice(0, MAX_FIELD)
  const more = issues.length - 1
  const others = more > 0 ? `, and ${more} more ${more === 1 ? 'place' : 'places'}` : ''
  return new AnswerError(field, issue.message.slice(0, MAX_EXPECTED) + others)
}

/** Inside a choice of shapes the first alternative says more than "invalid input". */
function deepest(issues: Issues, above: readonly PropertyKey[] = []): { path: string; message: string } {
  const [issue] = issues
  if (issue === undefined) return { path: above.map(String).join('.'), message: 'not as expected' }
  const path = [...above, ...issue.path]
  const inner = issue.code === 'invalid_union' ? issue.errors[0] : undefined
  if (inner !== undefined && inner.length > 0 && issue.message === 'Invalid input')
    return deepest(inner, path)
  return { path: path.map(String).join('.'), message: issue.message }
}
