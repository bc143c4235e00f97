import { useEffect, useMemo, useRef, useState } from 'react'
import type { Finding } from '../../../shared/model/finding.ts'
import { type FieldId, field as fieldOf, SWITCHABLE_FIELDS } from '../../../shared/model/field.ts'
import { say } from '../../../shared/messages/format.ts'
import { EMPTY_FILTER, filterRows, isEmptyFilter } from '../../state/fleet/filter.ts'
import { createHistoryProvider, type HistoryProvider } from '../../state/fleet/historyProvider.ts'
import { followFleet } from '../../state/fleet/followFleet.ts'
import { useFleet } from '../../state/fleet/useFleet.ts'
import {
  clearFilter,
  type Place,
  placeOf,
  placeParams,
  setField,
  setFilter,
  toggleList,
  useFloor,
} from '../../state/floor.ts'
import { FLOOR_FIELDS } from '../../state/lastKnown/homes.ts'
import { navigate, replaceParams, useNavigation } from '../../state/navigation.ts'
import { NO_FILTER, useSourcesFilter } from '../../state/sources.ts'
import { noteFault } from '../../state/status.ts'
import { useClient } from '../../transport/context.tsx'
import { WithDrawer } from '../../ui/drawer/Drawer.tsx'
import { LastKnown } from '../../ui/figure/LastKnown.tsx'
import { useActions } from '../../ui/keys/actions.ts'
import { useStanding } from '../../ui/keys/early.ts'
import { useEscape } from '../../ui/keys/useEscape.ts'
import { CompareDrawer, MOST_COMPARED } from './drawer/CompareDrawer.tsx'
import { GpuDrawer } from './drawer/GpuDrawer.tsx'
import { HostDrawer } from './drawer/HostDrawer.tsx'
import { FilterBar } from './filter/FilterBar.tsx'
import { FindingsTable } from './findings/FindingsTable.tsx'
import { GpuTable } from './gpus/GpuTable.tsx'
import { ListSwitch } from './gpus/ListSwitch.tsx'
import { EmptyFloor } from './EmptyFloor.tsx'
import { FloorPicture } from './picture/FloorPicture.tsx'
import { Legend } from './picture/Legend.tsx'
import { LEGEND_KEYS, PICTURE_KEYS } from './pictureKeys.ts'
import { SummaryStrip } from './strip/SummaryStrip.tsx'
import { useFindings } from './useFindings.ts'
import { useMetric } from './useMetric.ts'
import './floor.css'

/** Longer than any name of the field; a link may hold anything. */
const LONGEST_FIND = 300

