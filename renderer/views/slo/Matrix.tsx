import { explain } from '../../../shared/glossary/glossary.ts'
import { OBJECTIVE_TERMS } from '../../../shared/glossary/objectives.ts'
import { say } from '../../../shared/messages/format.ts'
import { visibleName } from '../../../shared/model/foreignText.ts'
import { latencyText, percentText, shareText, windowText } from '../../../shared/model/objectiveWords.ts'
import type { BurnState } from '../../../shared/model/objective.ts'
import { barOf, columnsOf, pairOf, type PairColumn, type SloRow } from '../../state/slo/matrix.ts'
import { Digits } from '../../ui/figure/Digits.tsx'
import { Figure } from '../../ui/figure/Figure.tsx'
import { useStaleSince } from '../../ui/figure/freshness.ts'
import { LastGood } from '../../ui/figure/LastGood.tsx'
import { Explained } from '../../ui/tooltip/Explained.tsx'
import { StateMark } from './StateMark.tsx'
import { LeftFor } from './LeftFor.tsx'

interface MatrixProps {
  readonly rows: readonly SloRow[]
  readonly chosen: string
  readonly onChoose: (id: string) => void
}

/** Every objective against every pair of windows: a bar is burn ÷ factor, and the factor is a line through all rows. */
export function Matrix({ rows, chosen, onChoose }: MatrixProps) {
  const columns = columnsOf(rows)
  const old = useStaleSince() !== null
  return (
    <section
      className="slo-matrix"
      // What scrolls has to be reached by keyboard.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      aria-label={say('slo.matrix')}
      data-last-known={old ? '' : undefined}
    >
      <LastGood />
      <table>
        <thead>
          <tr>
            <th scope="col">{say('slo.column.objective')}</th>
            <th scope="col">{say('slo.column.state')}</th>
            <th scope="col" className="slo-end">
              <Explained by={explain(OBJECTIVE_TERMS.sli)}>{say('slo.column.sli')}</Explained>
            </th>
            {columns.map((column) => (
              <th key={column.key} scope="col" className="slo-pair-head">
                <Explained by={explain(OBJECTIVE_TERMS.burn)}>
                  {say('slo.column.pair', {
                    long: windowText(column.longMs),
                    short: windowText(column.shortMs),
                  })}
                </Explained>
              </th>
            ))}
            <th scope="col" className="slo-end">
              <Explained by={explain(OBJECTIVE_TERMS.budget)}>{say('slo.column.left')}</Explained>
            </th>
            <th scope="col" className="slo-end">
              {say('slo.column.out')}
            </th>
            <th scope="col" className="slo-end">
              <Explained by={explain(OBJECTIVE_TERMS.coverage)}>{say('slo.column.coverage')}</Explained>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <MatrixRow
              key={row.objective.id}
              row={row}
              columns={columns}
              isChosen={row.objective.id === chosen}
              onChoose={() => onChoose(row.objective.id)}
            />
          ))}
        </tbody>
      </table>
    </section>
  )
}

interface RowProps {
  readonly row: SloRow
  readonly columns: readonly PairColumn[]
  readonly isChosen: boolean
  readonly onChoose: () => void
}

function MatrixRow({ row, columns, isChosen, onChoose }: RowProps) {
  const { objective, state } = row
  return (
    // The button within does the same by keyboard.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions
    <tr
      data-objective={objective.id}
      data-chosen={isChosen ? '' : undefined}
      data-state={state.state}
      onClick={onChoose}
    >
      <th scope="row">
        <button type="button" className="slo-name" aria-pressed={isChosen} onClick={onChoose}>
          {visibleName(objective.name)}
        </button>
        <span className="secondary slo-owed">{owedShort(row)}</span>
      </th>
      <td>
        <StateMark state={state} />
      </td>
      <td className="slo-end">
        <Sli state={state} />
      </td>
      {columns.map((column) => (
        <td key={column.key} className="slo-pair">
          <PairCell row={row} column={column} />
        </td>
      ))}
      <td className="slo-end">
        <Figure
          label={say('slo.column.left')}
          value={state.budget === null ? null : state.budget.left * 100}
          unit="%"
          digits={state.budget !== null && Math.abs(state.budget.left) < 0.1 ? 1 : 0}
          at={state.asOf}
          reason={say('slo.left.unknown')}
          severity={state.budget !== null && state.budget.left <= 0 ? 'critical' : 'normal'}
          align="end"
        />
      </td>
      <td className="slo-end">
        <LeftFor state={state} />
      </td>
      <td className="slo-end">
        <Figure
          label={say('slo.column.coverage')}
          value={state.asOf === null ? null : Math.floor(state.coverage * 1000) / 10}
          unit="%"
          digits={state.coverage === 1 ? 0 : 1}
          at={state.asOf}
          reason={say('slo.left.unknown')}
          align="end"
        />
      </td>
    </tr>
  )
}

