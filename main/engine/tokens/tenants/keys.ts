import type { CommandOutput, CommandParsed } from '../../../../shared/contract/contract.ts'
import { fitStep, sumTotals, tokensIn } from '../../../core/tokens/usage/totals.ts'
import { AbilityMissing } from '../../../sources/metering/types.ts'
import { askOnce, type Asking } from '../answers/asking.ts'

type Question = CommandParsed<'tokens.keys'>
type Answer = CommandOutput<'tokens.keys'>

const HOUR = 3_600_000
const POINTS = 60

/** Keys of one tenant by their public names, with what they used in the last hour where that is known. @throws Refusal */
export async function tenantKeys(asking: Asking, question: Question, signal: AbortSignal): Promise<Answer> {
  return askOnce(asking, 'keys', question, signal, (shared) => ask(asking, question, shared))
}

async function ask(asking: Asking, { tenant }: Question, signal: AbortSignal): Promise<Answer> {
  const { source, origin, backendClock } = asking
  const [answer, usage] = await Promise.all([
    source.keys(tenant, signal),
    lastHourByKey(asking, tenant, signal),
  ])
  const listed = answer.keys.map(({ id, name, state, createdAt, lastUsedAt }) => ({
    id,
    name,
    state,
    createdAt: backendClock.readLocal(createdAt),
    lastUsedAt: backendClock.readLocal(lastUsedAt),
    lastHour: typeof usage === 'string' ? null : (usedBy(usage, id)?.toString() ?? null),
  }))
  const names = new Set(listed.map(({ id }) => id))
  const others =
    typeof usage === 'string' ? [] : [...usage.tokens].filter(([id]) => id !== '' && !names.has(id))
  return {
    origin: origin(),
    keys: [
      ...listed,
      ...others.map(([id, tokens]) => ({
        id,
        name: '',
        state: 'unlisted' as const,
        createdAt: null,
        lastUsedAt: null,
        lastHour: tokens?.toString() ?? null,
      })),
    ].toSorted((a, b) => compare(b.lastHour, a.lastHour)),
    note: [
      ...(typeof usage === 'string' ? [usage] : usage.notes),
      ...(answer.complete ? [] : [`Not reported: ${answer.missing.join(', ') || 'a part of the factory'}.`]),
    ].join(' '),
  }
}

interface LastHour {
  /** Null where input or output is not counted. */
  readonly tokens: ReadonlyMap<string, bigint | null>
  /** Of a key that is not among them: it used nothing only where all of the factory has reported. */
  readonly absent: bigint | null
  readonly notes: readonly string[]
}

/** Tokens by key, or why they are not known. */
async function lastHourByKey(
  { source, backendClock, clock }: Asking,
  tenant: string,
  signal: AbortSignal,
): Promise<LastHour | string> {
  const abilities = await source.abilities(signal)
  const lacking = abilities.lacks.get('key')
  if (lacking !== undefined) return lacking
  const toMs = backendClock.toRemote(clock.now())
  const stepMs = fitStep(toMs - HOUR, toMs, POINTS, abilities.minStepMs)
  const question = {
    fromMs: Math.floor((toMs - HOUR) / stepMs) * stepMs,
    toMs: Math.ceil(toMs / stepMs) * stepMs,
    step: { ms: stepMs },
    groupBy: ['key'],
    filters: { tenant: [tenant] },
    top: null,
  } as const
  try {
    const table = await source.usage(question, signal)
    const { rows, complete, missing } = table
    const what = missing.join('; ') || 'a part of the factory'
    return {
      tokens: new Map(rows.map((dims, row) => [dims.key ?? '', tokensIn(sumTotals(table, row, 'all'))])),
      absent: complete ? 0n : null,
      notes: complete
        ? []
        : [`Not reported: ${what}; what keys used in the last hour is higher than shown, or not known.`],
    }
  } catch (error) {
    if (error instanceof AbilityMissing) return error.message
    throw error
  }
}

function usedBy({ tokens, absent }: LastHour, id: string): bigint | null {
  const used = tokens.get(id)
  return used === undefined ? absent : used
}

function compare(a: string | null, b: string | null): number {
  const difference = BigInt(a ?? -1) - BigInt(b ?? -1)
  return difference > 0n ? 1 : difference < 0n ? -1 : 0
}
