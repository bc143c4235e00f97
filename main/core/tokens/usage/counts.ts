/**
 * Whole numbers by index, exact at any size: doubles where they hold them, bigints beside them where they do not. Rates
 * and pictures read `approximate`, totals and money read `exact`.
 */
export class Counts {
  readonly length: number
  readonly #near: Float64Array
  #largest = 0
  /** Only those beyond 2^53; hardly ever any. */
  #wide: Map<number, bigint> | null = null

  constructor(length: number) {
    this.length = length
    this.#near = new Float64Array(length)
  }

  /** The same counts with room for more or fewer. */
  resized(length: number): Counts {
    const other = new Counts(length)
    other.#near.set(this.#near.subarray(0, length))
    other.#largest = this.#largest
    for (const [index, count] of this.#wide ?? [])
      if (index < length) (other.#wide ??= new Map()).set(index, count)
    return other
  }

  set(index: number, count: bigint | number): void {
    const near = Number(count)
    this.#near[index] = near
    if (near > this.#largest) this.#largest = near
    if (typeof count === 'bigint' && count > MAX_SAFE) (this.#wide ??= new Map()).set(index, count)
    else this.#wide?.delete(index)
  }

  add(index: number, count: bigint | number): void {
    const near = this.#near[index] ?? 0
    if (typeof count === 'number' && this.#wide === null && near + count <= Number.MAX_SAFE_INTEGER) {
      this.#near[index] = near + count
      if (near + count > this.#largest) this.#largest = near + count
    } else this.set(index, this.exact(index) + BigInt(count))
  }

  /** Of all that ever stood there: a bound of what does, approximately. */
  get largest(): number {
    return this.#largest
  }

  exact(index: number): bigint {
    return this.#wide?.get(index) ?? BigInt(this.#near[index] ?? 0)
  }

  approximate(index: number): number {
    return this.#near[index] ?? 0
  }
}

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER)
