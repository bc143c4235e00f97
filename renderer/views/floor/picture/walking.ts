import { SEVERITY } from '../../../../shared/model/figure.ts'
import { type Direction, neighbour } from '../../../draw/hit.ts'
import { type FloorLayout, holeAt, type Rect, rectOf } from '../../../draw/layout/layout.ts'
import type { Picture } from '../../../draw/picture.ts'
import {
  fit,
  isFit,
  nextLevelZoom,
  pan,
  revealBesideMap,
  toScreen,
  zoomAbout,
} from '../../../draw/viewport.ts'

/** What a key means in the picture. */
export type PictureKey =
  | { readonly kind: 'walk'; readonly direction: Direction }
  | { readonly kind: 'pan'; readonly direction: Direction }
  | { readonly kind: 'floor'; readonly step: 1 | -1 }
  | { readonly kind: 'edge'; readonly last: boolean }
  | { readonly kind: 'abnormal'; readonly step: 1 | -1 }
  | { readonly kind: 'zoom'; readonly inwards: boolean }
  | { readonly kind: 'fit' | 'open' | 'toggle' }
  /** To the next level of detail. */
  | { readonly kind: 'nearer' }

const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
}

/** null: not a key of the picture; it goes on to the console. */
export function pictureKey(event: {
  key: string
  shiftKey: boolean
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
}): PictureKey | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null
  const direction = ARROWS[event.key]
  if (direction) return { kind: event.shiftKey ? 'pan' : 'walk', direction }
  switch (event.key) {
    case '+':
    case '=':
      return { kind: 'zoom', inwards: true }
    case '-':
    case '_':
      return { kind: 'zoom', inwards: false }
    case '0':
      return { kind: 'fit' }
    case 'Enter':
      return { kind: 'open' }
    case ' ':
      return { kind: 'toggle' }
    case 'z':
      return { kind: 'nearer' }
    case 'Home':
      return { kind: 'edge', last: false }
    case 'End':
      return { kind: 'edge', last: true }
    case 'PageDown':
      return { kind: 'floor', step: 1 }
    case 'PageUp':
      return { kind: 'floor', step: -1 }
    case '.':
      return { kind: 'abnormal', step: 1 }
    case ',':
      return { kind: 'abnormal', step: -1 }
    default:
      return null
  }
}

const PAN_SHARE = 0.2
const ZOOM_STEP = 1.5

/** Keys that move the view. @returns whether it was one of them */
export function moveView(picture: Picture, key: PictureKey, focus: number, animate: boolean): boolean {
  const { layout, view, size, em } = picture.scene
  switch (key.kind) {
    case 'pan': {
      const dx = key.direction === 'left' ? 1 : key.direction === 'right' ? -1 : 0
      const dy = key.direction === 'up' ? 1 : key.direction === 'down' ? -1 : 0
      picture.setView(pan(view, dx * size.width * PAN_SHARE, dy * size.height * PAN_SHARE), { animate })
      return true
    }
    case 'zoom':
    case 'nearer': {
      const step = key.kind === 'zoom' && !key.inwards ? 1 / ZOOM_STEP : ZOOM_STEP
      const factor = key.kind === 'nearer' ? nextLevelZoom(layout, view, em) / view.k : step
      const rect = inSight(picture, focus)
      // Keys zoom about the focused cell while it is in sight, else about the middle.
      const anchor =
        rect === null ? { x: size.width / 2, y: size.height / 2 } : centreOf(toScreen(view, rect))
      const zoomed = zoomAbout(view, factor, anchor.x, anchor.y)
      const next = rect === null ? zoomed : revealBesideMap(zoomed, rect, layout, size, em)
      const moved = { x: anchor.x + next.x - zoomed.x, y: anchor.y + next.y - zoomed.y }
      picture.setView(next, { anchor: moved, animate })
      return true
    }
    case 'fit':
      picture.setView(fit(layout, size), { animate })
      return true
    default:
      return false
  }
}

/** The rectangle (world) of a row whose middle is on the screen, else null. */
function inSight(picture: Picture, row: number): Rect | null {
  const { layout, view, size } = picture.scene
  const rect = rectOf(layout, row)
  if (rect === null) return null
  const { x, y } = centreOf(toScreen(view, rect))
  return x < 0 || y < 0 || x > size.width || y > size.height ? null : rect
}

function centreOf({ x, y, width, height }: Rect): { x: number; y: number } {
  return { x: x + width / 2, y: y + height / 2 }
}

/** Where a key leads the focus to; the same row where it leads nowhere, null for keys that do not move it. */
export function walk(picture: Picture, key: PictureKey, focus: number): number | null {
  const { layout, counts, frame } = picture.scene
  switch (key.kind) {
    case 'walk':
      return neighbour(layout, focus, key.direction)
    case 'edge':
      return key.last ? layout.pixelOf.length - 1 : 0
    case 'floor':
      return (
        firstOf(layout, (layout.holes[holeAt(focus)]?.band ?? layout.bandOf[focus] ?? 0) + key.step) ?? focus
      )
    case 'abnormal':
      return frame === null
        ? focus
        : nextAbnormal(
            frame.severity.subarray(0, layout.pixelOf.length),
            counts.critical.length > 0 ? SEVERITY.critical : SEVERITY.advisory,
            focus,
            key.step,
          )
    default:
      return null
  }
}

function firstOf(layout: FloorLayout, index: number): number | null {
  const band = layout.bands[index]
  if (!band) return null
  const from = band.atlasRow * layout.atlas.width
  const found = layout.rowAt.subarray(from, from + band.high * layout.atlas.width).find((row) => row >= 0)
  return found ?? null
}

/** The next row that is at least so severe, round the floor; the same row where no other is. */
export function nextAbnormal(severities: Uint8Array, least: number, focus: number, step: 1 | -1): number {
  const rows = severities.length
  for (let away = 1; away <= rows; away++) {
    const row = (((Math.max(-1, focus) + step * away) % rows) + rows) % rows
    if ((severities[row] as number) >= least) return row
  }
  return focus
}

/** Brings a row into sight when the picture is zoomed in. */
export function showRow(picture: Picture, row: number, animate: boolean): void {
  const { layout, view, size, em } = picture.scene
  const rect = rectOf(layout, row)
  if (rect === null || isFit(view)) return
  picture.setView(revealBesideMap(view, rect, layout, size, em), { animate })
}
