/** One term of the interface and of the documents. Texts are plain English sentences; docs/glossary.md is made of them. */
export interface Term {
  /** As heads, tiles and documents spell it. */
  readonly name: string
  /** Abbreviation or short head, where one is used. */
  readonly short?: string
  /** What it is: a sentence that a newcomer understands, with its full stop. */
  readonly meaning: string
  /** How the figure is computed; left out for what is read as it is. */
  readonly formula?: string
  /** As shown; left out where it is no figure. */
  readonly unit?: string
  /** The series, field of an answer, or part of Floorwatch that it comes from. */
  readonly source: string
}

/** The terms of one subject by their id. */
export type Terms<Id extends string> = Readonly<Record<Id, Term>>

/** Keeps the ids as literal types, so that a misspelt one does not compile. */
export function terms<Id extends string>(of: Record<Id, Term>): Terms<Id> {
  return of
}