/** The whole floor as one picture; above it what it sums up to, below it what is wrong, beside it what is selected. */
export function FloorView() {
  const { filter, marked, list } = useFloor()
  const { frame, topology, lastKnown } = useFleet()
  const { field, activity } = useMetric(frame, topology)
  useFleetFeed(field)
  const findings = useFindings()
  const params = useNavigation((route) => route.params)
  const place = placeOf(params)
  useAskedFilter(params['find'])
  /** A finding that is selected and has no place on the floor: one about a source. */
  const [placeless, setPlaceless] = useState<string | null>(null)
  const search = useRef<HTMLInputElement>(null)

  const filtered = useMemo(() => {
    if (frame === null || isEmptyFilter(filter)) return null
    return filterRows(
      topology,
      frame,
      filter,
      findings.topologyVersion === topology.version ? findings.list : [],
    )
  }, [frame, topology, filter, findings.list, findings.topologyVersion])
  const compared = marked?.version === topology.version && place === null ? marked.rows : null
  const selected = useMemo(() => compared ?? rowsOf(placeOf(params), topology), [compared, params, topology])
  const history = useMiniCharts(field)
  const openRow = (row: number): void => openPlace(gpuPlace(row, topology))

  const select = (rows: readonly number[]): void => {
    const several = rows.length > 1
    useFloor.setState({
      marked: several ? { version: topology.version, rows: rows.slice(0, MOST_COMPARED) } : null,
    })
    openPlace(rows.length === 1 ? gpuPlace(rows[0] ?? -1, topology) : null)
  }

  const drawn = frame !== null && topology.gpus.host.length > 0
  useFloorActions(search, drawn, isEmptyFilter(filter))
  useStanding(frame !== null)

  if (frame === null || topology.gpus.host.length === 0)
    return <EmptyFloor awaited={frame === null} isListed={topology.inventory === 'listed'} />
  const mask = filtered?.mask ?? null
  return (
    <LastKnown of={{ lastKnown, receivedAt: frame.at }}>
      <WithDrawer
        drawer={
          compared === null ? (
            <PlaceDrawer place={place} />
          ) : (
            <CompareDrawer rows={compared} field={field} onClose={() => select([])} onOpen={openRow} />
          )
        }
      >
        <div className="floor">
          <SummaryStrip mask={mask} activity={activity} onOpen={openRow} />
          <FilterBar
            field={field}
            search={search}
            matched={filtered?.count ?? null}
            of={topology.gpus.host.length}
          />
          <div className="floor-picture">
            <FloorPicture
              field={field}
              mask={mask}
              selected={selected}
              onSelect={select}
              onOpen={openRow}
              history={history}
            />
          </div>
          <Legend
            field={field}
            range={filter.range}
            onRange={(range) => setFilter({ range: range === null ? null : { ...range, field } })}
          />
          <div className="floor-lists">
            <ListSwitch
              list={list}
              findings={findings.known ? findings.total : null}
              gpus={filtered?.count ?? topology.gpus.host.length}
            />
            {list === 'gpus' ? (
              <GpuTable
                topology={topology}
                frame={frame}
                mask={mask}
                filterKey={JSON.stringify(filter)}
                field={field}
                selected={place?.kind === 'gpu' ? (selected[0] ?? null) : null}
                onSelect={(row) => openPlace(row === null ? null : gpuPlace(row, topology))}
              />
            ) : (
              <FindingsTable
                findings={findings.list}
                known={findings.known}
                selected={selectedFinding(findings.list, place) ?? placeless}
                onSelect={(finding) => {
                  const where = finding === null ? null : findingPlace(finding, topology)
                  setPlaceless(where === null ? (finding?.id ?? null) : null)
                  openPlace(where)
                }}
                onOpen={(finding) =>
                  finding.kind === 'source'
                    ? openSources(finding)
                    : openPlace(findingPlace(finding, topology))
                }
              />
            )}
            {list === 'findings' && findings.total > findings.list.length && (
              <p className="floor-lists-more">
                {say('floor.findings.more', { listed: findings.list.length, total: findings.total })}
              </p>
            )}
          </div>
        </div>
      </WithDrawer>
    </LastKnown>
  )
}

/** Recent figures for the small charts inside the picture's cells. */
function useMiniCharts(field: FieldId): HistoryProvider {
  const client = useClient()
  const provider = useMemo(() => createHistoryProvider(client, field), [client, field])
  useEffect(() => () => provider.close(), [provider])
  return provider
}

/** A link, or the palette, asks for what holds a text: it becomes the filter and leaves the address. */
function useAskedFilter(text: string | undefined): void {
  useEffect(() => {
    if (text === undefined) return
    useFloor.setState({ filter: { ...EMPTY_FILTER, text: text.slice(0, LONGEST_FIND) } })
    replaceParams('floor', {})
  }, [text])
}

/** Frames with what the strip always needs and the metric that the picture shows. */
function useFleetFeed(field: FieldId): void {
  const client = useClient()
  useEffect(() => followFleet(client, [...new Set([...FLOOR_FIELDS, field])], noteFault), [client, field])
}

/** What is wrong with a source is told by the source's own view: narrowed to it, its drawer open, where it is one. */
function openSources({ where, source }: Finding): void {
  useSourcesFilter.setState({ ...NO_FILTER, query: where.includes(', ') ? '' : where })
  navigate('sources', source === undefined ? {} : { source })
}

