import type { Books } from '../ledger.ts'
import { createDraws, hashWord, seedOf } from '../hash.ts'
import { loopUsage, passTokens, type Loop } from './loops.ts'
import { AT, WIDTH } from '../measures.ts'
import type { TokenSplit } from '../prices.ts'
import { proportion } from '../split.ts'
import { createBudgets, MEASURED } from './budgets.ts'
import { JOB_KINDS, LONGEST_JOB_MS, planJob, SLOT_MS, stepCount, type JobKind, type JobPlan } from './plan.ts'
import { LOOP, loopSteps, stepsOf, type JobStep } from './steps.ts'

/** A job as a list shows it. A running one counts what it has finished. */
export interface Job {
  readonly id: string
  readonly name: string
  readonly tenant: string
  readonly model: string
  readonly endpoint: string
  readonly gpuType: string
  readonly startMs: number
  /** Null while it runs. */
  readonly endMs: number | null
  readonly outcome: 'running' | 'succeeded' | 'failed' | 'cancelled'
  readonly steps: number
  readonly retries: number
  readonly toolFailures: number
  readonly retrievalMisses: number
  readonly tokens: TokenSplit
}

/**
 * The jobs of agents. They are drawn from what their tenant used, slot by slot, whenever somebody asks: the same job has
 * the same steps every time, and the jobs of a slot take together what was metered in the slot before it.
 */
export interface Jobs {
  /** Every job that ran at some time in [from, to), in no order. */
  each(fromMs: number, toMs: number, tenant: string | undefined, visit: (job: Job) => void): void
  /** One job with its tree, as far as it has come; null where there is none. */
  find(id: string): { readonly job: Job; readonly tree: readonly JobStep[] } | null
}

/** Clients of one tenant at one endpoint that jobs call. */
interface Source {
  readonly tenant: string
  readonly endpoint: string
  readonly model: string
  readonly gpuType: string
  readonly kind: JobKind
  readonly streams: readonly number[]
  readonly loops: boolean
}

export function createJobs(ledger: Books, seed: number): Jobs {
  const own = seedOf(seed, 'workflows')
  const sources = listSources(ledger)
  const sums = new Float64Array(ledger.metered.length * WIDTH)
  const loopSource = sources.find((source) => source.loops)

  /** Tokens of a source in a slot; a loop is a job of its own. */
  function usedIn(source: Source, slot: number): TokenSplit {
    const from = slot * SLOT_MS
    sums.fill(0)
    ledger.history.add(sums, from, from + SLOT_MS, source.streams)
    const split = Object.fromEntries(
      MEASURED.map((measure) => [
        measure,
        source.streams.reduce((sum, stream) => sum + (sums[stream * WIDTH + AT[measure]] ?? 0), 0),
      ]),
    ) as unknown as TokenSplit
    if (!source.loops) return split
    for (const loop of ledger.loops(from, from + SLOT_MS)) {
      const burnt = loopUsage(loop, from, from + SLOT_MS)
      for (const measure of MEASURED) split[measure] = Math.max(0, split[measure] - burnt[measure])
    }
    split.cachedInput = Math.min(split.cachedInput, split.input)
    split.reasoning = Math.min(split.reasoning, split.output)
    return split
  }

  const kept = createBudgets(sources.length, ledger.startMs)
  function budget(source: Source, index: number, slot: number): TokenSplit {
    return kept.get(index, slot) ?? kept.set(index, slot, usedIn(source, slot - 1), (slot + 1) * SLOT_MS)
  }

  function planSlot(source: Source, index: number, slot: number): JobPlan[] {
    const tokens = budget(source, index, slot)
    const slotSeed = hashWord(own, index, slot)
    const draw = createDraws(slotSeed, 0)
    const count = Math.floor((tokens.input + tokens.output) / source.kind.meanTokens + draw())
    // Heavy-tailed (Pareto, cut): most jobs are small and a few take most of the tokens.
    const weights = Array.from({ length: count }, () => Math.min(80, (1 - draw()) ** (-1 / 1.25)))
    const whole = weights.reduce((a, b) => a + b, 0)
    let weighed = 0
    let given: TokenSplit = { input: 0, output: 0, cachedInput: 0, reasoning: 0 }
    return weights.map((weight, i) => {
      weighed += weight
      const part = i === count - 1 ? 1 : weighed / whole
      const input = part === 1 ? tokens.input : Math.floor(tokens.input * part)
      const output = part === 1 ? tokens.output : Math.floor(tokens.output * part)
      const until = {
        input,
        output,
        cachedInput: proportion(tokens.cachedInput, input, tokens.input),
        reasoning: proportion(tokens.reasoning, output, tokens.output),
      }
      const mine = {
        input: until.input - given.input,
        output: until.output - given.output,
        cachedInput: until.cachedInput - given.cachedInput,
        reasoning: until.reasoning - given.reasoning,
      }
      given = until
      return planJob(source.kind, slot * SLOT_MS, slotSeed, i, mine)
    })
  }

  function describe(source: Source, plan: JobPlan, id: string): Job {
    const asOf = ledger.dataAsOf()
    const { tenant, model, endpoint, gpuType } = source
    const same = { id, name: plan.name, tenant, model, endpoint, gpuType, startMs: plan.startMs }
    if (plan.endMs <= asOf) {
      const { outcome, endMs, retries, toolFailures, retrievalMisses, tokens } = plan
      return {
        ...same,
        endMs,
        outcome,
        steps: stepCount(plan),
        retries,
        toolFailures,
        retrievalMisses,
        tokens,
      }
    }
    return { ...same, endMs: null, outcome: 'running', ...countSteps(soFar(stepsOf(plan, id, model), asOf)) }
  }

  function describeLoop(loop: Loop, source: Source): Job {
    const asOf = ledger.dataAsOf()
    const { tenant, model, endpoint, gpuType } = source
    const passes = loop.ends.filter((end) => end <= asOf).length
    const ended = loop.endMs !== null && loop.endMs <= asOf
    const tokens = { input: 0, output: 0, cachedInput: 0, reasoning: 0 }
    for (let pass = 0; pass < passes; pass++) {
      const used = passTokens(pass)
      for (const measure of MEASURED) tokens[measure] += used[measure]
    }
    return {
      id: loop.id,
      name: LOOP.name,
      tenant,
      model,
      endpoint,
      gpuType,
      startMs: loop.startMs,
      endMs: ended ? loop.endMs : null,
      outcome: ended ? 'failed' : 'running',
      steps: 1 + 2 * passes,
      retries: Math.max(0, passes - 1),
      toolFailures: passes,
      retrievalMisses: 0,
      tokens,
    }
  }

  return {
    each(fromMs, toMs, tenant, visit) {
      const end = Math.min(toMs, ledger.dataAsOf())
      const first = Math.floor((fromMs - LONGEST_JOB_MS) / SLOT_MS)
      for (let slot = first; slot * SLOT_MS < end; slot++) {
        sources.forEach((source, index) => {
          if (tenant !== undefined && source.tenant !== tenant) return
          planSlot(source, index, slot).forEach((plan, i) => {
            if (plan.startMs >= end || plan.endMs <= fromMs) return
            visit(describe(source, plan, jobId(index, slot, i)))
          })
        })
      }
      if (loopSource === undefined || (tenant !== undefined && tenant !== loopSource.tenant)) return
      for (const loop of ledger.loops(fromMs, end)) visit(describeLoop(loop, loopSource))
    },
    find(id) {
      const asOf = ledger.dataAsOf()
      const place = readId(id)
      if (place === null) {
        const startMs = readLoopId(id)
        if (startMs === null || loopSource === undefined || startMs >= asOf) return null
        const loop = ledger.loops(startMs, startMs + 1).find((known) => known.id === id)
        if (loop === undefined) return null
        return { job: describeLoop(loop, loopSource), tree: loopSteps(loop, loopSource.model, asOf) }
      }
      const source = sources[place.source]
      const start = place.slot * SLOT_MS
      if (source === undefined || start >= asOf || start < ledger.history.keptFrom()) return null
      const plan = planSlot(source, place.source, place.slot)[place.index]
      if (plan === undefined || plan.startMs >= asOf) return null
      return { job: describe(source, plan, id), tree: soFar(stepsOf(plan, id, source.model), asOf) }
    },
  }
}

