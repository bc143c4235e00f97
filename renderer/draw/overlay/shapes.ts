/** Shapes that stand beside colour, as paths; the caller chooses fill and stroke. Centre and size in px. */

export function triangle(context: CanvasRenderingContext2D, x: number, y: number, size: number): void {
  const half = size / 2
  context.moveTo(x, y - half)
  context.lineTo(x + half * 1.1, y + half * 0.9)
  context.lineTo(x - half * 1.1, y + half * 0.9)
  context.closePath()
}

export function square(context: CanvasRenderingContext2D, x: number, y: number, size: number): void {
  context.rect(x - size / 2, y - size / 2, size, size)
}

/** A clock: circle and two hands; to be stroked. */
export function clock(
  context: Pick<CanvasPath, 'moveTo' | 'lineTo' | 'arc'>,
  x: number,
  y: number,
  size: number,
): void {
  const radius = size / 2
  context.moveTo(x + radius, y)
  context.arc(x, y, radius, 0, 2 * Math.PI)
  context.moveTo(x, y - radius * 0.6)
  context.lineTo(x, y)
  context.lineTo(x + radius * 0.5, y + radius * 0.3)
}

/** Diagonal lines for what is only last known. @param scale device pixels per CSS pixel, times em */
export function hatchPattern(
  context: CanvasRenderingContext2D,
  createCanvas: () => HTMLCanvasElement,
  colour: string,
  scale: number,
): CanvasPattern | null {
  const tile = createCanvas()
  const size = Math.max(4, Math.round(6 * scale))
  tile.width = size
  tile.height = size
  const own = tile.getContext('2d')
  if (own === null) return null
  own.strokeStyle = colour
  own.lineWidth = Math.max(1, scale * 1.2)
  own.beginPath()
  // Three strokes, so that the corners of neighbouring tiles meet.
  for (const shift of [-size, 0, size]) {
    own.moveTo(shift - 1, size + 1)
    own.lineTo(shift + size + 1, -1)
  }
  own.stroke()
  return context.createPattern(tile, 'repeat')
}

/**
 * Text that is not wider than `room`: cut with an ellipsis, '' where not even one letter fits.
 * @param cut `middle` for names that differ at their end, as those of pods do
 */
export function fitted(
  context: CanvasRenderingContext2D,
  text: string,
  room: number,
  cut: 'end' | 'middle' = 'end',
): string {
  if (context.measureText(text).width <= room) return text
  const keeping = (letters: number): string => {
    const tail = cut === 'middle' ? Math.floor(letters / 2) : 0
    return `${text.slice(0, letters - tail)}\u2026${tail === 0 ? '' : text.slice(-tail)}`
  }
  let low = 0
  let high = text.length
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (context.measureText(keeping(middle)).width <= room) low = middle
    else high = middle - 1
  }
  return low === 0 ? '' : keeping(low)
}
