import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createTargetParser, heedTimes } from '../../exposition/index.ts'
import { Counters, type Slice } from './counters.ts'
import { COUNTED } from './series.ts'

const text = readFileSync(
  join(import.meta.dirname, '../../../../test/fixtures/cases/24-vm-federate-nan.prom'),
  'utf8',
)
/** When the file was asked for, ms. */
const ASKED = 1_790_000_012_000
const input = (slice: Slice | null) =>
  slice === null
    ? null
    : [...slice.rows].reduce((sum, _, i) => sum + (slice.values[i * COUNTED.length] ?? 0), 0)

it('24: counters that a Prometheus federates are of their own time, and what ended neither falls nor is reset', () => {
  const parser = createTargetParser(undefined, { dcgmBlanks: false })
  const counters = new Counters()
  const read = (body: string, askedAt: number) => {
    const parsed = parser.parse(Buffer.from(body))
    const { sampledAt } = heedTimes(parsed, askedAt)
    return { sampledAt, tokens: input(counters.read(parsed, sampledAt)) }
  }
  const first = read(text, ASKED)
  expect(first).toEqual({ sampledAt: 1_790_000_010_000, tokens: null })
  // The same samples again are no newer, whenever they are asked for.
  expect(read(text, ASKED + 10_000)).toEqual({ sampledAt: 1_790_000_010_000, tokens: null })
  const grown = text
    .replaceAll('1200345 1790000010000', '1200445 1790000040000')
    .replaceAll(' 1790000010000', ' 1790000040000')
  expect(read(grown, ASKED + 30_000)).toEqual({ sampledAt: 1_790_000_040_000, tokens: 100 })
  expect(counters.areSeveral).toBe(false)
})
