/**
 * Figures of many rows over the newest steps: a row's steps lie side by side, and a step's place is its number modulo
 * the length. Which steps are there at all is known to whoever writes: old figures stay until they are overwritten.
 */
export class Ring {
  readonly slots: number
  #data: Float64Array

  constructor(slots: number, rows: number) {
    this.slots = slots
    this.#data = new Float64Array(slots * rows)
  }

  /** Makes room for so many rows; what is there stays. */
  grow(rows: number): void {
    if (rows * this.slots <= this.#data.length) return
    const larger = new Float64Array(rows * this.slots)
    larger.set(this.#data)
    this.#data = larger
  }

  /** As many of the steps before `end` as both have room for, in a ring of another length. */
  resized(slots: number, rows: number, end: number): Ring {
    const other = new Ring(slots, rows)
    const most = Math.min(rows, this.#data.length / this.slots)
    const first = Math.max(0, end - Math.min(slots, this.slots))
    for (let row = 0; row < most; row++) {
      for (let step = first; step < end; step++) {
        other.#data[row * slots + (step % slots)] = this.get(row, step)
      }
    }
    return other
  }

  get(row: number, step: number): number {
    return this.#data[row * this.slots + (step % this.slots)] as number
  }

  add(row: number, step: number, value: number): void {
    const at = row * this.slots + (step % this.slots)
    this.#data[at] = (this.#data[at] as number) + value
  }

  /** Zeroes steps from `first` up to `end` of one row; at most all of them. */
  clear(row: number, first: number, end: number): void {
    const { slots } = this
    const base = row * slots
    if (end - first >= slots) {
      this.#data.fill(0, base, base + slots)
      return
    }
    const from = first % slots
    const to = from + (end - first)
    this.#data.fill(0, base + from, base + Math.min(to, slots))
    if (to > slots) this.#data.fill(0, base, base + to - slots)
  }

  /** Adds steps from `first` up to `end` of one row to `into`, from its start on. */
  addTo(into: Float64Array, row: number, first: number, end: number): void {
    const base = row * this.slots
    for (let step = first, i = 0; step < end; step++, i++) {
      into[i] = (into[i] as number) + (this.#data[base + (step % this.slots)] as number)
    }
  }

  /** Sum of steps from `first` up to `end` of one row. */
  sum(row: number, first: number, end: number): number {
    const base = row * this.slots
    let sum = 0
    for (let step = first; step < end; step++) sum += this.#data[base + (step % this.slots)] as number
    return sum
  }

  /** Only these rows, in this order. */
  keep(rows: readonly number[]): void {
    const { slots } = this
    for (const [to, from] of rows.entries()) {
      if (to !== from) this.#data.copyWithin(to * slots, from * slots, (from + 1) * slots)
    }
    this.#data.fill(0, rows.length * slots)
  }
}
