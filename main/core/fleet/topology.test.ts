import { describe, expect, it } from 'vitest'
import { topologySchema } from '../../../shared/model/topology.ts'
import { fleetWith, gpu, inventoryOf, rowOf, scraper, SECOND, START } from './testkit.ts'
import { plainly } from '../../../test/support/plainly.ts'

const names = (fleet: ReturnType<typeof fleetWith>) => fleet.topology().hosts.map(({ name }) => name)

describe('row order', () => {
  it('is the inventory, then unlisted hosts naturally sorted on a floor of their own', () => {
    const fleet = fleetWith({ inventory: inventoryOf({ zeta: 1, alpha: 2 }) })
    const exporter = scraper(fleet, 'a')
    exporter.answer(
      ['x-10', 'x-2', 'alpha'].flatMap((host) => gpu(host, 0, { power: 100 })),
      START,
    )
    fleet.evaluate(START)
    expect(names(fleet)).toEqual(['zeta', 'alpha', 'x-2', 'x-10'])
    const { floors, racks, gpus } = fleet.topology()
    expect(floors.map(({ name }) => name)).toEqual(['Floor 1', 'not in the inventory'])
    expect(racks.map(({ name }) => name)).toEqual(['R1', 'not in the inventory'])
    expect(gpus.slot).toEqual([0, 0, 1, 0, 0])
    expect(fleet.rollCall()).toEqual({ expected: 3, present: 1, missing: 2, unexpected: 2 })
    expect(topologySchema.safeParse(fleet.topology()).success).toBe(true)
  })

  it('puts a slot beyond the listed number behind the listed ones, as unexpected', () => {
    const fleet = fleetWith({ inventory: inventoryOf({ 'h-1': 1 }) })
    scraper(fleet, 'a').answer([...gpu('h-1', 1, { power: 1 }), ...gpu('h-1', 0, { power: 1 })], START)
    fleet.evaluate(START)
    expect(rowOf(fleet, 'h-1', 0).presence).toBe('present')
    expect(rowOf(fleet, 'h-1', 1)).toMatchObject({ presence: 'unexpected', conditions: ['unexpected'] })
  })

  it('learns everything without an inventory: unlisted while seen, missing once gone', () => {
    const fleet = fleetWith()
    const exporter = scraper(fleet, 'a')
    exporter.answer([...gpu('h-1', 0, { power: 1 }), ...gpu('h-1', 1, { power: 1 })], START)
    fleet.evaluate(START)
    expect(fleet.rollCall()).toEqual({ expected: null, present: 2, missing: 0, unexpected: 0 })
    for (let s = 5; s <= 15; s += 5)
      exporter.answer(gpu('h-1', 0, { power: 100, energy: 1 + s }), START + s * SECOND)
    fleet.evaluate(START + 15 * SECOND)
    expect(fleet.rollCall()).toEqual({ expected: null, present: 1, missing: 1, unexpected: 0 })
    expect(fleet.topology().inventory).toBe('learnt')
  })

  it('groups many hosts of a floor without an inventory into racks named after them', () => {
    const fleet = fleetWith({ site: 'Lab' })
    const exporter = scraper(fleet, 'a')
    exporter.answer(Array.from({ length: 40 }, (_, i) => gpu(`h-${i + 1}`, 0, { power: 1 })).flat(), START)
    fleet.evaluate(START)
    expect(fleet.topology().racks.map(({ name }) => name)).toEqual([
      'h-1 to h-16',
      'h-17 to h-32',
      'h-33 to h-40',
    ])
  })
})

describe('groups of hosts without an inventory', () => {
  const racksOf = (hosts: readonly string[]) => {
    const fleet = fleetWith({ site: 'Lab' })
    scraper(fleet, 'a').answer(
      hosts.flatMap((name) => gpu(name, 0, { power: 1 })),
      START,
    )
    fleet.evaluate(START)
    const { racks, hosts: placed } = fleet.topology()
    return racks.map((_, rack) => placed.filter((host) => host.rack === rack).map(({ name }) => name))
  }
  const numbered = Array.from({ length: 64 }, (_, i) => `h-${i + 1}`)

  it('keep their hosts when another one comes or goes', () => {
    const all = racksOf(numbered)
    expect(all).toHaveLength(4)
    const fewer = racksOf(numbered.filter((name) => name !== 'h-3' && name !== 'h-20'))
    expect(fewer.map(([, second]) => second)).toEqual(['h-2', 'h-18', 'h-34', 'h-50'])
    expect(fewer.slice(2)).toEqual(all.slice(2))
  })

  it('go by count where names have no numbers, or scattered ones', () => {
    const scattered = racksOf(Array.from({ length: 40 }, (_, i) => `node-${(i + 1) * 1000}`))
    expect(scattered.map((hosts) => hosts.length)).toEqual([16, 16, 8])
    const lettered = Array.from(
      { length: 32 },
      (_, i) => `node-${String.fromCharCode(97 + (i % 26))}${i > 25 ? 'x' : ''}`,
    )
    expect(racksOf(lettered).map((hosts) => hosts.length)).toEqual([16, 16])
  })

  it('take the number of the machine, not that of its domain', () => {
    const racks = racksOf(numbered.map((name) => `${name}.dc7.example.com`))
    expect(racks.map((hosts) => hosts.length)).toEqual([16, 16, 16, 16])
  })
})

