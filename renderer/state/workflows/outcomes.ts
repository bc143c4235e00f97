import type { StepRow } from '../../../shared/contract/tenants.ts'
import { formatDuration } from '../../../shared/model/time.ts'
import type { WorkflowOutcome } from './address.ts'

export type StepKind = StepRow['kind']
export type StepOutcome = StepRow['outcome']

/** Kinds of steps as they are called here, most telling first. */
export const KIND_WORDS: Readonly<Record<StepKind, { title: string; many: string }>> = {
  model: { title: 'model pass', many: 'model passes' },
  tool: { title: 'tool call', many: 'tool calls' },
  retrieval: { title: 'retrieval', many: 'retrievals' },
  verification: { title: 'verification', many: 'verifications' },
  agent: { title: 'agent', many: 'agents' },
  other: { title: 'other', many: 'other steps' },
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
  ok: { word: 'ok', glyph: null, meaning: 'It ended with a result.' },
  running: { word: 'running', glyph: 'standby', meaning: 'It has not ended yet.' },
  failed: { word: 'failed', glyph: 'failing', meaning: 'It ended with an error.' },
  timeout: { word: 'timed out', glyph: 'stale', meaning: 'It was given up for taking too long.' },
  rejected: { word: 'rejected', glyph: 'failing', meaning: 'A limit refused it.' },
  missed: { word: 'missed', glyph: 'unknown', meaning: 'The look-up found nothing.' },
  cancelled: { word: 'cancelled', glyph: 'absent', meaning: 'Somebody or something ended it early.' },
}

export const OUTCOME_WORDS: Readonly<Record<WorkflowOutcome, OutcomeWords>> = {
  running: { word: 'running', glyph: 'standby', meaning: 'It has not ended yet: its tokens still grow.' },
  succeeded: { word: 'succeeded', glyph: null, meaning: 'It ended with a result.' },
  failed: { word: 'failed', glyph: 'failing', meaning: 'It ended without a result.' },
  cancelled: { word: 'cancelled', glyph: 'absent', meaning: 'Somebody or something ended it early.' },
}

const IN_VAIN: ReadonlySet<StepOutcome> = new Set(['failed', 'timeout', 'rejected', 'missed', 'cancelled'])

/** Whether a step ended without what it was made for. */
export function wasted(outcome: StepOutcome): boolean {
  return IN_VAIN.has(outcome)
}

/** Whether a job ended without a result: then all that it took is wasted, whatever its steps say of themselves. */
export function wastedJob(outcome: WorkflowOutcome): boolean {
  return outcome === 'failed' || outcome === 'cancelled'
}

/** "4 min 10 s", or up to now where it has not ended; clocks of several machines may make an end come before a start. */
export function durationWords(startedAt: number, endedAt: number | null, now: number): string {
  return `${formatDuration((endedAt ?? now) - startedAt)}${endedAt === null ? ' so far' : ''}`
}
