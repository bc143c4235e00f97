import { field, type FieldId } from '../../../../shared/model/field.ts'

/**
 * One field's ring of cuts x columns. Half precision (11 significant bits) is enough for a chart of a gauge, once it is
 * scaled so that nothing real overflows 65,504: memory to GiB (steps of 1/16 at 128 GiB), PCIe to GB/s, power in W
 * (steps of 1/2 W at 1000 W, 2 W above 2048 W), ratios to about 0.0005. Counters, codes and bit masks take single
 * precision: exact to 2^24, relative 6e-8 beyond.
 */
export interface FieldRing {
  readonly field: FieldId
  /** What it takes now. */
  readonly bytes: number
  set(place: number, value: number): void
  /** Nothing is known from one place up to another. */
  clear(from: number, to: number): void
  get(place: number): number
  /** The same ring with other dimensions; `move` tells where each kept cell goes. */
  resized(cells: number, move: (put: (from: number, to: number) => void) => void): FieldRing
}

const HALF_SCALE: Partial<Record<FieldId, number>> = {
  fbUsed: 1 / 1024,
  fbFree: 1 / 1024,
  fbReserved: 1 / 1024,
  pcieTx: 1e-9,
  pcieRx: 1e-9,
}

export function bytesPerCell(id: FieldId): number {
  return field(id).kind === 'gauge' ? 2 : 4
}

export function createFieldRing(id: FieldId, cells: number): FieldRing {
  const half = bytesPerCell(id) === 2
  const scale = half ? (HALF_SCALE[id] ?? 1) : 1
  // None before the first figure: most sources lack some of the fields, and on a large floor one field is megabytes.
  let data: Float16Array | Float32Array | null = null
  return {
    field: id,
    get bytes() {
      return data?.byteLength ?? 0
    },
    set(place, value) {
      if (data === null) {
        if (value !== value) return
        data = half ? new Float16Array(cells) : new Float32Array(cells)
        data.fill(Number.NaN)
      }
      data[place] = value * scale
    },
    clear: (from, to) => void data?.fill(Number.NaN, from, to),
    get: (place) => (data?.[place] ?? Number.NaN) / scale,
    resized(next, move) {
      const ring = createFieldRing(id, next)
      const kept = data
      if (kept !== null) move((from, to) => ring.set(to, (kept[from] ?? Number.NaN) / scale))
      return ring
    },
  }
}
