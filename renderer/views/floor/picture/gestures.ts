import { rowAtPoint, rowsInRect } from '../../../draw/hit.ts'
import type { Rect } from '../../../draw/layout/layout.ts'
import type { Picture } from '../../../draw/picture.ts'
import { centreOn, minimap, nextLevelZoom, pan, toWorld, zoomAbout } from '../../../draw/viewport.ts'

export interface GestureTarget {
  readonly picture: Picture
  /** A click on a row, or on nothing (-1). @param add extend the selection instead of replacing it */
  onPick(row: number, add: boolean): void
  onBand(rows: readonly number[], add: boolean): void
  /** The rubber band while it is drawn, null when it ends. */
  onBandMove(band: Rect | null): void
  /** The row under the pointer, -1 for none. */
  onHover(row: number): void
  animate(): boolean
}

/** Less than this is a click with an unsteady hand (CSS px). */
const CLICK_SLOP = 4
const WHEEL_SPEED = 0.0022
const LINE_PX = 16

type Drag =
  | { readonly kind: 'idle' }
  | {
      readonly kind: 'press' | 'pan'
      readonly startX: number
      readonly startY: number
      lastX: number
      lastY: number
    }
  | { readonly kind: 'band'; readonly startX: number; readonly startY: number }
  | { readonly kind: 'map' }

/**
 * Wheel, drag, pinch, rubber band (Shift + drag), double click and the minimap.
 * @returns removes all listeners
 */