type Topology = ReturnType<typeof useFleet>['topology']

function openPlace(place: Place | null): void {
  if (place !== null) useFloor.setState({ marked: null })
  replaceParams('floor', placeParams(place))
}

function closeDrawer(): void {
  useFloor.setState({ marked: null })
  openPlace(null)
}

function PlaceDrawer({ place }: { place: Place | null }) {
  if (place === null) return null
  if (place.kind === 'host') {
    return (
      <HostDrawer
        host={place.host}
        onClose={closeDrawer}
        onGpu={(host, slot) => openPlace({ kind: 'gpu', host, slot })}
      />
    )
  }
  return (
    <GpuDrawer
      host={place.host}
      slot={place.slot}
      onClose={closeDrawer}
      onHost={(host) => openPlace({ kind: 'host', host })}
    />
  )
}

function gpuPlace(row: number, topology: Topology): Place | null {
  const host = topology.hosts[topology.gpus.host[row] ?? -1]
  return host === undefined ? null : { kind: 'gpu', host: host.name, slot: topology.gpus.slot[row] ?? 0 }
}

/** One GPU is meant, or its whole host. A finding about an instance leads to its board. */
function findingPlace(finding: Finding, topology: Topology): Place | null {
  const boards = finding.rows.map((row) => topology.instances.gpu[row - topology.gpus.host.length] ?? row)
  const [first] = boards
  if (first === undefined) return null
  const gpu = gpuPlace(first, topology)
  return gpu !== null && new Set(boards).size > 1 ? { kind: 'host', host: gpu.host } : gpu
}

/** The finding whose place is open, so that list and picture point at the same thing. */
function selectedFinding(findings: readonly Finding[], place: Place | null): string | null {
  if (place === null) return null
  const where = place.kind === 'gpu' ? `${place.host} · GPU ${place.slot}` : place.host
  return findings.find((finding) => finding.where === where)?.id ?? null
}

function rowsOf(place: Place | null, topology: Topology): number[] {
  if (place === null) return []
  const host = topology.hosts.findIndex(({ name }) => name === place.host)
  const { gpus } = topology
  return gpus.host.flatMap((of, row) =>
    of === host && (place.kind === 'host' || gpus.slot[row] === place.slot) ? [row] : [],
  )
}

/** @param drawn false: there is nothing yet that keys could work on, and they are kept */
function useFloorActions(
  search: React.RefObject<HTMLInputElement | null>,
  drawn: boolean,
  unfiltered: boolean,
): void {
  useEscape(
    drawn &&
      !unfiltered && {
        id: 'floor.unfilter',
        title: say('floor.action.clear'),
        group: say('keys.group.floor'),
        step: 'filter',
        run: clearFilter,
      },
  )
  const actions = [
    {
      id: 'floor.filter',
      title: say('floor.action.filter'),
      group: say('keys.group.floor'),
      keys: '[Shift]+/',
      run: () => search.current?.focus(),
    },
    { id: 'floor.clear', title: say('floor.action.clear'), group: say('keys.group.floor'), run: clearFilter },
    {
      id: 'floor.list',
      title: say('floor.action.list'),
      group: say('keys.group.floor'),
      keys: 'l',
      run: toggleList,
    },
    ...PICTURE_KEYS,
    ...LEGEND_KEYS,
    ...SWITCHABLE_FIELDS.map((id, index) => ({
      id: `floor.metric.${id}`,
      title: say('floor.action.metric', { metric: fieldOf(id).title }),
      group: say('keys.group.floor'),
      keys: String(index + 1),
      run: () => setField(id),
    })),
    {
      id: 'floor.metric.own',
      title: say('floor.action.metric.own'),
      group: say('keys.group.floor'),
      keywords: say('floor.action.metric.keywords').split(' '),
      run: () => setField(null),
    },
  ]
  useActions(drawn ? actions : [])
}
