import type { WorkflowDetail } from '../../../../shared/contract/tenants.ts'
import { kindSums } from '../../../state/workflows/kinds.ts'
import { type JobTree, shareOf } from '../../../state/workflows/tree.ts'
import { kindColour, KIND_WORDS } from '../../../state/workflows/outcomes.ts'
import { Part } from '../page/Part.tsx'
import { PlainHead } from '../../../ui/table/PlainHead.tsx'
import { Count, Share, Tokens } from './jobReading.tsx'

interface KindsProps extends Pick<WorkflowDetail, 'origin'> {
  readonly tree: JobTree
}

/** What each kind of step took itself: the legend of the picture, with sums that add up to the job. */
export function Kinds({ tree, origin }: KindsProps) {
  const sums = kindSums(tree)
  if (sums.length === 0) return null
  return (
    <Part title="By kind of step">
      <table className="tenant-table">
        <PlainHead
          columns={[
            'Kind',
            { title: 'Steps', end: true },
            { title: 'Tokens', end: true },
            { title: 'Share', end: true },
            {
              title: 'Wasted',
              end: true,
              explanation:
                'Of these, in steps that failed, timed out, were refused, missed or cancelled, in all under them, and in all of a job without a result',
            },
          ]}
        />
        <tbody>
          {sums.map(({ kind, steps, own, wasted }) => (
            <tr key={kind}>
              <th scope="row">
                <span className="kind-key" style={{ background: kindColour(kind) }} aria-hidden="true" />{' '}
                {KIND_WORDS[kind].many}
              </th>
              <td className="end">
                <Count
                  origin={origin}
                  label={`Number of ${KIND_WORDS[kind].many}`}
                  count={steps}
                  align="end"
                />
              </td>
              <td className="end">
                <Tokens
                  origin={origin}
                  label={`Tokens of ${KIND_WORDS[kind].many}`}
                  count={own.toString()}
                  align="end"
                />
              </td>
              <td className="end">
                <Share
                  origin={origin}
                  label={`Share of ${KIND_WORDS[kind].many}`}
                  share={shareOf(own, tree.whole)}
                  align="end"
                />
              </td>
              <td className="end">
                <Tokens
                  origin={origin}
                  label={`Wasted tokens of ${KIND_WORDS[kind].many}`}
                  count={wasted.own.toString()}
                  align="end"
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Part>
  )
}
