import { WORKFLOW_OUTCOMES } from '../../../shared/metering/workflows.ts'
import { say } from '../../../shared/messages/format.ts'
import { PERIOD_NAMES, type PeriodName } from './periods.ts'

export type WorkflowOutcome = (typeof WORKFLOW_OUTCOMES)[number]

/** What is shown of a tenant's jobs, as the address of its page says it: a link shows a colleague the same step. */
export interface WorkflowsPlace {
  /** Whether its jobs are shown at all, instead of its figures. */
  readonly shown: boolean
  readonly period: PeriodName
  /** null: all of them. */
  readonly outcome: WorkflowOutcome | null
  /** The job that is open; null shows the list. */
  readonly job: string | null
  /** The job's step that is selected. */
  readonly step: string | null
  /** The step whose branch fills the picture; null: the whole job does. */
  readonly branch: string | null
}

export const WORKFLOWS_HOME: WorkflowsPlace = {
  shown: false,
  period: 'day',
  outcome: null,
  job: null,
  step: null,
  branch: null,
}

type Params = Readonly<Record<string, string>>
/** The contract's longest id. */
const LONGEST_ID = 256
const KEYS = ['jobs', 'outcome', 'job', 'step', 'branch'] as const

/** What is not understood is left out: links come from chats and tickets. */
export function placeOf(params: Params): WorkflowsPlace {
  const job = idOf(params['job'])
  return {
    // A link to a job is a link to the jobs.
    shown: job !== null || params['jobs'] !== undefined,
    period: PERIOD_NAMES.find((name) => name === params['jobs']) ?? WORKFLOWS_HOME.period,
    outcome: WORKFLOW_OUTCOMES.find((name) => name === params['outcome']) ?? null,
    job,
    // Without their job they are of none.
    step: job === null ? null : idOf(params['step']),
    branch: job === null ? null : idOf(params['branch']),
  }
}

/** The parameters of the page with these in their places; what other parts of the page keep there stays. */
export function paramsWith(params: Params, place: WorkflowsPlace): Record<string, string> {
  const rest = Object.fromEntries(Object.entries(params).filter(([key]) => !KEYS.some((own) => own === key)))
  const { shown, period, outcome, job, step, branch } = place
  if (!shown) return rest
  rest['jobs'] = period
  if (outcome !== null) rest['outcome'] = outcome
  if (job === null) return rest
  rest['job'] = job
  if (step !== null) rest['step'] = step
  if (branch !== null) rest['branch'] = branch
  return rest
}

/** One step back, a thing at a time: from a step, a branch, a job, an outcome, the list. null: there is nothing left. */
export function placeBefore(place: WorkflowsPlace): WorkflowsPlace | null {
  if (!place.shown) return null
  if (place.step !== null) return { ...place, step: null }
  if (place.branch !== null) return { ...place, branch: null }
  if (place.job !== null) return { ...place, job: null }
  if (place.outcome !== null) return { ...place, outcome: null }
  return { ...place, shown: false }
}

/** What Esc leaves next, and when its turn is: {@link placeBefore} does it. */
export function escapeOf({ shown, step, branch, job, outcome }: WorkflowsPlace): {
  title: string
  step: 'top' | 'filter' | 'back'
} {
  if (shown && step !== null) return { title: say('jobs.escape.step'), step: 'top' }
  if (shown && branch !== null) return { title: say('jobs.escape.branch'), step: 'back' }
  if (shown && job !== null) return { title: say('jobs.escape.job'), step: 'back' }
  if (shown && outcome !== null) return { title: say('jobs.escape.outcome'), step: 'filter' }
  return shown
    ? { title: say('jobs.escape.tenant'), step: 'back' }
    : { title: say('jobs.escape.tenants'), step: 'back' }
}

function idOf(text: string | undefined): string | null {
  return text === undefined || text === '' || text.length > LONGEST_ID ? null : text
}