/** What has begun; what has not ended runs and has not been counted yet. */
function soFar(steps: readonly JobStep[], asOf: number): JobStep[] {
  const none = { input: 0, output: 0, cachedInput: 0, reasoning: 0 }
  return steps
    .filter((step) => step.startMs < asOf)
    .map((step) => (step.endMs <= asOf ? step : { ...step, outcome: 'running', tokens: none }))
}

function countSteps(steps: readonly JobStep[]) {
  const tokens = { input: 0, output: 0, cachedInput: 0, reasoning: 0 }
  for (const step of steps) for (const measure of MEASURED) tokens[measure] += step.tokens[measure]
  const failed = (step: JobStep) => step.outcome === 'failed' || step.outcome === 'timeout'
  return {
    steps: steps.length,
    retries: steps.filter((step) => step.attempt > 1).length,
    toolFailures: steps.filter((step) => step.kind === 'tool' && failed(step)).length,
    retrievalMisses: steps.filter((step) => step.outcome === 'missed').length,
    tokens,
  }
}

function listSources(ledger: Books): Source[] {
  const places = Map.groupBy(ledger.streams.keys(), (stream) => {
    const { tenant, endpoint } = ledger.streams[stream] ?? { tenant: '', endpoint: '' }
    return JSON.stringify([tenant, endpoint])
  })
  return [...places.values()].flatMap((streams) => {
    const spec = ledger.streams[streams[0] ?? -1]
    const kind = spec && JOB_KINDS[spec.endpoint]
    if (spec === undefined || kind === undefined) return []
    const { tenant, endpoint, model, gpuType } = spec
    return [{ tenant, endpoint, model, gpuType, kind, streams, loops: streams.includes(ledger.loopStream) }]
  })
}

function jobId(source: number, slot: number, index: number): string {
  return `wf-${source.toString(36)}-${slot.toString(36)}-${index.toString(36)}`
}

function readId(id: string): { source: number; slot: number; index: number } | null {
  const [, source, slot, index] = /^wf-([\da-z]{1,3})-([\da-z]{3,6})-([\da-z]{1,4})$/.exec(id) ?? []
  if (source === undefined || slot === undefined || index === undefined) return null
  return { source: parseInt(source, 36), slot: parseInt(slot, 36), index: parseInt(index, 36) }
}

function readLoopId(id: string): number | null {
  const [, start] = /^wf-loop-([\da-z]{1,10})$/.exec(id) ?? []
  return start === undefined ? null : parseInt(start, 36)
}
