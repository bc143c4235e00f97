/**
 * What any source delivers at one time, and the only way into the live model. It says itself how far it may be
 * believed: an observation that is not complete adds what it has, and takes nothing away. Absence in an incomplete
 * answer is a fact about the answer, never about the machine. Complete means that it names all that the source has; of
 * what it names, rows may be unread, and of those nothing is taken away either.
 */
export interface Observation<Rows> {
  /** Name of the source as people know it; what it said before counts as its own until it takes it back. */
  readonly source: string
  /** When the figures were true, wall clock of this machine, ms. */
  readonly sampledAt: number
  /** Learnt pause between two samples of this source, ms; null while none is known. */
  readonly cadenceMs: number | null
  readonly complete: Completeness
  readonly rows: Rows
}

/** `why` in a few plain words: "2 of 16 series were cut off". */
export type Completeness = true | { readonly why: string }

export function isComplete(complete: Completeness): complete is true {
  return complete === true
}

/** How many times its cadence a source may be silent before its figures are old: one lost sample is no outage. */
export const CADENCES_UNTIL_STALE = 2.5

/**
 * How old a source's figures may be before they are stale, ms. A source that samples every minute is not stale after
 * half a minute, whatever is configured.
 */
export function staleLimit(staleAfterMs: number, cadenceMs: number | null): number {
  return Math.max(staleAfterMs, CADENCES_UNTIL_STALE * (cadenceMs ?? 0))
}
