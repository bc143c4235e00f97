import type { Reconciliation, ReconciliationRow } from '../../../shared/contract/tokens.ts'
import { formatClock, formatSpan, zoneName } from '../../../shared/model/time.ts'
import { useStream } from '../../transport/context.tsx'
import { Sparkline } from '../../ui/chart/Sparkline.tsx'
import { EmptyState } from '../../ui/dialog/EmptyState.tsx'
import { Figure } from '../../ui/figure/Figure.tsx'
import { useSiteZone } from '../../ui/figure/freshness.ts'
import { MoneyFigure } from '../../ui/figure/MoneyFigure.tsx'
import { Glyph } from '../../ui/glyph/Glyph.tsx'

const STATE_WORDS: Readonly<Record<ReconciliationRow['state'], string>> = {
  agrees: 'agrees',
  drifts: 'drifts',
  learning: 'learning',
  unknown: 'unknown',
}

/** Tokens that the inference servers say they served against tokens that were metered: what is given away. */
export function ReconciliationPanel() {
  const { item, failure } = useStream('tokens.reconciliation', {})
  return (
    <section className="yield-section" aria-labelledby="yield-reconciliation">
      <header className="yield-head">
        <h2 id="yield-reconciliation">Served against metered</h2>
        {item !== undefined && <Compared item={item} />}
      </header>
      {item === undefined ? (
        <EmptyState
          reason={failure?.text ?? 'Waiting for the first comparison.'}
          nextStep={failure?.nextStep ?? 'It comes with the next refresh of the engine.'}
        />
      ) : (
        <Drifts item={item} />
      )}
    </section>
  )
}

function Compared({ item }: { item: Reconciliation }) {
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

function Drifts({ item }: { item: Reconciliation }) {
  const { rows, total, unjoined } = item
  if (rows.length === 0) {
    return (
      <EmptyState
        reason={total.note === '' ? 'There is nothing to compare yet.' : total.note}
        nextStep={item.notes[0] ?? 'Both sides are needed: metering: and inference: in floorwatch.yaml.'}
      />
    )
  }
  return (
    <>
      <div className="yield-scroll">
        <table className="yield-table">
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
              <th scope="col">Drift</th>
              <th scope="col">Share</th>
              <th scope="col">At list price</th>
              <th scope="col">Share over time</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <DriftRow key={`${row.model} ${row.gpuType}`} row={row} of={item} />
            ))}
          </tbody>
          <tfoot>
            <DriftRow row={{ ...total, model: 'all models', gpuType: '' }} of={item} />
          </tfoot>
        </table>
      </div>
      {unjoined.share !== null && unjoined.share > 0 && (
        <p className="secondary">
          <Figure label="Served tokens of servers without a GPU" value={unjoined.share * 100} unit="%" /> of
          the served tokens come from {unjoined.total} servers whose labels lead to no GPU:{' '}
          {unjoined.servers.join(', ')}
          {unjoined.total > unjoined.servers.length && ' and others'}.
        </p>
      )}
      {item.notes.map((note) => (
        <p key={note} className="secondary">
          {note}
        </p>
      ))}
    </>
  )
}

function DriftRow({ row, of }: { row: ReconciliationRow; of: Reconciliation }) {
  const common = { at: of.toMs, reason: row.note, align: 'end' } as const
  return (
    <tr data-severity={row.severity} title={row.note === '' ? undefined : row.note}>
      <td className="drift-state">
        <Glyph name={glyphOf(row)} />
        {STATE_WORDS[row.state]}
      </td>
      <th scope="row" className="drift-model" title={row.model}>
        {row.model === '' ? 'not named' : row.model}
      </th>
      <td>{row.gpuType === '' ? '' : row.gpuType}</td>
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

function glyphOf({ state, severity }: ReconciliationRow) {
  if (state === 'drifts') return severity === 'normal' ? 'advisory' : severity
  return state === 'agrees' ? 'ok' : 'unknown'
}

function exact(digits: string | null): bigint | null {
  return digits === null ? null : BigInt(digits)
}
