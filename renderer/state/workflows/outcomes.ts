import type { StepRow } from '../../../shared/contract/tenants.ts'
import { formatDuration } from '../../../shared/model/time.ts'
import { say } from '../../../shared/messages/format.ts'
import type { WorkflowOutcome } from './address.ts'

export type StepKind = StepRow['kind']
export type StepOutcome = StepRow['outcome']

/** Kinds of steps as they are called here, most telling first. */
export const KIND_WORDS: Readonly<Record<StepKind, { title: string; many: string }>> = {
  model: { title: say('steps.kind.model'), many: say('steps.kind.model.many') },
  tool: { title: say('steps.kind.tool'), many: say('steps.kind.tool.many') },
  retrieval: { title: say('steps.kind.retrieval'), many: say('steps.kind.retrieval.many') },
  verification: { title: say('steps.kind.verification'), many: say('steps.kind.verification.many') },
  agent: { title: say('steps.kind.agent'), many: say('steps.kind.agent.many') },
  other: { title: say('steps.kind.other'), many: say('steps.kind.other.many') },
}

/** The same colour for a kind everywhere; a word beside it says which it is. */
export const KIND_COLOURS = {
  model: 'category1',
  tool: 'category2',
  retrieval: 'category3',
  verification: 'category4',
  agent: 'categoryRest',
  other: 'category8',
} as const satisfies Readonly<Record<StepKind, string>>

/** For styles: `var(--category-1)`. */
export function kindColour(kind: StepKind): string {
  const token = KIND_COLOURS[kind].replace('category', '').toLowerCase()
  return `var(--category-${token})`
}

export interface OutcomeWords {
  readonly word: string
  readonly glyph: 'failing' | 'stale' | 'absent' | 'unknown' | 'standby' | null
  readonly meaning: string
}

export const STEP_OUTCOME_WORDS: Readonly<Record<StepOutcome, OutcomeWords>> = {
  ok: { word: say('steps.outcome.ok'), glyph: null, meaning: say('steps.outcome.ok.meaning') },
  running: {
    word: say('steps.outcome.running'),
    glyph: 'standby',
    meaning: say('steps.outcome.running.meaning'),
  },
  failed: {
    word: say('steps.outcome.failed'),
    glyph: 'failing',
    meaning: say('steps.outcome.failed.meaning'),
  },
  timeout: {
    word: say('steps.outcome.timeout'),
    glyph: 'stale',
    meaning: say('steps.outcome.timeout.meaning'),
  },
  rejected: {
    word: say('steps.outcome.rejected'),
    glyph: 'failing',
    meaning: say('steps.outcome.rejected.meaning'),
  },
  missed: {
    word: say('steps.outcome.missed'),
    glyph: 'unknown',
    meaning: say('steps.outcome.missed.meaning'),
  },
  cancelled: {
    word: say('steps.outcome.cancelled'),
    glyph: 'absent',
    meaning: say('steps.outcome.cancelled.meaning'),
  },
}

export const OUTCOME_WORDS: Readonly<Record<WorkflowOutcome, OutcomeWords>> = {
  running: {
    word: say('jobs.outcome.running'),
    glyph: 'standby',
    meaning: say('jobs.outcome.running.meaning'),
  },
  succeeded: {
    word: say('jobs.outcome.succeeded'),
    glyph: null,
    meaning: say('jobs.outcome.succeeded.meaning'),
  },
  failed: { word: say('jobs.outcome.failed'), glyph: 'failing', meaning: say('jobs.outcome.failed.meaning') },
  cancelled: {
    word: say('jobs.outcome.cancelled'),
    glyph: 'absent',
    meaning: say('jobs.outcome.cancelled.meaning'),
  },
}

const WASTED: ReadonlySet<StepOutcome> = new Set(['failed', 'timeout', 'rejected', 'missed', 'cancelled'])

/** Whether a step ended without what it was made for. */
export function wasted(outcome: StepOutcome): boolean {
  return WASTED.has(outcome)
}

/** Whether a job ended without a result: then all that it took is wasted, whatever its steps say of themselves. */
export function wastedJob(outcome: WorkflowOutcome): boolean {
  return outcome === 'failed' || outcome === 'cancelled'
}

/** "4 min 10 s", or up to now where it has not ended; clocks of several machines may make an end come before a start. */
export function durationWords(startedAt: number, endedAt: number | null, now: number): string {
  const duration = formatDuration((endedAt ?? now) - startedAt)
  return endedAt === null ? say('jobs.duration.soFar', { duration }) : duration
}
