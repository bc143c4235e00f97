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

const STATE_WORDS: Readonly<Record<DriftRow['state'], string>> = {
  agrees: 'agrees',
  drifts: 'drifts',
  learning: 'learning',
  unknown: 'unknown',
}

/** Tokens that the inference servers say they served against tokens that were metered: what is given away. */
export function DriftPanel() {
  const stream = useStream('tokens.drift', {})
  const { item, failure } = stream
  return (
    <LastKnown of={stream}>
      <section className="yield-section" aria-labelledby="yield-drift">
        <header className="yield-head">
          <h2 id="yield-drift">Served against metered</h2>
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
      {formatClock(item.fromMs, zone)} to {formatClock(item.toMs, zone)} {zoneName(item.toMs, zone)} (
      {formatSpan(item.toMs - item.fromMs)}). Served: {item.servedSource}. Abnormal beyond{' '}
      <Figure label="Threshold of the drift" value={item.threshold * 100} unit="%" quiet />.
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
          reason={total.note === '' ? 'There is nothing to compare yet.' : total.note}
          nextStep={item.notes[0] ?? 'Both sides are needed: metering: and inference: in floorwatch.yaml.'}
        />
        <Unjoined item={item} />
      </>
    )
  }
  return (
    <>
      <WideTable label="Served against metered, table">
        <thead>
          <tr>
            <th scope="col" className="drift-state">
              State
            </th>
            <th scope="col" className="drift-model">
              Model
            </th>
            <th scope="col">GPU type</th>
            <th scope="col">Served</th>
            <th scope="col">Metered</th>
            <th scope="col">
              <Explained by={explain(USAGE_TERMS.drift)}>{USAGE_TERMS.drift.name}</Explained>
            </th>
            <th scope="col">of served</th>
            <th scope="col">At list price</th>
            <th scope="col">
              <Explained
                by={`Drift of served, window by window; the height is ${2 * item.threshold * 100} % up and down.`}
              >
                Over time
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
          <TableRow row={{ ...total, model: 'all models', gpuType: '' }} of={item} />
        </tfoot>
      </WideTable>
      <Abnormal rows={worstFirst([...rows, { ...total, model: 'all models' }])} />
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
  return <span className="secondary"> for {formatSpan(now - at)}</span>
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
      <ul className="drift-list" aria-label="Drifts beyond the threshold">
        {drifting.slice(0, MOST_SAID).map((row) => (
          <li key={`${row.model} ${row.gpuType}`}>
            <Glyph name={glyphOf(row)} label={row.severity} />
            <p>
              <strong>
                {nameWords(row.model)}
                {row.gpuType !== '' && ` on ${visibleName(row.gpuType)}`}
              </strong>
              {row.since !== null && `, since ${formatClock(row.since, zone)} ${zoneName(row.since, zone)}`}:{' '}
              {row.note}
            </p>
          </li>
        ))}
      </ul>
      <p>
        {drifting.length > MOST_SAID && 'More stand in the table. '}
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
          label="Served tokens"
          value={exact(row.served)}
          unit="tok"
          source={of.servedSource}
        />
      </td>
      <td>
        <Figure
          {...common}
          label="Metered tokens"
          value={exact(row.metered)}
          unit="tok"
          source={of.origin.name}
        />
      </td>
      <td>
        <Figure
          {...common}
          label="Served less metered"
          value={exact(row.drift)}
          unit="tok"
          source="served − metered"
        />
      </td>
      <td>
        <Figure
          {...common}
          label="Drift of served tokens"
          value={row.driftShare === null ? null : row.driftShare * 100}
          unit="%"
          digits={2}
          severity={row.severity}
          source="(served − metered) ÷ served"
        />
      </td>
      <td>
        <MoneyFigure
          {...common}
          label="Drift at list price"
          amount={row.driftAmount}
          currency={of.currency}
        />
      </td>
      <td className="drift-spark">
        <Sparkline
          values={row.spark}
          range={[-2 * of.threshold, 2 * of.threshold]}
          label={`Drift of ${row.model} over the compared windows`}
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
