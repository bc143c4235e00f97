import { useMemo, useRef } from 'react'
import type { IncidentsItem } from '../../../shared/contract/incidents.ts'
import { say, textOf } from '../../../shared/messages/format.ts'
import { visibleText } from '../../../shared/model/foreignText.ts'
import {
  countByFilter,
  filterIncidents,
  INCIDENT_FILTERS,
  type IncidentsPlace,
} from '../../state/incidents/list.ts'
import { useStream } from '../../transport/context.tsx'
import { EmptyState } from '../../ui/dialog/EmptyState.tsx'
import { Waiting } from '../../ui/dialog/Waiting.tsx'
import { Figure } from '../../ui/figure/Figure.tsx'
import { LastKnown } from '../../ui/figure/LastKnown.tsx'
import { Button } from '../../ui/form/Button.tsx'
import { Chip } from '../../ui/form/Chip.tsx'
import { TextField } from '../../ui/form/TextField.tsx'
import { Glyph } from '../../ui/glyph/Glyph.tsx'
import { useActions } from '../../ui/keys/actions.ts'
import { useStanding } from '../../ui/keys/early.ts'
import { useEscape } from '../../ui/keys/useEscape.ts'
import { DataTable } from '../../ui/table/DataTable.tsx'
import { INCIDENT_COLUMNS, incidentSignature } from './columns.tsx'
import { IncidentPage } from './IncidentPage.tsx'
import { useIncidentActs } from './useIncidentActs.tsx'
import { openIncident, showPart, usePlace } from './usePlace.ts'
import { useReadList } from './useReadList.ts'
import './incidents.css'

/** Every incident of the site in a list, or one on a page of its own. */
export function IncidentsView() {
  const place = usePlace()
  return place.incident === null ? (
    <List place={place} />
  ) : (
    <IncidentPage key={place.incident} id={place.incident} />
  )
}

function List({ place }: { readonly place: IncidentsPlace }) {
  const stream = useStream('incidents.list', {})
  const { item, failure } = stream
  useStanding(item !== undefined)
  if (item === undefined)
    return <Waiting waiting={say('incidents.waiting')} nextStep={say('waiting.refresh')} failure={failure} />
  return (
    <LastKnown of={stream}>
      <div className="incidents">
        <IncidentNotes item={item} />
        <Rows item={item} place={place} />
      </div>
    </LastKnown>
  )
}

const idOf = ({ id }: { readonly id: string }): string => id

function Rows({ item, place }: { readonly item: IncidentsItem; readonly place: IncidentsPlace }) {
  const { filter, text, selected } = place
  const search = useRef<HTMLInputElement>(null)
  const counts = useMemo(() => countByFilter(item.incidents), [item])
  const matching = useMemo(() => filterIncidents(item.incidents, { filter, text }), [item, filter, text])
  const { rows, waiting, showAll } = useReadList(matching, `${filter}|${text}`, selected !== null)
  const chosen = item.incidents.find(({ id }) => id === selected)
  const dialog = useIncidentActs(chosen ?? null)
  useActions([
    {
      id: 'incidents.filter',
      title: say('incidents.action.filter'),
      group: say('keys.group.incidents'),
      keys: '[Shift]+/',
      run: () => search.current?.focus(),
    },
  ])
  useEscape(
    (text !== '' || filter !== 'unresolved') && {
      id: 'incidents.unfilter',
      title: say('incidents.action.unfilter'),
      group: say('keys.group.incidents'),
      step: 'filter',
      run: () => showPart({ text: '', filter: 'unresolved' }),
    },
    selected !== null && {
      id: 'incidents.deselect',
      title: say('incidents.action.deselect'),
      group: say('keys.group.incidents'),
      step: 'back',
      run: () => showPart({ selected: null }),
    },
  )
  return (
    <>
      <div className="incidents-filter">
        <TextField
          ref={search}
          label={say('incidents.filter')}
          value={text}
          onChange={(next) => showPart({ text: next })}
        />
        <fieldset className="incidents-chips" aria-label={say('incidents.filter.state')}>
          {INCIDENT_FILTERS.map((each) => (
            <Chip key={each} on={filter === each} onToggle={() => showPart({ filter: each })}>
              {say(`incidents.filter.${each}`)}
              <Figure label={say(`incidents.filter.${each}`)} value={counts[each]} kind="count" quiet />
            </Chip>
          ))}
        </fieldset>
        {waiting > 0 && (
          <Button onClick={showAll}>
            <Glyph name="up" /> {say('incidents.new', { count: waiting })}
          </Button>
        )}
      </div>
      <DataTable
        label={say('incidents.title')}
        columns={INCIDENT_COLUMNS}
        rows={rows}
        keyOf={idOf}
        selected={selected}
        onSelect={(id) => showPart({ selected: id })}
        onOpen={openIncident}
        signatureOf={incidentSignature}
        orderKey={`${filter}|${text}`}
        primary
        empty={<None item={item} place={place} />}
      />
      {dialog}
    </>
  )
}

/** What has to be known about all of them: who sees them, and whether they are written down. */
function IncidentNotes({ item: { alone, notKept, unreadable } }: { readonly item: IncidentsItem }) {
  const notes = [
    ...(notKept === null ? [] : [say('incidents.notKept', { why: visibleText(textOf(notKept)) })]),
    ...(unreadable === 0 ? [] : [say('incidents.unreadable', { count: unreadable })]),
  ]
  return (
    <>
      {notes.map((note) => (
        <p key={note} className="incidents-note">
          <Glyph name="advisory" /> {note}
        </p>
      ))}
      {alone && <p className="incidents-note secondary">{say('incidents.alone')}</p>}
    </>
  )
}

function None({ item, place }: { readonly item: IncidentsItem; readonly place: IncidentsPlace }) {
  if (place.text !== '' || place.filter === 'unacknowledged') {
    return (
      <EmptyState
        reason={say('incidents.noMatch')}
        nextStep={say('incidents.noMatch.next')}
        action={
          <Button onClick={() => showPart({ text: '', filter: 'unresolved' })}>
            {say('incidents.action.unfilter')}
          </Button>
        }
      />
    )
  }
  const resolved = item.incidents.length > 0
  return (
    <EmptyState
      reason={say('incidents.none')}
      nextStep={say(resolved ? 'incidents.none.resolved' : 'incidents.none.next')}
    />
  )
}
