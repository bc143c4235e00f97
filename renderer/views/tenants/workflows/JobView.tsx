import { useEffect, useMemo, useState } from 'react'
import type { WorkflowDetail } from '../../../../shared/contract/tenants.ts'
import { say, textOf } from '../../../../shared/messages/format.ts'
import type { WorkflowsPlace } from '../../../state/workflows/address.ts'
import { type JobTree, jobTree } from '../../../state/workflows/tree.ts'
import type { Client } from '../../../transport/types.ts'
import { EmptyState } from '../../../ui/dialog/EmptyState.tsx'
import { Button } from '../../../ui/form/Button.tsx'
import { useActions } from '../../../ui/keys/actions.ts'
import { documentedKeys } from '../../../ui/keys/documented.ts'
import { useAsked } from '../../tokens/useAsked.ts'
import { JobHead } from './JobHead.tsx'
import { JobStrip } from './JobStrip.tsx'
import { Icicle } from './Icicle.tsx'
import { Kinds } from './Kinds.tsx'
import { Reasons } from './Reasons.tsx'
import { showJobs } from './showJobs.ts'
import { StepDetail } from './StepDetail.tsx'
import { StepTree } from './StepTree.tsx'

/** While it runs; a job that has ended does not change. */
const EVERY_MS = 30_000

function askJob(
  client: Client,
  { id }: { readonly id: string },
  _now: number,
  signal: AbortSignal,
): Promise<WorkflowDetail> {
  return client.call('tokens.workflow', { id }, { signal })
}

function hasEnded({ workflow }: WorkflowDetail): boolean {
  return workflow.endedAt !== null
}

/** Handled by the two pictures of a job while they have the focus; listed so that the key map is complete. */
const INSIDE = documentedKeys(say('keys.group.job'), 'job', [
  ['ArrowUp ArrowDown ArrowLeft ArrowRight', 'job.key.walk'],
  ['j k', 'job.key.next'],
  ['PageDown PageUp', 'job.key.page'],
  ['Home End', 'job.key.edge'],
  ['*', 'job.key.openAll'],
  ['Enter', 'job.key.toggle'],
  ['Space', 'job.key.toggle.tree'],
  ['+ -', 'job.key.zoom'],
  ['Backspace', 'job.key.zoom.out'],
  ['0', 'job.key.fit'],
])

/** One job: why it took so many tokens, where they went, step by step. */
export function JobView({ id, place }: { id: string; place: WorkflowsPlace }) {
  const { answer, failure } = useAsked({ id }, EVERY_MS, askJob, hasEnded)
  useActions(answer === null ? [] : INSIDE)
  if (answer === null) {
    return (
      <EmptyState
        reason={failure?.text ?? say('job.asking', { job: id })}
        nextStep={failure?.nextStep ?? say('job.asking.next')}
        action={
          <Button onClick={() => showJobs({ job: null, step: null, branch: null })}>{say('job.back')}</Button>
        }
      />
    )
  }
  return <Explained key={id} detail={answer.output} place={place} failure={failure?.text ?? ''} />
}

interface ExplainedProps {
  readonly detail: WorkflowDetail
  readonly place: WorkflowsPlace
  /** Why it could not be asked for again. */
  readonly failure: string
}

function Explained({ detail, place, failure }: ExplainedProps) {
  const { workflow, steps, remarks, warnings, origin } = detail
  const tree = useMemo(
    () => jobTree(steps, BigInt(workflow.total), workflow.outcome),
    [steps, workflow.total, workflow.outcome],
  )
  const [reason, setReason] = useState<string | null>(null)
  const about = useMemo(() => {
    const ids = remarks.find(({ text }) => textOf(text) === reason)?.stepIds
    return ids === undefined ? null : placesOf(tree, ids)
  }, [tree, remarks, reason])
  const selected = placeIn(tree, place.step)
  const branch = placeIn(tree, place.branch)

  // A link may name what is not there any more; Esc must not seem to do nothing for it.
  const lost = {
    ...(place.step !== null && selected === -1 ? { step: null } : {}),
    ...(place.branch !== null && branch === -1 ? { branch: null } : {}),
  }
  const anyLost = 'step' in lost || 'branch' in lost
  useEffect(() => {
    if (anyLost) showJobs(lost)
  })

  const select = (step: number): void => showJobs({ step: tree.steps[step]?.id ?? null })
  const enter = (step: number): void => showJobs({ branch: tree.steps[step]?.id ?? null })
  return (
    <section className="job" aria-label={say('job.title')}>
      <JobHead workflow={workflow} />
      <JobStrip workflow={workflow} unexplained={tree.unexplained} origin={origin} />
      {[...warnings.map((told) => textOf(told)), ...(failure === '' ? [] : [failure])].map((text) => (
        <p key={text} role="status" className="job-warning">
          {text}
        </p>
      ))}
      <div className="job-body">
        <div className="job-words">
          <Reasons
            remarks={remarks}
            tree={tree}
            origin={origin}
            chosen={reason}
            onChoose={(remark) => {
              setReason(remark === null ? null : textOf(remark.text))
              const first = remark?.stepIds[0]
              if (first !== undefined) showJobs({ step: first })
            }}
          />
          <Kinds tree={tree} origin={origin} />
          {selected >= 0 && <StepDetail tree={tree} place={selected} origin={origin} />}
        </div>
        <div className="job-pictures">
          <Icicle
            tree={tree}
            name={workflow.name}
            branch={branch}
            selected={selected}
            about={about}
            onSelect={select}
            onEnter={enter}
          />
          <StepTree tree={tree} selected={selected} about={about} origin={origin} onSelect={select} />
        </div>
      </div>
    </section>
  )
}

function placeIn(tree: JobTree, id: string | null): number {
  return id === null ? -1 : (tree.placeOf.get(id) ?? -1)
}

/** 1 for steps that are meant. */
function placesOf(tree: JobTree, ids: readonly string[]): Uint8Array {
  const about = new Uint8Array(tree.steps.length)
  for (const id of ids) {
    const place = tree.placeOf.get(id)
    if (place !== undefined) about[place] = 1
  }
  return about
}
