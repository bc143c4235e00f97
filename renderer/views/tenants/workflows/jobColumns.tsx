import { Name } from '../../../ui/text/Name.tsx'
import { visibleName } from '../../../../shared/model/foreignText.ts'
import type { WorkflowList, WorkflowRow } from '../../../../shared/contract/tenants.ts'
import { say } from '../../../../shared/messages/format.ts'
import { useNow } from '../../../state/now.ts'
import { shareOf } from '../../../state/workflows/tree.ts'
import { durationWords, OUTCOME_WORDS } from '../../../state/workflows/outcomes.ts'
import { Age } from '../../../ui/figure/Age.tsx'
import type { Column } from '../../../ui/table/DataTable.tsx'
import { Cost, Count, Share, Tokens } from './jobReading.tsx'
import { OutcomeWord } from './OutcomeWord.tsx'

const TENANT: Column<WorkflowRow> = {
  id: 'tenant',
  title: say('jobs.column.tenant'),
  width: 'minmax(7rem, 0.6fr)',
  compare: (a, b) => a.tenant.localeCompare(b.tenant),
  cell: ({ tenant }) => <Name of={tenant} />,
}

/** Columns of the list of jobs; shares are of all jobs of the period, those beyond the list included. */
export function jobColumns(
  rows: readonly WorkflowRow[],
  totals: WorkflowList['totals'],
  origin: WorkflowList['origin'],
  ofAllTenants = false,
): readonly Column<WorkflowRow>[] {
  const whole = BigInt(totals.total)
  const largest = rows.reduce((most, { total }) => (BigInt(total) > most ? BigInt(total) : most), 0n)
  const count = (
    id: 'steps' | 'retries' | 'toolFailures' | 'retrievalMisses',
    title: string,
    from: number,
  ): Column<WorkflowRow> => ({
    id,
    title,
    width: '5.5rem',
    align: 'end',
    from,
    compare: (a, b) => a[id] - b[id],
    cell: (row) => (
      <Count
        origin={origin}
        label={say('step.of', { label: title, step: row.name })}
        count={row[id]}
        align="end"
      />
    ),
  })
  const tokens = (
    id: string,
    title: string,
    of: (row: WorkflowRow) => string,
    from = 0,
  ): Column<WorkflowRow> => ({
    id,
    title,
    width: '6.5rem',
    align: 'end',
    from,
    compare: (a, b) => compareCounts(of(a), of(b)),
    cell: (row) => (
      <Tokens
        origin={origin}
        label={say('step.of', { label: title, step: row.name })}
        count={of(row)}
        align="end"
      />
    ),
  })
  return [
    {
      id: 'name',
      title: say('jobs.column.name'),
      width: 'minmax(10rem, 1fr)',
      compare: (a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1),
      cell: (row) => (
        <span className="tenant-cell" title={`${visibleName(row.name)}\n${visibleName(row.id)}`}>
          <Name className="tenant-name" of={row.name} />
          <Name className="tenant-id secondary" of={row.id} />
        </span>
      ),
    },
    ...(ofAllTenants ? [TENANT] : []),
    {
      id: 'outcome',
      title: say('jobs.column.outcome'),
      width: '7rem',
      compare: (a, b) => a.outcome.localeCompare(b.outcome),
      cell: (row) => <OutcomeWord words={OUTCOME_WORDS[row.outcome]} />,
    },
    {
      id: 'started',
      title: say('jobs.column.started'),
      width: '11rem',
      from: 44,
      compare: (a, b) => a.startedAt - b.startedAt,
      cell: (row) => (
        <span className="secondary">
          <Age at={row.startedAt} />
        </span>
      ),
    },
    {
      id: 'took',
      title: say('step.took'),
      width: '6.5rem',
      align: 'end',
      from: 70,
      compare: (a, b) => lengthOf(a) - lengthOf(b),
      cell: (row) => <Took row={row} />,
    },
    count('steps', say('jobs.column.steps'), 60),
    count('retries', say('jobs.retries'), 76),
    count('toolFailures', say('job.toolFailures'), 92),
    count('retrievalMisses', say('jobs.column.misses'), 104),
    tokens('input', say('tokens.input'), (row) => row.tokens.input, 80),
    tokens('output', say('tokens.output'), (row) => row.tokens.output, 80),
    tokens('total', say('jobs.column.tokens'), (row) => row.total),
    {
      id: 'share',
      title: say('jobs.column.share'),
      meaning: say('jobs.column.share.meaning'),
      width: '7.5rem',
      align: 'end',
      cell: (row) => {
        const share = shareOf(BigInt(row.total), whole)
        const length = shareOf(BigInt(row.total), largest) ?? 0
        return (
          <span className="job-share">
            <span className="used-bar" aria-hidden="true">
              <span style={{ width: `${length * 100}%` }} />
            </span>
            <Share
              origin={origin}
              label={say('step.share.of', { step: row.name })}
              share={share}
              align="end"
            />
          </span>
        )
      },
    },
    {
      id: 'cost',
      title: say('jobs.column.cost'),
      width: '5.5rem',
      align: 'end',
      compare: (a, b) => Number(a.cost?.amount ?? -1) - Number(b.cost?.amount ?? -1),
      cell: (row) => (
        <Cost origin={origin} label={say('jobs.cost.of', { name: row.name })} cost={row.cost} align="end" />
      ),
    },
  ]
}

function compareCounts(a: string, b: string): number {
  const [x, y] = [BigInt(a), BigInt(b)]
  return x < y ? -1 : x > y ? 1 : 0
}

/** One that still runs is longer than any that has ended. */
function lengthOf({ startedAt, endedAt }: WorkflowRow): number {
  return endedAt === null ? Number.MAX_SAFE_INTEGER - startedAt : endedAt - startedAt
}

/** Its own component, so that only jobs that still run tick. */
function Took({ row: { startedAt, endedAt } }: { row: WorkflowRow }) {
  return endedAt === null ? <Running since={startedAt} /> : durationWords(startedAt, endedAt, endedAt)
}

function Running({ since }: { since: number }) {
  return durationWords(since, null, useNow())
}
