/**
 * The other side's clock minus ours, from Date headers. A header has whole seconds and was written at some moment
 * between question and answer, so each says only within which bounds the offset lies; bounds of several answers
 * together leave little room. When they contradict each other a clock was set, and the newest one counts.
 */
export class DateClock {
  #least = Number.NEGATIVE_INFINITY
  #most = Number.POSITIVE_INFINITY

  /** ms; 0 before the first answer. */
  get offsetMs(): number {
    return this.#most === Number.POSITIVE_INFINITY ? 0 : Math.round((this.#least + this.#most) / 2)
  }

  /**
   * @param date the Date header; one that cannot be read says nothing
   * @param sentAt @param receivedAt wall clock of this machine, ms
   */
  observe(date: string | undefined, sentAt: number, receivedAt: number): void {
    const second = date === undefined ? Number.NaN : Date.parse(date)
    if (!Number.isFinite(second) || receivedAt < sentAt) return
    const least = second - receivedAt
    const most = second + 1000 - sentAt
    const together = { least: Math.max(least, this.#least), most: Math.min(most, this.#most) }
    const agree = together.least <= together.most
    this.#least = agree ? together.least : least
    this.#most = agree ? together.most : most
  }
}
