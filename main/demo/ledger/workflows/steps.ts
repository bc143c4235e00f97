import type { STEP_KINDS, STEP_OUTCOMES } from '../../../../shared/metering/workflows.ts'
import { createDraws } from '../hash.ts'
import { passTokens, type Loop } from './loops.ts'
import type { TokenSplit } from '../prices.ts'
import { proportion } from '../split.ts'
import type { JobPlan } from './plan.ts'

export type StepKind = (typeof STEP_KINDS)[number]

/** One step of a job. Tokens are its own, without those of its children. */
export interface JobStep {
  readonly id: string
  readonly parentId: string | null
  readonly kind: StepKind
  readonly name: string
  /** Tokens of a model: it has a model, an endpoint and a GPU type. */
  readonly usesModel: boolean
  readonly startMs: number
  readonly endMs: number
  readonly outcome: (typeof STEP_OUTCOMES)[number]
  readonly attempt: number
  readonly tokens: TokenSplit
}

interface Draft {
  readonly kind: StepKind
  readonly name: string
  readonly outcome: JobStep['outcome']
  readonly attempt: number
  /** Index of the agent that does it. */
  readonly agent: number
  /** Relative tokens and time. */
  readonly tokens: number
  readonly time: number
}

const NONE: TokenSplit = { input: 0, output: 0, cachedInput: 0, reasoning: 0 }

/** The tree of a job: agents, and in their order what they did. Tokens of the steps add up to those of the job. */
export function stepsOf(plan: JobPlan, id: string, model: string): JobStep[] {
  const drafts = draftSteps(plan, model)
  const time = drafts.reduce((sum, draft) => sum + draft.time, 0)
  const weight = drafts.reduce((sum, draft) => sum + draft.tokens, 0)
  const length = plan.endMs - plan.startMs
  let passed = 0
  let weighed = 0
  let given = NONE
  const steps = drafts.map((draft, i): JobStep => {
    const startMs = Math.round(plan.startMs + (length * passed) / time)
    passed += draft.time
    weighed += draft.tokens
    const until = draft.tokens === 0 ? given : tokensUntil(plan.tokens, weighed, weight)
    const tokens = {
      input: until.input - given.input,
      output: until.output - given.output,
      cachedInput: until.cachedInput - given.cachedInput,
      reasoning: until.reasoning - given.reasoning,
    }
    given = until
    return {
      id: `${id}/${i + 1 + plan.helpers}`,
      parentId: `${id}/${draft.agent}`,
      kind: draft.kind,
      name: draft.name,
      usesModel: draft.tokens > 0,
      startMs,
      endMs: Math.round(plan.startMs + (length * passed) / time),
      outcome: i === drafts.length - 1 && plan.outcome === 'cancelled' ? 'cancelled' : draft.outcome,
      attempt: draft.attempt,
      tokens,
    }
  })
  return [...agentSteps(plan, id, steps), ...steps]
}

/** The first agent spans the job, its helpers what they do. */
function agentSteps(plan: JobPlan, id: string, steps: readonly JobStep[]): JobStep[] {
  const outcome = plan.outcome === 'succeeded' ? 'ok' : plan.outcome
  return Array.from({ length: plan.helpers + 1 }, (_, agent) => {
    const own = agent === 0 ? steps : steps.filter((step) => step.parentId === `${id}/${agent}`)
    return {
      id: `${id}/${agent}`,
      parentId: agent === 0 ? null : `${id}/0`,
      kind: 'agent' as const,
      name: agent === 0 ? plan.name : `${plan.name}-helper`,
      usesModel: false,
      startMs: own[0]?.startMs ?? plan.startMs,
      endMs: own.at(-1)?.endMs ?? plan.endMs,
      outcome: agent === 0 ? outcome : 'ok',
      attempt: 1,
      tokens: NONE,
    }
  })
}

function tokensUntil(tokens: TokenSplit, weighed: number, weight: number): TokenSplit {
  const part = weighed >= weight - 1e-9 ? 1 : weighed / weight
  const input = part === 1 ? tokens.input : Math.floor(tokens.input * part)
  const output = part === 1 ? tokens.output : Math.floor(tokens.output * part)
  return {
    input,
    output,
    cachedInput: proportion(tokens.cachedInput, input, tokens.input),
    reasoning: proportion(tokens.reasoning, output, tokens.output),
  }
}

