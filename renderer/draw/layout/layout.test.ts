import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EMPTY_TOPOLOGY, type Topology } from '../../../shared/model/topology.ts'
import { syntheticFleet } from '../../../test/fixtures/syntheticFleet.ts'
import { neighbour, rowAtPoint, rowsInRect } from '../hit.ts'
import { fit, zoomAbout } from '../viewport.ts'
import { cellOf, holeAt, holeOf, layOut, rectOf } from './layout.ts'
import { atZoom, rebase } from './zoomed.ts'

const viewport = fc.record({
  width: fc.integer({ min: 200, max: 3840 }),
  height: fc.integer({ min: 150, max: 2160 }),
  pixelRatio: fc.constantFrom(1, 1.25, 1.5, 2),
  em: fc.constantFrom(1, 1.5),
})

/** Any floor: halls, racks and hosts of every size, some empty, slots out of order. */
const site = fc
  .array(fc.array(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 12 }), { maxLength: 12 }), {
    maxLength: 5,
  })
  .map((halls): Topology => {
    const topology = structuredClone(EMPTY_TOPOLOGY)
    halls.forEach((racks, floor) => {
      topology.floors.push({ name: `F${floor}` })
      racks.forEach((hosts) => {
        topology.racks.push({ name: `R${topology.racks.length}`, floor })
        hosts.forEach((gpus) => {
          const host = topology.hosts.push({ name: 'h', rack: topology.racks.length - 1, expected: null }) - 1
          for (let slot = gpus - 1; slot >= 0; slot--) {
            topology.gpus.host.push(host)
            topology.gpus.slot.push(slot)
          }
        })
      })
    })
    return topology
  })

