// A tree grid whose rows are placed by script cannot be built of table elements.
/* oxlint-disable jsx-a11y/prefer-tag-over-role */
import { visibleName } from '../../../../shared/model/foreignText.ts'
import type { WorkflowDetail } from '../../../../shared/contract/tenants.ts'
import { say } from '../../../../shared/messages/format.ts'
import { useNow } from '../../../state/now.ts'
import { isBranch } from '../../../state/workflows/rows.ts'
import { type JobTree, shareOf } from '../../../state/workflows/tree.ts'
import {
  durationWords,
  kindColour,
  KIND_WORDS,
  STEP_OUTCOME_WORDS,
} from '../../../state/workflows/outcomes.ts'
import { Share, Tokens } from './jobReading.tsx'
import { OutcomeWord } from './OutcomeWord.tsx'

/** Deeper steps are not indented further, or nothing would be left of their names. */
const DEEPEST_INDENT = 16

interface StepRowProps extends Pick<WorkflowDetail, 'origin'> {
  readonly id: string
  readonly tree: JobTree
  readonly place: number
  /** Among the rows in sight, from 0. */
  readonly index: number
  /** From the top of the list, px. */
  readonly start: number
  readonly isOpen: boolean
  readonly isSelected: boolean
  /** The chosen reason is about this step. */
  readonly isLit: boolean
  readonly onSelect: (place: number) => void
  readonly onToggle: (place: number) => void
}

/** One step among its siblings. */
export function StepRow(props: StepRowProps) {
  const { id, tree, place, index, start, isOpen, isSelected, isLit, origin, onSelect, onToggle } = props
  const step = tree.steps[place]
  if (step === undefined) return null
  const { name, kind, outcome, attempt, model, gpuType, startedAt, endedAt, own, total } = step
  const branch = isBranch(tree, place)
  const parent = tree.parents[place] ?? -1
  const depth = tree.depths[place] ?? 0
  const share = shareOf(BigInt(total), tree.whole)
  return (
    // The keyboard's way to the same is on the tree, which keeps the focus.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={id}
      role="row"
      tabIndex={-1}
      aria-rowindex={index + 2}
      aria-level={depth + 1}
      aria-posinset={(tree.places[place] ?? 0) + 1}
      aria-setsize={(parent === -1 ? tree.roots : (tree.children[parent] ?? [])).length}
      aria-expanded={branch ? isOpen : undefined}
      aria-selected={isSelected}
      className={`table-row step-row${isLit ? ' step-lit' : ''}`}
      style={{ transform: `translateY(${start}px)` }}
      onClick={() => onSelect(place)}
      onDoubleClick={() => onToggle(place)}
    >
      <div role="gridcell" className="table-cell">
        <span
          className="step-name"
          style={{ paddingInlineStart: `${Math.min(depth, DEEPEST_INDENT)}rem` }}
          title={`${visibleName(name)}\n${visibleName(step.id)}`}
        >
          {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions -- the arrows do the same */}
          <span
            className="step-mark"
            aria-hidden="true"
            onClick={(event) => {
              event.stopPropagation()
              onToggle(place)
            }}
          >
            {branch ? (isOpen ? '▾' : '▸') : ''}
          </span>
          <span className="kind-key" style={{ background: kindColour(kind) }} aria-hidden="true" />
          {visibleName(name)} <span className="secondary">{KIND_WORDS[kind].title}</span>
          {attempt > 1 && <span className="step-attempt"> {say('step.attempt.number', { attempt })}</span>}
        </span>
      </div>
      <div role="gridcell" className="table-cell">
        <OutcomeWord words={STEP_OUTCOME_WORDS[outcome]} />
      </div>
      <div role="gridcell" className="table-cell step-model secondary">
        <span>
          {[model, gpuType]
            .filter((word) => word !== null)
            .map(visibleName)
            .join(' · ')}
        </span>
      </div>
      <div role="gridcell" className="table-cell table-cell-end">
        {endedAt === null ? <Running since={startedAt} /> : durationWords(startedAt, endedAt, endedAt)}
      </div>
      <div role="gridcell" className="table-cell table-cell-end">
        <Tokens origin={origin} label={say('step.self.of', { step: name })} count={own} align="end" />
      </div>
      <div role="gridcell" className="table-cell table-cell-end">
        <Tokens origin={origin} label={say('step.total.of', { step: name })} count={total} align="end" />
      </div>
      <div role="gridcell" className="table-cell">
        <span className="job-share">
          <span className="used-bar" aria-hidden="true">
            <span style={{ width: `${(share ?? 0) * 100}%` }} />
          </span>
          <Share origin={origin} label={say('step.share.of', { step: name })} share={share} align="end" />
        </span>
      </div>
    </div>
  )
}

function Running({ since }: { since: number }) {
  return durationWords(since, null, useNow())
}
