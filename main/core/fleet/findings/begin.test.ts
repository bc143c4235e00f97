import { describe, expect, it } from 'vitest'
import type { FieldId } from '../../../../shared/model/field.ts'
import { fleetWith, gpu, scraper, SECOND, START } from '../testkit.ts'

/** One GPU that is told its figures every five seconds. */
function watched() {
  const fleet = fleetWith()
  const exporter = scraper(fleet, 'a')
  let s = -5
  return {
    say(figures: Partial<Record<FieldId, number>>, times = 1) {
      for (let i = 0; i < times; i++) {
        s += 5
        exporter.answer(gpu('h-1', 0, { energy: 1e9 + s, smActive: 0.5, ...figures }), START + s * SECOND)
        fleet.evaluate(START + s * SECOND)
      }
    },
    begins: () =>
      fleet
        .findings()
        .findings.map(({ kind, since, sinceAtLeast = false }) => [
          kind,
          (since - START) / SECOND,
          sinceAtLeast,
        ]),
  }
}

const FAULTS = [
  ['xid', { xid: 79 }],
  ['hot', { gpuTemp: 200 - 105 }],
  ['ecc', { eccDbe: 1 }],
  ['remapFailed', { remapFailure: 1 }],
] as const satisfies [string, Partial<Record<FieldId, number>>][]
const WELL = { xid: 0, gpuTemp: 50, eccDbe: 0, remapFailure: 0 }

describe('since', () => {
  it.each(FAULTS)(
    'of %s is at least as long as this console looks where it was there at first',
    (kind, fault) => {
      const { say, begins } = watched()
      say({ ...WELL, ...fault }, 30)
      expect(begins()).toEqual([[kind, 0, true]])
    },
  )

  it.each(FAULTS)('of %s is known where it came while this console looked on', (kind, fault) => {
    const { say, begins } = watched()
    say(WELL, 20)
    say({ ...WELL, ...fault }, 30)
    expect(begins()).toEqual([[kind, 100, false]])
  })

  it('of a code that was read at the second look is exact, of one that came with its first reading is not', () => {
    const late = watched()
    late.say({ power: 300 })
    late.say({ power: 300, xid: 79 })
    expect(late.begins()).toEqual([['xid', 5, true]])
    const seen = watched()
    seen.say({ power: 300, xid: 0 })
    seen.say({ power: 300, xid: 79 })
    expect(seen.begins()).toEqual([['xid', 5, false]])
  })

  it('of an exporter that has never moved is no freeze that began with this console', () => {
    const still = watched()
    still.say({ power: 300, energy: 5 }, 40)
    expect(still.begins()).toEqual([['frozen', 0, true]])
    const stopped = watched()
    stopped.say({ power: 300 }, 10)
    stopped.say({ power: 300, energy: 5 }, 40)
    expect(stopped.begins()).toEqual([['frozen', 50, false]])
  })
})
