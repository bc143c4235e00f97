import { type Field, type FieldId, field as fieldOf } from '../../shared/model/field.ts'
import type { FleetFrame } from '../../shared/model/frame.ts'
import { EMPTY_TOPOLOGY, type Topology } from '../../shared/model/topology.ts'
import { say } from '../../shared/messages/format.ts'
import { type ColourTable, createColourTable, type Palette, PALETTES } from './colour.ts'
import { asStale } from './lastKnown.ts'
import { countFloors, type FloorCounts, NO_COUNTS } from './counts.ts'
import { createHeatmap } from './heatmap.ts'
import { type FloorLayout, layOut } from './layout/layout.ts'
import { atZoom, rebase } from './layout/zoomed.ts'
import { createDrawLoop, type DrawLoop, sizeCanvas } from './loop.ts'
import { TEXTURED_CELL } from './overlay/grid.ts'
import { drawOverlay } from './overlay/overlay.ts'
import { drawPointing } from './overlay/pointing.ts'
import { hatchPattern } from './overlay/shapes.ts'
import { rampSpan } from './scale.ts'
import type { Fonts, HistorySource, Pointing, Scene } from './scene.ts'
import {
  constrain,
  fit,
  isFit,
  type Level,
  levelOf,
  maxZoom,
  type Size,
  travel,
  type View,
} from './viewport.ts'

export interface PictureCanvases {
  /** Cells, labels and marks: opaque, because blending two full screens costs more than painting them. */
  readonly floor: HTMLCanvasElement
  /** Hover, focus, selection: changes with every move of a hand and is nearly empty. */
  readonly pointing: HTMLCanvasElement
}

export interface Look {
  readonly palette: Palette
  readonly fonts: Fonts
  /** Root font size / 16. */
  readonly em: number
}

export interface PictureOptions {
  readonly canvases: PictureCanvases
  readonly createCanvas?: () => HTMLCanvasElement
  readonly loop?: DrawLoop
  /** View or level has changed, by whatever way. */
  readonly onView?: (view: View, level: Level) => void
}

const DEFAULT_FONTS: Fonts = {
  text: '"B612", system-ui, sans-serif',
  figure: '"B612 Mono", ui-monospace, monospace',
}
const TRAVEL_MS = 220
const NOTHING_POINTED: Pointing = { hover: -1, focus: -1, focusVisible: false, selected: [], band: null }

/**
 * The floor on two canvases above each other: the picture, and what a person points at. Setters note what changed; the loop paints
 * what is dirty before the next displayed frame, however many setters were called in between.
 */
export interface Picture {
  readonly scene: Scene
  setFleet(topology: Topology, frame: FleetFrame | null): void
  /** Nothing of the frame is current any more: every figure is drawn as stale, and counts are kept. */
  setLastKnown(lastKnown: boolean): void
  setField(id: FieldId): void
  setMask(mask: Uint8Array | null): void
  setHighlights(rows: Uint8Array | null): void
  setPointing(pointing: Pointing): void
  setLook(look: Look): void
  setHistory(history: HistorySource | null): void
  /** New history has come for rows in sight. */
  refreshHistory(): void
  /** @param rearrange the whole screen is another: racks may move to fill it. Else they keep their places. */
  setSize(size: Size, pixelRatio: number, rearrange?: boolean): void
  /**
   * @param view as a view of `scene.layout`
   * @param anchor the screen point that must not move, the middle of the picture unless told otherwise
   * @param animate travel there, so that the eye can follow; a person may have asked for less motion
   */
  setView(view: View, options?: { anchor?: { x: number; y: number }; animate?: boolean }): void
  destroy(): void
}

