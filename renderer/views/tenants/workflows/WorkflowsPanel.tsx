import type { WorkflowList } from '../../../../shared/contract/tenants.ts'
import { useNavigation } from '../../../state/navigation.ts'
import { placeOf } from '../../../state/workflows/address.ts'
import { PERIOD_NAMES, type PeriodName, PERIODS } from '../../../state/workflows/periods.ts'
import { OUTCOME_WORDS } from '../../../state/workflows/words.ts'
import type { Client } from '../../../transport/types.ts'
import { Figure } from '../../../ui/figure/Figure.tsx'
import { MoneyFigure } from '../../../ui/figure/MoneyFigure.tsx'
import { Button } from '../../../ui/form/Button.tsx'
import { useAsked } from '../../tokens/useAsked.ts'
import { Part } from '../page/Part.tsx'
import { Job } from './Job.tsx'
import { showJobs } from './showJobs.ts'
import './workflows.css'

const EVERY_MS = 30_000

interface Query {
  readonly tenant: string
  readonly period: PeriodName
}

function askJobs(
  client: Client,
  { tenant, period }: Query,
  now: number,
  signal: AbortSignal,
): Promise<WorkflowList> {
  const fromMs = now - PERIODS[period].spanMs
  return client.call(
    'tokens.workflows',
    { tenant, fromMs, toMs: now, outcome: null, cursor: null },
    { signal },
  )
}

/** Where the tokens of a tenant went: its jobs of a period, those with the most tokens first, and one of them open. */
export function WorkflowsPanel({ tenant }: { tenant: string }) {
  const params = useNavigation((route) => route.params)
  const { period, job } = placeOf(params)
  return (
    <Part title={job === null ? `Jobs of ${PERIODS[period].words}` : 'Where the tokens of this job went'}>
      {job === null ? (
        <>
          <div className="jobs-periods">
            {PERIOD_NAMES.map((name) => (
              <Button key={name} pressed={name === period} onClick={() => showJobs({ period: name })}>
                {PERIODS[name].title}
              </Button>
            ))}
          </div>
          <Jobs tenant={tenant} period={period} />
        </>
      ) : (
        <Job id={job} />
      )}
    </Part>
  )
}

function Jobs({ tenant, period }: Query) {
  const { answer, failure } = useAsked({ tenant, period }, EVERY_MS, askJobs)
  if (answer === null) {
    return (
      <p className="secondary">
        {failure === null ? 'Asking for its jobs.' : `${failure.text} ${failure.nextStep}`}
      </p>
    )
  }
  const { workflows, totals, origin, nextCursor } = answer.output
  if (workflows.length === 0) {
    return <p className="secondary">It ran no jobs in {PERIODS[period].words}.</p>
  }
  const tokens = (label: string, total: string) => (
    <Figure label={label} value={BigInt(total)} unit="tok" at={origin.dataAsOf} source={origin.name} />
  )
  return (
    <>
      <p className="jobs-totals">
        {totals.started} started, {totals.succeeded} succeeded, {totals.failed} failed, {totals.retries}{' '}
        retries · {tokens('Tokens of all jobs', totals.total)} ·{' '}
        <MoneyFigure
          label="Cost of all attempts over the successes"
          amount={totals.costPerSuccess?.amount ?? null}
          currency={totals.costPerSuccess?.currency ?? ''}
          reason="No job succeeded, or the back end names no cost."
        />{' '}
        per success
      </p>
      <table className="tenant-table jobs">
        <thead>
          <tr>
            <th scope="col">Job</th>
            <th scope="col">Outcome</th>
            <th scope="col" className="end">
              Steps
            </th>
            <th scope="col" className="end">
              Tokens
            </th>
            <th scope="col" className="end">
              Cost
            </th>
          </tr>
        </thead>
        <tbody>
          {workflows.map(({ id, name, outcome, steps, total, cost }) => (
            <tr key={id}>
              <th scope="row" className="cut">
                <button type="button" className="link" title={id} onClick={() => showJobs({ job: id })}>
                  {name}
                </button>
              </th>
              <td>{OUTCOME_WORDS[outcome].word}</td>
              <td className="end">{steps}</td>
              <td className="end">{tokens(`Tokens of ${name}`, total)}</td>
              <td className="end">
                <MoneyFigure
                  label={`Cost of ${name}`}
                  amount={cost?.amount ?? null}
                  currency={cost?.currency ?? ''}
                  reason="The back end names no cost."
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {nextCursor !== null && (
        <p className="secondary">These are the largest; a shorter period shows the others.</p>
      )}
    </>
  )
}
