import { useMemo } from 'react'
import { type FieldId, field } from '../../../../shared/model/field.ts'
import { grouped, notExported, plural } from '../../../../shared/model/phrases.ts'
import { xidMeaning } from '../../../../shared/model/xid.ts'
import { type Coverage, coverageWords } from '../../../state/fleet/coverage.ts'
import { summarise, type FleetSummary } from '../../../state/fleet/summary.ts'
import { useStatus } from '../../../state/status.ts'
import { Glyph } from '../../../ui/glyph/Glyph.tsx'
import { useFleet } from '../../../state/fleet/useFleet.ts'
import { Sparkline } from '../../../ui/chart/Sparkline.tsx'
import { FieldFigure } from '../../../ui/figure/FieldFigure.tsx'
import { Figure } from '../../../ui/figure/Figure.tsx'
import { Name } from '../../../ui/text/Name.tsx'
import { rowName } from '../drawer/rowName.ts'
import { Tile, TileStrip } from '../../../ui/tile/Tile.tsx'
import { Distribution } from './Distribution.tsx'
import { TypeStates } from './TypeStates.tsx'
import { useTrend } from './useTrend.ts'
import './strip.css'

interface SummaryStripProps {
  /** Rows that the filter leaves; null for the whole floor. */
  readonly mask: Uint8Array | null
  /** The figure of activity that stands for the floor. */
  readonly activity: FieldId
  readonly onOpen: (row: number) => void
}

/** The floor in six figures; with a filter, what the filter leaves in the same six. */
export function SummaryStrip({ mask, activity: usual, onOpen }: SummaryStripProps) {
  const { frame, topology } = useFleet()
  const trend = useTrend()
  const partial = useStatus((state) => state.status?.partial ?? null)
  const summary = useMemo(
    () => (frame === null ? null : summarise(frame, topology, mask, usual)),
    [frame, topology, mask, usual],
  )
  if (summary === null || frame === null) return <TileStrip label="Summary">{null}</TileStrip>

  // Sparklines are of the whole floor; beside a filtered figure they would tell of something else.
  const line = (values: readonly (number | null)[], range?: readonly [number, number]) =>
    mask === null ? <Sparkline values={values} {...(range ? { range } : {})} /> : undefined
  const at = frame.at
  const told = partial === null ? null : <PartialNote text={partial} />
  const { activity, power, hottest } = summary

  return (
    <TileStrip label={mask === null ? 'Summary of the floor' : 'Summary of what the filter leaves'}>
      <Tile
        label="GPUs with current figures"
        note={
          <>
            of <Figure label="GPUs in all" value={summary.gpus} kind="count" quiet /> {told}
          </>
        }
        chart={line(trend.present)}
      >
        <Figure
          label="GPUs with current figures"
          value={summary.current}
          kind="count"
          size="large"
          at={at}
          source="frames of the engine"
        />
      </Tile>
      <Tile
        label={`${field(activity.field).title}, mean`}
        note={<Spread summary={summary} />}
        chart={<Distribution histogram={activity.histogram} stale={activity.staleHistogram} />}
      >
        <FieldFigure
          field={activity.field}
          value={activity.mean}
          size="large"
          at={at}
          source={`mean over ${activity.known} of ${activity.of} GPUs`}
          reason={noFigure(activity.field, activity.coverage)}
        />
      </Tile>
      <Tile
        label="Board power"
        note={
          power.boards < power.of ? (
            <>
              {power.watts !== null && 'at least; '}over{' '}
              <Figure label="Boards in the sum" value={power.boards} kind="count" quiet /> of{' '}
              <Figure label="Boards in all" value={power.of} kind="count" quiet /> boards
            </>
          ) : (
            'over all boards'
          )
        }
        chart={line(trend.powerWatts)}
      >
        <Figure
          label="Board power"
          value={power.watts}
          unit="W"
          size="large"
          at={at}
          source={`sum over ${power.boards} of ${power.of} boards`}
          reason={noFigure('power', null)}
        />
      </Tile>
      <Tile
        label="Hottest GPU"
        note={hottest === null ? 'no figure' : <PlaceButton row={hottest.row} onOpen={onOpen} />}
        chart={line(trend.hottestCelsius)}
      >
        <FieldFigure
          field="gpuTemp"
          value={hottest?.celsius ?? null}
          size="large"
          at={at}
          reason="No GPU has a current figure."
        />
      </Tile>
      <Tile label="GPUs with an XID" note={<XidWords summary={summary} />}>
        <Figure
          label="GPUs with an XID"
          value={summary.xidRows.length === 0 && !tellsXids(summary) ? null : summary.xidRows.length}
          kind="count"
          size="large"
          at={at}
          severity={summary.xidRows.length > 0 ? 'advisory' : 'normal'}
          reason={notExported('xid')}
        />
      </Tile>
      <Tile label="By type and state">
        <TypeStates byType={summary.byType} />
      </Tile>
    </TileStrip>
  )
}

