import { visibleName } from '../../../../shared/model/foreignText.ts'
import type { WorkflowList } from '../../../../shared/contract/tenants.ts'
import { say } from '../../../../shared/messages/format.ts'
import { PERIODS } from '../../../state/workflows/periods.ts'
import { OUTCOME_WORDS } from '../../../state/workflows/outcomes.ts'
import type { Client } from '../../../transport/types.ts'
import { Button } from '../../../ui/form/Button.tsx'
import { useAsked } from '../../tokens/useAsked.ts'
import { Age } from '../../../ui/figure/Age.tsx'
import { Name } from '../../../ui/text/Name.tsx'
import { Part } from '../page/Part.tsx'
import { Cost, Count, Tokens } from './jobReading.tsx'
import { OutcomeWord } from './OutcomeWord.tsx'
import { PlainHead } from '../../../ui/table/PlainHead.tsx'
import { goToJobs } from './showJobs.ts'

const EVERY_MS = 60_000
const MOST = 8

function askJobs(
  client: Client,
  { tenant }: { readonly tenant: string },
  now: number,
  signal: AbortSignal,
): Promise<WorkflowList> {
  const range = { fromMs: now - PERIODS.day.spanMs, toMs: now }
  return client.call('tokens.workflows', { ...range, tenant, outcome: null, cursor: null }, { signal })
}

/** The few jobs that took the most tokens of the last day, on the page of the tenant. */
export function LargestJobs({ tenant }: { tenant: string }) {
  const { answer, failure } = useAsked({ tenant }, EVERY_MS, askJobs)
  return (
    <Part
      title={say('jobs.largest.title', { period: PERIODS.day.words })}
      figure={<Button onClick={() => goToJobs({})}>{say('jobs.largest.all')}</Button>}
    >
      {answer === null ? (
        <p className="secondary">
          {failure === null ? say('jobs.largest.asking') : `${failure.text} ${failure.nextStep}`}
        </p>
      ) : (
        <Largest list={answer.output} />
      )}
    </Part>
  )
}

function Largest({ list: { workflows, origin } }: { list: WorkflowList }) {
  if (workflows.length === 0)
    return <p className="secondary">{say('jobs.largest.none', { period: PERIODS.day.words })}</p>
  return (
    <table className="tenant-table">
      <PlainHead
        columns={[
          say('jobs.column.name'),
          say('jobs.column.started'),
          say('jobs.column.outcome'),
          { title: say('jobs.column.steps'), end: true },
          { title: say('jobs.column.tokens'), end: true },
          { title: say('jobs.column.cost'), end: true },
        ]}
      />
      <tbody>
        {workflows.slice(0, MOST).map(({ id, name, startedAt, outcome, steps, total, cost }) => (
          <tr key={id}>
            <th scope="row" className="cut">
              <button
                type="button"
                className="tenant-link"
                title={visibleName(id)}
                onClick={() => goToJobs({ job: id })}
              >
                {visibleName(name)}
              </button>{' '}
              <Name className="tenant-id secondary" of={id} />
            </th>
            <td className="secondary">
              <Age at={startedAt} />
            </td>
            <td>
              <OutcomeWord words={OUTCOME_WORDS[outcome]} />
            </td>
            <td className="end">
              <Count origin={origin} label={say('jobs.steps.of', { name })} count={steps} align="end" />
            </td>
            <td className="end">
              <Tokens origin={origin} label={say('jobs.tokens.of', { name })} count={total} align="end" />
            </td>
            <td className="end">
              <Cost origin={origin} label={say('jobs.cost.of', { name })} cost={cost} align="end" />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
