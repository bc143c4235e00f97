import { nameWords } from '../../state/tokens/measures.ts'
import { visibleName } from '../../../shared/model/foreignText.ts'
import { explain } from '../../../shared/glossary/glossary.ts'
import { USAGE_TERMS } from '../../../shared/glossary/usage.ts'
import type { Drift, DriftRow } from '../../../shared/contract/tokens.ts'
import { formatClock, formatSpan, zoneName } from '../../../shared/model/time.ts'
import { say } from '../../../shared/messages/format.ts'
import { useNow } from '../../state/now.ts'
import { driftAdvice, worstFirst } from '../../state/drift/drift.ts'
import { useStream } from '../../transport/context.tsx'
import { Sparkline } from '../../ui/chart/Sparkline.tsx'
import { EmptyState } from '../../ui/dialog/EmptyState.tsx'
import { Waiting } from '../../ui/dialog/Waiting.tsx'
import { Figure } from '../../ui/figure/Figure.tsx'
import { useSiteZone } from '../../ui/figure/freshness.ts'
import { LastKnown } from '../../ui/figure/LastKnown.tsx'
import { MoneyFigure } from '../../ui/figure/MoneyFigure.tsx'
import { Glyph } from '../../ui/glyph/Glyph.tsx'
import { Explained } from '../../ui/tooltip/Explained.tsx'
import { Unjoined } from '../yield/Unjoined.tsx'
import { WideTable } from '../yield/WideTable.tsx'
import { Say } from '../../ui/text/Say.tsx'

const STATE_WORDS: Readonly<Record<DriftRow['state'], string>> = {
  agrees: say('drift.state.agrees'),
  drifts: say('drift.state.drifts'),
  learning: say('drift.state.learning'),
  unknown: say('drift.state.unknown'),
}

/** Tokens that the inference servers say they served against tokens that were metered: what is given away. */
export function DriftPanel() {
  const stream = useStream('tokens.drift', {})
  const { item, failure } = stream
  return (
    <LastKnown of={stream}>
      <section className="yield-section" aria-labelledby="yield-drift">
        <header className="yield-head">
          <h2 id="yield-drift">{say('drift.title')}</h2>
          {item !== undefined && <Compared item={item} />}
        </header>
        {item === undefined ? (
          <Waiting waiting={say('drift.waiting')} nextStep={say('waiting.refresh')} failure={failure} />
        ) : (
          <Drifts item={item} />
        )}
      </section>
    </LastKnown>
  )
}

function Compared({ item }: { item: Drift }) {
  const zone = useSiteZone()
  if (item.fromMs === null || item.toMs === null) return null
  return (
    <p className="secondary">
      <Say
        id="drift.compared"
        values={{
          from: formatClock(item.fromMs, zone),
          to: formatClock(item.toMs, zone),
          zone: zoneName(item.toMs, zone),
          span: formatSpan(item.toMs - item.fromMs),
          source: item.servedSource,
          threshold: <Figure label={say('drift.threshold')} value={item.threshold * 100} unit="%" quiet />,
        }}
      />
    </p>
  )
}

function Drifts({ item }: { item: Drift }) {
  const { rows, total } = item
  const sorted = worstFirst(rows)
  if (rows.length === 0) {
    return (
      <>
        <EmptyState
          reason={total.note === '' ? say('drift.none') : total.note}
          nextStep={item.notes[0] ?? say('drift.none.next')}
        />
        <Unjoined item={item} />
      </>
    )
  }
  return (
    <>
      <WideTable label={say('drift.table')}>
        <thead>
          <tr>
            <th scope="col" className="drift-state">
              {say('drift.column.state')}
            </th>
            <th scope="col" className="drift-model">
              {say('drift.column.model')}
            </th>
            <th scope="col">{say('drift.column.gpuType')}</th>
            <th scope="col">{say('drift.column.served')}</th>
            <th scope="col">{say('drift.column.metered')}</th>
            <th scope="col">
              <Explained by={explain(USAGE_TERMS.drift)}>{USAGE_TERMS.drift.name}</Explained>
            </th>
            <th scope="col">{say('drift.column.share')}</th>
            <th scope="col">{say('drift.column.price')}</th>
            <th scope="col">
              <Explained by={say('drift.column.course.explained', { height: 2 * item.threshold * 100 })}>
                {say('drift.column.course')}
              </Explained>
            </th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((row) => (
            <TableRow key={`${row.model} ${row.gpuType}`} row={row} of={item} />
          ))}
        </tbody>
        <tfoot>
          <TableRow row={{ ...total, model: say('drift.all'), gpuType: '' }} of={item} />
        </tfoot>
      </WideTable>
      <Abnormal rows={worstFirst([...rows, { ...total, model: say('drift.all') }])} />
      <Unjoined item={item} />
      {item.notes.map((note) => (
        <p key={note} className="secondary">
          {note}
        </p>
      ))}
    </>
  )
}

