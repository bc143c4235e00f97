import { DIMENSIONS, type Dimension } from '../../../../../shared/metering/capabilities.ts'
import type { Dims, Filters } from '../../types.ts'

/** Under this name everything is summed that has no room of its own. */
export const OTHERS = '(others)'
const OTHERS_ID = 0

/** So many names of a dimension are distinguished; together they fit the 53 bits of a row's key. */
const ROOM: Readonly<Record<Dimension, number>> = {
  tenant: 2 ** 17,
  model: 2 ** 13,
  endpoint: 2 ** 13,
  gpuType: 2 ** 8,
}

/** A dimension's names as small numbers. Names come from outside: their number is bounded. */
class Names {
  readonly list: string[] = [OTHERS]
  readonly #ids = new Map<string, number>([[OTHERS, OTHERS_ID]])
  readonly #room: number

  constructor(room: number) {
    this.#room = room
  }

  idOf(name: string): number {
    const known = this.#ids.get(name)
    if (known !== undefined) return known
    if (this.list.length >= this.#room) return OTHERS_ID
    const id = this.list.length
    this.list.push(name)
    this.#ids.set(name, id)
    return id
  }

  find(name: string): number | undefined {
    return this.#ids.get(name)
  }
}

/** Which names of one dimension pass, by id; null lets all pass. */
export type Passing = Readonly<Record<Dimension, Uint8Array | null>>

/** The names of all four dimensions. */
export class CubeNames {
  readonly #by: Readonly<Record<Dimension, Names>> = {
    gpuType: new Names(ROOM.gpuType),
    model: new Names(ROOM.model),
    endpoint: new Names(ROOM.endpoint),
    tenant: new Names(ROOM.tenant),
  }

  of(dimension: Dimension): readonly string[] {
    return this.#by[dimension].list
  }

  idOf(dimension: Dimension, dims: Dims): number {
    return this.#by[dimension].idOf(dims[dimension] ?? '')
  }

  find(dimension: Dimension, name: string): number | undefined {
    return this.#by[dimension].find(name)
  }

  /** @param ignore leaves this dimension's filter out */
  passing(filters: Filters, ignore?: Dimension): Passing {
    const of = (dimension: Dimension): Uint8Array | null => {
      const names = filters[dimension]
      if (names === undefined || dimension === ignore) return null
      const passes = new Uint8Array(this.#by[dimension].list.length)
      for (const name of names) {
        const id = this.#by[dimension].find(name)
        if (id !== undefined) passes[id] = 1
      }
      return passes
    }
    return { gpuType: of('gpuType'), model: of('model'), endpoint: of('endpoint'), tenant: of('tenant') }
  }
}

/** One number for four ids, the same for the same four. */
export function rowKey(ids: Readonly<Record<Dimension, number>>): number {
  return DIMENSIONS.reduce((key, dimension) => key * ROOM[dimension] + ids[dimension], 0)
}

export const OTHERS_IDS: Readonly<Record<Dimension, number>> = {
  gpuType: OTHERS_ID,
  model: OTHERS_ID,
  endpoint: OTHERS_ID,
  tenant: OTHERS_ID,
}