describe('the layout', () => {
  it('gives every GPU a cell of its own, inside its band, and nothing else a row', () => {
    fc.assert(
      fc.property(site, viewport, (topology, view) => {
        const layout = layOut(topology, view)
        const rows = topology.gpus.host.length
        expect(new Set(layout.pixelOf).size).toBe(rows)
        expect(layout.rowAt.filter((row) => row >= 0)).toHaveLength(rows)
        for (let row = 0; row < rows; row++) {
          const place = cellOf(layout, row)
          expect(place).not.toBeNull()
          if (place === null) return
          expect(place.column).toBeLessThan(place.band.wide)
          expect(place.cellRow).toBeLessThan(place.band.high)
          const host = topology.hosts[topology.gpus.host[row] ?? -1]
          expect(topology.racks[host?.rack ?? -1]?.floor).toBe(place.band.floor)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('stands a host’s GPUs above each other in slot order', () => {
    const { topology } = syntheticFleet({ gpus: 64 })
    const layout = layOut(topology, { width: 800, height: 600, pixelRatio: 1, em: 1 })
    const places = [8, 9, 10, 15].map((row) => cellOf(layout, row))
    expect(new Set(places.map((place) => place?.column)).size).toBe(1)
    expect(places.map((place) => (place?.cellRow ?? 0) - (places[0]?.cellRow ?? 0))).toEqual([0, 1, 2, 7])
  })

  it('leaves a hole where a slot is empty, which can be pointed at and walked onto', () => {
    const topology = structuredClone(EMPTY_TOPOLOGY)
    topology.floors.push({ name: 'F' })
    topology.racks.push({ name: 'R', floor: 0 })
    topology.hosts.push({ name: 'h', rack: 0, expected: null })
    for (const slot of [0, 1, 2, 3, 4, 5, 7]) {
      topology.gpus.host.push(0)
      topology.gpus.slot.push(slot)
    }
    topology.emptySlots.host.push(0)
    topology.emptySlots.slot.push(6)
    const size = { width: 300, height: 600 }
    const layout = layOut(topology, { ...size, pixelRatio: 1, em: 1 })
    const hole = holeOf(0)
    const rect = rectOf(layout, hole)
    const above = rectOf(layout, 5)
    const below = rectOf(layout, 6)
    expect([holeAt(hole), holeAt(3), holeAt(-1)]).toEqual([0, -1, -1])
    expect(rect).not.toBeNull()
    expect(
      [rect?.y, below?.y].map((y) => Math.round(((y ?? 0) - (above?.y ?? 0)) / layout.cell.height)),
    ).toEqual([1, 2])
    const view = fit(layout, size)
    const middle = { x: (rect?.x ?? 0) + layout.cell.width / 2, y: (rect?.y ?? 0) + layout.cell.height / 2 }
    expect(rowAtPoint(layout, view, middle.x * view.k + view.x, middle.y * view.k + view.y)).toBe(hole)
    expect([
      neighbour(layout, 5, 'down'),
      neighbour(layout, hole, 'down'),
      neighbour(layout, hole, 'up'),
    ]).toEqual([hole, 6, 5])
    // It is no GPU: a rubber band takes none.
    expect(rowsInRect(layout, { x: 0, y: 0, width: layout.width, height: layout.height })).toHaveLength(7)
  })

  it.each([
    [8, 1400, 480],
    [32, 1400, 480],
    [64, 1100, 350],
    [128, 1400, 620],
    [256, 1400, 480],
  ])(
    'gives the %i GPUs of a small site cells with room for a figure and most of %i × %i',
    (gpus, width, height) => {
      const layout = layOut(syntheticFleet({ gpus, abnormal: 0 }).topology, {
        width,
        height,
        pixelRatio: 1,
        em: 1,
      })
      expect(layout.width).toBeLessThanOrEqual(width)
      expect(layout.height).toBeLessThanOrEqual(height)
      expect(layout.cell.width).toBeGreaterThanOrEqual(30)
      expect(layout.cell.height).toBeGreaterThanOrEqual(17)
      expect(layout.width / width).toBeGreaterThan(0.7)
    },
  )

  it.each([
    [1024, 1400, 700],
    [16_384, 1400, 700],
    [16_384, 3840, 2160],
    [100_000, 1400, 700],
    [100_000, 3840, 2160],
  ])('packs %i GPUs into %i × %i with whole pixels, inside it, and fills it', (gpus, width, height) => {
    const layout = layOut(syntheticFleet({ gpus }).topology, { width, height, pixelRatio: 1, em: 1 })
    expect(layout.width).toBeLessThanOrEqual(width)
    expect(layout.height).toBeLessThanOrEqual(height)
    expect(Number.isInteger(layout.cell.width) && Number.isInteger(layout.cell.height)).toBe(true)
    expect((layout.width * layout.height) / (width * height)).toBeGreaterThan(0.82)
    const ratio = layout.cell.width / layout.cell.height
    expect(ratio).toBeGreaterThanOrEqual(0.66)
    expect(ratio).toBeLessThanOrEqual(2)
  })

  it('breaks a rack that is wider than the picture over several rows', () => {
    const { topology } = syntheticFleet({ gpus: 8000, hostsPerRack: 1000, floors: 1 })
    const layout = layOut(topology, { width: 600, height: 400, pixelRatio: 1, em: 1 })
    expect(layout.bands[0]?.racks.length).toBeGreaterThan(1)
    expect(layout.height).toBeLessThanOrEqual(400)
  })

  it('is empty for an empty site', () => {
    const layout = layOut(EMPTY_TOPOLOGY, { width: 600, height: 400, pixelRatio: 1, em: 1 })
    expect(layout.bands).toEqual([])
    expect(rowAtPoint(layout, { k: 1, x: 0, y: 0 }, 100, 100)).toBe(-1)
  })
})

const boxesOf = (layout: ReturnType<typeof layOut>) => layout.bands.map(({ racks }) => racks)

describe('racks', () => {
  const wide = { width: 1860, height: 520, pixelRatio: 1, em: 1 }

  it.each([256, 1024, 4096, 16_384])(
    'of %i GPUs keep their places when a drawer opens and closes',
    (gpus) => {
      const { topology } = syntheticFleet({ gpus })
      const before = layOut(topology, wide)
      const beside = layOut(topology, { ...wide, width: 1440 }, before)
      expect(boxesOf(beside)).toEqual(boxesOf(before))
      expect(beside.width).toBeLessThanOrEqual(1440)
      expect(beside.height).toBeLessThanOrEqual(520)
      const after = layOut(topology, wide, beside)
      expect(boxesOf(after)).toEqual(boxesOf(before))
      expect(after.cell).toEqual(before.cell)
    },
  )

  it('keep their places when a host comes to the end of the last one', () => {
    const { topology } = syntheticFleet({ gpus: 1016 })
    const before = layOut(topology, wide)
    const more = structuredClone(topology)
    const host = more.hosts.push({ name: 'h-new', rack: more.racks.length - 1, expected: null }) - 1
    for (let slot = 0; slot < 8; slot++) {
      more.gpus.host.push(host)
      more.gpus.slot.push(slot)
    }
    const after = layOut(more, wide, before)
    const places = (layout: typeof before) =>
      boxesOf(layout)
        .flat()
        .map(({ rack, column, row }) => ({ rack, column, row }))
    expect(places(after)).toEqual(places(before))
  })

  it('move where keeping them would waste the picture', () => {
    const { topology } = syntheticFleet({ gpus: 1024 })
    const upright = { width: 1000, height: 1500, pixelRatio: 1, em: 1 }
    const turned = layOut(topology, upright, layOut(topology, wide))
    expect(turned.cell).toEqual(layOut(topology, upright).cell)
  })

  it('lie inside the picture and each GPU in a cell of its own, whatever the picture was before', () => {
    fc.assert(
      fc.property(site, viewport, viewport, (topology, first, second) => {
        const layout = layOut(topology, second, layOut(topology, first))
        const rows = topology.gpus.host.length
        expect(new Set(layout.pixelOf).size).toBe(rows)
        expect(layout.rowAt.filter((row) => row >= 0)).toHaveLength(rows)
        if (rows === 0) return
        const best = layOut(topology, second)
        expect(layout.width).toBeLessThanOrEqual(Math.max(second.width, best.width))
        expect(layout.height).toBeLessThanOrEqual(Math.max(second.height, best.height))
      }),
      { numRuns: 60 },
    )
  })
})

describe('hit-testing', () => {
  it('finds each row under the middle of its rectangle, at any zoom', () => {
    fc.assert(
      fc.property(site, viewport, fc.double({ min: 1, max: 20, noNaN: true }), (topology, port, k) => {
        const base = layOut(topology, port)
        const layout = atZoom(base, k, port.em)
        const view = { k, x: -37, y: 12 }
        for (let row = 0; row < topology.gpus.host.length; row += 7) {
          const rect = rectOf(layout, row)
          if (rect === null) throw new Error('no place')
          const x = (rect.x + rect.width / 2) * k + view.x
          const y = (rect.y + rect.height / 2) * k + view.y
          expect(rowAtPoint(layout, view, x, y)).toBe(row)
        }
      }),
      { numRuns: 40 },
    )
  })

  it('takes every row into a band around everything', () => {
    const { topology } = syntheticFleet({ gpus: 300 })
    const layout = layOut(topology, { width: 800, height: 600, pixelRatio: 1, em: 1 })
    expect(rowsInRect(layout, { x: -10, y: -10, width: 2000, height: 2000 })).toHaveLength(300)
    expect(rowsInRect(layout, { x: -10, y: -10, width: 5, height: 5 })).toEqual([])
  })

  it('walks to every floor, and stays where there is no further', () => {
    const { topology } = syntheticFleet({ gpus: 1024 })
    const layout = layOut(topology, { width: 1400, height: 700, pixelRatio: 1, em: 1 })
    const floors = new Set<number>()
    let row = 0
    for (let i = 0; i < 200; i++) {
      floors.add(layout.bandOf[row] ?? -1)
      row = neighbour(layout, row, 'down')
    }
    expect(floors.size).toBe(layout.bands.length)
    expect(neighbour(layout, row, 'down')).toBe(row)
  })

  it('always leads to a row, never back into nothing', () => {
    fc.assert(
      fc.property(site, viewport, fc.nat(), (topology, port, seed) => {
        const rows = topology.gpus.host.length
        if (rows === 0) return
        const layout = layOut(topology, port)
        const row = seed % rows
        for (const direction of ['left', 'right', 'up', 'down'] as const) {
          const next = neighbour(layout, row, direction)
          expect(next).toBeGreaterThanOrEqual(0)
          expect(next).toBeLessThan(rows)
        }
        const right = neighbour(layout, row, 'right')
        const sameBand = right !== row && layout.bandOf[right] === layout.bandOf[row]
        expect(!sameBand || neighbour(layout, right, 'left') === row).toBe(true)
      }),
      { numRuns: 60 },
    )
  })
})

describe('zooming', () => {
  it('keeps the cell under the pointer while headers shrink', () => {
    const { topology } = syntheticFleet({ gpus: 1024 })
    const size = { width: 1400, height: 700 }
    const base = layOut(topology, { ...size, pixelRatio: 1, em: 1 })
    for (const row of [5, 400, 1000]) {
      const rect = rectOf(base, row)
      if (rect === null) throw new Error('no place')
      const view = fit(base, size)
      const x = rect.x + rect.width / 2 + view.x
      const y = rect.y + rect.height / 2 + view.y
      let layout = base
      let now = view
      for (let i = 0; i < 12; i++) {
        const zoomed = zoomAbout(now, 1.3, x, y)
        const next = atZoom(base, zoomed.k, 1)
        now = rebase(zoomed, layout, next, x, y)
        layout = next
        expect(rowAtPoint(layout, now, x, y)).toBe(row)
      }
    }
  })
})
