import type { WorkflowDetail } from '../../../../shared/contract/tenants.ts'
import { type JobTree, shareOf } from '../../../state/workflows/tree.ts'
import { Part } from '../page/Part.tsx'
import { Share, Tokens } from './jobReading.tsx'

interface ReasonsProps extends Pick<WorkflowDetail, 'remarks' | 'origin'> {
  readonly tree: JobTree
  /** Index of the reason whose steps are lit; -1 for none. */
  readonly chosen: number
  readonly onChoose: (index: number) => void
}

/** Why so many tokens, worst first. A reason that is chosen lights its steps in the picture and in the tree. */
export function Reasons({ remarks, origin, tree, chosen, onChoose }: ReasonsProps) {
  return (
    <Part title="Why so many tokens">
      {remarks.length === 0 ? (
        <p className="secondary">
          Nothing out of the ordinary: no loops, no retries and no dead ends stand out.
        </p>
      ) : (
        <ol className="reasons">
          {remarks.map(({ text, tokens }, index) => (
            <li key={text}>
              <button
                type="button"
                className="reason"
                aria-pressed={index === chosen}
                onClick={() => onChoose(index === chosen ? -1 : index)}
              >
                <span className="reason-text">{text}</span>
                <span className="reason-figures">
                  <Tokens origin={origin} label="Tokens of these steps" count={tokens} size="tiny" />
                  <Share
                    origin={origin}
                    label="Share of the job"
                    share={shareOf(BigInt(tokens), tree.whole)}
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
