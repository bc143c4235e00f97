import { visibleName } from '../../../../shared/model/foreignText.ts'
import type { WorkflowDetail } from '../../../../shared/contract/tenants.ts'
import { useNow } from '../../../state/now.ts'
import { durationWords, OUTCOME_WORDS } from '../../../state/workflows/outcomes.ts'
import { Age } from '../../../ui/figure/Age.tsx'
import { Say } from '../../../ui/text/Say.tsx'
import { OutcomeWord } from './OutcomeWord.tsx'

/** Which job it is, how it ended, how long it took. */
export function JobHead({ workflow }: Pick<WorkflowDetail, 'workflow'>) {
  const { id, name, outcome, startedAt, endedAt } = workflow
  const now = useNow()
  return (
    <header className="job-head">
      <h3 title={visibleName(name)}>{visibleName(name)}</h3>
      <span className="secondary job-id" title={visibleName(id)}>
        {visibleName(id)}
      </span>
      <OutcomeWord words={OUTCOME_WORDS[outcome]} />
      <span className="secondary">
        <Say
          id="job.took"
          values={{ duration: durationWords(startedAt, endedAt, now), age: <Age at={startedAt} /> }}
        />
      </span>
    </header>
  )
}