/** "≤ 500 ms 95 %". */
function owedShort({ objective, state }: SloRow): string {
  const target = percentText(objective.target)
  if (objective.latency === undefined) return target
  const threshold = latencyText(objective.latency.thresholdMs)
  const isBucket = state.bucket === undefined || state.bucket.next === null
  return isBucket || state.bucket === undefined
    ? say('slo.owed.short', { threshold, target })
    : say('slo.owed.short.bucket', { threshold, target, used: latencyText(state.bucket.used * 1000) })
}

/** A ratio never stands without its counts. */
function Sli({ state: { sli, asOf } }: { state: BurnState }) {
  if (sli !== null && sli.total <= 0) return <span className="secondary">{say('slo.noTraffic')}</span>
  if (sli === null) {
    return (
      <Figure
        label={say('slo.column.sli')}
        value={null}
        at={asOf}
        reason={say('slo.sli.unknown')}
        align="end"
      />
    )
  }
  return (
    <span className="slo-sli">
      <Digits text={shareText(sli.good / sli.total)} />
      <span className="secondary slo-counts">
        {say('slo.counts', { bad: Math.round(sli.bad), total: Math.round(sli.total) })}
      </span>
    </span>
  )
}

function PairCell({ row, column }: { row: SloRow; column: PairColumn }) {
  const pair = pairOf(row, column)
  if (pair === null) return <span className="visually-hidden">{say('slo.pair.none')}</span>
  const { long, short, factor, firing } = pair
  const bars = [long, short].map((burn) => barOf(burn?.burn ?? null, factor))
  return (
    <span className="slo-cell" data-firing={firing ? '' : undefined}>
      <span className="slo-bars" aria-hidden="true">
        {bars.map((width, index) =>
          width === null ? (
            // oxlint-disable-next-line react/no-array-index-key -- long, short
            <span key={index} className="slo-bar slo-bar-unknown" />
          ) : (
            // oxlint-disable-next-line react/no-array-index-key -- long, short
            <span key={index} className="slo-bar" style={{ inlineSize: `${width * 100}%` }} />
          ),
        )}
      </span>
      <span className="slo-burns">
        <Figure
          label={say('slo.burn.of', { window: windowText(column.longMs) })}
          value={long?.burn ?? null}
          unit="×"
          digits={1}
          at={row.state.asOf}
          reason={reasonOf(long)}
          source={countsText(long, factor)}
        />
        <span className="secondary">
          <Figure
            label={say('slo.burn.of', { window: windowText(column.shortMs) })}
            value={short?.burn ?? null}
            unit="×"
            digits={1}
            at={row.state.asOf}
            reason={reasonOf(short)}
            source={countsText(short, factor)}
            size="tiny"
          />
        </span>
      </span>
    </span>
  )
}

type BurnOfWindow = BurnState['pairs'][number]['long']

function reasonOf(burn: BurnOfWindow): string {
  if (burn === null) return say('slo.left.unknown')
  return burn.total <= 0 && burn.coverage > 0
    ? say('slo.noTraffic')
    : say('slo.burn.unknown', { coverage: shareText(burn.coverage) })
}

function countsText(burn: BurnOfWindow, factor: number): string {
  if (burn === null) return ''
  return say('slo.burn.source', {
    bad: Math.round(burn.bad),
    total: Math.round(burn.total),
    coverage: shareText(burn.coverage),
    factor,
  })
}