export function listenToGestures(element: HTMLElement, target: GestureTarget): () => void {
  const { picture } = target
  const pointers = new Map<number, { x: number; y: number }>()
  let drag: Drag = { kind: 'idle' }

  const point = (event: MouseEvent): { x: number; y: number } => {
    const box = element.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }
  const mapAt = (x: number, y: number): boolean => {
    const { layout, view, size, em } = picture.scene
    const map = minimap(layout, view, size, em)
    if (map === null) return false
    const { box } = map
    return x >= box.x && y >= box.y && x <= box.x + box.width && y <= box.y + box.height
  }
  const goOnMap = (x: number, y: number): void => {
    const { layout, view, size, em } = picture.scene
    const map = minimap(layout, view, size, em)
    if (map === null) return
    const at = { x: (x - map.box.x) / map.scale, y: (y - map.box.y) / map.scale, width: 0, height: 0 }
    picture.setView(centreOn(at, view.k, size))
  }
  const bandTo = ({ startX, startY }: { startX: number; startY: number }, x: number, y: number): Rect => ({
    x: Math.min(startX, x),
    y: Math.min(startY, y),
    width: Math.abs(x - startX),
    height: Math.abs(y - startY),
  })

  const down = (event: PointerEvent): void => {
    if (event.button !== 0 && event.button !== 1) return
    const { x, y } = point(event)
    element.setPointerCapture(event.pointerId)
    pointers.set(event.pointerId, { x, y })
    if (pointers.size > 1) {
      drag = { kind: 'idle' }
      target.onBandMove(null)
      return
    }
    if (mapAt(x, y)) {
      drag = { kind: 'map' }
      goOnMap(x, y)
    } else if (event.shiftKey) {
      drag = { kind: 'band', startX: x, startY: y }
      target.onHover(-1)
    } else {
      drag = { kind: 'press', startX: x, startY: y, lastX: x, lastY: y }
    }
  }
  const move = (event: PointerEvent): void => {
    const { x, y } = point(event)
    const before = pointers.get(event.pointerId)
    if (before !== undefined && pointers.size === 2) {
      pinch(event.pointerId, before, { x, y })
      return
    }
    if (before !== undefined) pointers.set(event.pointerId, { x, y })
    switch (drag.kind) {
      case 'idle':
        if (pointers.size === 0) hover(x, y)
        return
      case 'map':
        goOnMap(x, y)
        return
      case 'band':
        target.onBandMove(bandTo(drag, x, y))
        return
      case 'press':
        if (Math.hypot(x - drag.startX, y - drag.startY) < CLICK_SLOP) return
        drag = { ...drag, kind: 'pan' }
        target.onHover(-1)
        element.dataset['dragging'] = ''
        break
      case 'pan':
        break
    }
    const { view } = picture.scene
    picture.setView(pan(view, x - drag.lastX, y - drag.lastY))
    drag.lastX = x
    drag.lastY = y
  }
  const hover = (x: number, y: number): void => {
    const { layout, view } = picture.scene
    target.onHover(mapAt(x, y) ? -1 : rowAtPoint(layout, view, x, y))
  }
  const pinch = (id: number, before: { x: number; y: number }, now: { x: number; y: number }): void => {
    const other = [...pointers].find(([key]) => key !== id)?.[1]
    pointers.set(id, now)
    if (other === undefined) return
    const was = Math.hypot(before.x - other.x, before.y - other.y)
    const is = Math.hypot(now.x - other.x, now.y - other.y)
    const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 }
    const { view } = picture.scene
    const moved = pan(view, (now.x - before.x) / 2, (now.y - before.y) / 2)
    picture.setView(zoomAbout(moved, is / Math.max(1, was), middle.x, middle.y), { anchor: middle })
  }
  const up = (event: PointerEvent): void => {
    const { x, y } = point(event)
    const ended = drag
    const cancelled = event.type === 'pointercancel'
    pointers.delete(event.pointerId)
    drag = { kind: 'idle' }
    delete element.dataset['dragging']
    const { layout, view } = picture.scene
    const add = event.ctrlKey || event.metaKey
    if (ended.kind === 'band') {
      target.onBandMove(null)
      const band = bandTo(ended, x, y)
      if (cancelled) return
      if (band.width < CLICK_SLOP && band.height < CLICK_SLOP) {
        target.onPick(rowAtPoint(layout, view, x, y), true)
        return
      }
      const from = toWorld(view, band.x, band.y)
      target.onBand(
        rowsInRect(layout, { ...from, width: band.width / view.k, height: band.height / view.k }),
        add,
      )
    } else if (ended.kind === 'press' && !cancelled && event.button === 0) {
      target.onPick(rowAtPoint(layout, view, x, y), add)
    }
  }
  const wheel = (event: WheelEvent): void => {
    event.preventDefault()
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1
    const { view } = picture.scene
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      const dx = (event.deltaX || event.deltaY) * lines
      picture.setView(pan(view, -dx, event.shiftKey ? 0 : -event.deltaY * lines))
      return
    }
    const anchor = point(event)
    // A pinch on a touch pad comes as a wheel with Ctrl and small steps.
    const speed = WHEEL_SPEED * lines * (event.ctrlKey ? 4 : 1)
    picture.setView(zoomAbout(view, 2 ** (-event.deltaY * speed), anchor.x, anchor.y), { anchor })
    hover(anchor.x, anchor.y)
  }
  const twice = (event: MouseEvent): void => {
    const anchor = point(event)
    if (mapAt(anchor.x, anchor.y)) return
    const { layout, view, em } = picture.scene
    const factor = nextLevelZoom(layout, view, em) / view.k
    picture.setView(zoomAbout(view, factor, anchor.x, anchor.y), { anchor, animate: target.animate() })
  }
  const leave = (): void => target.onHover(-1)

  element.addEventListener('pointerdown', down)
  element.addEventListener('pointermove', move)
  element.addEventListener('pointerup', up)
  element.addEventListener('pointercancel', up)
  element.addEventListener('pointerleave', leave)
  element.addEventListener('wheel', wheel, { passive: false })
  element.addEventListener('dblclick', twice)
  return () => {
    element.removeEventListener('pointerdown', down)
    element.removeEventListener('pointermove', move)
    element.removeEventListener('pointerup', up)
    element.removeEventListener('pointercancel', up)
    element.removeEventListener('pointerleave', leave)
    element.removeEventListener('wheel', wheel)
    element.removeEventListener('dblclick', twice)
  }
}
