import { createDraws } from '../hash.ts'
import type { TokenSplit } from '../prices.ts'

/** What the jobs of one kind of endpoint are, and what they take on average. */
export interface JobKind {
  readonly names: readonly string[]
  readonly tools: readonly string[]
  readonly indices: readonly string[]
  readonly meanTokens: number
}

export const JOB_KINDS: Readonly<Record<string, JobKind>> = {
  agents: {
    names: ['ticket-resolution', 'market-research', 'code-migration', 'invoice-drift', 'data-cleanup'],
    tools: ['web-search', 'sql-query', 'shell', 'browser', 'crm-lookup', 'file-edit'],
    indices: ['knowledge-base', 'ticket-archive'],
    meanTokens: 1_600_000,
  },
  tools: {
    names: ['report-builder', 'inventory-check', 'travel-booking', 'expense-audit'],
    tools: ['calendar', 'erp-lookup', 'spreadsheet', 'mail-draft'],
    indices: ['policy-index', 'product-index'],
    meanTokens: 600_000,
  },
  documents: {
    names: ['contract-review', 'due-diligence', 'clause-extraction'],
    tools: ['pdf-extract', 'table-reader', 'citation-check'],
    indices: ['case-law', 'contract-archive'],
    meanTokens: 900_000,
  },
}

/** One job as it was drawn: how many steps of which kind it has and how it ends. The tree is made of it on demand. */
export interface JobPlan {
  readonly name: string
  readonly kind: JobKind
  readonly startMs: number
  readonly endMs: number
  readonly outcome: 'succeeded' | 'failed' | 'cancelled'
  /** First attempts. */
  readonly passes: number
  readonly tools: number
  readonly retrievals: number
  readonly verifications: number
  /** Agents beside the first one, that it hands parts of the job to. */
  readonly helpers: number
  /** Of the first attempts: those that failed, and model passes that ran out of time. */
  readonly toolFailures: number
  readonly retrievalMisses: number
  readonly timeouts: number
  /** Second attempts: every failure but the one that ended a failed job. */
  readonly retries: number
  readonly tokens: TokenSplit
  /** Seeds the drawing of its steps. */
  readonly seed: number
}

/** Jobs are handed out in slots of this length. */
export const SLOT_MS = 300_000
/** No job runs longer. */
export const LONGEST_JOB_MS = 45 * 60_000

const MAX_PASSES = 300
const PASSES_PER_HELPER = 16

/** @param seed of the slot; `index` counts the jobs in it */
export function planJob(
  kind: JobKind,
  slotStartMs: number,
  seed: number,
  index: number,
  tokens: TokenSplit,
): JobPlan {
  const draw = createDraws(seed, index, 1)
  const total = tokens.input + tokens.output
  const passes = Math.max(1, Math.min(MAX_PASSES, Math.round(total / (14_000 + 26_000 * draw()))))
  const some = (count: number, part: number) =>
    Math.min(count, Math.floor(count * part * 2 * draw() + 0.7 * draw()))
  const tools = Math.round(passes * (0.4 + 0.7 * draw()))
  const retrievals = 1 + Math.floor(passes * 0.2 * draw())
  const toolFailures = some(tools, 0.06)
  const retrievalMisses = some(retrievals, 0.12)
  const timeouts = some(passes, 0.015)
  const fate = draw() - Math.min(0.15, 0.02 * toolFailures)
  const outcome = fate < 0.06 ? 'failed' : fate > 0.965 ? 'cancelled' : 'succeeded'
  const startMs = Math.round(slotStartMs + SLOT_MS * draw())
  const busy = passes * (2500 + 5000 * draw()) + tools * 1800 + retrievals * 300 + 1500
  return {
    name: kind.names[Math.floor(draw() * kind.names.length)] ?? 'job',
    kind,
    startMs,
    endMs: startMs + Math.round(Math.min(LONGEST_JOB_MS, busy)),
    outcome,
    passes,
    tools,
    retrievals,
    verifications: outcome === 'succeeded' || draw() < 0.4 ? 1 : 0,
    helpers: passes < 24 ? 0 : Math.floor(passes / PASSES_PER_HELPER),
    toolFailures,
    retrievalMisses,
    timeouts,
    retries: toolFailures + retrievalMisses + timeouts - (outcome === 'failed' && toolFailures > 0 ? 1 : 0),
    tokens,
    seed: Math.floor(draw() * 0x7fff_ffff),
  }
}

export function stepCount(plan: JobPlan): number {
  return 1 + plan.helpers + plan.passes + plan.tools + plan.retrievals + plan.verifications + plan.retries
}
