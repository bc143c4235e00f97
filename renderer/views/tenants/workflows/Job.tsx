import { useMemo, useState } from 'react'
import type { WorkflowDetail } from '../../../../shared/contract/tenants.ts'
import { formatDuration } from '../../../../shared/model/time.ts'
import { isBranch, opening, rowsOf } from '../../../state/workflows/rows.ts'
import { type JobTree, jobTree, shareOf } from '../../../state/workflows/tree.ts'
import { kindColour, KIND_WORDS, STEP_OUTCOME_WORDS } from '../../../state/workflows/words.ts'
import type { Client } from '../../../transport/types.ts'
import { Figure } from '../../../ui/figure/Figure.tsx'
import { Button } from '../../../ui/form/Button.tsx'
import { type Column, DataTable } from '../../../ui/table/DataTable.tsx'
import { useAsked } from '../../tokens/useAsked.ts'
import { showJobs } from './showJobs.ts'

const EVERY_MS = 60_000
/** Steps that are open at first; the branches with the most tokens come first. */
const ROOM = 200

function askJob(
  client: Client,
  { id }: { readonly id: string },
  _now: number,
  signal: AbortSignal,
): Promise<WorkflowDetail> {
  return client.call('tokens.workflow', { id }, { signal })
}

/** One job: why it took so many tokens, and its steps as a tree. */
export function Job({ id }: { id: string }) {
  const { answer, failure } = useAsked({ id }, EVERY_MS, askJob)
  return (
    <>
      <Button onClick={() => showJobs({ job: null })}>All jobs</Button>
      {answer === null ? (
        <p className="secondary">
          {failure === null ? 'Asking for the steps of the job.' : `${failure.text} ${failure.nextStep}`}
        </p>
      ) : (
        <Explained detail={answer.output} />
      )}
    </>
  )
}

function Explained({ detail }: { detail: WorkflowDetail }) {
  const { workflow, steps, remarks, warnings, unexplained, origin } = detail
  const tree = useMemo(() => jobTree(steps, BigInt(workflow.total)), [steps, workflow.total])
  return (
    <div className="job">
      <h4>
        {workflow.name}{' '}
        <Figure
          label={`Tokens of ${workflow.name}`}
          value={BigInt(workflow.total)}
          unit="tok"
          at={origin.dataAsOf}
          source={origin.name}
        />
      </h4>
      {remarks.length === 0 ? (
        <p className="secondary">Nothing odd: no loops, no dead ends.</p>
      ) : (
        <ol className="job-remarks" aria-label="Why so many tokens">
          {remarks.map(({ text }) => (
            <li key={text}>{text}</li>
          ))}
        </ol>
      )}
      {unexplained !== '0' && (
        <p>
          Not explained by any step:{' '}
          <Figure
            label="Tokens that no step explains"
            value={BigInt(unexplained)}
            unit="tok"
            at={origin.dataAsOf}
            source={origin.name}
          />
        </p>
      )}
      {warnings.map((text) => (
        <p key={text} className="secondary">
          {text}
        </p>
      ))}
      <Steps tree={tree} origin={origin} />
    </div>
  )
}

function Steps({ tree, origin }: { tree: JobTree; origin: WorkflowDetail['origin'] }) {
  const [open, setOpen] = useState<ReadonlySet<number>>(() => opening(tree, ROOM))
  const [selected, setSelected] = useState<string | null>(null)
  const rows = useMemo(() => rowsOf(tree, open), [tree, open])
  const columns = useMemo(() => columnsOf(tree, open, origin), [tree, open, origin])
  const toggle = (key: string) => {
    const place = tree.placeOf.get(key)
    if (place === undefined || !isBranch(tree, place)) return
    const next = new Set(open)
    if (!next.delete(place)) next.add(place)
    setOpen(next)
  }
  return (
    <div className="job-steps">
      <DataTable
        label="Steps of the job"
        columns={columns}
        rows={rows}
        keyOf={(place) => tree.steps[place]?.id ?? ''}
        selected={selected}
        onSelect={setSelected}
        onOpen={toggle}
        empty={<p className="secondary">The back end names no steps of this job.</p>}
      />
    </div>
  )
}

function columnsOf(
  tree: JobTree,
  open: ReadonlySet<number>,
  origin: WorkflowDetail['origin'],
): Column<number>[] {
  const stepAt = (place: number) => tree.steps[place]
  return [
    {
      id: 'step',
      title: 'Step (Enter opens and closes)',
      width: 'minmax(14rem, 1fr)',
      cell(place) {
        const step = stepAt(place)
        if (step === undefined) return null
        const depth = Math.min(tree.depths[place] ?? 0, 20)
        const mark = isBranch(tree, place) ? (open.has(place) ? '▾ ' : '▸ ') : ''
        return (
          <span className="job-step" style={{ paddingInlineStart: `${depth}rem` }} title={step.id}>
            {mark}
            <span className="job-kind" style={{ background: kindColour(step.kind) }} aria-hidden="true" />
            {step.name} <span className="secondary">{KIND_WORDS[step.kind].title}</span>
            {step.attempt > 1 && <span className="secondary"> attempt {step.attempt}</span>}
          </span>
        )
      },
    },
    {
      id: 'outcome',
      title: 'Outcome',
      width: '7rem',
      cell: (place) => STEP_OUTCOME_WORDS[stepAt(place)?.outcome ?? 'ok'].word,
    },
    {
      id: 'duration',
      title: 'Took',
      width: '6rem',
      align: 'end',
      cell(place) {
        const step = stepAt(place)
        return step === undefined || step.endedAt === null
          ? '—'
          : formatDuration(step.endedAt - step.startedAt)
      },
    },
    {
      id: 'total',
      title: 'Tokens with all under it',
      width: '10rem',
      align: 'end',
      cell(place) {
        const step = stepAt(place)
        if (step === undefined) return null
        return (
          <Figure
            label={`Tokens of ${step.name}`}
            value={BigInt(step.total)}
            unit="tok"
            at={origin.dataAsOf}
            source={origin.name}
          />
        )
      },
    },
    {
      id: 'share',
      title: 'Share',
      width: '5rem',
      align: 'end',
      cell(place) {
        const share = shareOf(BigInt(stepAt(place)?.total ?? 0), tree.whole)
        return share === null ? '—' : `${(share * 100).toFixed(1)} %`
      },
    },
  ]
}
