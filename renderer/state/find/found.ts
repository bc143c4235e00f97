/** Something that the palette has found: what it is called, what tells it from others, and where it is. */
export interface Found {
  /** Stable, for the palette's memory. */
  readonly id: string
  /** Names as they came from outside: whoever shows them makes them visible. */
  readonly title: string
  readonly detail?: string
  readonly keywords?: readonly string[]
  /** Address within the page, `#/floor?host=h-0312`. */
  readonly to: string
}

/** More than a person reads; what matches best of them is ranked by the palette. */
export const MOST_FOUND = 60

/** The words of a query, lower case, without the signs that only part one thing from the next. */
export function wordsOf(query: string): string[] {
  return query
    .toLowerCase()
    .split(/[\s·]+/)
    .filter(Boolean)
}

/** Keeps the first that hold every word, those that begin with the query before the others. */
export function matching<T>(
  things: readonly T[],
  query: string,
  textOf: (thing: T) => string,
  most: number = MOST_FOUND,
): T[] {
  const words = wordsOf(query)
  const first = words.join(' ')
  const begin: T[] = []
  const others: T[] = []
  for (const thing of things) {
    const text = textOf(thing).toLowerCase()
    if (!words.every((word) => text.includes(word))) continue
    if (text.startsWith(first)) begin.push(thing)
    else if (others.length < most) others.push(thing)
    if (begin.length >= most) break
  }
  return [...begin, ...others].slice(0, most)
}
