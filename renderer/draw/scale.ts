import type { Field } from '../../shared/model/field.ts'
import type { Topology } from '../../shared/model/topology.ts'

/** No board runs colder; below it the ramp would be spent on temperatures that do not occur. */
const COLDEST_CELSIUS = 20

/**
 * The span of values that the ramp covers, in the exporter's unit. It does not follow the data, so that a colour means
 * the same now, in an hour and on the next screen; what lies beyond takes the ramp's end.
 * @param scales of the GPU types on the floor
 */
export function rampSpan(field: Field, scales: Topology['typeScales']): readonly [number, number] {
  if (field.limits) return [COLDEST_CELSIUS, field.limits.critical + 5]
  if (field.range) return [field.range[0], Math.floor(field.range[1])]
  const top = scales.reduce(
    (most, { powerWatts, memoryMebibytes }) =>
      Math.max(most, field.id === 'power' ? powerWatts : memoryMebibytes),
    0,
  )
  return [0, top > 0 ? top : 1]
}

/**
 * "87", "1.24" in the unit of display, which stands elsewhere; no state is looked at.
 * @param digits decimals; fewer than the field's own where there is no room
 */
export function shortDigits(field: Field, value: number, digits = field.display.digits): string {
  return (value * field.display.scale).toFixed(digits)
}

/** Sizes in px at which figures are read without effort, the largest that is of use and the smallest. */
const LARGEST_TEXT = 16
const SMALLEST_TEXT = 11

export interface FigureFit {
  readonly px: number
  readonly digits: number
  /** Characters of the longest figure within the span. */
  readonly characters: number
}

/**
 * How the figures of a field fit into a room: with fewer decimals before smaller, because "65.4" running into its
 * neighbour is read wrong. null: not even whole numbers can be read there.
 * @param advance width of a digit at 1 px, the font being tabular
 * @param em root font size / 16
 */
export function fitFigures(
  field: Field,
  span: readonly [number, number],
  room: { readonly width: number; readonly height: number },
  advance: number,
  em: number,
): FigureFit | null {
  for (let digits = field.display.digits; digits >= 0; digits--) {
    const characters = Math.max(...span.map((value) => shortDigits(field, value, digits).length))
    const px = Math.floor(
      Math.min(LARGEST_TEXT * em, room.height * 0.72, room.width / (characters * advance)),
    )
    if (px >= SMALLEST_TEXT * em) return { px, digits, characters }
  }
  return null
}
