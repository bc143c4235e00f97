import { nameWords } from '../../state/tokens/measures.ts'
import type { ReactNode } from 'react'
import { explain } from '../../../shared/glossary/glossary.ts'
import type { Term } from '../../../shared/glossary/term.ts'
import { YIELD_TERMS } from '../../../shared/glossary/yield.ts'
import type { StandIn, Yield, YieldRow } from '../../../shared/contract/tokens.ts'
import { figureText } from '../../../shared/model/units.ts'
import { say } from '../../../shared/messages/format.ts'
import { EmptyState } from '../../ui/dialog/EmptyState.tsx'
import { Figure } from '../../ui/figure/Figure.tsx'
import { MoneyFigure } from '../../ui/figure/MoneyFigure.tsx'
import { Explained } from '../../ui/tooltip/Explained.tsx'
import { StandInNote } from '../tokens/served/StandInNote.tsx'
import { UNJOINED } from '../tokens/served/servedTexts.ts'
import { Say } from '../../ui/text/Say.tsx'
import { CapacityNote } from './CapacityNote.tsx'
import { WideTable } from './WideTable.tsx'
import { meteredFrom, reasonOf } from './servedFor.ts'

interface YieldColumn {
  readonly term: Term
  /** Where the whole name is too long for a head. */
  readonly head?: string
  readonly cell: (row: YieldRow, of: Yield) => ReactNode
}

function figure(row: YieldRow, of: Yield, term: Term, value: number | null, unit: string) {
  return (
    <Figure
      label={term.name}
      meaning={explain(term)}
      value={value}
      unit={unit}
      align="end"
      {...meteredFrom(of, row, value !== null)}
    />
  )
}

/** Counted on the floor now; the metering’s own count stands beside it, or in its place where the floor has none. */
function gpus(of: Yield, row: YieldRow, what: 'active' | 'allocated' | 'provisioned') {
  const value = row.gpus[what]
  return (
    <Figure
      label={say(`yields.gpus.${what}`)}
      value={value}
      digits={0}
      align="end"
      at={row.capacity?.used.includes(what) ? (of.capacitySpan?.toMs ?? null) : of.at}
      source={countSource(row, what)}
      reason={reasonOf(of, row)}
    />
  )
}

function money(row: YieldRow, of: Yield, label: string, amount: string | null) {
  return (
    <MoneyFigure
      label={label}
      amount={amount}
      currency={of.currency}
      align="end"
      {...meteredFrom(of, row, amount !== null)}
    />
  )
}

/** Every denominator is named: three kinds of GPU-hour, and two kinds of dollar. */
const COLUMNS: readonly YieldColumn[] = [
  {
    term: YIELD_TERMS.gpuCounts,
    cell: (row, of) => (
      <span className="yield-gpus">
        {gpus(of, row, 'active')} /{gpus(of, row, 'allocated')} /{gpus(of, row, 'provisioned')}
      </span>
    ),
  },
  {
    term: YIELD_TERMS.tokensPerSecond,
    cell: (row, of) => figure(row, of, YIELD_TERMS.tokensPerSecond, row.tokensPerSecond, 'tok/s'),
  },
  {
    head: say('yields.column.active'),
    term: YIELD_TERMS.perActiveGpuHour,
    cell: (row, of) => figure(row, of, YIELD_TERMS.perActiveGpuHour, row.perGpuHour.active, 'tok'),
  },
  {
    head: say('yields.column.allocated'),
    term: YIELD_TERMS.perAllocatedGpuHour,
    cell: (row, of) => figure(row, of, YIELD_TERMS.perAllocatedGpuHour, row.perGpuHour.allocated, 'tok'),
  },
  {
    head: say('yields.column.provisioned'),
    term: YIELD_TERMS.perProvisionedGpuHour,
    cell: (row, of) => figure(row, of, YIELD_TERMS.perProvisionedGpuHour, row.perGpuHour.provisioned, 'tok'),
  },
  {
    term: YIELD_TERMS.againstReference,
    cell: (row, of) => <ReferenceShare row={row} of={of} />,
  },
  {
    term: YIELD_TERMS.costPerGpuHour,
    cell: (row, of) => (
      <MoneyFigure
        label={say('yields.cost')}
        amount={row.costPerGpuHour}
        currency={of.currency}
        align="end"
        source={say('yields.cost.source')}
        reason={reasonOf(of, row)}
      />
    ),
  },
  {
    term: YIELD_TERMS.costPerMegatoken,
    cell: (row, of) => money(row, of, say('yields.costPerMillion'), row.costPerMegatoken),
  },
  {
    term: YIELD_TERMS.spendPerMegatoken,
    cell: (row, of) => money(row, of, say('yields.spendPerMillion'), row.spendPerMegatoken),
  },
  {
    term: YIELD_TERMS.tokensPerCostDollar,
    cell: (row, of) => figure(row, of, YIELD_TERMS.tokensPerCostDollar, row.tokensPerCostDollar, 'tok'),
  },
  {
    term: YIELD_TERMS.tokensPerSpendDollar,
    cell: (row, of) => figure(row, of, YIELD_TERMS.tokensPerSpendDollar, row.tokensPerSpendDollar, 'tok'),
  },
  {
    term: YIELD_TERMS.tokensPerJoule,
    cell: (row, of) => figure(row, of, YIELD_TERMS.tokensPerJoule, row.tokensPerJoule, 'tok/J'),
  },
]

