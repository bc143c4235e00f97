import { DIMENSION_TITLES } from '../../../shared/model/tokens.ts'
import { inSentence, say } from '../../../shared/messages/format.ts'
import { TOKENS_HOME, type TokensPlace } from '../../state/tokens/address.ts'
import { isFiltered, NO_FILTERS } from '../../state/tokens/filters.ts'
import { RANGE_NAMES, RANGES } from '../../state/tokens/ranges.ts'
import {
  DIMENSION_ORDER,
  LATENCY_ORDER,
  LATENCY_WORDS,
  MEASURE_ORDER,
  MEASURE_WORDS,
} from '../../state/tokens/measures.ts'
import { useActions } from '../../ui/keys/actions.ts'
import { documentedKeys } from '../../ui/keys/documented.ts'
import { useEscape } from '../../ui/keys/useEscape.ts'
import { showPart } from './usePlace.ts'

const GROUP = say('tokens.title')

/** Handled by the charts and lists themselves while they have the focus; listed so that the key map is complete. */
const INSIDE = documentedKeys(say('keys.group.charts'), 'tokens.inside', [
  ['ArrowLeft ArrowRight', 'tokens.key.time'],
  ['ArrowUp ArrowDown', 'tokens.key.layer'],
  ['Home End', 'tokens.key.edge'],
  ['j k', 'tokens.key.next'],
  ['PageDown PageUp', 'tokens.key.page'],
  ['Enter', 'tokens.key.filter'],
])

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
      title: say('tokens.action.measure.next'),
      group: GROUP,
      keys: 'm',
      run: () => showPart({ measure: after(MEASURE_ORDER, place.measure, 1) }),
    },
    {
      id: 'tokens.measure.previous',
      title: say('tokens.action.measure.previous'),
      group: GROUP,
      keys: 'Shift+M',
      run: () => showPart({ measure: after(MEASURE_ORDER, place.measure, -1) }),
    },
    {
      id: 'tokens.by.next',
      title: say('tokens.action.by.next'),
      group: GROUP,
      keys: 'b',
      run: () => showPart({ by: after(DIMENSION_ORDER, place.by, 1) }),
    },
    {
      id: 'tokens.latency.next',
      title: say('tokens.action.latency.next'),
      group: GROUP,
      keys: 'p',
      run: () => showPart({ latency: after(LATENCY_ORDER, place.latency, 1) }),
    },
    ...MEASURE_ORDER.map((measure) => ({
      id: `tokens.measure.${measure}`,
      title: say('tokens.action.show', { what: inSentence(MEASURE_WORDS[measure].title) }),
      group: GROUP,
      run: () => showPart({ measure }),
    })),
    ...DIMENSION_ORDER.map((by) => ({
      id: `tokens.by.${by}`,
      title: say('tokens.action.by', { dimension: DIMENSION_TITLES[by].one }),
      group: GROUP,
      run: () => showPart({ by }),
    })),
    ...LATENCY_ORDER.map((latency) => ({
      id: `tokens.latency.${latency}`,
      title: say('tokens.action.show', { what: inSentence(LATENCY_WORDS[latency].title) }),
      group: GROUP,
      run: () => showPart({ latency }),
    })),
    ...INSIDE,
  ])
  useEscape(
    isFiltered(place.filters) && {
      id: 'tokens.unfilter',
      title: say('tokens.action.unfilter'),
      group: GROUP,
      step: 'filter',
      run: () => showPart({ filters: NO_FILTERS }),
    },
    place.range !== TOKENS_HOME.range && {
      id: 'tokens.now',
      title: say('tokens.action.now'),
      group: GROUP,
      step: 'now',
      run: () => showPart({ range: TOKENS_HOME.range }),
    },
  )
}

function after<T>(order: readonly T[], now: T, step: 1 | -1): T {
  const at = order.indexOf(now)
  return order[(at + step + order.length) % order.length] ?? now
}
