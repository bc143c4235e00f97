import { say } from '../../../shared/messages/format.ts'
import { isFiltered, type TenantsPlace } from '../../state/tenants/address.ts'
import { SORT_WORDS, TENANT_SORTS } from '../../state/tenants/sorts.ts'
import { useActions } from '../../ui/keys/actions.ts'
import { useEscape } from '../../ui/keys/useEscape.ts'
import { QUICK_ORDERS } from './RankingControls.tsx'
import { showPart } from './usePlace.ts'
import { goToJobs } from './workflows/showJobs.ts'

const GROUP = say('keys.group.tenants')

/** Everything of the ranking by key and palette. */
export function useRankingActions(
  place: TenantsPlace,
  search: { readonly current: HTMLInputElement | null },
  focusList: () => void,
): void {
  const quick: readonly string[] = QUICK_ORDERS
  useActions([
    {
      id: 'tenants.filter',
      title: say('tenants.action.filter'),
      group: GROUP,
      keys: '[Shift]+/',
      run: () => search.current?.focus(),
    },
    {
      id: 'tenants.jobs.all',
      title: say('tenants.action.jobs'),
      group: GROUP,
      keys: 'w',
      run: () => goToJobs({}),
    },
    ...TENANT_SORTS.map((by) => ({
      id: `tenants.order.${by}`,
      title: say('tenants.action.order', { first: SORT_WORDS[by].first }),
      group: GROUP,
      ...(quick.includes(by) ? { keys: String(quick.indexOf(by) + 1) } : {}),
      run: () => showPart({ order: { by, reversed: false } }),
    })),
    {
      id: 'tenants.order.reverse',
      title: say('tenants.action.reverse'),
      group: GROUP,
      keys: 'o',
      run: () => showPart({ order: { ...place.order, reversed: !place.order.reversed } }),
    },
  ])
  useEscape(
    isFiltered(place) && {
      id: 'tenants.unfilter',
      title: say('tenants.action.unfilter'),
      group: GROUP,
      step: 'filter',
      run() {
        showPart({ text: '', states: [] })
        focusList()
      },
    },
    place.selected !== null && {
      id: 'tenants.deselect',
      title: say('tenants.action.deselect'),
      group: GROUP,
      step: 'back',
      // Out of the empty filter first.
      when: () => document.activeElement !== search.current,
      run() {
        showPart({ selected: null })
        focusList()
      },
    },
  )
}
