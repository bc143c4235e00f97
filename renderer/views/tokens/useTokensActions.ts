import { DIMENSION_TITLES } from '../../../shared/model/tokens.ts'
import type { TokensPlace } from '../../state/tokens/address.ts'
import { isFiltered, NO_FILTERS } from '../../state/tokens/filters.ts'
import { RANGE_NAMES, RANGES } from '../../state/tokens/ranges.ts'
import {
  DIMENSION_ORDER,
  LATENCY_ORDER,
  LATENCY_WORDS,
  MEASURE_ORDER,
  MEASURE_WORDS,
} from '../../state/tokens/measures.ts'
import { type Action, useActions } from '../../ui/keys/actions.ts'
import { showPart } from './usePlace.ts'

const GROUP = 'Tokens'

/** Handled by the charts and lists themselves while they have the focus; listed so that the key map is complete. */
const INSIDE: readonly Action[] = (
  [
    ['ArrowLeft', 'Chart: walk through time, with left and right'],
    ['ArrowUp', 'Chart: from layer to layer, with up and down'],
    ['Home', 'Chart: oldest point, with End the newest'],
    ['Enter', 'Chart or list: filter by it, or take the filter away'],
  ] as const
).map(([keys, title]) => ({
  id: `tokens.inside.${keys}`,
  title,
  group: GROUP,
  keys,
  documentedOnly: true,
  run: () => undefined,
}))

/** Everything of the tokens view by key and palette. */
export function useTokensActions(place: TokensPlace): void {
  useActions([
    ...RANGE_NAMES.map((range, index) => ({
      id: `tokens.range.${range}`,
      title: `${RANGES[range].title}: ${RANGES[range].words}`,
      group: GROUP,
      keys: String(index + 1),
      run: () => showPart({ range }),
    })),
    {
      id: 'tokens.measure.next',
      title: 'Next measure',
      group: GROUP,
      keys: 'm',
      run: () => showPart({ measure: after(MEASURE_ORDER, place.measure, 1) }),
    },
    {
      id: 'tokens.measure.previous',
      title: 'Measure before',
      group: GROUP,
      keys: 'Shift+M',
      run: () => showPart({ measure: after(MEASURE_ORDER, place.measure, -1) }),
    },
    {
      id: 'tokens.by.next',
      title: 'Parts by the next dimension',
      group: GROUP,
      keys: 'b',
      run: () => showPart({ by: after(DIMENSION_ORDER, place.by, 1) }),
    },
    {
      id: 'tokens.latency.next',
      title: 'Next latency',
      group: GROUP,
      keys: 'p',
      run: () => showPart({ latency: after(LATENCY_ORDER, place.latency, 1) }),
    },
    ...MEASURE_ORDER.map((measure) => ({
      id: `tokens.measure.${measure}`,
      title: `Show ${MEASURE_WORDS[measure].title.toLowerCase()}`,
      group: GROUP,
      run: () => showPart({ measure }),
    })),
    ...DIMENSION_ORDER.map((by) => ({
      id: `tokens.by.${by}`,
      title: `Show parts by ${DIMENSION_TITLES[by].one}`,
      group: GROUP,
      run: () => showPart({ by }),
    })),
    ...LATENCY_ORDER.map((latency) => ({
      id: `tokens.latency.${latency}`,
      title: `Show ${LATENCY_WORDS[latency].title.toLowerCase()}`,
      group: GROUP,
      run: () => showPart({ latency }),
    })),
    ...INSIDE,
    ...(isFiltered(place.filters)
      ? [
          {
            id: 'tokens.clear',
            title: 'Clear the filters',
            group: GROUP,
            keys: 'Escape',
            run: () => showPart({ filters: NO_FILTERS }),
          },
        ]
      : []),
  ])
}

function after<T>(order: readonly T[], now: T, step: 1 | -1): T {
  const at = order.indexOf(now)
  return order[(at + step + order.length) % order.length] ?? now
}