/** For how long: a drift that lasts is not an hour's noise. */
function Since({ at }: { at: number }) {
  const now = useNow()
  return <span className="secondary"> {say('drift.for', { span: formatSpan(now - at) })}</span>
}

/** As many drifts as a person reads before looking for their common cause. */
const MOST_SAID = 5

/** In words what the table shows in shapes: what drifts, where, since when, by how much, and where to look. */
function Abnormal({ rows }: { rows: readonly DriftRow[] }) {
  const zone = useSiteZone()
  const drifting = rows.filter(({ state }) => state === 'drifts')
  if (drifting.length === 0) return null
  const advice = new Set(drifting.map(driftAdvice))
  return (
    <>
      <ul className="drift-list" aria-label={say('drift.abnormal')}>
        {drifting.slice(0, MOST_SAID).map((row) => (
          <li key={`${row.model} ${row.gpuType}`}>
            <Glyph name={glyphOf(row)} label={say(`severity.${row.severity}`)} />
            <p>
              <Say
                id={row.since === null ? 'drift.line' : 'drift.line.since'}
                values={{
                  what:
                    row.gpuType === ''
                      ? nameWords(row.model)
                      : say('drift.line.what', {
                          model: nameWords(row.model),
                          gpuType: visibleName(row.gpuType),
                        }),
                  since:
                    row.since === null ? '' : `${formatClock(row.since, zone)} ${zoneName(row.since, zone)}`,
                  note: row.note,
                }}
              />
            </p>
          </li>
        ))}
      </ul>
      <p>
        {drifting.length > MOST_SAID && `${say('drift.more')} `}
        {[...advice].join(' ')}
      </p>
    </>
  )
}

function TableRow({ row, of }: { row: DriftRow; of: Drift }) {
  const common = { at: of.toMs, reason: row.note, align: 'end' } as const
  return (
    <tr data-severity={row.severity} title={row.note === '' ? undefined : row.note}>
      <td className="drift-state">
        <Glyph name={glyphOf(row)} />
        {STATE_WORDS[row.state]}
        {row.state === 'drifts' && row.since !== null && <Since at={row.since} />}
      </td>
      <th scope="row" className="drift-model" title={visibleName(row.model)}>
        {nameWords(row.model)}
      </th>
      <td>{visibleName(row.gpuType)}</td>
      <td>
        <Figure
          {...common}
          label={say('drift.served')}
          value={exact(row.served)}
          unit="tok"
          source={of.servedSource}
        />
      </td>
      <td>
        <Figure
          {...common}
          label={say('drift.metered')}
          value={exact(row.metered)}
          unit="tok"
          source={of.origin.name}
        />
      </td>
      <td>
        <Figure
          {...common}
          label={say('drift.difference')}
          value={exact(row.drift)}
          unit="tok"
          source={say('drift.difference.source')}
        />
      </td>
      <td>
        <Figure
          {...common}
          label={say('drift.share')}
          value={row.driftShare === null ? null : row.driftShare * 100}
          unit="%"
          digits={2}
          severity={row.severity}
          source={say('drift.share.source')}
        />
      </td>
      <td>
        <MoneyFigure {...common} label={say('drift.price')} amount={row.driftAmount} currency={of.currency} />
      </td>
      <td className="drift-spark">
        <Sparkline
          values={row.spark}
          range={[-2 * of.threshold, 2 * of.threshold]}
          label={say('drift.course', { model: row.model })}
        />
      </td>
    </tr>
  )
}

function glyphOf({ state, severity }: DriftRow) {
  if (state === 'drifts') return severity === 'normal' ? 'advisory' : severity
  return state === 'agrees' ? 'ok' : 'unknown'
}

function exact(digits: string | null): bigint | null {
  return digits === null ? null : BigInt(digits)
}
