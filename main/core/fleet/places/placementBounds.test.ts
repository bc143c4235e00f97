import { describe, expect, it } from 'vitest'
import { createEventLog } from '../findings/events.ts'
import { DEFAULT_HOST_LABELS } from './hostName.ts'
import { placeSeries } from './placement.ts'
import { createRegistry, MAX_BOARDS_OF_HOST, type Registry } from './registry.ts'
import { fleetWith, gpuLabels, inventoryOf, series, START } from '../testkit.ts'
import type { SeriesIdentity } from '../types.ts'
import { createXidLedger } from '../findings/xid.ts'
import { atOnce } from '../../steps.ts'

const STALE_AFTER = 30_000

function registry(inventory: Record<string, number> | null = null): Registry {
  return createRegistry(inventory && inventoryOf(inventory), createEventLog())
}

/** The series of GPUs that give no usable number: two figures each. */
function unnumbered(host: string, count: number, gpu?: string): SeriesIdentity[] {
  return Array.from({ length: count }, (_, i) => {
    const labels = {
      UUID: `GPU-${String(i).padStart(5, '0')}`,
      Hostname: host,
      ...(gpu === undefined ? {} : { gpu }),
    }
    return [series('gpuTemp', labels), series('power', labels)]
  }).flat()
}

function place(into: Registry, answer: readonly SeriesIdentity[], at = START) {
  const steps = placeSeries(answer, {
    placing: {
      registry: into,
      source: 'exporter-1',
      target: new Map(),
      hostLabels: DEFAULT_HOST_LABELS,
      at,
      otherOwner: () => -1,
      nameOf: () => '',
      addressOf: () => '',
      staleLimit: () => STALE_AFTER,
    },
    xids: createXidLedger(),
    part: 'exporter-1',
    budget: into.budgets.of('exporter-1', 'floor'),
  })
  return atOnce(steps)
}

describe('a host whose GPUs have no usable number', () => {
  it.each([
    ['without a gpu label', undefined],
    ['with one beyond any slot', '4096'],
  ])('gives slots in the order of UUIDs, %s', (_, label) => {
    const floor = registry()
    place(floor, unnumbered('h-1', 20, label).toReversed())
    expect(floor.units.map((unit) => unit?.slot).toSorted((a, b) => (a ?? 0) - (b ?? 0))).toEqual(
      Array.from({ length: 20 }, (_, slot) => slot),
    )
    expect(floor.units[floor.byUuid.get('GPU-00003') ?? -1]?.slot).toBe(3)
    expect(floor.refusals.list(START)).toEqual([])
  })

  it.each([
    ['without a gpu label', undefined],
    ['with one beyond any slot', '4096'],
  ])('keeps what a machine may carry of 5,000 UUIDs and names the rest, %s', (_, label) => {
    const floor = registry()
    const placement = place(floor, unnumbered('h-1', 5000, label))
    expect(floor.units).toHaveLength(MAX_BOARDS_OF_HOST)
    expect(placement.units.filter((unit) => unit >= 0)).toHaveLength(2 * MAX_BOARDS_OF_HOST)
    expect(floor.refusals.list(START)).toEqual([
      {
        speaker: 'exporter-1',
        kind: 'boardsOfHost',
        where: 'h-1',
        count: 5000 - MAX_BOARDS_OF_HOST,
        since: START,
        lastAt: START,
      },
    ])
  })

  it('fills the slots that numbered boards leave', () => {
    const floor = registry()
    const numbered = [0, 2].map((slot) => series('gpuTemp', gpuLabels('h-1', slot)))
    place(floor, [...numbered, ...unnumbered('h-1', 2)])
    expect(floor.units[floor.byUuid.get('GPU-00000') ?? -1]?.slot).toBe(1)
    expect(floor.units[floor.byUuid.get('GPU-00001') ?? -1]?.slot).toBe(3)
  })

  it('keeps the units of a host in the order of slots, however they come and go', () => {
    const floor = registry()
    for (const slot of [7, 3, 5, 0, 9, 4]) place(floor, [series('gpuTemp', gpuLabels('h-1', slot))])
    const slots = () => floor.hosts.all[0]?.units.map((unit) => floor.units[unit]?.slot)
    expect(slots()).toEqual([0, 3, 4, 5, 7, 9])
    floor.forget(floor.board(0, 5))
    expect(floor.board(0, 5)).toBe(-1)
    place(floor, [series('gpuTemp', gpuLabels('h-1', 5))])
    expect(slots()).toEqual([0, 3, 4, 5, 7, 9])
  })

  it('takes a listed host by its own number', () => {
    const floor = registry({ 'h-1': 8 })
    place(floor, unnumbered('h-1', 5000))
    expect(floor.hosts.all[0]?.units).toHaveLength(MAX_BOARDS_OF_HOST)
    expect(floor.units.filter((unit) => unit?.expected)).toHaveLength(8)
  })
})

it('counts a board that claims more MIG instances than there are, and forgets it once it behaves', () => {
  const floor = registry()
  const instances = (count: number) =>
    Array.from({ length: count }, (_, i) =>
      series('grActive', gpuLabels('h-1', 0, { GPU_I_ID: String(i), GPU_I_PROFILE: '1g.10gb' })),
    )
  place(floor, instances(40))
  expect(floor.refusals.list(START)).toMatchObject([
    { kind: 'instancesOfBoard', where: 'h-1 · GPU 0', count: 24 },
  ])
  place(floor, instances(7), START + 60_000)
  expect(floor.refusals.list(START + 110_000)).toHaveLength(1)
  expect(floor.refusals.list(START + 121_000)).toEqual([])
})

it('makes no host for a GPU that finds no room on a full floor', () => {
  const fleet = fleetWith({ mostUnits: 4 * MAX_BOARDS_OF_HOST })
  const part = (from: number, hosts: number) =>
    Array.from({ length: hosts }, (_, host) =>
      Array.from({ length: MAX_BOARDS_OF_HOST }, (_, slot) =>
        series('gpuTemp', {
          gpu: String(slot),
          UUID: `GPU-${from + host}-${slot}`,
          Hostname: `h-${from + host}`,
        }),
      ),
    ).flat()
  const observe = (source: string, all: readonly SeriesIdentity[]) =>
    fleet.observe({
      source,
      sampledAt: START,
      cadenceMs: null,
      complete: true,
      rows: { series: all, values: new Float64Array(all.length).fill(40) },
    })
  observe('one', part(0, 2))
  observe('another', part(2, 2))
  observe('a third', part(4, 3))
  fleet.evaluate(START)
  const { hosts, gpus } = fleet.topology()
  expect(gpus.host).toHaveLength(4 * MAX_BOARDS_OF_HOST)
  expect(hosts).toHaveLength(4)
  expect(fleet.findings().findings.map(({ id }) => id)).toContain('source/full')
  expect(fleet.doubts('a third')).toMatchObject([{ code: 'floor-full' }])
  expect(fleet.doubts('one')).toEqual([])
})
