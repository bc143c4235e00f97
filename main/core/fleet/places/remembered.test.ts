import { describe, expect, it } from 'vitest'
import { fleetWith, gpu, inventoryOf, rowOf, scraper, SECOND, START } from '../testkit.ts'
import type { LiveFleet } from '../types.ts'
import type { RememberedHost } from './remembered.ts'

const MINUTE = 60 * SECOND
const DAY = 24 * 60 * MINUTE

const host = (name: string, seenAt = START - MINUTE, gpus = 2): RememberedHost => ({
  name,
  seenAt,
  gpus: Array.from({ length: gpus }, (_, slot) => ({
    slot,
    uuid: `GPU-${name}-${slot}`,
    model: 'NVIDIA H100 80GB HBM3',
  })),
})

/** The hosts answer for a while, with the roll called at each answer, as both ways to the floor do. */
function watch(fleet: LiveFleet, answering: Record<string, number>, seconds = 40, from = START): void {
  const sources = Object.entries(answering).map(([name, gpus]) => ({
    name,
    gpus,
    source: scraper(fleet, `${name}:9400`),
  }))
  for (let s = 0; s <= seconds; s += 5) {
    const at = from + s * SECOND
    for (const { name, gpus, source } of sources) {
      const rows = Array.from({ length: gpus }, (_, slot) => gpu(name, slot, { power: 300, energy: 1e9 + s }))
      source.answer(rows.flat(), at)
    }
    fleet.callRoll(at, [])
    fleet.evaluate(at)
  }
}
const critical = (fleet: LiveFleet) =>
  fleet.findings().findings.filter(({ severity }) => severity === 'critical')

describe('machines that an engine before this one saw, on a floor without an inventory', () => {
  it('are critical once the others have answered without them, since they were seen last', () => {
    const fleet = fleetWith({ remembered: [host('h-1'), host('h-2', START - 5 * MINUTE)] })
    watch(fleet, { 'h-1': 2 })
    expect(critical(fleet)).toMatchObject([{ where: 'h-2', since: START - 5 * MINUTE }])
    expect(fleet.rollCall()).toMatchObject({ present: 2, missing: 2 })
    expect(rowOf(fleet, 'h-1', 0).conditions).toEqual([])
  })

  it('are nothing of the kind before anybody else has answered', () => {
    const fleet = fleetWith({ remembered: [host('h-1'), host('h-2')] })
    for (let s = 0; s <= 60; s += 5) fleet.evaluate(START + s * SECOND)
    expect(critical(fleet)).toEqual([])
  })

  it('are silent also where their exporter is a target that does not answer', () => {
    const fleet = fleetWith({ remembered: [host('h-1'), host('h-2')] })
    const source = scraper(fleet, 'h-1:9400')
    for (let s = 0; s <= 40; s += 5) {
      const at = START + s * SECOND
      source.answer(
        [0, 1].flatMap((slot) => gpu('h-1', slot, { power: 300, energy: 1e9 + s })),
        at,
      )
      fleet.callRoll(at, [{ source: 'h-2:9400', address: 'h-2:9400', labels: new Map() }])
      fleet.evaluate(at)
    }
    expect(critical(fleet)).toMatchObject([{ where: 'h-2' }])
  })

  it('miss the GPU that does not answer any more, and take back their places when they do', () => {
    const fleet = fleetWith({ remembered: [host('h-1', START - MINUTE, 2)] })
    watch(fleet, { 'h-1': 1 })
    expect(rowOf(fleet, 'h-1', 1).conditions).toContain('missing')
    watch(fleet, { 'h-1': 2 }, 40, START + MINUTE)
    expect(critical(fleet)).toEqual([])
    expect(fleet.topology().gpus.uuid).toHaveLength(2)
  })

  it('are handed on with their newest sample, and with the one before where they have not answered', () => {
    const fleet = fleetWith({ remembered: [host('h-2')] })
    watch(fleet, { 'h-1': 1 })
    expect(fleet.toRemember().map(({ name, seenAt }) => [name, seenAt])).toEqual([
      ['h-2', START - MINUTE],
      ['h-1', START + 40 * SECOND],
    ])
  })

  it('leave after a week, or when they are dismissed, and are not remembered then', () => {
    const old = fleetWith({ remembered: [host('h-2', START - 8 * DAY)] })
    watch(old, { 'h-1': 1 })
    expect(old.toRemember().map(({ name }) => name)).toEqual(['h-1'])

    const fleet = fleetWith({ remembered: [host('h-2')] })
    watch(fleet, { 'h-1': 1 })
    expect(fleet.dismiss('h-1')).toBe('answers')
    expect(fleet.dismiss('h-9')).toBe('unknown')
    expect(fleet.dismiss('h-2')).toBeNull()
    fleet.evaluate(START + MINUTE)
    expect([critical(fleet), fleet.toRemember().map(({ name }) => name)]).toEqual([[], ['h-1']])
  })

  it('are left to the inventory where there is one', () => {
    const fleet = fleetWith({ inventory: inventoryOf({ 'h-1': 1 }), remembered: [host('h-2')] })
    watch(fleet, { 'h-1': 1 })
    expect([critical(fleet), fleet.toRemember(), fleet.dismiss('h-1')]).toEqual([[], [], 'listed'])
  })
})
