import '@fontsource/b612/400.css'
import '@fontsource/b612/700.css'
import '@fontsource/b612-mono/400.css'
import { paletteFrom, PALETTES } from '../../../renderer/draw/colour.ts'
import { createHeatmap } from '../../../renderer/draw/heatmap.ts'
import { createDrawLoop } from '../../../renderer/draw/loop.ts'
import { createPicture, type Picture } from '../../../renderer/draw/picture.ts'
import { fit, maxZoom, pan, zoomAbout } from '../../../renderer/draw/viewport.ts'
import { type SyntheticFleet, syntheticFleet, type SyntheticOptions } from '../../fixtures/syntheticFleet.ts'
import type { HeatmapPage, Movement } from './types.ts'

const canvas = (id: string): HTMLCanvasElement => document.getElementById(id) as HTMLCanvasElement
const canvases = { floor: canvas('floor'), pointing: canvas('pointing') }

/** Runs the picture's painting when told to, so that its work alone can be timed. */
function manualClock() {
  let waiting: ((now: number) => void) | null = null
  return {
    request(callback: (now: number) => void) {
      waiting = callback
      return 1
    },
    cancel() {
      waiting = null
    },
    run(now: number) {
      const callback = waiting
      waiting = null
      callback?.(now)
    },
  }
}

let picture: Picture
let fleet: SyntheticFleet
const clock = manualClock()

async function open(options: SyntheticOptions, theme: 'dark' | 'light'): Promise<void> {
  await document.fonts.ready
  fleet = syntheticFleet(options)
  picture = createPicture({ canvases, loop: createDrawLoop(clock) })
  const palette = paletteFrom(PALETTES[theme])
  document.body.style.background = palette.surface
  picture.setLook({
    palette,
    fonts: { text: 'B612', figure: '"B612 Mono"' },
    em: innerWidth >= 3000 && devicePixelRatio <= 1.2 ? 1.5 : 1,
  })
  picture.setSize({ width: innerWidth, height: innerHeight }, devicePixelRatio)
  picture.setFleet(fleet.topology, fleet.first)
  picture.setHistory({
    want: () => undefined,
    of: (row) => Array.from({ length: 30 }, (_, i) => 0.5 + 0.35 * Math.sin((i + row) / 4)),
  })
  clock.run(performance.now())
  await new Promise(requestAnimationFrame)
}

function move(kind: Movement, frame: number): void {
  const { layout, size, em } = picture.scene
  const whole = fit(layout, size)
  if (kind === 'still') return
  const most = Math.min(maxZoom(layout, em), kind === 'zoom' ? 24 : 3)
  const phase = (1 - Math.cos((frame / 120) * Math.PI)) / 2
  const k = kind === 'zoom' ? most ** phase : most
  const view = zoomAbout(whole, k, size.width * 0.5, size.height * 0.5)
  const reach = size.width * 0.3
  picture.setView(
    kind === 'pan' ? pan(view, reach * Math.sin(frame / 40), reach * Math.cos(frame / 55)) : view,
  )
}

/** Painting time in JS of each frame, and the times between displayed frames. */
async function film(kind: Movement, frames: number): Promise<{ js: number[]; gaps: number[] }> {
  const prepared = [fleet.first]
  for (let i = 1; i < 12; i++) prepared.push(fleet.next(prepared[i - 1] ?? fleet.first))
  const js: number[] = []
  const gaps: number[] = []
  let last = 0
  for (let i = 0; i < frames; i++) {
    const now = await new Promise<number>(requestAnimationFrame)
    if (last > 0) gaps.push(now - last)
    last = now
    const start = performance.now()
    picture.setFleet(fleet.topology, prepared[i % prepared.length] ?? fleet.first)
    move(kind, i)
    clock.run(now)
    js.push(performance.now() - start)
  }
  return { js, gaps }
}

/** Only the colouring of cells and its hand-over to the canvas, without any display. */
async function updates(count: number): Promise<number[]> {
  const { layout, table, span } = picture.scene
  const heatmap = createHeatmap(() => document.createElement('canvas'))
  heatmap.setLayout(layout)
  const times: number[] = []
  let frame = fleet.first
  for (let i = 0; i < count; i++) {
    frame = fleet.next(frame)
    const values = frame.values[0]
    const states = frame.states[0]
    if (!values || !states) throw new Error('The synthetic frame carries no field.')
    const cells = { values, states, severity: frame.severity }
    const start = performance.now()
    heatmap.update({ cells, span, mask: null, severityColours: true, texture: true }, table)
    times.push(performance.now() - start)
  }
  return times
}

const page: HeatmapPage = {
  open,
  film,
  updates,
  zoomTo(k, x, y) {
    const { layout, size } = picture.scene
    const anchor = { x: size.width * x, y: size.height * y }
    picture.setView(zoomAbout(fit(layout, size), k, anchor.x, anchor.y), { anchor })
    clock.run(performance.now())
    const { cell, level } = picture.scene
    return `${level}, cells ${cell.width.toFixed(1)} × ${cell.height.toFixed(1)}, layout ${layout.width.toFixed(0)} × ${layout.height.toFixed(0)} of ${size.width} × ${size.height}`
  },
  mask(every) {
    const rows = fleet.topology.gpus.host.length
    picture.setMask(Uint8Array.from({ length: rows }, (_, row) => (row % every < every / 8 ? 1 : 0)))
    clock.run(performance.now())
  },
}
Object.assign(window, { heatmapPage: page })