const pods = (pod: string) => gpu('h-1', 0, { power: 1 }, { pod, namespace: 'n', container: 'c' })

describe('versions', () => {
  it('stay while nothing changes and move when a host appears; figures follow their slot', () => {
    const fleet = fleetWith()
    const exporter = scraper(fleet, 'a')
    exporter.answer(gpu('h-2', 0, { power: 222 }), START)
    fleet.evaluate(START)
    const { version } = fleet.topology()
    fleet.evaluate(START + SECOND)
    expect(fleet.topology().version).toBe(version)
    scraper(fleet, 'b').answer(gpu('h-1', 0, { power: 111 }), START + SECOND)
    // Until the next evaluation picture and topology still fit together.
    expect(fleet.frame([]).rows).toBe(fleet.topology().gpus.host.length)
    fleet.evaluate(START + 2 * SECOND)
    expect(fleet.topology().version).toBe(version + 1)
    expect(names(fleet)).toEqual(['h-1', 'h-2'])
    expect(rowOf(fleet, 'h-2', 0).value('power')).toBe(222)
    expect(fleet.frame([]).topologyVersion).toBe(version + 1)
  })

  it('do not move for a change that is undone before anybody looks', () => {
    const fleet = fleetWith()
    scraper(fleet, 'a').answer(pods('one'), START)
    fleet.evaluate(START)
    const before = fleet.topology()
    const other = scraper(fleet, 'b')
    other.answer(pods('two'), START + 1)
    other.answer(pods('one'), START + 2)
    fleet.evaluate(START + 3)
    expect(fleet.topology()).toBe(before)
  })
})

it('lets an unlisted host leave an hour after it was last seen', () => {
  const fleet = fleetWith({ inventory: inventoryOf({ 'h-1': 1 }) })
  scraper(fleet, 'a').answer(gpu('guest', 0, { power: 1 }), START)
  fleet.evaluate(START)
  expect(names(fleet)).toEqual(['h-1', 'guest'])
  fleet.evaluate(START + 3_569 * SECOND)
  fleet.evaluate(START + 3_599 * SECOND)
  expect(names(fleet)).toEqual(['h-1', 'guest'])
  fleet.evaluate(START + 3_601 * SECOND)
  expect(names(fleet)).toEqual(['h-1'])
  // Its place may go to another host without a trace of it.
  scraper(fleet, 'b').answer(gpu('other', 0, { smActive: 0.5 }), START + 3_602 * SECOND)
  fleet.evaluate(START + 3_602 * SECOND)
  expect(rowOf(fleet, 'other', 0).figure('power')).toBe('absent')
  expect(rowOf(fleet, 'other', 0).conditions).toEqual(['unexpected'])
})

it('drops no GPU that it could not ask for, because this machine slept', () => {
  const fleet = fleetWith()
  const exporter = scraper(fleet, 'a')
  exporter.answer(gpu('h-1', 0, { power: 1, smActive: 0.5 }), START)
  fleet.evaluate(START)
  const morning = START + 30 * 86_400 * SECOND
  fleet.evaluate(morning)
  fleet.evaluate(morning + 5 * SECOND)
  expect(names(fleet)).toEqual(['h-1'])
  expect(rowOf(fleet, 'h-1', 0)).toMatchObject({ state: 'stale', conditions: ['stale'] })
  exporter.answer(gpu('h-1', 0, { power: 2, smActive: 0.6 }), morning + 6 * SECOND)
  fleet.evaluate(morning + 6 * SECOND)
  expect(rowOf(fleet, 'h-1', 0)).toMatchObject({ state: 'ok', conditions: [] })
})

it('compares listed UUIDs with what stands in the slot', () => {
  const inventory = inventoryOf({ 'h-1': 1 })
  const host = inventory.floors[0]?.racks[0]?.hosts[0]
  if (host) host.uuids = ['GPU-listed']
  const fleet = fleetWith({ inventory })
  const exporter = scraper(fleet, 'a')
  for (const s of [0, 3600]) {
    exporter.answer(gpu('h-1', 0, { power: 100, energy: 1 + s }), START + s * SECOND)
    fleet.evaluate(START + s * SECOND)
    expect(rowOf(fleet, 'h-1', 0).conditions).toEqual(['identityChanged'])
  }
  expect(plainly(fleet.findings()).findings[0]?.by).toContain('GPU-listed')
})
