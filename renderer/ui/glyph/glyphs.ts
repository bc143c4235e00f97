/**
 * Shapes that stand beside colour, so that no state is told by colour alone. Paths in a 12 × 12 box; `even` cuts holes,
 * `stroke` draws lines of 1.5 instead of areas.
 */
export interface Shape {
  readonly path: string
  readonly draw: 'fill' | 'even' | 'stroke'
}

const disc = 'M6 1.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 1 1 0-9z'

export const GLYPHS = {
  advisory: { path: 'M6 1L11.5 11H.5z', draw: 'fill' },
  critical: { path: 'M1.5 1.5h9v9h-9z', draw: 'fill' },
  implausible: {
    path: 'M3.6 4.2A2.4 2.4 0 1 1 6 6.6v1.2M6 9.6v1.2',
    draw: 'stroke',
  },
  stale: { path: `${disc}M6 3.5V6l2 1.5`, draw: 'stroke' },
  absent: { path: 'M2 6h8', draw: 'stroke' },
  throttle: { path: 'M2.5 1.5h2.5v9H2.5zM7 1.5h2.5v9H7z', draw: 'fill' },
  ok: { path: disc, draw: 'fill' },
  slow: {
    path: `M6 .75a5.25 5.25 0 1 0 0 10.5a5.25 5.25 0 1 0 0-10.5zM6 2.25a3.75 3.75 0 1 1 0 7.5z`,
    draw: 'even',
  },
  failing: { path: 'M2 2l8 8M10 2l-8 8', draw: 'stroke' },
  backoff: { path: `${disc}M4 4l4 4M8 4L4 8`, draw: 'stroke' },
  standby: { path: disc, draw: 'stroke' },
  unknown: {
    path: disc,
    draw: 'stroke',
  },
  up: { path: 'M6 10V2.5M2.5 6L6 2.5L9.5 6', draw: 'stroke' },
  down: { path: 'M6 2v7.5M2.5 6L6 9.5L9.5 6', draw: 'stroke' },
  steady: { path: 'M2 6h7.5M6.5 3L9.5 6L6.5 9', draw: 'stroke' },
  close: { path: 'M2.5 2.5l7 7M9.5 2.5l-7 7', draw: 'stroke' },
  more: { path: 'M2.5 4.5L6 8l3.5-3.5', draw: 'stroke' },
  check: { path: 'M1.5 6.5l3 3l6-7', draw: 'stroke' },
  search: { path: 'M5 1.5a3.5 3.5 0 1 1 0 7a3.5 3.5 0 1 1 0-7zM7.7 7.7L11 11', draw: 'stroke' },
} as const satisfies Record<string, Shape>

export type GlyphName = keyof typeof GLYPHS
