import { createLedger, type Books } from '../ledger/ledger.ts'
import { AT, WIDTH } from '../ledger/measures.ts'
import type { Measure } from '../../../shared/model/tokens.ts'
import { MEASURES } from '../../../shared/model/tokens.ts'
import type { FactoryOptions } from '../factory/factory.ts'
import { createWorld, type World } from './series.ts'

/** A factory with its books, for tests. */
export interface BookedWorld {
  readonly world: World
  readonly books: Books
  /** Steps of `step` seconds, 1 by default. */
  run(seconds: number, step?: number): void
}

export function createBookedWorld(options: Partial<FactoryOptions> = {}): BookedWorld {
  const world = createWorld(options)
  const { factory } = world
  const books = createLedger(factory, factory.options.seed)
  return {
    world,
    books,
    run(seconds, step = 1) {
      for (let passed = 0; passed < seconds; passed += step) {
        const from = factory.now()
        factory.step(step)
        books.advance(from, factory.now())
      }
    },
  }
}

export type Sums = Record<Measure, number>

/** Usage of all streams that pass, from the history. */
export function sumsOf(
  books: Books,
  fromMs: number,
  toMs: number,
  passes: (stream: Books['metered'][number]) => boolean = () => true,
): Sums {
  const rows = new Float64Array(books.metered.length * WIDTH)
  books.history.add(rows, fromMs, toMs)
  const sums = Object.fromEntries(MEASURES.map((measure) => [measure, 0])) as Sums
  books.metered.forEach((stream, i) => {
    if (!passes(stream)) return
    for (const measure of MEASURES) sums[measure] += rows[i * WIDTH + AT[measure]] ?? 0
  })
  return sums
}
