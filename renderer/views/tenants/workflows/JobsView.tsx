import { useEffect, useMemo, useRef, useState } from 'react'
import type { WorkflowList, WorkflowRow } from '../../../../shared/contract/tenants.ts'
import { WORKFLOW_OUTCOMES } from '../../../../shared/metering/workflows.ts'
import type { WorkflowOutcome, WorkflowsPlace } from '../../../state/workflows/address.ts'
import { MOST_ROWS } from '../../../state/workflows/jobs.ts'
import { PERIOD_NAMES, type PeriodName, PERIODS } from '../../../state/workflows/periods.ts'
import { OUTCOME_WORDS } from '../../../state/workflows/outcomes.ts'
import { EmptyState } from '../../../ui/dialog/EmptyState.tsx'
import { Button } from '../../../ui/form/Button.tsx'
import { Chip } from '../../../ui/form/Chip.tsx'
import { useActions } from '../../../ui/keys/actions.ts'
import { DataTable } from '../../../ui/table/DataTable.tsx'
import { Segments } from '../../tokens/Segments.tsx'
import { jobColumns } from './jobColumns.tsx'
import { Count } from './jobReading.tsx'
import { JobsStrip } from './JobsStrip.tsx'
import { showJobs } from './showJobs.ts'
import { type Jobs, useJobs } from './useJobs.ts'

interface JobsViewProps {
  /** null: the jobs of all tenants, whose name each row then says. */
  readonly tenant: string | null
  readonly place: WorkflowsPlace
  readonly onOpen: (job: WorkflowRow) => void
}

/** The jobs of a tenant or of all of them over a period, those with the most tokens first. */
export function JobsView({ tenant, place, onOpen }: JobsViewProps) {
  const { period, outcome } = place
  const jobs = useJobs({ tenant, period, outcome })
  useActions(
    PERIOD_NAMES.map((name, index) => ({
      id: `jobs.period.${name}`,
      title: `Jobs of ${PERIODS[name].words}`,
      group: 'Jobs',
      keys: String(index + 1),
      run: () => showJobs({ period: name }),
    })),
  )
  const { list } = jobs
  return (
    <section className="jobs" aria-label="Jobs">
      {list !== null && <JobsStrip totals={list.totals} origin={list.origin} of={list.of} />}
      <div className="tokens-controls tenants-controls">
        <Segments<PeriodName>
          label="Period"
          value={period}
          options={PERIOD_NAMES.map((value, index) => ({
            value,
            title: PERIODS[value].title,
            hint: `${PERIODS[value].words} (${index + 1})`,
          }))}
          onChange={(value) => showJobs({ period: value })}
        />
        {list !== null && <Outcomes list={list} chosen={outcome} />}
        {list === null && outcome !== null && (
          <Chip on onToggle={() => showJobs({ outcome: null })}>
            {OUTCOME_WORDS[outcome].word}
          </Chip>
        )}
        {list !== null && list.of.period !== period && (
          <p role="status" className="secondary">
            Asking for the jobs of {PERIODS[period].words}; shown are those of {PERIODS[list.of.period].words}
            .
          </p>
        )}
        {jobs.failure !== null && list !== null && (
          <p role="status">
            {jobs.failure.text} {jobs.failure.nextStep}
          </p>
        )}
      </div>
      <JobTable jobs={jobs} period={period} outcome={outcome} onOpen={onOpen} />
    </section>
  )
}

/** Of one outcome alone; how many there are of each stands beside it. */
function Outcomes({ list, chosen }: { list: NonNullable<Jobs['list']>; chosen: WorkflowOutcome | null }) {
  const { totals, origin } = list
  return (
    <fieldset className="tenants-states" aria-label="Filter by outcome">
      {WORKFLOW_OUTCOMES.filter((name) => totals[name] > 0 || name === chosen).map((name) => (
        <Chip
          key={name}
          on={name === chosen}
          onToggle={() => showJobs({ outcome: name === chosen ? null : name })}
        >
          {OUTCOME_WORDS[name].word}{' '}
          <Count
            origin={origin}
            label={`Jobs that are ${OUTCOME_WORDS[name].word}`}
            count={totals[name]}
            size="tiny"
          />
        </Chip>
      ))}
    </fieldset>
  )
}

interface JobTableProps {
  readonly jobs: Jobs
  readonly period: PeriodName
  readonly outcome: WorkflowOutcome | null
  readonly onOpen: (job: WorkflowRow) => void
}

function JobTable({ jobs, period, outcome, onOpen }: JobTableProps) {
  const { list, failure } = jobs
  const [selected, setSelected] = useState<string | null>(null)
  const columns = useMemo(
    () => (list === null ? [] : jobColumns(list.rows, list.totals, list.origin, list.of.tenant === null)),
    [list],
  )
  const frame = useRef<HTMLDivElement>(null)
  const there = list !== null
  // The keyboard stands in the list as soon as there is one, and again where what it stood on is gone.
  const entered = useRef(false)
  useEffect(() => {
    if (!there || (entered.current && document.activeElement !== document.body)) return
    entered.current = true
    frame.current?.querySelector<HTMLElement>('[role=grid]')?.focus({ preventScroll: true })
  })
  if (list === null) {
    return (
      <EmptyState
        reason={failure?.text ?? `Asking for the jobs of ${PERIODS[period].words}.`}
        nextStep={failure?.nextStep ?? 'A back end with many jobs may take some seconds.'}
      />
    )
  }
  return (
    <div ref={frame} className="jobs-list">
      <DataTable
        label="Jobs"
        columns={columns}
        rows={list.rows}
        keyOf={(row) => row.id}
        selected={selected}
        onSelect={setSelected}
        onOpen={(id) => {
          const row = list.rows.find((each) => each.id === id)
          if (row !== undefined) onOpen(row)
        }}
        openOnClick
        primary
        orderKey={`${period}|${outcome ?? ''}`}
        empty={<NoJobs period={period} outcome={outcome} totals={list.totals} />}
      />
      <More jobs={jobs} list={list} />
    </div>
  )
}

function More({ jobs, list }: { jobs: Jobs; list: NonNullable<Jobs['list']> }) {
  if (list.nextCursor !== null) {
    return (
      <p className="jobs-more">
        These <Count origin={list.origin} label="Jobs in the list" count={list.rows.length} size="tiny" />{' '}
        took the most tokens.{' '}
        <Button
          kind="quiet"
          onClick={jobs.more}
          unavailable={jobs.reading ? 'The next ones are under way.' : null}
        >
          Show the next
        </Button>
      </p>
    )
  }
  if (list.rows.length < MOST_ROWS) return null
  return (
    <p className="jobs-more">
      A list of this length ends here. A shorter period or one outcome shows the others.
    </p>
  )
}

interface NoJobsProps {
  readonly period: PeriodName
  readonly outcome: WorkflowOutcome | null
  readonly totals: WorkflowList['totals']
}

function NoJobs({ period, outcome, totals }: NoJobsProps) {
  const others = totals.started > 0 || totals.running > 0
  if (outcome !== null) {
    return (
      <EmptyState
        reason={`No job of ${PERIODS[period].words} is ${OUTCOME_WORDS[outcome].word}.`}
        nextStep={others ? 'Others are there.' : 'A longer period may have some.'}
        action={<Button onClick={() => showJobs({ outcome: null })}>All outcomes (Esc)</Button>}
      />
    )
  }
  return (
    <EmptyState
      reason={`No jobs ran in ${PERIODS[period].words}.`}
      nextStep="Requests may not belong to any job, or a longer period has some."
    />
  )
}
