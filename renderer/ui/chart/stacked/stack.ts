export interface Layer {
  readonly name: string
  /** The sum of everybody who has no layer of their own. */
  readonly rest: boolean
  /** One per time; null where it is not known. */
  readonly values: readonly (number | null)[]
}

export interface StackedLayer extends Layer {
  /** Where the layer begins and ends; null where its own value is not known: a gap, not a zero. */
  readonly base: readonly (number | null)[]
  readonly top: readonly (number | null)[]
}

export interface Stack {
  readonly layers: readonly StackedLayer[]
  /** Null where any layer is unknown: what is known of a sum is not the sum. */
  readonly totals: readonly (number | null)[]
}

/** Layers on top of each other, the first at the bottom. A layer above a gap stands on what is known below it. */
export function stackLayers(layers: readonly Layer[], length: number): Stack {
  const heights = new Float64Array(length)
  const whole = Array.from({ length }, () => layers.length > 0)
  const stacked = layers.map((layer) => {
    const base: (number | null)[] = []
    const top: (number | null)[] = []
    for (let at = 0; at < length; at++) {
      const value = known(layer.values[at])
      if (value === null) whole[at] = false
      base.push(value === null ? null : (heights[at] ?? 0))
      if (value !== null) heights[at] = (heights[at] ?? 0) + value
      top.push(value === null ? null : (heights[at] ?? 0))
    }
    return { ...layer, base, top }
  })
  return { layers: stacked, totals: whole.map((all, at) => (all ? (heights[at] ?? null) : null)) }
}

/** Which layer lies at a height, or -1 above the top and in gaps. */
export function layerAt({ layers }: Stack, at: number, height: number): number {
  return layers.findIndex(({ base, top }) => {
    const from = base[at]
    const to = top[at]
    return typeof from === 'number' && typeof to === 'number' && height >= from && height < to
  })
}

/** Stretches of known values, as [first, last]; a single point between gaps is a stretch of its own. */
export function stretches(values: readonly (number | null)[]): [number, number][] {
  const found: [number, number][] = []
  let first = -1
  for (let at = 0; at <= values.length; at++) {
    const there = known(values[at]) !== null
    if (there && first === -1) first = at
    if (!there && first !== -1) {
      found.push([first, at - 1])
      first = -1
    }
  }
  return found
}

/**
 * What is chosen in a dimension, drawn among everybody else of it: chosen names that were too small for a layer of their
 * own step out of the rest. Both answers must be of the same times; otherwise the chosen stand alone.
 */
export function chosenAmongAll(
  all: { readonly times: readonly number[]; readonly series: readonly Layer[] },
  chosen: { readonly times: readonly number[]; readonly series: readonly Layer[] },
): readonly Layer[] {
  const sameTimes =
    all.times.length === chosen.times.length && all.times.every((time, at) => time === chosen.times[at])
  if (!sameTimes) return chosen.series
  const named = new Set(all.series.filter(({ rest }) => !rest).map(({ name }) => name))
  const hidden = chosen.series.filter(({ rest, name }) => !rest && !named.has(name))
  return [
    ...all.series.filter(({ rest }) => !rest),
    ...hidden,
    ...all.series.filter(({ rest }) => rest).map((rest) => without(rest, hidden)),
  ]
}

function without(rest: Layer, hidden: readonly Layer[]): Layer {
  const values = rest.values.map((value, at) => {
    const left = hidden.reduce((sum, { values: own }) => sum - (known(own[at]) ?? 0), known(value) ?? 0)
    // The two answers may be a moment apart: a rest a little below nothing is nothing.
    return known(value) === null ? null : Math.max(0, left)
  })
  return { ...rest, values }
}

/** Rates and counts are never negative; what is would turn a stack inside out and reads as not known. */
function known(value: number | null | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null
}
