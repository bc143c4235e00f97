import type { Group } from '../../../../shared/metering/capabilities.ts'
import { grouped } from '../../../../shared/model/phrases.ts'
import type { UsageTable } from '../../../core/tokens/types.ts'
import type { UsageQuestion } from '../types.ts'
import { passes, stepAt, UsageBuilder, withoutStepsBefore, withTop } from '../usage/builder.ts'
import type { UsageSteps } from '../usage/steps.ts'
import { cutName, named, publicKey } from './names.ts'
import type { Day, DailyMetrics } from './schema.ts'

export const DAY_MS = 86_400_000
/** LiteLLM's word for requests without a team. */
const UNASSIGNED = 'Unassigned'
const MOST_DOUBTS = 20
const FAILURES =
  'Totals by day of this version of LiteLLM include its estimates for failed requests; single requests and live counters leave them out.'

/** Days that were read about one set of teams. */
export interface DaysRead {
  /** Teams that the question was narrowed to; null: everything. */
  readonly team: string | null
  readonly days: readonly Day[]
  /** The newest day that is in only by a part, because pages beyond the bound were not read; null: all are whole. */
  readonly cutAt: number | null
}

/** Whether every step of a question begins and ends with a day of LiteLLM, which are days of UTC. */
export function areWholeDays({ times, toMs }: UsageSteps): boolean {
  return times.length > 0 && times.every((time) => time % DAY_MS === 0) && toMs % DAY_MS === 0
}

/** First and last day to ask for: the end belongs to the range. */
export function daysOf({ times, toMs }: UsageSteps): { readonly start: string; readonly end: string } {
  return { start: dayName(times[0] ?? toMs), end: dayName(toMs - 1) }
}

/**
 * Usage by days. `all` are the days of everything and are there where requests without a team are wanted: LiteLLM adds
 * up teams in a table that leaves those out, so they are the difference.
 */
export function tableOfDays(
  question: UsageQuestion,
  steps: UsageSteps,
  read: { readonly parts: readonly DaysRead[]; readonly all: DaysRead | null },
  reach: {
    readonly dataAsOf: number
    readonly missing: readonly string[]
    readonly doubts: readonly string[]
    /** This version writes estimates for failed requests into its totals. */
    readonly hasEstimates?: boolean
  },
): UsageTable {
  const { groupBy, filters, top } = question
  const builder = new UsageBuilder(groupBy, steps)
  const doubts = new Set(reach.doubts)
  const found = { cachedInput: true, requests: true, errors: true, hasFailures: false }
  for (const { team, days } of read.parts) {
    for (const day of days) {
      const step = stepAt(steps, Date.parse(day.date))
      for (const { dims, metrics } of cellsOf(day, team, question, doubts)) {
        note(metrics, found)
        if (passes(dims, filters)) builder.add(dims, step, countsOf(metrics))
      }
    }
  }
  if (read.all !== null) {
    for (const { metrics } of read.all.days) note(metrics, found)
    addTeamless(builder, steps, read.parts, read.all)
  }
  const cut = [...read.parts, ...(read.all === null ? [] : [read.all])].flatMap(({ cutAt }) =>
    cutAt === null ? [] : [stepAt(steps, cutAt)],
  )
  const table = builder.table(
    {
      input: true,
      output: true,
      cachedInput: found.cachedInput,
      requests: found.requests,
      errors: found.errors,
      reasoning: false,
      rejected: false,
      errorTokens: false,
    },
    {
      dataAsOf: reach.dataAsOf,
      missing: reach.missing,
      complete: reach.missing.length === 0,
      doubts: [...doubts].slice(0, MOST_DOUBTS),
      notes: reach.hasEstimates === true && found.hasFailures ? [FAILURES] : [],
    },
  )
  return withTop(withoutStepsBefore(table, Math.max(-1, ...cut) + 1), top)
}

interface Cell {
  readonly dims: Partial<Record<Group, string>>
  readonly metrics: DailyMetrics
}

/** The parts of a day that add up to what was asked, each once. */
function* cellsOf(
  { date, metrics, breakdown }: Day,
  team: string | null,
  { groupBy, filters }: Pick<UsageQuestion, 'groupBy' | 'filters'>,
  doubts: Set<string>,
): Iterable<Cell> {
  const tenant = team === null ? {} : { tenant: team }
  const wantsKey = groupBy.includes('key')
  if (groupBy.includes('model') || filters.model !== undefined) {
    const models = Object.entries(breakdown.model_groups ?? breakdown.models)
    for (const [model, part] of models) {
      const dims = { ...tenant, model: cutName(model) }
      if (!wantsKey) yield { dims, metrics: part.metrics }
      else yield* keysOf(dims, part.metrics, part.api_key_breakdown, date, doubts)
    }
    // Requests without a model, such as calls of tools, stand in the day and in none of its models.
    const parts = models.map(([, part]) => part.metrics)
    noteExcess('models', date, metrics, parts, doubts)
    const rest = without(metrics, parts)
    if (rest !== null)
      yield { dims: { ...tenant, model: '', ...(wantsKey ? { key: '' } : {}) }, metrics: rest }
  } else if (wantsKey) {
    yield* keysOf(tenant, metrics, breakdown.api_keys, date, doubts)
  } else if (team === null && (groupBy.includes('tenant') || filters.tenant !== undefined)) {
    const entities = Object.entries(breakdown.entities)
    for (const [name, part] of entities) {
      yield { dims: { tenant: name === UNASSIGNED ? '' : cutName(named(name)) }, metrics: part.metrics }
    }
    const parts = entities.map(([, part]) => part.metrics)
    noteExcess('teams', date, metrics, parts, doubts)
    const rest = without(metrics, parts)
    if (rest !== null) {
      doubts.add(`a part of ${date} is in none of the teams that LiteLLM names`)
      yield { dims: { tenant: '' }, metrics: rest }
    }
  } else yield { dims: tenant, metrics }
}

