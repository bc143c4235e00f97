import { visibleName } from '../../../../shared/model/foreignText.ts'
import { Fragment, type ReactNode } from 'react'
import type { WorkflowDetail } from '../../../../shared/contract/tenants.ts'
import { useNow } from '../../../state/now.ts'
import { type JobTree, shareOf, wayTo } from '../../../state/workflows/tree.ts'
import { durationWords, KIND_WORDS, STEP_OUTCOME_WORDS } from '../../../state/workflows/outcomes.ts'
import { Age } from '../../../ui/figure/Age.tsx'
import { Part } from '../page/Part.tsx'
import { Cost, Count, PartTokens, Share, Tokens } from './jobReading.tsx'
import { OutcomeWord } from './OutcomeWord.tsx'

interface StepDetailProps extends Pick<WorkflowDetail, 'origin'> {
  readonly tree: JobTree
  readonly place: number
}

/** Everything that is known of the selected step. What was said in it is nowhere in the contract. */
export function StepDetail({ tree, place, origin }: StepDetailProps) {
  const now = useNow()
  const step = tree.steps[place]
  if (step === undefined) return null
  const { name, kind, model, endpoint, gpuType, attempt, outcome, startedAt, endedAt, tokens, cost } = step
  const way = wayTo(tree, place).slice(0, -1)
  const words = (text: string | null) =>
    text === null ? <span className="secondary">not said</span> : visibleName(text)
  const count = (label: string, value: string) => (
    <Tokens origin={origin} label={`${label} of ${name}`} count={value} />
  )
  const rows: readonly (readonly [string, ReactNode])[] = [
    ['Kind', KIND_WORDS[kind].title],
    ['Outcome', <OutcomeWord key="outcome" words={STEP_OUTCOME_WORDS[outcome]} />],
    ['Model', words(model)],
    ['Endpoint', words(endpoint)],
    ['GPU type', words(gpuType)],
    ['Attempt', <Count key="attempt" origin={origin} label={`Attempt of ${name}`} count={attempt} />],
    ['Began', <Age key="began" at={startedAt} />],
    ['Took', durationWords(startedAt, endedAt, now)],
    [
      'Input',
      <Fragment key="input">
        {count('Input', tokens.input)}, cached{' '}
        <PartTokens
          part="cachedInput"
          origin={origin}
          label={`Cached input of ${name}`}
          count={tokens.cachedInput}
        />
      </Fragment>,
    ],
    [
      'Output',
      <Fragment key="output">
        {count('Output', tokens.output)}, reasoning{' '}
        <PartTokens
          part="reasoning"
          origin={origin}
          label={`Reasoning of ${name}`}
          count={tokens.reasoning}
        />
      </Fragment>,
    ],
    ['Itself', count('Own tokens', step.own)],
    [
      'With all under it',
      <Fragment key="total">
        {count('Tokens', step.total)} in{' '}
        <Count origin={origin} label={`Steps with ${name}`} count={(tree.below[place] ?? 0) + 1} /> steps,{' '}
        <Share origin={origin} label={`Share of ${name}`} share={shareOf(BigInt(step.total), tree.whole)} />
      </Fragment>,
    ],
    ['Cost', <Cost key="cost" origin={origin} label={`Cost of ${name}`} cost={cost} />],
    ['Under', way.length === 0 ? 'the job itself' : way.map((at) => tree.steps[at]?.name).join(' › ')],
    ['Id', step.id],
  ]
  return (
    <Part title={`Step: ${visibleName(name)}`}>
      <dl className="step-detail">
        {rows.map(([title, value]) => (
          <Fragment key={title}>
            <dt>{title}</dt>
            <dd>{value}</dd>
          </Fragment>
        ))}
      </dl>
    </Part>
  )
}
