import { useMemo } from 'react'
import { type FieldId, field } from '../../../../shared/model/field.ts'
import { notExported } from '../../../../shared/model/phrases.ts'
import { xidMeaning } from '../../../../shared/model/xid.ts'
import { say, textOf } from '../../../../shared/messages/format.ts'
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
import { Say } from '../../../ui/text/Say.tsx'
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
  if (summary === null || frame === null)
    return <TileStrip label={say('floor.summary.empty')}>{null}</TileStrip>

  // Sparklines are of the whole floor; beside a filtered figure they would tell of something else.
  const line = (values: readonly (number | null)[], range?: readonly [number, number]) =>
    mask === null ? <Sparkline values={values} {...(range ? { range } : {})} /> : undefined
  const at = frame.at
  const told = partial === null ? null : <PartialNote text={textOf(partial)} />
  const { activity, power, hottest } = summary

  return (
    <TileStrip label={mask === null ? say('floor.summary') : say('floor.summary.filtered')}>
      <Tile
        label={say('floor.summary.current')}
        note={
          <>
            <Say
              id="floor.summary.of"
              values={{
                count: <Figure label={say('floor.gpus.all')} value={summary.gpus} kind="count" quiet />,
              }}
            />{' '}
            {told}
          </>
        }
        chart={line(trend.present)}
      >
        <Figure
          label={say('floor.summary.current')}
          value={summary.current}
          kind="count"
          size="large"
          at={at}
          source={say('floor.summary.frames')}
        />
      </Tile>
      <Tile
        label={say('floor.summary.mean', { title: field(activity.field).title })}
        note={<Spread summary={summary} />}
        chart={<Distribution histogram={activity.histogram} stale={activity.staleHistogram} />}
      >
        <FieldFigure
          field={activity.field}
          value={activity.mean}
          size="large"
          at={at}
          source={say('floor.summary.mean.source', { known: activity.known, of: activity.of })}
          reason={noFigure(activity.field, activity.coverage)}
        />
      </Tile>
      <Tile
        label={say('floor.power')}
        note={
          power.boards < power.of ? (
            <Say
              id={power.watts === null ? 'floor.power.boards' : 'floor.power.boards.atLeast'}
              values={{
                n: power.of,
                boards: (
                  <Figure label={say('shell.power.boards.summed')} value={power.boards} kind="count" quiet />
                ),
                of: <Figure label={say('shell.power.boards.all')} value={power.of} kind="count" quiet />,
              }}
            />
          ) : (
            say('floor.power.all')
          )
        }
        chart={line(trend.powerWatts)}
      >
        <Figure
          label={say('floor.power')}
          value={power.watts}
          unit="W"
          size="large"
          at={at}
          source={say('floor.power.source', { boards: power.boards, of: power.of })}
          reason={noFigure('power', null)}
        />
      </Tile>
      <Tile
        label={say('floor.hottest')}
        note={hottest === null ? say('floor.figure.none') : <PlaceButton row={hottest.row} onOpen={onOpen} />}
        chart={line(trend.hottestCelsius)}
      >
        <FieldFigure
          field="gpuTemp"
          value={hottest?.celsius ?? null}
          size="large"
          at={at}
          reason={say('floor.noCurrent')}
        />
      </Tile>
      <Tile label={say('floor.xids')} note={<XidWords summary={summary} />}>
        <Figure
          label={say('floor.xids')}
          value={summary.xidRows.length === 0 && !tellsXids(summary) ? null : summary.xidRows.length}
          kind="count"
          size="large"
          at={at}
          severity={summary.xidRows.length > 0 ? 'advisory' : 'normal'}
          reason={notExported('xid')}
        />
      </Tile>
      <Tile label={say('floor.types')}>
        <TypeStates byType={summary.byType} />
      </Tile>
    </TileStrip>
  )
}

/** Beside the counts that are not whole. */
function PartialNote({ text }: { text: string }) {
  return (
    <span className="tile-partly" title={say('floor.partial', { what: text })}>
      <Glyph name="advisory" /> {say('floor.partial', { what: text })}
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
    : say('floor.noCurrent')
}

function Spread({ summary }: { summary: FleetSummary }) {
  const { field: id, median, p95, coverage, stale } = summary.activity
  const partly = coverage === null ? '' : coverageWords(id, coverage)
  return (
    <>
      <Say
        id="floor.spread"
        values={{
          median: <FieldFigure field={id} value={median} size="tiny" quiet />,
          p95: <FieldFigure field={id} value={p95} size="tiny" quiet />,
        }}
      />
      {stale > 0 && (
        <span className="tile-stale" title={say('floor.stale.why')}>
          {' '}
          <Say
            id="floor.stale"
            values={{ count: <Figure label={say('floor.stale.count')} value={stale} kind="count" quiet /> }}
          />
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
    if (!tellsXids(summary)) return say('floor.xids.notExported')
    return coverage === null || coverage.have === coverage.of
      ? say('floor.xids.none')
      : say('floor.xids.known', { have: coverage.have, of: coverage.of })
  }
  const counts = new Map<number, number>()
  for (const row of summary.xidRows) {
    const code = frame.values[column]?.[row] ?? 0
    counts.set(code, (counts.get(code) ?? 0) + 1)
  }
  const codes = [...counts].toSorted((a, b) => b[1] - a[1])
  const shown = codes.slice(0, MOST_CODES).map(([code, count]) => `${code}${count > 1 ? ` ×${count}` : ''}`)
  return (
    <span
      title={codes.map(([code]) => say('floor.xid.named', { code, name: xidMeaning(code).name })).join('\n')}
    >
      {codes.length > MOST_CODES
        ? say('floor.xids.more', { codes: shown.join(', '), more: codes.length - MOST_CODES })
        : shown.join(', ')}
    </span>
  )
}
