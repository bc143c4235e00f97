import { useEffect, useMemo, useRef, useState } from 'react'
import type { WorkflowList, WorkflowRow } from '../../../../shared/contract/tenants.ts'
import { WORKFLOW_OUTCOMES } from '../../../../shared/metering/workflows.ts'
import { say } from '../../../../shared/messages/format.ts'
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
import { Say } from '../../../ui/text/Say.tsx'
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
      title: say('jobs.of', { period: PERIODS[name].words }),
      group: say('keys.group.jobs'),
      keys: String(index + 1),
      run: () => showJobs({ period: name }),
    })),
  )
  const { list } = jobs
  return (
    <section className="jobs" aria-label={say('jobs.title')}>
      {list !== null && <JobsStrip totals={list.totals} origin={list.origin} of={list.of} />}
      <div className="tokens-controls tenants-controls">
        <Segments<PeriodName>
          label={say('jobs.period')}
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
            {say('jobs.asking.shown', {
              period: PERIODS[period].words,
              shown: PERIODS[list.of.period].words,
            })}
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
    <fieldset className="tenants-states" aria-label={say('jobs.outcome.filter')}>
      {WORKFLOW_OUTCOMES.filter((name) => totals[name] > 0 || name === chosen).map((name) => (
        <Chip
          key={name}
          on={name === chosen}
          onToggle={() => showJobs({ outcome: name === chosen ? null : name })}
        >
          {OUTCOME_WORDS[name].word}{' '}
          <Count
            origin={origin}
            label={say('jobs.outcome.count', { outcome: OUTCOME_WORDS[name].word })}
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
        reason={failure?.text ?? say('jobs.asking', { period: PERIODS[period].words })}
        nextStep={failure?.nextStep ?? say('jobs.asking.next')}
      />
    )
  }
  return (
    <div ref={frame} className="jobs-list">
      <DataTable
        label={say('jobs.title')}
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
        <Say
          id="jobs.largest"
          values={{
            count: (
              <Count origin={list.origin} label={say('jobs.listed')} count={list.rows.length} size="tiny" />
            ),
          }}
        />{' '}
        <Button kind="quiet" onClick={jobs.more} unavailable={jobs.reading ? say('jobs.more.pending') : null}>
          {say('jobs.more')}
        </Button>
      </p>
    )
  }
  if (list.rows.length < MOST_ROWS) return null
  return <p className="jobs-more">{say('jobs.end')}</p>
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
        reason={say('jobs.none.outcome', {
          period: PERIODS[period].words,
          outcome: OUTCOME_WORDS[outcome].word,
        })}
        nextStep={others ? say('jobs.none.others') : say('jobs.none.longer')}
        action={<Button onClick={() => showJobs({ outcome: null })}>{say('jobs.outcome.all')}</Button>}
      />
    )
  }
  return (
    <EmptyState
      reason={say('jobs.none', { period: PERIODS[period].words })}
      nextStep={say('jobs.none.next')}
    />
  )
}
