import type { SourceError } from '../../../../shared/model/source.ts'

/** A server that asks for more is looked at again after this, ms: a header may hold anything. */
const LONGEST_MS = 5 * 60_000

/**
 * The pause that a server asked for. It holds back every question of this client, because a server that is flooded or
 * starting means all of them.
 */
export class Pause {
  #until = Number.NEGATIVE_INFINITY
  #reason: SourceError | null = null

  /** @param until @param now monotonic, ms */
  begin(until: number, now: number, reason: SourceError): void {
    this.#until = Math.min(until, now + LONGEST_MS)
    this.#reason = reason
  }

  end(): void {
    this.#reason = null
  }

  /** What is left, ms, and why; null where questions may go. */
  at(now: number): { readonly leftMs: number; readonly reason: SourceError } | null {
    if (this.#reason === null || now >= this.#until) return null
    return { leftMs: this.#until - now, reason: this.#reason }
  }
}

/**
 * How long Retry-After wants, ms; null where it says nothing that can be read.
 * @param serverNow the server's clock, ms, for the form with a date
 */
export function retryAfterMs(header: string | undefined, serverNow: number): number | null {
  const text = header?.trim() ?? ''
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000
  if (!/[a-z]/i.test(text)) return null
  const at = Date.parse(text)
  return Number.isFinite(at) ? Math.max(0, at - serverNow) : null
}
