import { visibleName } from '../../../../shared/model/foreignText.ts'
import { type Ref, useMemo } from 'react'
import { type FieldId, field, SWITCHABLE_FIELDS } from '../../../../shared/model/field.ts'
import type { FigureState } from '../../../../shared/model/figure.ts'
import { say } from '../../../../shared/messages/format.ts'
import { STATE_WORDS } from '../../../state/fleet/rowText.ts'
import { isEmptyFilter } from '../../../state/fleet/filter.ts'
import { useFleet } from '../../../state/fleet/useFleet.ts'
import { clearFilter, setField, setFilter, useFloor } from '../../../state/floor.ts'
import { Figure } from '../../../ui/figure/Figure.tsx'
import { Button } from '../../../ui/form/Button.tsx'
import { Chip } from '../../../ui/form/Chip.tsx'
import { Select } from '../../../ui/form/Select.tsx'
import { TextField } from '../../../ui/form/TextField.tsx'
import { Say } from '../../../ui/text/Say.tsx'
import './filter.css'

interface FilterBarProps {
  /** The metric that the picture shows. */
  readonly field: FieldId
  readonly search: Ref<HTMLInputElement>
  /** What the filter leaves; null without one. */
  readonly matched: number | null
  readonly of: number
}

/** In the order of how often one is looked for. */
const STATES: readonly FigureState[] = ['ok', 'zero', 'stale', 'absent', 'implausible']

/** What is drawn, and of which GPUs. */
export function FilterBar({ field: current, search, matched, of }: FilterBarProps) {
  const { filter } = useFloor()
  const { topology } = useFleet()
  const namespaces = useMemo(
    () =>
      [...new Set(topology.workloads.map((workload) => workload.namespace))]
        .filter((name) => name !== '')
        .toSorted(),
    [topology],
  )
  return (
    <div className="floor-filter">
      <MetricSwitch current={current} />
      <div className="floor-filter-fields">
        <TextField
          ref={search}
          label={say('floor.filter.text')}
          value={filter.text}
          onChange={(text) => setFilter({ text })}
        />
        <Facet
          label={say('floor.filter.type')}
          all={say('floor.filter.type.all')}
          values={topology.types}
          chosen={filter.types}
          onChoose={(types) => setFilter({ types })}
        />
        <Facet
          label={say('floor.filter.floor')}
          all={say('floor.filter.floor.all')}
          values={topology.floors.map(({ name }) => name)}
          chosen={filter.floors}
          onChoose={(floors) => setFilter({ floors })}
        />
        {namespaces.length > 0 && (
          <Facet
            label={say('floor.filter.tenant')}
            all={say('floor.filter.tenant.all')}
            values={namespaces}
            chosen={filter.namespaces}
            onChoose={(chosen) => setFilter({ namespaces: chosen })}
          />
        )}
        <div className="floor-filter-states" role="group" aria-label={say('floor.filter.state')}>
          {STATES.map((state) => (
            <Chip
              key={state}
              on={filter.states.includes(state)}
              onToggle={() => setFilter({ states: toggled(filter.states, state) })}
            >
              {STATE_WORDS[state]}
            </Chip>
          ))}
        </div>
        {!isEmptyFilter(filter) && matched !== null && (
          <p className="floor-filter-count" role="status">
            {matched === 0 ? (
              say('floor.filter.none')
            ) : (
              <Say
                id="floor.filter.count"
                values={{
                  matched: <Figure label={say('floor.filter.matched')} value={matched} kind="count" quiet />,
                  of: <Figure label={say('floor.gpus.all')} value={of} kind="count" quiet />,
                }}
              />
            )}
            <Button kind="quiet" onClick={clearFilter}>
              {say('floor.filter.clear')}
            </Button>
          </p>
        )}
      </div>
    </div>
  )
}

/** The metrics, on the keys 1 to 9. */
function MetricSwitch({ current }: { current: FieldId }) {
  return (
    <div className="metric-switch" role="radiogroup" aria-label={say('floor.metric')}>
      {SWITCHABLE_FIELDS.map((id, index) => (
        <MetricButton key={id} id={id} index={index} on={id === current} />
      ))}
    </div>
  )
}

function MetricButton({ id, index, on }: { id: FieldId; index: number; on: boolean }) {
  const { short, title } = field(id)
  return (
    // A radio group in buttons: one of them is pressed, the digit works from anywhere.
    <button
      type="button"
      role="radio"
      className="metric"
      aria-checked={on}
      aria-label={title}
      aria-keyshortcuts={String(index + 1)}
      title={say('floor.metric.withKey', { title, key: index + 1 })}
      onClick={() => setField(id)}
    >
      <span className="metric-key" aria-hidden="true">
        {index + 1}
      </span>
      {short}
    </button>
  )
}

interface FacetProps {
  readonly label: string
  readonly all: string
  readonly values: readonly string[]
  readonly chosen: readonly string[]
  readonly onChoose: (chosen: readonly string[]) => void
}

const ALL = ''

/** One of a few values, or all. A value that the floor no longer has stays choosable, so that it can be seen and undone. */
function Facet({ label, all, values, chosen, onChoose }: FacetProps) {
  const options = [...new Set([...values, ...chosen])].map((value) => ({ value, title: visibleName(value) }))
  return (
    <Select
      label={label}
      hideLabel
      value={chosen[0] ?? ALL}
      options={[{ value: ALL, title: all }, ...options]}
      onChange={(value) => onChoose(value === ALL ? [] : [value])}
    />
  )
}

function toggled<T>(list: readonly T[], item: T): T[] {
  return list.includes(item) ? list.filter((one) => one !== item) : [...list, item]
}
