import { DIMENSIONS, type Dimension } from '../../../../shared/metering/capabilities.ts'
import { MEASURES, type Measure } from '../../../../shared/model/tokens.ts'
import { ownOf } from '../../../../shared/model/own.ts'
import { figureText } from '../../../../shared/model/units.ts'
import { grouped } from '../../../../shared/model/phrases.ts'
import type { UsageTable } from '../../../core/tokens/types.ts'
import type { UsageQuestion } from '../types.ts'
import { passes, stepAt, UsageBuilder, withTop } from '../usage/builder.ts'
import { stepsOf } from '../usage/steps.ts'
import type { Query } from '../transport/address.ts'
import { type OpenmeterSettings, SUBJECT } from './abilities.ts'
import type { QueryAnswer } from './schema.ts'

type Row = QueryAnswer['data'][number]

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const MOST_TOLD = 5

/** Words that stand for the two directions; a type of another name is told and never guessed into one of them. */
const TYPES: Readonly<Record<string, 'input' | 'output'>> = {
  input: 'input',
  prompt: 'input',
  output: 'output',
  completion: 'output',
}
/** Parts and sums of the two directions: known, and never added to them. */
const BESIDE = /^(?:cached|reasoning|total(?:[\s_.-]?tokens)?$)/i
const TOTAL = /^total(?:[\s_.-]?tokens)?$/i

/** The dimensions that a question needs: those it groups by and those it narrows. */
export function dimensionsIn({ groupBy, filters }: Pick<UsageQuestion, 'groupBy' | 'filters'>): Dimension[] {
  return DIMENSIONS.filter((dimension) => groupBy.includes(dimension) || filters[dimension] !== undefined)
}

/** The longest window of OpenMeter that the steps are made of, and every group that is needed to sort its answer. */
export function queryOf(question: UsageQuestion, settings: OpenmeterSettings, byType: boolean): Query {
  const { fromMs, toMs, step, filters } = question
  const groups = dimensionsIn(question).flatMap((dimension) => settings.groups[dimension] ?? [])
  const tenants = settings.groups.tenant === SUBJECT ? filters.tenant : undefined
  const window =
    'bucket' in step
      ? { windowSize: step.bucket.toUpperCase(), windowTimeZone: step.timezone }
      : { windowSize: step.ms % DAY_MS === 0 ? 'DAY' : step.ms % HOUR_MS === 0 ? 'HOUR' : 'MINUTE' }
  const { times, toMs: end } = stepsOf(question)
  return {
    from: new Date(times[0] ?? fromMs).toISOString(),
    to: new Date(times.length === 0 ? toMs : end).toISOString(),
    ...window,
    groupBy: [...new Set([...groups, ...(byType ? [settings.typeGroup] : [])])],
    ...(tenants === undefined ? {} : { subject: tenants }),
  }
}

/** Rows that are added between two places where the work may rest. */
const ROWS_AT_ONCE = 256

/**
 * Answers of the meters as columns, in turns. A window that is missing from an answer was without usage.
 * @param requests null where no meter counts them
 * @param dataAsOf up to when the back end's windows are closed, ms
 * @throws SourceFailure where there is more than can be held
 */
export function* tableOf(
  question: UsageQuestion,
  settings: OpenmeterSettings,
  tokens: QueryAnswer,
  requests: QueryAnswer | null,
  dataAsOf: number,
): Generator<void, UsageTable> {
  const steps = stepsOf(question)
  const builder = new UsageBuilder(question.groupBy, steps, question.admit)
  const strange = new Map<string, bigint>()
  const add = (row: Row, measure: Measure) => {
    const dims = dimsOf(row, settings)
    if (!passes(dims, question.filters)) return
    builder.add(dims, stepAt(steps, Date.parse(row.windowStart)), { [measure]: row.value })
  }
  // Sums alone do not tell input from output.
  const told = tokens.data.some((row) => directionOf(groupOf(row, settings.typeGroup)) !== undefined)
  for (const [i, row] of tokens.data.entries()) {
    if (i % ROWS_AT_ONCE === 0) yield
    const name = groupOf(row, settings.typeGroup)
    const direction = directionOf(name)
    if (direction !== undefined) add(row, direction)
    else if (!told || !BESIDE.test(name)) strange.set(name, (strange.get(name) ?? 0n) + row.value)
  }
  for (const [i, row] of (requests?.data ?? []).entries()) {
    if (i % ROWS_AT_ONCE === 0) yield
    add(row, 'requests')
  }
  const missing = [...strange]
    .filter(([, count]) => count > 0n)
    .slice(0, MOST_TOLD)
    .map(([name, count]) => {
      const type = name === '' ? 'without a type' : `of the type "${name}"`
      return `${figureText(count, { unit: 'tok' })} ${type}, which is neither input nor output`
    })
  // Tokens that were not split are neither: their halves are not known, and not 0.
  const tellsApart = told || strange.size === 0
  const counted = Object.fromEntries(
    MEASURES.map((measure) => [
      measure,
      ((measure === 'input' || measure === 'output') && tellsApart) ||
        (measure === 'requests' && requests !== null),
    ]),
  ) as Record<Measure, boolean>
  const doubts = told ? contradictions(settings, tokens) : []
  const table = builder.table(counted, { dataAsOf, complete: missing.length === 0, missing, doubts })
  return withTop(table, question.top)
}

/** Where input and output do not add up to the total that the same answer states. */
function contradictions(settings: OpenmeterSettings, { data }: QueryAnswer): string[] {
  let parts = 0n
  let total: bigint | null = null
  for (const row of data) {
    const name = groupOf(row, settings.typeGroup)
    if (directionOf(name) !== undefined) parts += row.value
    else if (TOTAL.test(name)) total = (total ?? 0n) + row.value
  }
  if (total === null || total === parts) return []
  return [
    `input and output of the meter "${settings.tokens}" add up to ${grouped(parts)} tokens, and the same answer states ${grouped(total)} in all`,
  ]
}

/** Which types of an answer are left out because input and output hold them already, in plain words; null without any. */
export function leftOutOf(settings: OpenmeterSettings, { data }: QueryAnswer): string | null {
  const names = new Set(
    data.map((row) => groupOf(row, settings.typeGroup)).filter((name) => BESIDE.test(name)),
  )
  if (names.size === 0) return null
  const listed = [...names].slice(0, MOST_TOLD).map((name) => `"${name}"`)
  return `The meter "${settings.tokens}" also has the types ${listed.join(', ')}: parts or sums of input and output, left out.`
}

function directionOf(type: string): 'input' | 'output' | undefined {
  return ownOf(TYPES, type.toLowerCase())
}

function dimsOf(row: Row, settings: OpenmeterSettings): Partial<Record<Dimension, string>> {
  return Object.fromEntries(
    DIMENSIONS.flatMap((dimension) => {
      const group = settings.groups[dimension]
      return group === null ? [] : [[dimension, groupOf(row, group)]]
    }),
  )
}

function groupOf(row: Row, group: string): string {
  return (group === SUBJECT ? row.subject : ownOf(row.groupBy ?? {}, group)) ?? ''
}
