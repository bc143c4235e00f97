import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FIGURE, SEVERITY } from '../../shared/model/figure.ts'
import { syntheticFleet } from '../../test/fixtures/syntheticFleet.ts'
import { rectOf } from './layout/layout.ts'
import { createDrawLoop } from './loop.ts'
import { createPicture } from './picture.ts'
import { centreOn, toScreen } from './viewport.ts'

type Call = readonly [name: string, ...values: unknown[]]

/** A 2d context that paints nothing and remembers what it was asked for. */
function recordingCanvas() {
  const calls: Call[] = []
  const settings = new Map<string | symbol, unknown>()
  const answers: Readonly<Record<string, (...values: never[]) => unknown>> = {
    measureText: (text: string) => ({ width: text.length * 6 }),
    createImageData: (width: number, height: number) => ({ data: new Uint8ClampedArray(width * height * 4) }),
    createPattern: () => null,
  }
  const context = new Proxy({} as CanvasRenderingContext2D, {
    get: (_, name) =>
      settings.has(name)
        ? settings.get(name)
        : (...values: unknown[]) => {
            const look = name === 'fillRect' ? [settings.get('fillStyle'), settings.get('globalAlpha')] : []
            calls.push([String(name), ...values, ...look])
            return answers[String(name)]?.(...(values as never[]))
          },
    set: (_, name, value) => settings.set(name, value) !== undefined,
  })
  const canvas = document.createElement('canvas')
  Object.assign(canvas, { getContext: () => context })
  return { canvas, calls }
}

class Shape {
  readonly rect = vi.fn()
  readonly moveTo = vi.fn()
  readonly lineTo = vi.fn()
  readonly arc = vi.fn()
}

const size = { width: 1400, height: 700 }

function open(gpus: number, abnormal = 2) {
  const floor = recordingCanvas()
  const pointing = recordingCanvas()
  let waiting: ((now: number) => void) | null = null
  const loop = createDrawLoop({
    request: (callback) => {
      waiting = callback
      return 1
    },
    cancel: () => (waiting = null),
  })
  const picture = createPicture({
    canvases: { floor: floor.canvas, pointing: pointing.canvas },
    createCanvas: () => recordingCanvas().canvas,
    loop,
  })
  const fleet = syntheticFleet({ gpus, abnormal })
  picture.setSize(size, 1)
  picture.setFleet(fleet.topology, fleet.first)
  /** @returns whether there was anything to paint */
  const frame = (now: number): boolean => {
    const callback = waiting
    waiting = null
    floor.calls.length = 0
    pointing.calls.length = 0
    callback?.(now)
    return callback !== null
  }
  const texts = (): string[] =>
    floor.calls.flatMap(([name, text]) => (name === 'fillText' ? [String(text)] : []))
  return { picture, fleet, frame, texts, floor, pointing }
}

beforeEach(() => {
  vi.stubGlobal('Path2D', Shape)
})
afterEach(() => {
  vi.unstubAllGlobals()
})

