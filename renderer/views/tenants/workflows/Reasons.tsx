import type { WorkflowDetail } from '../../../../shared/contract/tenants.ts'
import { say, textOf } from '../../../../shared/messages/format.ts'
import { type JobTree, shareOf } from '../../../state/workflows/tree.ts'
import { Part } from '../page/Part.tsx'
import { Share, Tokens } from './jobReading.tsx'

interface ReasonsProps extends Pick<WorkflowDetail, 'remarks' | 'origin'> {
  readonly tree: JobTree
  /** Text of the reason whose steps are lit; their order changes while a job runs. */
  readonly chosen: string | null
  readonly onChoose: (remark: WorkflowDetail['remarks'][number] | null) => void
}

/** Why so many tokens, worst first. A reason that is chosen lights its steps in the picture and in the tree. */
export function Reasons({ remarks, origin, tree, chosen, onChoose }: ReasonsProps) {
  return (
    <Part title={say('job.reasons')}>
      {remarks.length === 0 ? (
        <p className="secondary">{say('job.reasons.none')}</p>
      ) : (
        <ol className="reasons">
          {remarks.map((remark) => (
            <li key={textOf(remark.text)}>
              <button
                type="button"
                className="reason"
                aria-pressed={textOf(remark.text) === chosen}
                onClick={() => onChoose(textOf(remark.text) === chosen ? null : remark)}
              >
                <span className="reason-text" title={textOf(remark.text)}>
                  {textOf(remark.text)}
                </span>
                <span className="reason-figures">
                  <Tokens
                    origin={origin}
                    label={say('job.reasons.tokens')}
                    count={remark.tokens}
                    size="tiny"
                  />
                  <Share
                    origin={origin}
                    label={say('job.share')}
                    share={shareOf(BigInt(remark.tokens), tree.whole)}
                    size="tiny"
                  />
                </span>
              </button>
            </li>
          ))}
        </ol>
      )}
    </Part>
  )
}
