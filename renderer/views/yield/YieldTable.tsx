import { nameWords } from '../../state/tokens/measures.ts'
import type { ReactNode } from 'react'
import { explain } from '../../../shared/glossary/glossary.ts'
import type { Term } from '../../../shared/glossary/term.ts'
import { YIELD_TERMS } from '../../../shared/glossary/yield.ts'
import type { StandIn, Yield, YieldRow } from '../../../shared/contract/tokens.ts'
import { figureText } from '../../../shared/model/units.ts'
import { EmptyState } from '../../ui/dialog/EmptyState.tsx'
import { Figure } from '../../ui/figure/Figure.tsx'
import { MoneyFigure } from '../../ui/figure/MoneyFigure.tsx'
import { Explained } from '../../ui/tooltip/Explained.tsx'
import { StandInNote } from '../tokens/served/StandInNote.tsx'
import { UNJOINED } from '../tokens/served/servedTexts.ts'
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
      label={`${what[0]?.toUpperCase()}${what.slice(1)} GPUs`}
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
    head: 'per active GPU-hour',
    term: YIELD_TERMS.perActiveGpuHour,
    cell: (row, of) => figure(row, of, YIELD_TERMS.perActiveGpuHour, row.perGpuHour.active, 'tok'),
  },
  {
    head: 'per allocated GPU-hour',
    term: YIELD_TERMS.perAllocatedGpuHour,
    cell: (row, of) => figure(row, of, YIELD_TERMS.perAllocatedGpuHour, row.perGpuHour.allocated, 'tok'),
  },
  {
    head: 'per provisioned GPU-hour',
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
        label="Cost per GPU-hour"
        amount={row.costPerGpuHour}
        currency={of.currency}
        align="end"
        source="economics.costPerGpuHour, else the cost rates of the metering"
        reason={reasonOf(of, row)}
      />
    ),
  },
  {
    term: YIELD_TERMS.costPerMegatoken,
    cell: (row, of) => money(row, of, 'Cost per million tokens', row.costPerMegatoken),
  },
  {
    term: YIELD_TERMS.spendPerMegatoken,
    cell: (row, of) => money(row, of, 'Spend per million tokens', row.spendPerMegatoken),
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
        <h2 id="yield-types">Yield by GPU type</h2>
        {standIn === null && unknownTypeShare !== null && unknownTypeShare > 0 && (
          <p className="secondary">
            <Figure label="Tokens of an unknown GPU type" value={unknownTypeShare * 100} unit="%" /> of the
            tokens name no GPU type: they are in the total and in no row.
          </p>
        )}
      </header>
      {rows.length === 0 ? (
        <EmptyState
          reason="No GPU type is known yet."
          nextStep="Look at the sources (g h): the floor gives the types."
        />
      ) : (
        <WideTable label="Yield by GPU type, table">
          <thead>
            <tr>
              <th scope="col">GPU type</th>
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
            <Row name={standIn?.whole === false ? 'all, as metered' : 'all types'} row={total} of={item} />
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
              label="Served tokens per second of servers that are not mapped to a GPU"
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
  if (capacity?.used.includes(what)) return 'the metering’s capacity where the floor has no such figure'
  const other = capacity?.[what] ?? null
  const floor =
    'the floor: topology, workload labels, and activity (GPU utilisation where exporters send no profiling)'
  return other === null ? floor : `${floor}; the metering counts ${figureText(other, { digits: 1 })}`
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
        label="Output tokens against the reference"
        value={share === null ? null : share * 100}
        unit="%"
        align="end"
        {...meteredFrom(of, row, share !== null)}
        source={
          reference === null
            ? 'none'
            : `${reference.source}: ${reference.tokensPerSecond.toLocaleString('en')} output tok/s per GPU; here output tok/s ÷ active GPUs`
        }
        reason={
          reference === null
            ? 'There is no reference for this type; economics.referenceTokensPerSecond adds one.'
            : meteredFrom(of, row, share !== null).reason
        }
      />
    </span>
  )
}
