import type { z } from 'zod'
import { pieces } from './jsonPieces.ts'
import { type LongReader, readerOf, TooLargeError } from './reader.ts'

export interface LongArray {
  /** Of the array at the top of the answer that may be long. */
  readonly key: string
  /** Of each of its elements. */
  readonly element: z.ZodType
  /** Elements that are read. */
  readonly most: number
  /** Bytes of one element, which is parsed and checked at once; see jsonPieces where none is given. */
  readonly mostInOne?: number
}

/** Reads by a schema as readerOf, in turns: a few elements of its long array at a time. @param schema of the whole answer */
export function longReaderOf<S extends z.ZodType<object>>(
  schema: S,
  array: LongArray,
): LongReader<z.output<S>> {
  const { key, element, most, mostInOne } = array
  const readHead = readerOf(schema)
  const readElement = readerOf(element)
  return function* (body) {
    const answer = yield* pieces(body, key, mostInOne)
    const head = readHead(answer.head)
    if (answer.count > most)
      throw new TooLargeError(`${answer.count} entries of ${key} are more than the ${most} that are read`)
    const elements: unknown[] = []
    for (const { first, elements: some } of answer.batches()) {
      for (const [i, one] of some.entries()) elements.push(readElement(one, `${key}.${first + i}`))
      yield
    }
    return { ...head, [key]: elements }
  }
}
