import { describe, expect, it } from 'vitest'
import { fleetWith, gpu, scraper, SECOND, START } from '../../core/fleet/testkit.ts'
import { SiteMemory } from './memory.ts'

/** A floor that grows by a host with every turn. */
function growing() {
  const fleet = fleetWith()
  const memory = new SiteMemory(fleet, 5 * SECOND)
  let hosts = 0
  return {
    record(s: number) {
      fleet.evaluate(START + s * SECOND)
      memory.record(START + s * SECOND)
      return fleet.topology().version
    },
    grow(s: number) {
      hosts++
      scraper(fleet, `h-${hosts}`).answer(gpu(`h-${hosts}`, 0, { power: 100 }), START + s * SECOND)
      return this.record(s)
    },
    knows(topologyVersion: number): boolean {
      try {
        const question = { rows: [0], fields: ['power' as const], fromMs: 0, toMs: 1, maxPoints: 10 }
        return memory.topologyFor({ ...question, topologyVersion }).version === topologyVersion
      } catch {
        return false
      }
    },
  }
}

describe('the memory of a site', () => {
  it('knows the floors that a screen may still have drawn, and forgets them after a while', () => {
    const site = growing()
    const first = site.grow(0)
    const second = site.grow(1)
    const third = site.grow(2)
    expect(new Set([first, second, third]).size).toBe(3)
    for (const s of [3, 30, 60]) {
      site.record(s)
      expect([first, second, third].map((version) => site.knows(version))).toEqual([true, true, true])
    }
    site.record(62)
    expect([first, second, third].map((version) => site.knows(version))).toEqual([false, true, true])
    site.record(100)
    expect([first, second, third].map((version) => site.knows(version))).toEqual([false, false, true])
  })

  it('bounds how many it knows, however fast one follows another', () => {
    const site = growing()
    const versions = Array.from({ length: 30 }, (_, i) => site.grow(i / 10))
    expect(versions.filter((version) => site.knows(version))).toHaveLength(16)
    expect(site.knows(versions.at(-1) ?? 0)).toBe(true)
  })
})
