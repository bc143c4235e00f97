import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { syntheticFleet } from '../../test/fixtures/syntheticFleet.ts'
import { layOut, rectOf } from './layout/layout.ts'
import {
  constrain,
  fit,
  isFit,
  levelOf,
  maxZoom,
  minimap,
  nextLevelZoom,
  reveal,
  revealBesideMap,
  toScreen,
  toWorld,
  travel,
  zoomAbout,
} from './viewport.ts'

const size = { width: 1400, height: 700 }
const layout = layOut(syntheticFleet({ gpus: 1024 }).topology, { ...size, pixelRatio: 1, em: 1 })
const number = fc.double({ min: -5000, max: 5000, noNaN: true })
const view = fc.record({ k: fc.double({ min: 0.2, max: 60, noNaN: true }), x: number, y: number })

describe('the view', () => {
  it('keeps the world point under the pointer when zooming', () => {
    fc.assert(
      fc.property(
        view,
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        number,
        number,
        (from, factor, x, y) => {
          const before = toWorld(from, x, y)
          const after = toWorld(zoomAbout(from, factor, x, y), x, y)
          expect(after.x).toBeCloseTo(before.x, 4)
          expect(after.y).toBeCloseTo(before.y, 4)
        },
      ),
    )
  })

  it('never loses the floor: limits hold, and holding them twice changes nothing', () => {
    fc.assert(
      fc.property(view, (wild) => {
        const held = constrain(wild, layout, size)
        expect(held.k).toBeGreaterThanOrEqual(1)
        expect(held.k).toBeLessThanOrEqual(maxZoom(layout))
        const seen = toScreen(held, { x: 0, y: 0, width: layout.width, height: layout.height })
        expect(seen.x).toBeLessThanOrEqual(size.width / 2)
        expect(seen.x + seen.width).toBeGreaterThanOrEqual(size.width / 2)
        const twice = constrain(held, layout, size)
        expect(twice.k).toBeCloseTo(held.k)
        expect(twice.x).toBeCloseTo(held.x, 5)
        expect(twice.y).toBeCloseTo(held.y, 5)
      }),
    )
  })

  it('goes from floor over rack to host, each one step nearer', () => {
    const whole = fit(layout, size)
    expect(levelOf(layout, whole)).toBe('floor')
    const rack = { ...whole, k: nextLevelZoom(layout, whole) }
    expect(levelOf(layout, rack)).toBe('rack')
    const host = { ...rack, k: nextLevelZoom(layout, rack) }
    expect(levelOf(layout, host)).toBe('host')
  })

  it('reveals a cell with as little movement as needed', () => {
    const near = { k: 5, x: -200, y: -100 }
    const inside = { x: 100, y: 60, width: 20, height: 20 }
    expect(reveal(near, inside, size)).toEqual(near)
    const shown = toScreen(reveal(near, { x: 900, y: 500, width: 20, height: 20 }, size), {
      x: 900,
      y: 500,
      width: 20,
      height: 20,
    })
    expect(shown.x + shown.width).toBeLessThanOrEqual(size.width)
    expect(shown.y).toBeGreaterThanOrEqual(0)
  })

  it('brings every GPU clear of the map, and keeps it there within the limits', () => {
    const rows = layout.pixelOf.length
    fc.assert(
      fc.property(
        fc.nat(rows - 1),
        fc.double({ min: 1.5, max: 8, noNaN: true }),
        number,
        number,
        (row, k, x, y) => {
          const rect = rectOf(layout, row)
          if (rect === null) throw new Error('no place')
          const from = constrain({ k: Math.min(k, maxZoom(layout)), x, y }, layout, size)
          const shown = constrain(revealBesideMap(from, rect, layout, size), layout, size)
          const map = minimap(layout, shown, size)
          const seen = toScreen(shown, rect)
          expect(seen.x + seen.width).toBeGreaterThan(0)
          expect(seen.x + seen.width).toBeLessThanOrEqual(size.width + 0.01)
          expect(seen.y).toBeGreaterThanOrEqual(-0.01)
          if (map === null) throw new Error('no map')
          const clear = seen.x + seen.width <= map.box.x + 0.01 || seen.y + seen.height <= map.box.y + 0.01
          expect(clear).toBe(true)
        },
      ),
    )
  })

  it('travels from the one to exactly the other', () => {
    const to = { k: 6, x: -2000, y: -900 }
    const at = travel(fit(layout, size), to, size)
    expect(at(1)).toEqual(to)
    expect(at(0).k).toBeCloseTo(1)
    expect(at(0.5).k).toBeGreaterThan(0)
  })

  it('has a map only when not all is in sight, and marks what is', () => {
    expect(minimap(layout, fit(layout, size), size)).toBeNull()
    const map = minimap(layout, { k: 4, x: -1000, y: -500 }, size)
    if (map === null) throw new Error('no map')
    expect(map.seen.x).toBeGreaterThanOrEqual(map.box.x)
    expect(map.seen.x + map.seen.width).toBeLessThanOrEqual(map.box.x + map.box.width + 0.01)
    expect(isFit({ k: 1, x: 0, y: 0 })).toBe(true)
  })
})
