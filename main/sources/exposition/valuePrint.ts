/**
 * A print of how the values of a scrape are written, to tell one in which nothing at all has changed: eight bytes per
 * target, where the texts themselves would be as large as all the rest that is kept of it.
 */
export class ValuePrint {
  #first = 0x811c9dc5
  #second = 0

  /** Takes the next value; where one ends and the next begins counts, too. */
  add(body: Uint8Array, start: number, end: number): void {
    let first = Math.imul(this.#first ^ (end - start), 0x01000193)
    let second = (Math.imul(this.#second, 31) + (end - start)) | 0
    for (let i = start; i < end; i++) {
      const byte = body[i] as number
      first = Math.imul(first ^ byte, 0x01000193)
      second = (Math.imul(second, 31) + byte) | 0
    }
    this.#first = first
    this.#second = second
  }

  equals(other: ValuePrint): boolean {
    return this.#first === other.#first && this.#second === other.#second
  }
}
