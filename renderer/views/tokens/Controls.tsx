import { DIMENSION_TITLES } from '../../../shared/model/tokens.ts'
import type { StandIn, TokenOrigin } from '../../../shared/contract/tokens.ts'
import { say } from '../../../shared/messages/format.ts'
import type { TokensPlace } from '../../state/tokens/address.ts'
import { NO_FILTERS, chosenNames, isFiltered } from '../../state/tokens/filters.ts'
import { RANGE_NAMES, RANGES } from '../../state/tokens/ranges.ts'
import { DIMENSION_ORDER, dimensionWords, MEASURE_ORDER, MEASURE_WORDS } from '../../state/tokens/measures.ts'
import { Button } from '../../ui/form/Button.tsx'
import { Select } from '../../ui/form/Select.tsx'
import { OriginNotes } from './OriginNotes.tsx'
import { Segments } from './Segments.tsx'
import { namedBy } from './served/servedTexts.ts'
import { showPart, toggleFilter } from './usePlace.ts'

const RANGE_OPTIONS = RANGE_NAMES.map((value, index) => ({
  value,
  title: RANGES[value].title,
  hint: `${RANGES[value].words} (${index + 1})`,
}))
const MEASURE_OPTIONS = MEASURE_ORDER.map((value) => ({ value, title: MEASURE_WORDS[value].title }))
const DIMENSION_OPTIONS = DIMENSION_ORDER.map((value) => ({
  value,
  title: DIMENSION_TITLES[value].one,
  hint: say('tokens.by.hint', { dimension: dimensionWords(value) }),
}))

interface ControlsProps {
  readonly place: TokensPlace
  readonly origin: TokenOrigin
  /** Where served tokens are shown. */
  readonly standIn: StandIn | null
}

/** Which time, which measure, by what; and the filters that are on. */
export function Controls({ place, origin, standIn }: ControlsProps) {
  return (
    <div className="tokens-controls">
      <Segments
        label={say('tokens.ranges.rates')}
        value={place.range}
        options={RANGE_OPTIONS.slice(0, 4)}
        onChange={(range) => showPart({ range })}
      />
      <Segments
        label={say('tokens.ranges.totals')}
        value={place.range}
        options={RANGE_OPTIONS.slice(4)}
        onChange={(range) => showPart({ range })}
      />
      <Select
        label={say('tokens.measure')}
        hideLabel
        value={place.measure}
        options={MEASURE_OPTIONS}
        onChange={(measure) => showPart({ measure })}
      />
      <Segments
        label={say('tokens.by')}
        value={place.by}
        options={DIMENSION_OPTIONS}
        onChange={(by) => showPart({ by })}
      />
      {origin.state !== 'none' && <OriginNotes origin={origin} />}
      <FilterChips place={place} standIn={standIn} />
    </div>
  )
}

function FilterChips({ place, standIn }: Pick<ControlsProps, 'place' | 'standIn'>) {
  if (!isFiltered(place.filters)) return null
  return (
    <fieldset className="tokens-chips" aria-label={say('tokens.filters')}>
      {chosenNames(place.filters).map(({ dimension, name }) => (
        <button
          key={`${dimension} ${name}`}
          type="button"
          className="chip tokens-chip"
          title={say('tokens.filters.remove', {
            dimension: DIMENSION_TITLES[dimension].one,
            name: namedBy(standIn, dimension, name),
          })}
          onClick={() => toggleFilter(dimension, name)}
        >
          <span className="secondary">{DIMENSION_TITLES[dimension].one}</span>
          <span className="tokens-chip-name">{namedBy(standIn, dimension, name)}</span>
          <span aria-hidden="true">×</span>
        </button>
      ))}
      <Button kind="quiet" onClick={() => showPart({ filters: NO_FILTERS })}>
        {say('tokens.filters.clear')}
      </Button>
    </fieldset>
  )
}
