import { nameWords } from '../../state/tokens/measures.ts'
import type { ReactNode } from 'react'
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
  readonly title: string
  /** What it is and how it is made of what. */
  readonly meaning: string
  readonly cell: (row: YieldRow, of: Yield) => ReactNode
}

function figure(row: YieldRow, of: Yield, label: string, value: number | null, unit: string) {
  return (
    <Figure label={label} value={value} unit={unit} align="end" {...meteredFrom(of, row, value !== null)} />
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

const TOKENS_COLUMN = 'Tokens per second'

/** Every denominator is named: three kinds of GPU-hour, and two kinds of dollar. */
const COLUMNS: readonly YieldColumn[] = [
  {
    title: 'GPUs active / allocated / provisioned',
    meaning: 'With work on them, held by a workload, and installed.',
    cell: (row, of) => (
      <span className="yield-gpus">
        {gpus(of, row, 'active')} /{gpus(of, row, 'allocated')} /{gpus(of, row, 'provisioned')}
      </span>
    ),
  },
  {
    title: TOKENS_COLUMN,
    meaning: 'Input and output tokens: as metered, or as served where the metering tells no GPU types apart.',
    cell: (row, of) => figure(row, of, 'Tokens per second', row.tokensPerSecond, 'tok/s'),
  },
  {
    title: 'per active GPU-hour',
    meaning: 'Tokens ÷ hours of GPUs with work on them.',
    cell: (row, of) => figure(row, of, 'Tokens per active GPU-hour', row.perGpuHour.active, 'tok'),
  },
  {
    title: 'per allocated GPU-hour',
    meaning: 'Tokens ÷ hours of GPUs that a workload holds.',
    cell: (row, of) => figure(row, of, 'Tokens per allocated GPU-hour', row.perGpuHour.allocated, 'tok'),
  },
  {
    title: 'per provisioned GPU-hour',
    meaning: 'Tokens ÷ hours of GPUs that are installed, used or not.',
    cell: (row, of) => figure(row, of, 'Tokens per provisioned GPU-hour', row.perGpuHour.provisioned, 'tok'),
  },
  {
    title: 'Output against the reference',
    meaning:
      'Output tokens per second per active GPU against the reference throughput of the type. References such as MLPerf count generated tokens alone, so input is left out here too.',
    cell: (row, of) => <ReferenceShare row={row} of={of} />,
  },
  {
    title: 'Cost per GPU-hour',
    meaning: 'What the factory pays: economics.costPerGpuHour, or the cost rates of the metering.',
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
    title: 'Cost per Mtok',
    meaning: 'Cost of the provisioned GPU-hours ÷ million tokens.',
    cell: (row, of) => money(row, of, 'Cost per million tokens', row.costPerMegatoken),
  },
  {
    title: 'Spend per Mtok',
    meaning: 'What customers pay at list price ÷ million tokens.',
    cell: (row, of) => money(row, of, 'Spend per million tokens', row.spendPerMegatoken),
  },
  {
    title: 'Tokens per cost dollar',
    meaning: 'Tokens ÷ what the factory pays for the GPU-hours.',
    cell: (row, of) => figure(row, of, 'Tokens per cost dollar', row.tokensPerCostDollar, 'tok'),
  },
  {
    title: 'Tokens per spend dollar',
    meaning: 'Tokens ÷ what customers pay for them.',
    cell: (row, of) => figure(row, of, 'Tokens per spend dollar', row.tokensPerSpendDollar, 'tok'),
  },
  {
    title: 'Tokens per joule',
    meaning: 'Tokens ÷ energy of the boards of the type.',
    cell: (row, of) => figure(row, of, 'Tokens per joule', row.tokensPerJoule, 'tok/J'),
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
              {COLUMNS.map(({ title, meaning }) => (
                <th key={title} scope="col">
                  <Explained by={<p>{meaning}</p>}>{title}</Explained>
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

/** Served tokens that no row above holds, because their servers lead to no GPU. */
function UnjoinedRow({ standIn }: { standIn: StandIn }) {
  const { share, tokensPerSecond } = standIn.unjoined
  if (share === null || share === 0) return null
  return (
    <tr className="yield-unjoined">
      <th scope="row">{UNJOINED}</th>
      {COLUMNS.map(({ title }) => (
        <td key={title}>
          {title === TOKENS_COLUMN && (
            <Figure
              label="Served tokens per second of servers that lead to no GPU"
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
      {COLUMNS.map(({ title, cell }) => (
        <td key={title}>{cell(row, of)}</td>
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
