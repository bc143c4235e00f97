import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Cadence } from './cadence.ts'
import { staleLimit } from './observation.ts'

function learnt(times: readonly number[]): number | null {
  const cadence = new Cadence()
  for (const at of times) cadence.note(at)
  return cadence.ms
}

test('one sample says nothing about the pause to the next', () => {
  expect(learnt([])).toBeNull()
  expect(learnt([1000, 1000, 400])).toBeNull()
})

test('an outage of ten minutes between samples of 15 s does not make the source a slow one', () => {
  const times = Array.from({ length: 8 }, (_, i) => i * 15_000 + (i > 4 ? 600_000 : 0))
  expect(learnt(times)).toBe(15_000)
})

test('a source that was set to another interval is followed after three samples', () => {
  expect(learnt([0, 15_000, 30_000, 45_000, 60_000, 75_000, 135_000, 195_000, 255_000])).toBe(60_000)
})

test('what was assumed holds until two samples were seen', () => {
  const cadence = new Cadence(60_000)
  cadence.note(0)
  expect(cadence.ms).toBe(60_000)
  cadence.note(30_000)
  expect(cadence.ms).toBe(30_000)
})

test('property: figures of a steady source are never stale between two samples', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1000, max: 120_000 }),
      fc.integer({ min: 2, max: 20 }),
      (pause, samples) => {
        const cadence = learnt(Array.from({ length: samples }, (_, i) => i * pause))
        expect(staleLimit(30_000, cadence)).toBeGreaterThanOrEqual(2 * pause)
      },
    ),
  )
})

test('follows a source that is told to sample less often after two pauses, and takes one outage for none', () => {
  const cadence = new Cadence()
  for (let s = 0; s <= 90; s += 15) cadence.note(s * 1000)
  cadence.note(210_000)
  expect(cadence.ms).toBe(15_000)
  cadence.note(330_000)
  expect(cadence.ms).toBe(120_000)
})
