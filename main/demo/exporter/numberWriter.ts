const ZERO = 0x30
const POINT = 0x2e
const NEWLINE = 0x0a

/** Largest part that 32-bit arithmetic can split into digits. */
const BILLION = 1_000_000_000

/**
 * Writes a whole number >= 0 (rounded, below 2^53) and a newline.
 * @returns the offset behind it
 */
export function writeInteger(out: Uint8Array, at: number, value: number): number {
  const end = writeDigits(out, at, Math.round(value))
  out[end] = NEWLINE
  return end + 1
}

/**
 * Writes a number >= 0 with six decimals, as Go's %f does, and a newline. `value` below 2^53 / 10^6.
 * @returns the offset behind it
 */
export function writeDouble(out: Uint8Array, at: number, value: number): number {
  const scaled = Math.round(value * 1e6)
  const whole = Math.floor(scaled / 1e6)
  let fraction = scaled - whole * 1e6
  let place = writeDigits(out, at, whole)
  out[place] = POINT
  for (let i = place + 6; i > place; i--) {
    const next = (fraction / 10) | 0
    out[i] = ZERO + fraction - next * 10
    fraction = next
  }
  place += 7
  out[place] = NEWLINE
  return place + 1
}

function writeDigits(out: Uint8Array, at: number, value: number): number {
  if (value < BILLION) return writeSmall(out, at, value | 0)
  const high = Math.floor(value / BILLION)
  const start = writeDigits(out, at, high)
  let low = (value - high * BILLION) | 0
  for (let i = start + 8; i >= start; i--) {
    const next = (low / 10) | 0
    out[i] = ZERO + low - next * 10
    low = next
  }
  return start + 9
}

function writeSmall(out: Uint8Array, at: number, value: number): number {
  let length = 1
  for (let rest = (value / 10) | 0; rest > 0; rest = (rest / 10) | 0) length++
  let rest = value
  for (let i = at + length - 1; i >= at; i--) {
    const next = (rest / 10) | 0
    out[i] = ZERO + rest - next * 10
    rest = next
  }
  return at + length
}