/** Yield by GPU type, and of all of them. */
export function YieldTable({ item }: { item: Yield }) {
  const { rows, total, unknownTypeShare, standIn } = item
  return (
    <section className="yield-section" aria-labelledby="yield-types">
      <header className="yield-head">
        <h2 id="yield-types">{say('yields.table.title')}</h2>
        {standIn === null && unknownTypeShare !== null && unknownTypeShare > 0 && (
          <p className="secondary">
            <Say
              id="yields.unknownType"
              values={{
                share: (
                  <Figure label={say('yields.unknownType.label')} value={unknownTypeShare * 100} unit="%" />
                ),
              }}
            />
          </p>
        )}
      </header>
      {rows.length === 0 ? (
        <EmptyState reason={say('yields.table.none')} nextStep={say('yields.table.none.next')} />
      ) : (
        <WideTable label={say('yields.table.label')}>
          <thead>
            <tr>
              <th scope="col">{say('yields.column.gpuType')}</th>
              {COLUMNS.map(({ term, head }) => (
                <th key={term.name} scope="col">
                  <Explained by={<p>{explain(term)}</p>}>{head ?? term.name}</Explained>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.gpuType} name={nameWords(row.gpuType)} row={row} of={item} />
            ))}
            {standIn !== null && <UnjoinedRow standIn={standIn} />}
          </tbody>
          <tfoot>
            <Row
              name={standIn?.whole === false ? say('yields.total.metered') : say('yields.total')}
              row={total}
              of={item}
            />
          </tfoot>
        </WideTable>
      )}
      {standIn !== null && <StandInNote standIn={standIn} />}
      <CapacityNote item={item} />
    </section>
  )
}

/** Served tokens that no row above holds, because their servers are not mapped to a GPU. */
function UnjoinedRow({ standIn }: { standIn: StandIn }) {
  const { share, tokensPerSecond } = standIn.unjoined
  if (share === null || share === 0) return null
  return (
    <tr className="yield-unjoined">
      <th scope="row">{UNJOINED}</th>
      {COLUMNS.map(({ term }) => (
        <td key={term.name}>
          {term === YIELD_TERMS.tokensPerSecond && (
            <Figure
              label={say('yields.unmapped.rate')}
              value={tokensPerSecond}
              unit="tok/s"
              align="end"
              at={standIn.at}
              source={standIn.source}
            />
          )}
        </td>
      ))}
    </tr>
  )
}

function countSource({ capacity }: YieldRow, what: 'active' | 'allocated' | 'provisioned'): string {
  if (capacity?.used.includes(what)) return say('yields.count.metering')
  const other = capacity?.[what] ?? null
  const floor = say('yields.count.floor')
  return other === null
    ? floor
    : say('yields.count.differs', { floor, other: figureText(other, { digits: 1 }) })
}

function Row({ name, row, of }: { name: string; row: YieldRow; of: Yield }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      {COLUMNS.map(({ term, cell }) => (
        <td key={term.name}>{cell(row, of)}</td>
      ))}
    </tr>
  )
}

/** A bar to the reference at full width; beyond it the bar is full and the figure says by how much. */
function ReferenceShare({ row, of }: { row: YieldRow; of: Yield }) {
  const { reference } = row
  const share = reference?.share ?? null
  return (
    <span className="yield-reference">
      <span className={share === null ? undefined : 'yield-bar'} aria-hidden="true">
        {share !== null && <span style={{ inlineSize: `${Math.min(100, Math.max(0, share * 100))}%` }} />}
      </span>
      <Figure
        label={say('yields.reference')}
        value={share === null ? null : share * 100}
        unit="%"
        align="end"
        {...meteredFrom(of, row, share !== null)}
        source={
          reference === null
            ? say('yields.reference.none')
            : say('yields.reference.source', {
                source: reference.source,
                rate: reference.tokensPerSecond,
              })
        }
        reason={
          reference === null ? say('yields.reference.none.next') : meteredFrom(of, row, share !== null).reason
        }
      />
    </span>
  )
}
