import type { WorkflowDetail } from '../../../../shared/contract/tenants.ts'
import { say } from '../../../../shared/messages/format.ts'
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
    <Part title={say('job.kinds')}>
      <table className="tenant-table">
        <PlainHead
          columns={[
            say('job.kinds.kind'),
            { title: say('job.kinds.steps'), end: true },
            { title: say('job.kinds.tokens'), end: true },
            { title: say('job.kinds.share'), end: true },
            {
              title: say('job.kinds.wasted'),
              end: true,
              explanation: say('job.kinds.wasted.explained'),
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
                  label={say('job.kinds.steps.of', { kind: KIND_WORDS[kind].many })}
                  count={steps}
                  align="end"
                />
              </td>
              <td className="end">
                <Tokens
                  origin={origin}
                  label={say('job.kinds.tokens.of', { kind: KIND_WORDS[kind].many })}
                  count={own.toString()}
                  align="end"
                />
              </td>
              <td className="end">
                <Share
                  origin={origin}
                  label={say('job.kinds.share.of', { kind: KIND_WORDS[kind].many })}
                  share={shareOf(own, tree.whole)}
                  align="end"
                />
              </td>
              <td className="end">
                <Tokens
                  origin={origin}
                  label={say('job.kinds.wasted.of', { kind: KIND_WORDS[kind].many })}
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
