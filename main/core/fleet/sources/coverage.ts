import { FIELD_COUNT } from '../figures/columns.ts'
import type { Placement } from '../places/placement.ts'

/** Which cells a source has fed through one question. */
export type Coverage = Pick<Placement, 'fields' | 'units'>

/** Fields of a unit, XID counts included: `unit × KEY + field` is a cell's own number. */
export const KEY = FIELD_COUNT + 1

/** The cells of a coverage that fit. */
export function part({ units, fields }: Coverage, fits: (unit: number, i: number) => boolean): Coverage {
  const kept = [...units.keys()].filter((i) => fits(units[i] as number, i))
  return {
    units: Int32Array.from(kept, (i) => units[i] as number),
    fields: Uint8Array.from(kept, (i) => fields[i] as number),
  }
}

/** Both coverages in one, each cell once, so that a source which is never complete does not grow. */
export function union(a: Coverage, b: Coverage): Coverage {
  const keys = new Set<number>()
  for (const { units, fields } of [a, b]) {
    units.forEach((unit, i) => {
      if (unit >= 0) keys.add(unit * KEY + (fields[i] as number))
    })
  }
  const all = [...keys]
  return {
    units: Int32Array.from(all, (key) => Math.floor(key / KEY)),
    fields: Uint8Array.from(all, (key) => key % KEY),
  }
}
