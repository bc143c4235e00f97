import { CELLS_PER_HOUR } from './measures.ts'

/** The shape of an hour that was lived is kept minute by minute, for each deployment. */
export const MINUTES = 60
const FULL = 65_535

/** Cumulative parts at the end of every minute, in 1/65535; without any tokens evenly. */
export function shapeOfMinutes(minutes: Float64Array, deployments: number): Uint16Array {
  const shape = new Uint16Array(minutes.length)
  for (let d = 0; d < deployments; d++) {
    const own = minutes.subarray(d * MINUTES, (d + 1) * MINUTES)
    const whole = own.reduce((a, b) => a + b, 0)
    let sum = 0
    own.forEach((count, minute) => {
      sum += count
      const part = whole === 0 ? (minute + 1) / MINUTES : sum / whole
      shape[d * MINUTES + minute] = Math.round(part * FULL)
    })
  }
  return shape
}

/** Part of the hour that has passed at the start of a cell, evenly within a minute. */
export function shapeAt(shape: Uint16Array, deployment: number, cell: number): number {
  const minute = (cell * MINUTES) / CELLS_PER_HOUR
  const whole = Math.floor(minute)
  const at = deployment * MINUTES
  const left = whole === 0 ? 0 : (shape[at + whole - 1] ?? FULL) / FULL
  const right = (shape[at + whole] ?? FULL) / FULL
  return whole >= MINUTES ? 1 : left + (right - left) * (minute - whole)
}