export function createPicture(options: PictureOptions): Picture {
  const createCanvas = options.createCanvas ?? (() => document.createElement('canvas'))
  const floorContext = contextOf(options.canvases.floor, { alpha: false })
  const pointingContext = contextOf(options.canvases.pointing)
  const heatmap = createHeatmap(createCanvas)
  const loop = options.loop ?? createDrawLoop()

  let topology: Topology = EMPTY_TOPOLOGY
  let frame: FleetFrame | null = null
  let lastKnown = false
  let field: Field = fieldOf('smActive')
  let fieldId: FieldId = 'smActive'
  let mask: Uint8Array | null = null
  let highlights: Uint8Array | null = null
  let pointing = NOTHING_POINTED
  let history: HistorySource | null = null
  let look: Look = { palette: PALETTES.dark, fonts: DEFAULT_FONTS, em: 1 }
  let table: ColourTable = createColourTable(look.palette)
  let hatch: CanvasPattern | null = null
  let size: Size = { width: 1, height: 1 }
  let pixelRatio = 1
  /** At zoom 1, and as it is seen at the zoom of `view`. */
  let base: FloorLayout = layOut(topology, { ...size, pixelRatio, em: 1 })
  let layout: FloorLayout = base
  let view: View = fit(layout, size)
  let span: readonly [number, number] = [0, 1]
  let counts: FloorCounts = NO_COUNTS
  let instances: Map<number, number[]> = new Map()
  let journey: { at: (share: number) => View; start: number | null } | null = null
  let stale = { layout: true, arrangement: false, counts: true, pixels: true, hatch: true }
  let painted = ''
  let scene: Scene = buildScene()

  const floorLayer = loop.layer((now) => {
    advance(now)
    prepare()
    floorContext.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0)
    floorContext.fillStyle = table.palette.surface
    floorContext.fillRect(0, 0, size.width, size.height)
    // Cards cover every cell of the host level.
    if (scene.level !== 'host') heatmap.draw(floorContext, layout, view, size)
    drawOverlay(floorContext, scene, hatch, heatmap)
  })
  const pointingLayer = loop.layer(() => {
    const canvas = options.canvases.pointing
    const { hover, focus, focusVisible, selected, band } = pointing
    const empty = hover === -1 && !(focusVisible && focus !== -1) && selected.length === 0 && band === null
    // A canvas with nothing on it would still be blended over the picture.
    canvas.style.visibility = empty ? 'hidden' : 'visible'
    if (empty) return
    pointingContext.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0)
    drawPointing(pointingContext, scene, pointing)
  })
  const all = (): void => {
    floorLayer.invalidate()
    pointingLayer.invalidate()
  }

  function buildScene(): Scene {
    const column = frame?.fields.indexOf(fieldId) ?? -1
    return {
      topology,
      frame,
      field,
      values: frame?.values[column] ?? null,
      states: shownStates(frame?.states[column] ?? null),
      awaited: frame !== null && column < 0,
      lastKnown,
      span,
      mask: fitting(mask),
      highlights: fitting(highlights),
      layout,
      view,
      size,
      level: levelOf(layout, view, look.em),
      cell: { width: layout.cell.width * view.k, height: layout.cell.height * view.k },
      em: look.em,
      pixelRatio,
      table,
      fonts: look.fonts,
      counts,
      history,
      instancesOf: (row) => instances.get(row) ?? [],
    }
  }

  function shownStates(states: Uint8Array | null): Uint8Array | null {
    return states === null || !lastKnown ? states : asStale(states)
  }

  /** A mask made for another topology says nothing about this one. */
  function fitting(rows: Uint8Array | null): Uint8Array | null {
    return rows?.length === topology.gpus.host.length ? rows : null
  }

  function relayOut(): void {
    if (!stale.layout) return
    stale.layout = false
    const middle = isFit(view) ? null : relativeMiddle()
    base = layOut(topology, { ...size, pixelRatio, em: look.em }, stale.arrangement ? null : base)
    stale.arrangement = false
    heatmap.setLayout(base)
    stale.pixels = true
    stale.counts = true
    journey = null
    layout = base
    if (middle === null) view = fit(base, size)
    else adopt(around(middle), base, middleOfScreen())
  }

  function middleOfScreen(): { x: number; y: number } {
    return { x: size.width / 2, y: size.height / 2 }
  }

  /** Takes a view of `of` as the view, in the layout of its zoom, within the limits. */
  function adopt(next: View, of: FloorLayout, anchor: { x: number; y: number }): void {
    const k = Math.min(maxZoom(base, look.em), Math.max(1, next.k))
    layout = atZoom(base, k, look.em)
    view = constrain(rebase(next, of, layout, anchor.x, anchor.y), layout, size, look.em)
  }

  /** Zoom, and the middle of what is seen as shares of the layout: a new layout of the same floor shows about the same. */
  function relativeMiddle(): { k: number; x: number; y: number } {
    return {
      k: view.k,
      x: (size.width / 2 - view.x) / view.k / layout.width,
      y: (size.height / 2 - view.y) / view.k / layout.height,
    }
  }

  function around({ k, x, y }: { k: number; x: number; y: number }): View {
    return { k, x: size.width / 2 - x * base.width * k, y: size.height / 2 - y * base.height * k }
  }

  function advance(now: number): void {
    if (journey === null) return
    journey.start ??= now
    const share = (now - journey.start) / TRAVEL_MS
    // Out slowly, in slowly: the eye follows better.
    const eased = share >= 1 ? 1 : share * share * (3 - 2 * share)
    const next = journey.at(eased)
    adopt(next, base, middleOfScreen())
    if (share >= 1) journey = null
    else floorLayer.invalidate()
    // Painted after the floor in this very frame, the last one included: rings must not stop short of their cells.
    pointingLayer.invalidate()
    scene = buildScene()
    options.onView?.(view, scene.level)
  }

  function prepare(): void {
    relayOut()
    if (stale.counts) {
      stale.counts = false
      const power = frame?.fields.indexOf('power') ?? -1
      const values = frame?.values[power]
      const states = frame?.states[power]
      counts =
        frame === null ? NO_COUNTS : countFloors(layout, frame, values && states ? { values, states } : null)
    }
    if (stale.hatch) {
      stale.hatch = false
      hatch = hatchPattern(floorContext, createCanvas, table.palette.textFaint, pixelRatio * look.em)
      // A pattern is laid in the context's coordinates; without this it would be enlarged with everything else.
      hatch?.setTransform(new DOMMatrix().scale(1 / pixelRatio))
    }
    scene = buildScene()
    const severityColours = scene.level === 'floor'
    const texture = Math.min(scene.cell.width, scene.cell.height) < TEXTURED_CELL * look.em
    const style = `${severityColours}/${texture}`
    if (!stale.pixels && style === painted) return
    stale.pixels = false
    painted = style
    const { values, states } = scene
    const known = frame !== null && values && states ? { values, states, severity: frame.severity } : null
    const cells = scene.awaited ? 'awaited' : known
    heatmap.update({ cells, span, mask: scene.mask, severityColours, texture }, table)
  }

  return {
    get scene() {
      // Layout and counts may be asked for before the next frame is painted.
      if (stale.layout) {
        relayOut()
        scene = buildScene()
      }
      return scene
    },
    setFleet(nextTopology, nextFrame) {
      if (nextTopology !== topology) {
        topology = nextTopology
        stale.layout = true
        instances = instanceRows(topology)
        span = rampSpan(field, topology.typeScales)
      }
      frame = nextFrame
      stale = { ...stale, counts: true, pixels: true }
      all()
    },
    setLastKnown(next) {
      if (next === lastKnown) return
      lastKnown = next
      stale.pixels = true
      all()
    },
    setField(id) {
      fieldId = id
      field = fieldOf(id)
      span = rampSpan(field, topology.typeScales)
      stale.pixels = true
      all()
    },
    setMask(next) {
      mask = next
      stale.pixels = true
      all()
    },
    setHighlights(rows) {
      highlights = rows
      scene = buildScene()
      floorLayer.invalidate()
    },
    setPointing(next) {
      pointing = next
      pointingLayer.invalidate()
    },
    setLook(next) {
      if (next.em !== look.em) stale = { ...stale, layout: true, arrangement: true }
      look = next
      table = createColourTable(next.palette)
      stale = { ...stale, pixels: true, hatch: true }
      all()
    },
    setHistory(next) {
      if (history !== next) history?.want([])
      history = next
      all()
    },
    refreshHistory: () => floorLayer.invalidate(),
    setSize(next, ratio, rearrange = false) {
      const changed = next.width !== size.width || next.height !== size.height || ratio !== pixelRatio
      if (!changed) return
      size = next
      pixelRatio = ratio
      const { floor, pointing: top } = options.canvases
      for (const canvas of [floor, top]) sizeCanvas(canvas, size.width, size.height, ratio)
      stale = { ...stale, layout: true, arrangement: stale.arrangement || rearrange, hatch: true }
      all()
    },
    setView(next, { anchor = middleOfScreen(), animate = false } = {}) {
      if (stale.layout) relayOut()
      const from = rebase(view, layout, base, size.width / 2, size.height / 2)
      const before = { view, layout }
      adopt(next, layout, anchor)
      if (animate && (view.k !== before.view.k || view.x !== before.view.x || view.y !== before.view.y)) {
        const to = rebase(view, layout, base, size.width / 2, size.height / 2)
        journey = { at: travel(from, to, size), start: null }
        view = before.view
        layout = before.layout
      } else {
        journey = null
        scene = buildScene()
        options.onView?.(view, scene.level)
      }
      all()
    },
    destroy() {
      history?.want([])
      loop.stop()
    },
  }
}

function contextOf(
  canvas: HTMLCanvasElement,
  settings?: CanvasRenderingContext2DSettings,
): CanvasRenderingContext2D {
  const context = canvas.getContext('2d', settings)
  if (context === null) throw new Error(say('floor.noCanvas'))
  return context
}

function instanceRows(topology: Topology): Map<number, number[]> {
  const rows = new Map<number, number[]>()
  const gpus = topology.gpus.host.length
  topology.instances.gpu.forEach((gpu, index) => {
    const list = rows.get(gpu)
    if (list) list.push(gpus + index)
    else rows.set(gpu, [gpus + index])
  })
  return rows
}
