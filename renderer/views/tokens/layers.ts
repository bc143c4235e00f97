import type { StandIn } from '../../../shared/contract/tokens.ts'
import type { Dimension, TokenFilters } from '../../../shared/model/tokens.ts'
import { say } from '../../../shared/messages/format.ts'
import { isChosen, isLeftOut } from '../../state/tokens/filters.ts'
import { SLOTS, type Slots } from '../../state/tokens/slots.ts'
import type { Layer } from '../../ui/chart/stacked/stack.ts'
import type { LayerStyle } from '../../ui/chart/stacked/plot.ts'
import type { Colours } from '../../ui/theme/colours.ts'
import { namedBy } from './served/servedTexts.ts'
import { slotColour } from './useSlots.ts'

/** Names that get a colour, in the order of the stack. An unnamed part belongs to no name and keeps the rest's colour. */
export function colouredNames(layers: readonly Pick<Layer, 'name' | 'rest'>[]): string[] {
  return layers
    .filter(({ name, rest }) => !rest && name !== '')
    .map(({ name }) => name)
    .slice(0, SLOTS)
}

/** How each layer of a stack looks under the filter of its own dimension. */
export function layerStyles(
  layers: readonly Pick<Layer, 'name' | 'rest'>[],
  dimension: Dimension,
  filters: TokenFilters,
  slots: Slots,
  colours: Colours,
  standIn: StandIn | null = null,
): LayerStyle[] {
  return layers.map(({ name, rest }) => ({
    name: rest ? say('tokens.others') : namedBy(standIn, dimension, name),
    colour: rest ? colours.categoryRest : slotColour(slots, name, colours),
    role: rest ? (filters[dimension] === undefined ? 'plain' : 'leftOut') : roleOf(filters, dimension, name),
  }))
}

export function roleOf(
  filters: TokenFilters,
  dimension: Dimension,
  name: string,
): 'plain' | 'chosen' | 'leftOut' {
  if (isChosen(filters, dimension, name)) return 'chosen'
  return isLeftOut(filters, dimension, name) ? 'leftOut' : 'plain'
}
