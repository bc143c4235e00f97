import type { FormEvent, Ref } from 'react'
import type { TenantsItem } from '../../../shared/contract/tenants.ts'
import { say } from '../../../shared/messages/format.ts'
import { isFiltered, type TenantsPlace, type TenantState } from '../../state/tenants/address.ts'
import { countStates, statesToShow } from '../../state/tenants/ranking.ts'
import { SORT_WORDS, type TenantSort } from '../../state/tenants/sorts.ts'
import { STATE_WORDS } from '../../state/tenants/states.ts'
import { Figure } from '../../ui/figure/Figure.tsx'
import { Button } from '../../ui/form/Button.tsx'
import { Chip } from '../../ui/form/Chip.tsx'
import { TextField } from '../../ui/form/TextField.tsx'
import { OriginNotes } from '../tokens/OriginNotes.tsx'
import { Segments } from '../tokens/Segments.tsx'
import { Say } from '../../ui/text/Say.tsx'
import { NoiseLegend } from './NoiseBar.tsx'
import { showPart } from './usePlace.ts'
import { goToJobs } from './workflows/showJobs.ts'

/** The orders that somebody who looks for trouble wants, on the keys 1 to 6; every other one is a column's head. */
export const QUICK_ORDERS = ['tokens', 'noise', 'exhaustion', 'excess', 'rejected', 'errorTokens'] as const

const ORDER_TITLES: Readonly<Record<(typeof QUICK_ORDERS)[number], string>> = {
  tokens: say('tenants.order.tokens'),
  noise: say('tenants.order.noise'),
  exhaustion: say('tenants.order.exhaustion'),
  excess: say('tenants.order.excess'),
  rejected: say('tenants.order.rejected'),
  errorTokens: say('tenants.order.errorTokens'),
}

interface RankingControlsProps {
  readonly item: TenantsItem
  readonly place: TenantsPlace
  /** What the filters leave. */
  readonly matched: number
  readonly search: Ref<HTMLInputElement>
  /** Enter in the field: on to the list. */
  readonly onEnter: () => void
}

export function RankingControls({ item, place, matched, search, onEnter }: RankingControlsProps) {
  const counts = countStates(item.states)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onEnter()
  }
  return (
    <div className="tokens-controls tenants-controls">
      <Segments<TenantSort>
        label={say('tenants.order')}
        value={place.order.by}
        options={QUICK_ORDERS.map((value, index) => ({
          value,
          title: ORDER_TITLES[value],
          hint: say('tenants.order.hint', { first: SORT_WORDS[value].first, key: index + 1 }),
        }))}
        onChange={(by) => showPart({ order: { by, reversed: false } })}
      />
      <form role="search" className="tenants-search" onSubmit={submit}>
        <TextField
          ref={search}
          label={say('tenants.filter')}
          placeholder={say('tenants.filter.placeholder')}
          value={place.text}
          onChange={(text) => showPart({ text })}
        />
      </form>
      <fieldset className="tenants-states" aria-label={say('tenants.filter.state')}>
        {statesToShow(counts, place.states).map((state) => (
          <Chip key={state} on={place.states.includes(state)} onToggle={() => toggleState(place, state)}>
            {STATE_WORDS[state].word}{' '}
            <Figure
              label={say('tenants.state.count', { state: STATE_WORDS[state].word })}
              value={counts[state]}
              kind="count"
              size="tiny"
              quiet
            />
          </Chip>
        ))}
      </fieldset>
      {isFiltered(place) && (
        <p role="status" className="tenants-matched">
          <Say
            id="tenants.matched"
            values={{
              matched: (
                <Figure label={say('tenants.matched.label')} value={matched} kind="count" size="tiny" quiet />
              ),
              of: (
                <Figure label={say('tenants.all')} value={item.ids.length} kind="count" size="tiny" quiet />
              ),
            }}
          />
          <Button kind="quiet" onClick={() => showPart({ text: '', states: [] })}>
            {say('tenants.filter.clear')}
          </Button>
        </p>
      )}
      <Button onClick={() => goToJobs({})}>{say('tenants.jobs')}</Button>
      <NoiseLegend />
      <OriginNotes origin={item.origin} />
    </div>
  )
}

function toggleState({ states }: TenantsPlace, state: TenantState): void {
  showPart({
    states: states.includes(state) ? states.filter((one) => one !== state) : [...states, state],
  })
}
