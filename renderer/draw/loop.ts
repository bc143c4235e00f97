/** Something that is painted at most once per displayed frame, and only when it asked for it. */
export interface Layer {
  /** Paint before the next frame is shown. */
  invalidate(): void
  remove(): void
}

export interface DrawLoop {
  /** Layers are painted in the order in which they were added. `now` as of requestAnimationFrame. */
  layer(paint: (now: number) => void): Layer
  stop(): void
}

export interface FrameClock {
  request(callback: (now: number) => void): number
  cancel(handle: number): void
}

const browserClock: FrameClock = {
  request: (callback) => requestAnimationFrame(callback),
  cancel: (handle) => cancelAnimationFrame(handle),
}

/**
 * One requestAnimationFrame for all canvases, asked for only while something is dirty: a floor at rest costs nothing.
 * A hidden page gets no animation frames from the browser; what became dirty meanwhile is painted once it is shown.
 */
export function createDrawLoop(clock: FrameClock = browserClock): DrawLoop {
  const entries: { paint: (now: number) => void; dirty: boolean }[] = []
  let handle: number | null = null

  const run = (now: number): void => {
    handle = null
    for (const entry of entries) {
      if (!entry.dirty) continue
      // Cleared first, so that a layer that animates can ask again while it is painted.
      entry.dirty = false
      entry.paint(now)
    }
    // A layer that dirtied a later one has asked for a frame that has nothing left to paint.
    if (handle !== null && !entries.some((entry) => entry.dirty)) {
      clock.cancel(handle)
      handle = null
    }
  }
  const ask = (): void => {
    handle ??= clock.request(run)
  }
  return {
    layer(paint) {
      const entry = { paint, dirty: false }
      entries.push(entry)
      return {
        invalidate() {
          entry.dirty = true
          ask()
        },
        remove() {
          const at = entries.indexOf(entry)
          if (at >= 0) entries.splice(at, 1)
        },
      }
    },
    stop() {
      if (handle !== null) clock.cancel(handle)
      handle = null
      entries.length = 0
    },
  }
}

/** Gives a canvas the device pixels of its CSS size. @returns whether it had to be changed (which clears it) */
export function sizeCanvas(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
  pixelRatio: number,
): boolean {
  const w = Math.max(1, Math.round(width * pixelRatio))
  const h = Math.max(1, Math.round(height * pixelRatio))
  if (canvas.width === w && canvas.height === h) return false
  canvas.width = w
  canvas.height = h
  return true
}
