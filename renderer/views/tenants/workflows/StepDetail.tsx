import { visibleName } from '../../../../shared/model/foreignText.ts'
import { Fragment, type ReactNode } from 'react'
import type { WorkflowDetail } from '../../../../shared/contract/tenants.ts'
import { say } from '../../../../shared/messages/format.ts'
import { useNow } from '../../../state/now.ts'
import { type JobTree, shareOf, wayTo } from '../../../state/workflows/tree.ts'
import { durationWords, KIND_WORDS, STEP_OUTCOME_WORDS } from '../../../state/workflows/outcomes.ts'
import { Age } from '../../../ui/figure/Age.tsx'
import { Part } from '../page/Part.tsx'
import { Say } from '../../../ui/text/Say.tsx'
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
    text === null ? <span className="secondary">{say('step.notReported')}</span> : visibleName(text)
  const count = (label: string, value: string) => (
    <Tokens origin={origin} label={say('step.of', { label, step: name })} count={value} />
  )
  const rows: readonly (readonly [string, ReactNode])[] = [
    [say('step.kind'), KIND_WORDS[kind].title],
    [say('step.outcome'), <OutcomeWord key="outcome" words={STEP_OUTCOME_WORDS[outcome]} />],
    [say('step.model'), words(model)],
    [say('step.endpoint'), words(endpoint)],
    [say('step.gpuType'), words(gpuType)],
    [
      say('step.attempt'),
      <Count key="attempt" origin={origin} label={say('step.attempt.of', { step: name })} count={attempt} />,
    ],
    [say('step.started'), <Age key="began" at={startedAt} />],
    [say('step.took'), durationWords(startedAt, endedAt, now)],
    [
      say('tokens.input'),
      <Fragment key="input">
        <Say
          id="step.input"
          values={{
            input: count(say('tokens.input'), tokens.input),
            cached: (
              <PartTokens
                part="cachedInput"
                origin={origin}
                label={say('step.cached.of', { step: name })}
                count={tokens.cachedInput}
              />
            ),
          }}
        />
      </Fragment>,
    ],
    [
      say('tokens.output'),
      <Fragment key="output">
        <Say
          id="step.output"
          values={{
            output: count(say('tokens.output'), tokens.output),
            reasoning: (
              <PartTokens
                part="reasoning"
                origin={origin}
                label={say('step.reasoning.of', { step: name })}
                count={tokens.reasoning}
              />
            ),
          }}
        />
      </Fragment>,
    ],
    [say('step.self'), count(say('step.self.tokens'), step.own)],
    [
      say('step.total'),
      <Fragment key="total">
        <Say
          id="step.total.line"
          values={{
            n: (tree.below[place] ?? 0) + 1,
            tokens: count(say('jobs.column.tokens'), step.total),
            steps: (
              <Count
                origin={origin}
                label={say('step.steps.of', { step: name })}
                count={(tree.below[place] ?? 0) + 1}
              />
            ),
            share: (
              <Share
                origin={origin}
                label={say('step.share.of', { step: name })}
                share={shareOf(BigInt(step.total), tree.whole)}
              />
            ),
          }}
        />
      </Fragment>,
    ],
    [
      say('jobs.column.cost'),
      <Cost key="cost" origin={origin} label={say('jobs.cost.of', { name })} cost={cost} />,
    ],
    [
      say('step.parent'),
      way.length === 0 ? say('step.parent.job') : way.map((at) => tree.steps[at]?.name).join(' › '),
    ],
    [say('step.id'), step.id],
  ]
  return (
    <Part title={say('step.title', { step: visibleName(name) })}>
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
