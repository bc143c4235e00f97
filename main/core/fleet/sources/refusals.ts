import { boundedText } from '../text.ts'

/**
 * What the floor did not take from a source, by name, so that nothing is left out silently. Kept per speaker and reason;
 * an entry that is not refused again is over after a while.
 */
export type RefusalKind =
  /** One host claims more boards than any machine carries. */
  | 'boardsOfHost'
  /** One board claims more MIG instances than any board has. */
  | 'instancesOfBoard'
  /** The floor holds as many GPUs and instances as it can. */
  | 'floor'

export interface Refusal {
  /** Who is answerable for the source. */
  readonly speaker: string
  readonly kind: RefusalKind
  /** The host, or board, that was refused first; '' where it concerns the whole floor. */
  readonly where: string
  /** Distinct GPUs or instances that the last answer with a refusal was refused. */
  readonly count: number
  /** Wall clock of the first and of the latest refusal, ms. */
  readonly since: number
  readonly lastAt: number
}

export interface Refusals {
  /** One GPU or instance of the answer that came at `at` found no place. */
  note(speaker: string, kind: RefusalKind, where: string, at: number): void
  /** Those that still stand at `now`, in the order of their beginning. */
  list(now: number): readonly Refusal[]
}

/** A bound against nonsense: speakers are configured, or found by discovery. */
const MOST_ENTRIES = 1024

/** @param standsForMs how long an entry stands that is not refused again: longer than series wait to be placed again */
export function createRefusals(standsForMs: number): Refusals {
  const entries = new Map<string, Refusal>()

  function isOver(refusal: Refusal, now: number): boolean {
    return now - refusal.lastAt > standsForMs
  }

  return {
    note(speaker, kind, where, at) {
      const key = `${kind}/${speaker}`
      const known = entries.get(key)
      if (known !== undefined && !isOver(known, at)) {
        const count = known.lastAt === at ? known.count + 1 : 1
        entries.set(key, { ...known, count, lastAt: at })
      } else if (known !== undefined || entries.size < MOST_ENTRIES) {
        entries.set(key, { speaker, kind, where: boundedText(where), count: 1, since: at, lastAt: at })
      }
    },
    list(now) {
      for (const [key, refusal] of entries) if (isOver(refusal, now)) entries.delete(key)
      return [...entries.values()]
    },
  }
}
