import { useMemo, useRef } from 'react'
import { type SourceState, SOURCE_STATES } from '../../../shared/model/source.ts'
import { say } from '../../../shared/messages/format.ts'
import { navigate, replaceParams, useNavigation } from '../../state/navigation.ts'
import { countByState, filterSources, NO_FILTER, useSourcesFilter, worstFirst } from '../../state/sources.ts'
import { useStream } from '../../transport/context.tsx'
import { EmptyState } from '../../ui/dialog/EmptyState.tsx'
import { Waiting } from '../../ui/dialog/Waiting.tsx'
import { WithDrawer } from '../../ui/drawer/Drawer.tsx'
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
import { SOURCE_COLUMNS, sourceLines, sourceSignature } from './columns.tsx'
import { FeedPanel } from './FeedPanel.tsx'
import { SourceDrawer } from './SourceDrawer.tsx'
import { SOURCE_WORDS } from './stateNames.ts'
import './sources.css'

const NO_SOURCES = [] as const

/** Every source with its health, worst first, and which way feeds the floor. */
export function SourcesView() {
  const stream = useStream('sources.health', {})
  const { item, failure } = stream
  const filter = useSourcesFilter()
  const selected = useNavigation((route) => route.params['source'] ?? null)
  const search = useRef<HTMLInputElement>(null)
  const sources = item?.sources ?? NO_SOURCES
  const rows = useMemo(() => worstFirst(filterSources(sources, filter)), [sources, filter])
  const counts = useMemo(() => countByState(sources), [sources])
  const open = sources.find(({ id }) => id === selected)

  const known = item !== undefined
  const filtered = filter.query !== '' || filter.states.size > 0
  useActions(
    known
      ? [
          {
            id: 'sources.filter',
            title: 'Filter sources',
            group: 'Sources',
            keys: '[Shift]+/',
            run: () => search.current?.focus(),
          },
        ]
      : [],
  )
  useEscape(
    filtered && {
      id: 'sources.unfilter',
      title: 'Clear the filter',
      group: 'Sources',
      step: 'filter',
      run: () => useSourcesFilter.setState(NO_FILTER),
    },
    // A link may select a source that is gone, and which then has no drawer.
    selected !== null &&
      open === undefined && {
        id: 'sources.deselect',
        title: 'Select no source',
        group: 'Sources',
        step: 'back',
        run: () => select(null),
      },
  )
  useStanding(known)

  if (item === undefined) {
    return <Waiting waiting={say('sources.waiting')} nextStep={say('waiting.refresh')} failure={failure} />
  }
  return (
    <LastKnown of={stream}>
      <WithDrawer
        drawer={open === undefined ? null : <SourceDrawer source={open} onClose={() => select(null)} />}
      >
        <FeedPanel feed={item.feed} sources={sources} />
        <div className="sources-filter">
          <TextField
            ref={search}
            label="Filter by name, address, kind or error ( / )"
            value={filter.query}
            onChange={(query) => useSourcesFilter.setState({ query })}
          />
          <fieldset className="sources-chips" aria-label="Filter by state">
            {SOURCE_STATES.filter((state) => counts[state] > 0 || filter.states.has(state)).map((state) => (
              <Chip key={state} on={filter.states.has(state)} onToggle={() => toggle(state)}>
                <Glyph name={state} />
                {SOURCE_WORDS[state].word}
                <Figure
                  label={`Sources that are ${SOURCE_WORDS[state].word}`}
                  value={counts[state]}
                  kind="count"
                />
              </Chip>
            ))}
          </fieldset>
          <p className="sources-count secondary">
            {rows.length !== sources.length && (
              <>
                <Figure label="Sources that match" value={rows.length} kind="count" quiet /> of{' '}
              </>
            )}
            <Figure label="Sources in all" value={sources.length} kind="count" quiet /> sources
          </p>
        </div>
        <DataTable
          label="Sources"
          columns={SOURCE_COLUMNS}
          rows={rows}
          keyOf={(source) => source.id}
          selected={selected}
          onSelect={select}
          signatureOf={sourceSignature}
          linesOf={sourceLines}
          orderKey={`${filter.query}|${[...filter.states].join(',')}`}
          primary
          empty={sources.length === 0 ? <NoSources /> : <NoMatch />}
        />
      </WithDrawer>
    </LastKnown>
  )
}

function select(id: string | null): void {
  replaceParams('sources', id === null ? {} : { source: id })
}

function toggle(state: SourceState): void {
  useSourcesFilter.setState(({ states }) => {
    const next = new Set(states)
    if (!next.delete(state)) next.add(state)
    return { states: next }
  })
}

function NoSources() {
  return (
    <EmptyState
      reason="No sources are configured."
      nextStep="Connect to a factory, or look at the demo factory, in the setup view."
      action={<Button onClick={() => navigate('setup')}>Go to setup</Button>}
    />
  )
}

function NoMatch() {
  return (
    <EmptyState
      reason="No source matches the filter."
      nextStep="Use fewer words, or show all states."
      action={<Button onClick={() => useSourcesFilter.setState(NO_FILTER)}>Clear the filter</Button>}
    />
  )
}
