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
import { Say } from '../../ui/text/Say.tsx'
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
            title: say('sources.action.filter'),
            group: say('keys.group.sources'),
            keys: '[Shift]+/',
            run: () => search.current?.focus(),
          },
        ]
      : [],
  )
  useEscape(
    filtered && {
      id: 'sources.unfilter',
      title: say('sources.filter.clear'),
      group: say('keys.group.sources'),
      step: 'filter',
      run: () => useSourcesFilter.setState(NO_FILTER),
    },
    // A link may select a source that is gone, and which then has no drawer.
    selected !== null &&
      open === undefined && {
        id: 'sources.deselect',
        title: say('sources.action.deselect'),
        group: say('keys.group.sources'),
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
            label={say('sources.filter')}
            value={filter.query}
            onChange={(query) => useSourcesFilter.setState({ query })}
          />
          <fieldset className="sources-chips" aria-label={say('sources.filter.state')}>
            {SOURCE_STATES.filter((state) => counts[state] > 0 || filter.states.has(state)).map((state) => (
              <Chip key={state} on={filter.states.has(state)} onToggle={() => toggle(state)}>
                <Glyph name={state} />
                {SOURCE_WORDS[state].word}
                <Figure
                  label={say('sources.filter.count', { state: SOURCE_WORDS[state].word })}
                  value={counts[state]}
                  kind="count"
                />
              </Chip>
            ))}
          </fieldset>
          <p className="sources-count secondary">
            <Say
              id={rows.length === sources.length ? 'sources.count' : 'sources.count.matched'}
              values={{
                n: sources.length,
                matched: <Figure label={say('sources.matched')} value={rows.length} kind="count" quiet />,
                all: <Figure label={say('sources.all')} value={sources.length} kind="count" quiet />,
              }}
            />
          </p>
        </div>
        <DataTable
          label={say('sources.title')}
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
      reason={say('sources.none')}
      nextStep={say('sources.none.next')}
      action={<Button onClick={() => navigate('setup')}>{say('sources.none.open')}</Button>}
    />
  )
}

function NoMatch() {
  return (
    <EmptyState
      reason={say('sources.noMatch')}
      nextStep={say('sources.noMatch.next')}
      action={
        <Button onClick={() => useSourcesFilter.setState(NO_FILTER)}>{say('sources.filter.clear')}</Button>
      }
    />
  )
}
