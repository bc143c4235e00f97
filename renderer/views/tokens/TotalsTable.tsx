import { useMemo, useState } from 'react'
import type { BucketTotals } from '../../../shared/contract/tokens.ts'
import type { Charted } from '../../../shared/model/tokens.ts'
import { say } from '../../../shared/messages/format.ts'
import { useNow } from '../../state/now.ts'
import { lackOf, MEASURE_WORDS, nameWords } from '../../state/tokens/measures.ts'
import { EmptyState } from '../../ui/dialog/EmptyState.tsx'
import { Figure } from '../../ui/figure/Figure.tsx'
import { type Column, DataTable } from '../../ui/table/DataTable.tsx'
import { bucketName, bucketNotes, bucketSum, exactColumns } from './buckets.ts'

interface TotalsTableProps {
  readonly size: 'hour' | 'day' | 'month'
  readonly totals: BucketTotals
  readonly measure: Charted
}

interface Row {
  readonly key: string
  readonly fromMs: number
  readonly name: string
  readonly notes: readonly string[]
  readonly sum: bigint | null
  readonly values: readonly (bigint | null)[]
}

/** One row per bucket, the present one first: the sum and every group, exact to the last digit on hover or with `i`. */
export function TotalsTable({ size, totals, measure }: TotalsTableProps) {
  const [selected, setSelected] = useState<string | null>(null)
  const minute = Math.floor(useNow() / 60_000) * 60_000
  const rows = useMemo(() => rowsOf(totals, measure, size, minute), [totals, measure, size, minute])
  const columns = useMemo(() => columnsOf(totals, measure), [totals, measure])
  return (
    <DataTable
      label={say(`tokens.totals.per.${size}`, { measure: MEASURE_WORDS[measure].title })}
      columns={columns}
      rows={rows}
      keyOf={({ key }) => key}
      selected={selected}
      onSelect={setSelected}
      primary
      empty={<EmptyState reason={say('tokens.totals.table.none')} nextStep={say('ranking.next.sources')} />}
    />
  )
}

function rowsOf(totals: BucketTotals, measure: Charted, size: TotalsTableProps['size'], now: number): Row[] {
  const exact = exactColumns(totals, measure)
  return totals.buckets
    .map((bucket, at) => ({
      key: String(bucket.fromMs),
      fromMs: bucket.fromMs,
      name: bucketName(bucket, size, totals.timezone),
      notes: bucketNotes(bucket, size, now),
      sum: bucketSum(exact, at),
      values: exact.map((column) => column[at] ?? null),
    }))
    .toReversed()
}

function columnsOf(totals: BucketTotals, measure: Charted): Column<Row>[] {
  const { totalUnit, title } = MEASURE_WORDS[measure]
  const shared = {
    unit: totalUnit,
    at: totals.origin.dataAsOf,
    source: totals.origin.name,
    reason: lackOf(totals.origin, measure),
    align: 'end',
  } as const
  return [
    {
      id: 'bucket',
      title: say('tokens.totals.from'),
      width: 'minmax(11.5rem, 1.6fr)',
      compare: (a, b) => a.fromMs - b.fromMs,
      cell: ({ name, notes }) => (
        <span title={[name, ...notes].join(', ')}>
          {name}
          {notes.length > 0 && <span className="totals-notes"> {notes.join(', ')}</span>}
        </span>
      ),
    },
    {
      id: 'sum',
      title: say('tokens.totals.sum'),
      width: 'minmax(5.5rem, 1fr)',
      align: 'end',
      compare: (a, b) => compareExact(a.sum, b.sum),
      cell: ({ sum, name }) => <Figure {...shared} label={`${title}, ${name}`} value={sum} />,
    },
    ...totals.groups.map(({ name, rest }, group): Column<Row> => {
      const words = rest ? say('tokens.others') : nameWords(name)
      return {
        id: `${group} ${name}`,
        title: words,
        width: 'minmax(5.5rem, 1fr)',
        // Narrow screens keep the largest and the rest; the legend beside the bars names every group.
        from: rest ? 0 : 33 + group * 6.5,
        align: 'end',
        compare: (a, b) => compareExact(a.values[group] ?? null, b.values[group] ?? null),
        cell: ({ values, name: bucket }) => (
          <Figure {...shared} label={`${words}, ${bucket}`} value={values[group] ?? null} />
        ),
      }
    }),
  ]
}

/** What is not known stands last. */
function compareExact(a: bigint | null, b: bigint | null): number {
  if (a === null || b === null) return (a === null ? 1 : 0) - (b === null ? 1 : 0)
  return a < b ? -1 : a > b ? 1 : 0
}
