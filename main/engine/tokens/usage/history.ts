import type { CommandOutput, CommandParsed } from '../../../../shared/contract/contract.ts'
import { fitStep, rateSeries } from '../../../core/tokens/usage/totals.ts'
import { wholeOf } from '../../../core/tokens/usage/whole.ts'
import { errorShareOf } from './shares.ts'
import {
  AbilityMissing,
  type MeteringSource,
  StepTooFine,
  type UsageQuestion,
} from '../../../sources/metering/types.ts'
import type { UsageTable } from '../../../core/tokens/types.ts'
import { inWords } from '../../../../shared/model/phrases.ts'
import { askOnce, type Asking, checkDimensions, checkRange, filtersOf } from '../answers/asking.ts'

type Question = CommandParsed<'tokens.history'>
type Answer = CommandOutput<'tokens.history'>

/** Rates of a range in steps that fit a screen, by the groups of one dimension or of all usage. @throws Refusal */
export async function tokenHistory(asking: Asking, question: Question, signal: AbortSignal): Promise<Answer> {
  checkRange(question)
  return askOnce(asking, 'history', question, signal, (shared) => ask(asking, question, shared))
}

async function ask(asking: Asking, question: Question, signal: AbortSignal): Promise<Answer> {
  const { source, backendClock, clock, origin } = asking
  const { maxPoints, groupBy, filters, measure, top } = question
  const abilities = await source.abilities(signal)
  checkDimensions(abilities, groupBy, filters)
  const warnings: string[] = []
  const now = backendClock.toRemote(clock.now())
  const kept = now - abilities.retentionMs
  const from = Math.max(backendClock.toRemote(question.fromMs), kept)
  const to = Math.min(backendClock.toRemote(question.toMs), now)
  if (from > backendClock.toRemote(question.fromMs)) {
    warnings.push(`${source.name} keeps ${inWords(abilities.retentionMs)}; what was before is not known.`)
  }
  if (to <= from) {
    const nothing = { stepMs: null, times: [], toMs: question.toMs, series: [], whole: null, standIn: null }
    return { origin: origin(), ...nothing, warnings }
  }
  const { table, stepMs, note } = await inSteps(
    source,
    {
      fromMs: from,
      toMs: to,
      groupBy: groupBy === null ? [] : [groupBy],
      filters: filtersOf(filters),
      top: groupBy === null ? null : top,
    },
    fitStep(from, to, maxPoints, abilities.minStepMs),
    signal,
  )
  if (note !== null) warnings.push(note)
  if (measure !== 'tokens' && table.counts[measure] === null) {
    const text = abilities.lacks.get(measure as never) ?? `${abilities.backend} does not count that.`
    throw new AbilityMissing('liveUsage', text)
  }
  warnings.push(...remarksOn(table))
  const whole = wholeOf(table)
  return {
    origin: origin(),
    stepMs,
    times: table.times.map((time) => backendClock.toLocal(time)),
    toMs: backendClock.toLocal(table.toMs),
    series: byRank(table, groupBy).map(({ row, name, rest }) => ({
      name,
      rest,
      values: rateSeries(table, row, measure),
    })),
    whole:
      whole === null
        ? null
        : {
            rates: whole.rates,
            errorShare: errorShareOf(whole.rates),
            input: [...whole.input],
            output: [...whole.output],
          },
    standIn: null,
    warnings,
  }
}

/** In the steps that fit the screen, or in the longer ones that a back end offers instead, with why. */
async function inSteps(
  source: MeteringSource,
  question: Omit<UsageQuestion, 'step'>,
  stepMs: number,
  signal: AbortSignal,
): Promise<{ readonly table: UsageTable; readonly stepMs: number; readonly note: string | null }> {
  const ask = (ms: number) =>
    source.usage(
      {
        ...question,
        fromMs: Math.floor(question.fromMs / ms) * ms,
        toMs: Math.ceil(question.toMs / ms) * ms,
        step: { ms },
      },
      signal,
    )
  try {
    return { table: await ask(stepMs), stepMs, note: null }
  } catch (error) {
    if (!(error instanceof StepTooFine)) throw error
    const { coarserMs, message } = error
    if (coarserMs <= stepMs || question.toMs - question.fromMs < coarserMs) throw error
    return { table: await ask(coarserMs), stepMs: coarserMs, note: message }
  }
}

/** What an answer says of its own worth, in sentences. */
export function remarksOn(table: Pick<UsageTable, 'complete' | 'missing' | 'doubts' | 'notes'>): string[] {
  return [
    ...(table.complete ? [] : incompleteness(table)),
    ...(table.doubts ?? []).slice(0, 20).map((doubt) => `Not exact: ${doubt}.`),
    ...(table.notes ?? []).slice(0, 20),
  ]
}

function incompleteness({ missing }: Pick<UsageTable, 'missing'>): string[] {
  if (missing.length === 0)
    return ['A part of the factory has not reported; real usage is higher than shown.']
  return missing.slice(0, 20).map((what) => `Not reported: ${what}.`)
}

/** Rows by their tokens, the rest last; without any usage a total has one row of zeros and groups have none. */
export function byRank(
  table: UsageTable,
  groupBy: Question['groupBy'],
): { readonly row: number; readonly name: string; readonly rest: boolean }[] {
  const { input, output } = table.counts
  const steps = table.times.length
  const size = (row: number) => {
    let sum = 0
    for (let i = row * steps; i < (row + 1) * steps; i++) {
      sum += (input?.approximate(i) ?? 0) + (output?.approximate(i) ?? 0)
    }
    return sum
  }
  return table.rows
    .map((dims, row) => ({
      row,
      name: groupBy === null ? '' : (dims[groupBy] ?? ''),
      rest: row === table.restRow,
      size: size(row),
    }))
    .toSorted((a, b) => Number(a.rest) - Number(b.rest) || b.size - a.size)
}