describe('the picture', () => {
  it('draws every known figure as stale without a connection, and keeps counts and signs', () => {
    const { picture, frame, texts, fleet } = open(1024, 40)
    frame(0)
    const before = texts()
    const { counts } = picture.scene
    const known = fleet.first.states[0]?.filter(
      (state) => state === FIGURE.ok || state === FIGURE.zero,
    ).length
    expect(known).toBeGreaterThan(0)
    picture.setLastKnown(true)
    expect(frame(20)).toBe(true)
    const states = [...(picture.scene.states ?? [])]
    expect(states.filter((state) => state === FIGURE.ok || state === FIGURE.zero)).toEqual([])
    // What was refused or absent stays that, and the engine's own frame is left as it came.
    expect(states.map((state) => (state === FIGURE.stale ? 'known' : state))).toEqual(
      [...(fleet.first.states[0] ?? [])].map((state) =>
        state === FIGURE.ok || state === FIGURE.zero || state === FIGURE.stale ? 'known' : state,
      ),
    )
    expect(picture.scene.counts).toEqual(counts)
    expect(texts()).toEqual(before)
    picture.setLastKnown(false)
    frame(40)
    expect(picture.scene.states).toBe(fleet.first.states[0])
  })

  it('fills the card of a critical GPU, and a filter that leaves it out does not dim it', () => {
    const { picture, frame, fleet, floor } = open(1024, 0)
    const severity = fleet.first.severity.slice()
    severity[0] = SEVERITY.critical
    picture.setFleet(fleet.topology, { ...fleet.first, severity })
    picture.setMask(new Uint8Array(fleet.topology.gpus.host.length))
    const rect = rectOf(picture.scene.layout, 0)
    if (rect === null) throw new Error('no place')
    picture.setView(centreOn(rect, 4, size))
    frame(0)
    expect(picture.scene.level).toBe('host')
    const cards = floor.calls.filter(([name]) => name === 'fillRect')
    const { critical } = picture.scene.table.palette
    const block = cards.find(([, , , , , fill]) => fill === critical)
    expect(Number(block?.[3])).toBeGreaterThan(80)
    expect(block?.[6]).toBe(1)
  })

  it('leaves the focus ring on its cell when a journey has ended', () => {
    const { picture, frame, pointing } = open(1024)
    const row = 500
    frame(0)
    picture.setPointing({ hover: -1, focus: row, focusVisible: true, selected: [], band: null })
    frame(1)
    const rect = rectOf(picture.scene.layout, row)
    if (rect === null) throw new Error('no place')
    picture.setView(centreOn(rect, 3, size), { animate: true })
    let last: readonly Call[] = []
    for (let now = 10; frame(now); now += 16) last = [...pointing.calls]
    const place = rectOf(picture.scene.layout, row)
    if (place === null) throw new Error('no place')
    const seen = toScreen(picture.scene.view, place)
    const ring = last.findLast(([name]) => name === 'rect')
    expect(picture.scene.view.k).toBeCloseTo(3)
    expect(Number(ring?.[1])).toBeCloseTo(seen.x - 1)
    expect(Number(ring?.[2])).toBeCloseTo(seen.y - 1)
  })

  it('is painted whole at every level although a board says good and gives no number', () => {
    const { picture, fleet, frame, texts } = open(1024)
    const holed = {
      ...fleet.first,
      values: fleet.first.values.map((column) => column.slice().fill(Number.NaN, 0, 8)),
      state: fleet.first.state.slice().fill(FIGURE.ok, 0, 8),
      states: fleet.first.states.map((column) => column.slice().fill(FIGURE.ok, 0, 8)),
    }
    picture.setFleet(fleet.topology, holed)
    for (const k of [1, 1.4, 4]) {
      const rect = rectOf(picture.scene.layout, 3)
      if (rect === null) throw new Error('no place')
      picture.setView(centreOn(rect, k, size))
      frame(0)
      expect(texts()).toContain('Hall A')
      expect(texts().join(' ')).not.toMatch(/NaN|undefined|Infinity/)
    }
  })

  it('takes a figure that has not come yet neither for a load nor for an absence', () => {
    const { picture, fleet, frame, texts } = open(64, 0)
    picture.setField('eccDbe')
    frame(0)
    expect(picture.scene.awaited).toBe(true)
    expect(texts()).not.toContain('no figure')
    expect(texts()).not.toContain('\u2014')
    const column = new Float32Array(fleet.first.rows)
    picture.setFleet(fleet.topology, {
      ...fleet.first,
      fields: ['eccDbe'],
      values: [column],
      states: [new Uint8Array(fleet.first.rows).fill(FIGURE.zero)],
    })
    frame(1)
    expect(picture.scene.awaited).toBe(false)
  })

  it('enlarges few critical cells much and many little', () => {
    const { picture, fleet, frame, floor } = open(16_384, 0)
    const sideWith = (critical: number): number => {
      const severity = fleet.first.severity.slice().fill(SEVERITY.critical, 0, critical)
      picture.setFleet(fleet.topology, { ...fleet.first, severity })
      frame(0)
      return Math.max(...floor.calls.flatMap(([name, , , width]) => (name === 'rect' ? [Number(width)] : [])))
    }
    const few = sideWith(4)
    expect(few).toBeGreaterThan(picture.scene.cell.width * 1.5)
    expect(sideWith(2500)).toBeLessThan(few)
  })
})
