import { ProblemError } from '../http/handler.ts'

/**
 * Stripe's rule: the same key with the same request gets the stored answer and changes nothing again; with another
 * request it is a conflict. Keys are kept for at least 24 hours. A refusal changes nothing and is not stored: the
 * client may correct it under the same key.
 */
export interface Idempotency<Answer> {
  /**
   * @param owner whose key it is: what somebody else chose is never found
   * @param request everything that makes two requests the same, as one text
   * @returns the stored answer, or null where the request has to be carried out
   * @throws ProblemError 400 for a key that cannot be one, 409 for one that stands for another request, 429 when no more
   * keys can be kept
   */
  recall(owner: string, key: string, request: string): Answer | null
  keep(owner: string, key: string, request: string, answer: Answer): void
}

const KEPT_MS = 24 * 3_600_000
const MAX_KEY_LENGTH = 255

/**
 * @param now simulated time, ms
 * @param maxKeys a promise that was made is kept: when so many are stored, new ones are refused instead
 */
export function createIdempotency<Answer>(now: () => number, maxKeys = 10_000): Idempotency<Answer> {
  // In the order in which they were stored, which is that of their age.
  const stored = new Map<string, { request: string; answer: Answer; at: number }>()

  const nameOf = (owner: string, key: string) => JSON.stringify([owner, key])

  function forget(): void {
    for (const [key, { at }] of stored) {
      if (now() - at <= KEPT_MS) return
      stored.delete(key)
    }
  }

  return {
    recall(owner, key, request) {
      if (key.length === 0 || key.length > MAX_KEY_LENGTH) {
        throw new ProblemError(
          'invalid-request',
          `An Idempotency-Key has 1 to ${MAX_KEY_LENGTH} characters.`,
          'header.Idempotency-Key',
        )
      }
      forget()
      const known = stored.get(nameOf(owner, key))
      if (known === undefined) {
        if (stored.size < maxKeys) return null
        throw new ProblemError(
          'rate-limited',
          `${maxKeys} Idempotency-Keys of the last 24 hours are kept, and no more can be. Try again later.`,
        )
      }
      if (known.request === request) return known.answer
      throw new ProblemError(
        'idempotency-conflict',
        'This Idempotency-Key was used for another request. Use a new key for a new intent.',
        'header.Idempotency-Key',
      )
    },
    keep(owner, key, request, answer) {
      stored.set(nameOf(owner, key), { request, answer, at: now() })
    },
  }
}
