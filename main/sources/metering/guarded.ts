import { DIMENSIONS, type Dimension } from '../../../shared/metering/capabilities.ts'
import type { SourceDoubt } from '../../../shared/model/source.ts'
import { MEASURES, type Measure } from '../../../shared/model/tokens.ts'
import { Counts } from '../../core/tokens/usage/counts.ts'
import { OTHERS } from '../../core/tokens/usage/cube/names.ts'
import { NameBudget, type NameBudgetOptions } from '../../core/tokens/usage/nameBudget.ts'
import { plausibleUsage } from '../../core/tokens/usage/plausible.ts'
import type { Dims, UsageTable } from '../../core/tokens/types.ts'
import type { Clock } from '../../platform/clock.ts'
import { inTurns } from '../../platform/turn.ts'
import { isLive } from './queries.ts'
import type { MeteringSource, UsageQuestion } from './types.ts'
import { rowKey } from './usage/table.ts'
import { listed, message } from '../../../shared/messages/message.ts'

/** What one metering may bring of each kind of names. */
const BUDGETS: Readonly<Record<Dimension, NameBudgetOptions>> = {
  tenant: { perMinute: 2_000, most: 100_000 },
  model: { perMinute: 200, most: 4_000 },
  endpoint: { perMinute: 500, most: 4_000 },
  gpuType: { perMinute: 20, most: 200 },
}
/** A fault is told for so long after the last answer that had it, ms. */
const TOLD_MS = 60_000
/** Rows that are moved between two places where the work may rest. */
const ROWS_AT_ONCE = 256
/** Clocks are known no better than this, ms. */
const AHEAD_MS = 60_000

/**
 * A source whose answers are held against what can be: figures beyond all GPUs that there are become unknown, none is of
 * the future, and names beyond a budget are summed as one, while those that are known go on. All are doubts of its health.
 */
export function guarded(source: MeteringSource, clock: Clock): MeteringSource {
  const budgets = new Map(DIMENSIONS.map((dimension) => [dimension, new NameBudget(BUDGETS[dimension])]))
  const doubts = new Map<string, { readonly doubt: SourceDoubt; readonly at: number }>()
  const tell = (doubt: SourceDoubt) => doubts.set(doubt.code, { doubt, at: clock.monotonic() })

  /** The budget of one answer: what it refuses is told once the answer is whole. */
  function budgetOf(): {
    readonly admit: (rows: readonly Dims[]) => readonly Dims[]
    readonly tell: () => void
  } {
    const refused = new Map<Dimension, { readonly names: Set<string>; samples: readonly string[] }>()
    const at = clock.monotonic()
    for (const budget of budgets.values()) budget.begin()
    return {
      admit(rows) {
        let isAny = false
        for (const [dimension, budget] of budgets) {
          const names = new Set(rows.flatMap((dims) => dims[dimension] ?? []))
          // Rows that were admitted before.
          names.delete(OTHERS)
          const { count, samples } = budget.take(names, at)
          if (count === 0) continue
          isAny = true
          const all = refused.get(dimension) ?? { names: new Set(), samples }
          refused.set(dimension, all)
          for (const name of names) if (!budget.has(name)) all.names.add(name)
        }
        return isAny ? rows.map(known) : rows
      },
      tell() {
        for (const [dimension, { names, samples }] of refused)
          tell(quarantine(source.name, dimension, names.size, samples))
      },
    }
  }

  function known(dims: Dims): Dims {
    const kept: Partial<Record<keyof Dims, string>> = { ...dims }
    for (const [dimension, budget] of budgets) {
      const name = dims[dimension]
      if (name !== undefined && !budget.has(name)) kept[dimension] = OTHERS
    }
    return kept
  }

  /** There is no usage of a time that is still to come: a reach into the future would keep figures fresh for ever. */
  function withinNow(table: UsageTable): UsageTable {
    const now = source.backendClock.toRemote(clock.now())
    if (table.dataAsOf <= now + AHEAD_MS) return table
    const told = Math.abs(table.dataAsOf) < 8.64e15 ? new Date(table.dataAsOf).toISOString() : 'no time'
    const doubt = `it says to know usage up to ${told}, which is still to come`
    tell(implausible(source.name, [doubt]))
    return { ...table, dataAsOf: now, doubts: [...(table.doubts ?? []), doubt] }
  }

  return {
    ...source,
    async usage(question: UsageQuestion, signal: AbortSignal) {
      const budget = isLive(question) ? budgetOf() : null
      const { admit } = budget ?? {}
      const answer = await source.usage(admit === undefined ? question : { ...question, admit }, signal)
      const { table, faults } = plausibleUsage(withinNow(answer))
      if (faults.length > 0) tell(implausible(source.name, faults))
      // Of a back end that did not ask.
      const rows = admit?.(table.rows) ?? table.rows
      budget?.tell()
      return rows === table.rows ? table : await inTurns(renamed(table, rows))
    },
    health() {
      const health = source.health()
      const now = clock.monotonic()
      for (const [code, { at }] of doubts) if (now - at > TOLD_MS) doubts.delete(code)
      return { ...health, doubts: [...health.doubts, ...[...doubts.values()].map(({ doubt }) => doubt)] }
    },
  }
}

function implausible(name: string, faults: readonly string[]): SourceDoubt {
  return {
    code: 'implausible-usage',
    severity: 'advisory',
    what: message('doubt.implausible', { source: name }),
    by: listed(faults.slice(0, 3)),
    nextStep: message('doubt.implausible.next'),
  }
}

function quarantine(
  name: string,
  dimension: Dimension,
  count: number,
  samples: readonly string[],
): SourceDoubt {
  const { perMinute, most } = BUDGETS[dimension]
  return {
    code: `quarantine-${dimension}`,
    severity: 'advisory',
    what: message(`doubt.usage.${dimension}`, { source: name, count, others: OTHERS }),
    by: message('doubt.usage.by', {
      perMinute,
      most,
      examples: samples.map((each) => `"${each.slice(0, 60)}"`),
    }),
    nextStep: message('doubt.usage.next'),
  }
}

/** Rows under other names; those that come to have the same are summed. */
function* renamed(table: UsageTable, names: readonly Dims[]): Generator<void, UsageTable> {
  const rows: Dims[] = []
  const places = new Map<string, number>()
  const targets: number[] = []
  for (const [row, name] of names.entries()) {
    if (row % ROWS_AT_ONCE === 0) yield
    const key = row === table.restRow ? '' : rowKey(name, DIMENSIONS)
    const place = places.get(key) ?? rows.push(name) - 1
    places.set(key, place)
    targets.push(place)
  }
  const steps = table.times.length
  const given = new Uint8Array(rows.length * steps)
  const counts = Object.fromEntries(
    MEASURES.map((measure) => [measure, table.counts[measure] === null ? null : new Counts(given.length)]),
  ) as Record<Measure, Counts | null>
  for (const [row, target] of targets.entries()) {
    if (row % ROWS_AT_ONCE === 0) yield
    for (let step = 0; step < steps; step++) {
      const from = row * steps + step
      if (table.given[from] !== 1) continue
      given[target * steps + step] = 1
      for (const measure of MEASURES) {
        counts[measure]?.add(target * steps + step, table.counts[measure]?.exact(from) ?? 0n)
      }
    }
  }
  const restRow = table.restRow < 0 ? -1 : (targets[table.restRow] ?? -1)
  return { ...table, rows, restRow, counts, given }
}