/** Beside the counts that are not whole. */
function PartialNote({ text }: { text: string }) {
  return (
    <span className="tile-partly" title={`partial: ${text}`}>
      <Glyph name="advisory" /> partial: {text}
    </span>
  )
}

/** Whether any GPU could tell of an XID: where none can, none is not 0. */
function tellsXids({ xidCoverage }: FleetSummary): boolean {
  return xidCoverage !== null && xidCoverage.have > 0
}

function noFigure(id: FieldId, coverage: Coverage | null): string {
  return coverage !== null && coverage.of > 0 && coverage.have === 0
    ? notExported(id)
    : 'No GPU has a current figure.'
}

function Spread({ summary }: { summary: FleetSummary }) {
  const { field: id, median, p95, coverage, stale } = summary.activity
  const partly = coverage === null ? '' : coverageWords(id, coverage)
  return (
    <>
      median <FieldFigure field={id} value={median} size="tiny" quiet /> · p95{' '}
      <FieldFigure field={id} value={p95} size="tiny" quiet />
      {stale > 0 && (
        <span
          className="tile-stale"
          title="Last known figures are in no mean; the picture shows them dimmed."
        >
          {' '}
          without <Figure label="GPUs with a last known figure alone" value={stale} kind="count" quiet />{' '}
          stale
        </span>
      )}
      {partly !== '' && (
        <span className="tile-partly" title={partly}>
          {partly}
        </span>
      )}
    </>
  )
}

function PlaceButton({ row, onOpen }: { row: number; onOpen: (row: number) => void }) {
  const { topology } = useFleet()
  return (
    <button type="button" className="link tile-place" onClick={() => onOpen(row)}>
      <Name shown={rowName(topology, row)} />
    </button>
  )
}

const MOST_CODES = 3

/** The codes that are on the floor now, the most frequent first. */
function XidWords({ summary }: { summary: FleetSummary }) {
  const { frame } = useFleet()
  const column = frame?.fields.indexOf('xid') ?? -1
  const coverage = summary.xidCoverage
  if (frame === null || column === -1 || summary.xidRows.length === 0) {
    if (!tellsXids(summary)) return 'not exported'
    return coverage === null || coverage.have === coverage.of
      ? 'none'
      : `known of ${grouped(coverage.have)} of ${plural(coverage.of, 'GPU')}`
  }
  const counts = new Map<number, number>()
  for (const row of summary.xidRows) {
    const code = frame.values[column]?.[row] ?? 0
    counts.set(code, (counts.get(code) ?? 0) + 1)
  }
  const codes = [...counts].toSorted((a, b) => b[1] - a[1])
  const shown = codes.slice(0, MOST_CODES).map(([code, count]) => `${code}${count > 1 ? ` ×${count}` : ''}`)
  return (
    <span title={codes.map(([code]) => `XID ${code}: ${xidMeaning(code).name}`).join('\n')}>
      {shown.join(', ')}
      {codes.length > MOST_CODES && ` and ${codes.length - MOST_CODES} more`}
    </span>
  )
}
