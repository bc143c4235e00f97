import { FIGURE, SEVERITY } from '../../shared/model/figure.ts'
import { say } from '../../shared/messages/format.ts'
import { type ColourTable, DIMMED, PIXEL, RAMP_STEPS } from './colour.ts'
import type { FloorLayout } from './layout/layout.ts'
import type { Size, View } from './viewport.ts'

export interface CellValues {
  readonly values: Float32Array
  /** FIGURE codes of the same field. */
  readonly states: Uint8Array
  /** SEVERITY codes of the rows. */
  readonly severity: Uint8Array
}

export interface HeatmapInput {
  /**
   * null: there is no frame, all cells are absent. `awaited`: the frame was cut before the field was asked for; after a
   * switch of the metric that lasts until the next one, and a floor of absent GPUs would be a false alarm.
   */
  readonly cells: CellValues | 'awaited' | null
  /** What the ramp covers, in the unit of the values. */
  readonly span: readonly [number, number]
  /** 1 for rows that the filter leaves, null without a filter. It dims no critical row. */
  readonly mask: Uint8Array | null
  /** True while cells are too small for marks: advisory then colours the whole cell, as critical does in any. */
  readonly severityColours: boolean
  /** True while cells are too small for a hatch: stale and absent areas are then textured cell by cell. */
  readonly texture: boolean
}

/**
 * One pixel per cell, enlarged without smoothing: 100,000 cells cost a fraction of a millisecond, whatever the size of
 * the screen (docs/decisions/0003). Gaps stay transparent.
 */
export interface Heatmap {
  setLayout(layout: FloorLayout): void
  update(input: HeatmapInput, table: ColourTable): void
  draw(context: CanvasRenderingContext2D, layout: FloorLayout, view: View, size: Size): void
}

export function createHeatmap(createCanvas: () => HTMLCanvasElement): Heatmap {
  const atlas = createCanvas()
  const context = atlas.getContext('2d')
  if (context === null) throw new Error(say('floor.noCanvas'))
  let image: ImageData | null = null
  let pixels = new Uint32Array(0)
  let layout: FloorLayout | null = null
  return {
    setLayout(next) {
      layout = next
      atlas.width = next.atlas.width
      atlas.height = next.atlas.height
      image = context.createImageData(next.atlas.width, next.atlas.height)
      pixels = new Uint32Array(image.data.buffer)
    },
    update(input, table) {
      if (layout === null || image === null) return
      paintCells(pixels, layout.pixelOf, layout.atlas.width, input, table)
      context.putImageData(image, 0, 0)
    },
    draw(target, drawn, view, size) {
      target.imageSmoothingEnabled = false
      for (const band of drawn.bands) {
        const x = band.x * view.k + view.x
        const y = band.gridY * view.k + view.y
        const width = band.width * view.k
        const height = band.high * drawn.cell.height * view.k
        if (band.high === 0 || x > size.width || y > size.height || x + width < 0 || y + height < 0) continue
        target.drawImage(atlas, 0, band.atlasRow, band.wide, band.high, x, y, width, height)
      }
    },
  }
}

/**
 * Writes the colour of every row into its pixel.
 * @param pixels little-endian RGBA words of the atlas
 * @param pixelOf per row its place in `pixels`
 */
export function paintCells(
  pixels: Uint32Array,
  pixelOf: Uint32Array,
  atlasWidth: number,
  input: HeatmapInput,
  table: ColourTable,
): void {
  const { mask, span, severityColours, texture } = input
  const awaited = input.cells === 'awaited'
  const cells = input.cells === 'awaited' ? null : input.cells
  const colours = table.pixels
  const rows = pixelOf.length
  const [low, high] = span
  const scale = high > low ? RAMP_STEPS / (high - low) : 0
  const values = cells?.values
  const states = cells?.states
  const severities = cells?.severity
  for (let row = 0; row < rows; row++) {
    const pixel = pixelOf[row] as number
    let place: number
    const state = states === undefined ? FIGURE.absent : (states[row] as number)
    const severity = severities === undefined ? SEVERITY.normal : (severities[row] as number)
    if (awaited) {
      place = PIXEL.awaited
    } else if (severity >= SEVERITY.critical) {
      place = PIXEL.critical
    } else if (state === FIGURE.ok || state === FIGURE.zero) {
      place =
        severityColours && severity === SEVERITY.advisory
          ? PIXEL.advisory
          : step(values as Float32Array, row, low, scale)
    } else {
      const odd = texture && (((pixel % atlasWidth) + Math.floor(pixel / atlasWidth)) & 1) === 1
      place = unknownPlace(state, values, row, low, scale, odd)
    }
    if (mask !== null && mask[row] === 0) place += DIMMED
    pixels[pixel] = colours[place] as number
  }
}

/** A good state without a number is a contradiction and is drawn as one. */
function step(values: Float32Array, row: number, low: number, scale: number): number {
  const at = ((values[row] as number) - low) * scale
  if (at >= RAMP_STEPS - 1) return RAMP_STEPS - 1
  if (at >= 0) return at | 0
  return at < 0 ? 0 : PIXEL.implausible
}

/** Stale and absent areas are drawn in two alternating tints: a texture tells them from a load in any ramp. */
function unknownPlace(
  state: number,
  values: Float32Array | undefined,
  row: number,
  low: number,
  scale: number,
  odd: boolean,
): number {
  if (state === FIGURE.absent) return odd ? PIXEL.absentTint : PIXEL.absent
  if (state !== FIGURE.stale || values === undefined) return PIXEL.implausible
  if (odd) return PIXEL.staleTint
  const at = step(values, row, low, scale)
  return at < RAMP_STEPS ? PIXEL.stale + at : PIXEL.stale
}

/** Which ramp step a value takes; the same arithmetic as the picture's. */
export function rampStep(value: number, span: readonly [number, number]): number {
  const [low, high] = span
  if (!(high > low)) return 0
  return Math.min(RAMP_STEPS - 1, Math.max(0, Math.floor(((value - low) / (high - low)) * RAMP_STEPS)))
}
