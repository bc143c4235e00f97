import type { WorkflowList } from '../../../../shared/contract/tenants.ts'
import type { Client } from '../../../transport/types.ts'
import { MoneyFigure } from '../../../ui/figure/MoneyFigure.tsx'
import { Figure } from '../../../ui/figure/Figure.tsx'
import { useAsked } from '../../tokens/useAsked.ts'

const EVERY_MS = 30_000
const DAY_MS = 86_400_000

function askJobs(
  client: Client,
  { tenant }: { readonly tenant: string },
  now: number,
  signal: AbortSignal,
): Promise<WorkflowList> {
  return client.call(
    'tokens.workflows',
    { tenant, fromMs: now - DAY_MS, toMs: now, outcome: null, cursor: null },
    { signal },
  )
}

/** The jobs of a tenant over the last day, those with the most tokens first. */
export function WorkflowsPanel({ tenant }: { tenant: string }) {
  const { answer, failure } = useAsked({ tenant }, EVERY_MS, askJobs)
  if (answer === null)
    return (
      <p className="secondary">
        {failure === null ? 'Asking for its jobs.' : `${failure.text} ${failure.nextStep}`}
      </p>
    )
  const { workflows, origin } = answer.output
  if (workflows.length === 0) return <p className="secondary">It ran no jobs in the last 24 h.</p>
  return (
    <table className="tenant-table">
      <tbody>
        {workflows.map(({ id, name, outcome, total, cost }) => (
          <tr key={id}>
            <th scope="row" className="cut">
              {name}
            </th>
            <td>{outcome}</td>
            <td className="end">
              <Figure
                label={`Tokens of ${name}`}
                value={BigInt(total)}
                unit="tok"
                at={origin.dataAsOf}
                source={origin.name}
              />
            </td>
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
  )
}
