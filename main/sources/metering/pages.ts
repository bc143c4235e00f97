import type { Reach } from '../../core/tokens/types.ts'
import { AnswerError } from './transport/reader.ts'

export interface Page<T> extends Reach {
  readonly entries: readonly T[]
  readonly nextCursor: string | null
}

const MAX_MISSING = 100

/**
 * All pages of a list, bounded: where the bound is reached the list says so in `missing`. An entry that moved from page
 * to page while they were read is there once, as it was last.
 * @param ask holds each answer against `check`, which throws AnswerError where a cursor leads back
 */
export async function allPages<T>(
  ask: (
    cursor: string | undefined,
    check: (answer: { readonly nextCursor: string | null }) => void,
  ) => Promise<Page<T>>,
  options: {
    readonly idOf: (entry: T) => string
    readonly maxPages: number
    /** "tenants" */
    readonly what: string
  },
): Promise<{ readonly entries: readonly T[] } & Reach> {
  const entries = new Map<string, T>()
  const missing = new Set<string>()
  const cursors = new Set<string>()
  let dataAsOf = Number.POSITIVE_INFINITY
  let complete = true
  let cursor: string | undefined
  const refuseLoops = ({ nextCursor }: { readonly nextCursor: string | null }) => {
    if (nextCursor !== null && cursors.has(nextCursor)) {
      throw new AnswerError('nextCursor', 'it leads back to an earlier page')
    }
  }
  for (let pages = 1; ; pages++) {
    const page = await ask(cursor, refuseLoops)
    for (const entry of page.entries) entries.set(options.idOf(entry), entry)
    for (const what of page.missing) missing.add(what)
    dataAsOf = Math.min(dataAsOf, page.dataAsOf)
    complete &&= page.complete
    if (page.nextCursor === null) break
    if (pages >= options.maxPages) {
      complete = false
      missing.add(`${options.what} beyond the first ${entries.size}, which are all that are read`)
      break
    }
    cursors.add(page.nextCursor)
    cursor = page.nextCursor
  }
  return { entries: [...entries.values()], dataAsOf, complete, missing: [...missing].slice(-MAX_MISSING) }
}