/** The keys of a whole; newest versions name the most used ones alone, and the rest stands without a name. */
function* keysOf(
  dims: Partial<Record<Group, string>>,
  whole: DailyMetrics,
  keys: Day['breakdown']['api_keys'],
  date: string,
  doubts: Set<string>,
): Iterable<Cell> {
  for (const [key, of] of Object.entries(keys))
    yield { dims: { ...dims, key: publicKey(key) }, metrics: of.metrics }
  const parts = Object.values(keys).map(({ metrics }) => metrics)
  noteExcess('keys', date, whole, parts, doubts)
  const rest = without(whole, parts)
  if (rest !== null) yield { dims: { ...dims, key: '' }, metrics: rest }
}

/** Parts that are more than their whole: one of both is wrong. */
function noteExcess(
  what: string,
  date: string,
  whole: DailyMetrics,
  parts: readonly DailyMetrics[],
  doubts: Set<string>,
): void {
  for (const measure of ['prompt_tokens', 'completion_tokens'] as const) {
    const sum = parts.reduce((all, part) => all + part[measure], 0n)
    if (sum <= whole[measure]) continue
    const name = measure === 'prompt_tokens' ? 'input' : 'output'
    doubts.add(
      `the ${what} of ${date} add up to ${grouped(sum)} ${name} tokens, and the day has ${grouped(whole[measure])}`,
    )
  }
}

/** What is left of a whole beside its parts; null where that is nothing. */
function without(whole: DailyMetrics, parts: readonly DailyMetrics[]): DailyMetrics | null {
  const left = (measure: keyof DailyMetrics) => {
    const rest = parts.reduce((sum, part) => sum - (part[measure] ?? 0n), whole[measure] ?? 0n)
    return rest > 0n ? rest : 0n
  }
  const rest = {
    prompt_tokens: left('prompt_tokens'),
    completion_tokens: left('completion_tokens'),
    cache_read_input_tokens: left('cache_read_input_tokens'),
    api_requests: left('api_requests'),
    failed_requests: left('failed_requests'),
  }
  return Object.values(rest).every((count) => count === 0n) ? null : rest
}

function addTeamless(
  builder: UsageBuilder,
  steps: UsageSteps,
  parts: readonly DaysRead[],
  all: DaysRead,
): void {
  const inTeams = totalsByDay(parts.flatMap(({ days }) => days))
  for (const [date, total] of totalsByDay(all.days)) {
    const teams = inTeams.get(date) ?? NONE
    // Asked one after the other: what came between makes the teams seem to have more than there is.
    const rest = total.map((count, i) => (count > (teams[i] ?? 0n) ? count - (teams[i] ?? 0n) : 0n))
    if (rest.every((count) => count === 0n)) continue
    const [input = 0n, output = 0n, cachedInput = 0n, requests = 0n, errors = 0n] = rest
    builder.add({ tenant: '' }, stepAt(steps, Date.parse(date)), {
      input,
      output,
      cachedInput,
      requests,
      errors,
    })
  }
}

const NONE = [0n, 0n, 0n, 0n, 0n]

/** Input, output, cached input, requests, errors. A page can end in the midst of a day. */
function totalsByDay(days: readonly Day[]): Map<string, bigint[]> {
  const totals = new Map<string, bigint[]>()
  for (const { date, metrics } of days) {
    const { input, output, cachedInput, requests, errors } = countsOf(metrics)
    const before = totals.get(date) ?? NONE
    const more = [input, output, cachedInput, requests, errors]
    totals.set(
      date,
      before.map((sum, i) => sum + (more[i] ?? 0n)),
    )
  }
  return totals
}

function countsOf(metrics: DailyMetrics) {
  return {
    input: metrics.prompt_tokens,
    output: metrics.completion_tokens,
    cachedInput: metrics.cache_read_input_tokens ?? 0n,
    requests: metrics.api_requests ?? 0n,
    errors: metrics.failed_requests ?? 0n,
  }
}

/** A measure that any part leaves out is not known of the whole. */
function note(
  metrics: DailyMetrics,
  found: { cachedInput: boolean; requests: boolean; errors: boolean; hasFailures: boolean },
) {
  found.hasFailures ||= (metrics.failed_requests ?? 0n) > 0n

  found.cachedInput &&= metrics.cache_read_input_tokens !== undefined
  found.requests &&= metrics.api_requests !== undefined
  found.errors &&= metrics.failed_requests !== undefined
}

function dayName(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}