function draftSteps(plan: JobPlan, model: string): Draft[] {
  const { kind, passes, tools, retrievals, helpers } = plan
  const draw = createDraws(plan.seed, 2)
  const drafts: Draft[] = []
  const failing = new Set(spread(plan.toolFailures, tools))
  const missing = new Set(spread(plan.retrievalMisses, retrievals))
  const slow = new Set(spread(plan.timeouts, passes))
  const lastFailure = [...failing].at(-1)
  const pick = (names: readonly string[]) => names[Math.floor(draw() * names.length)] ?? names[0] ?? ''
  const ok = { outcome: 'ok', attempt: 1 } as const
  const twice = (draft: Draft, outcome: JobStep['outcome'], again = true) => {
    drafts.push({ ...draft, outcome })
    if (again) drafts.push({ ...draft, attempt: 2 })
  }
  const look = (count: number, agent: number) => {
    const draft: Draft = {
      ...ok,
      kind: 'retrieval',
      name: pick(kind.indices),
      agent,
      tokens: 0,
      time: 0.1 + 0.1 * draw(),
    }
    if (missing.has(count)) twice(draft, 'missed')
    else drafts.push(draft)
  }
  const call = (count: number, agent: number) => {
    const draft: Draft = {
      ...ok,
      kind: 'tool',
      name: pick(kind.tools),
      agent,
      tokens: 0,
      time: 0.2 + 0.8 * draw(),
    }
    const ends = plan.outcome === 'failed' && count === lastFailure
    if (failing.has(count)) twice(draft, draw() < 0.3 ? 'timeout' : 'failed', !ends)
    else drafts.push(draft)
  }

  let looked = 0
  let called = 0
  for (let pass = 0; pass < passes; pass++) {
    const agent = helpers === 0 ? 0 : Math.floor((pass * (helpers + 1)) / passes)
    for (; looked < Math.ceil(((pass + 1) * retrievals) / passes); looked++) look(looked, agent)
    // An agent reads its own history with every pass: later ones take more.
    const age = helpers === 0 ? pass : pass % Math.ceil(passes / (helpers + 1))
    const draft: Draft = {
      ...ok,
      kind: 'model',
      name: model,
      agent,
      tokens: (1 + 0.12 * age) * (0.7 + 0.6 * draw()),
      time: 0.7 + 0.6 * draw(),
    }
    if (slow.has(pass)) twice(draft, 'timeout')
    else drafts.push(draft)
    for (; called < Math.floor(((pass + 1) * tools) / passes); called++) call(called, agent)
  }
  if (plan.verifications > 0) {
    const outcome = plan.outcome === 'failed' ? 'failed' : 'ok'
    drafts.push({ ...ok, kind: 'verification', name: model, outcome, agent: 0, tokens: 0.8, time: 0.8 })
  }
  return drafts
}

/** `count` places of `of`, evenly apart. */
function spread(count: number, of: number): number[] {
  return Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * of) / count))
}

/** The tool that a looping agent calls again and again, and what it calls its job. */
export const LOOP = { name: 'ticket-resolution', tool: 'crm-lookup' } as const

/** The tree of a loop as far as it has come: a tool that fails, and a pass that decides to try once more. */
export function loopSteps(loop: Loop, model: string, asOfMs: number): JobStep[] {
  const steps: JobStep[] = []
  let begin = loop.startMs
  loop.ends.forEach((end, pass) => {
    if (end > asOfMs) return
    const middle = Math.round(begin + (end - begin) * 0.4)
    const shared = { parentId: `${loop.id}/0`, attempt: pass + 1 }
    steps.push(
      {
        ...shared,
        id: `${loop.id}/${2 * pass + 1}`,
        kind: 'tool',
        name: LOOP.tool,
        usesModel: false,
        startMs: begin,
        endMs: middle,
        outcome: 'failed',
        tokens: NONE,
      },
      {
        ...shared,
        attempt: 1,
        id: `${loop.id}/${2 * pass + 2}`,
        kind: 'model',
        name: model,
        usesModel: true,
        startMs: middle,
        endMs: end,
        outcome: 'ok',
        tokens: passTokens(pass),
      },
    )
    begin = end
  })
  const ended = loop.endMs !== null && loop.endMs <= asOfMs
  return [
    {
      id: `${loop.id}/0`,
      parentId: null,
      kind: 'agent',
      name: LOOP.name,
      usesModel: false,
      startMs: loop.startMs,
      endMs: loop.endMs ?? Number.POSITIVE_INFINITY,
      outcome: ended ? 'failed' : 'running',
      attempt: 1,
      tokens: NONE,
    },
    ...steps,
  ]
}
