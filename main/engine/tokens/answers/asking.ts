import type { TokenOrigin } from '../../../../shared/contract/tokens.ts'
import type { Dimension } from '../../../../shared/metering/capabilities.ts'
import { DIMENSION_TITLES, type TokenFilters } from '../../../../shared/model/tokens.ts'
import type { Filters } from '../../../core/tokens/types.ts'
import type { Clock } from '../../../platform/clock.ts'
import { SourceFailure } from '../../../platform/failure.ts'
import {
  AbilityMissing,
  type MeteringAbilities,
  type MeteringSource,
} from '../../../sources/metering/types.ts'
import { Refusal } from '../../session/refusal.ts'
import type { RemoteTime } from '../../../platform/remoteClock.ts'
import type { SharedAnswers } from './shared.ts'
import { dimensionsOf, lackOf } from './lacks.ts'
import { textOf } from '../../../../shared/messages/format.ts'
import { message, said } from '../../../../shared/messages/message.ts'

/** What every command about tokens needs to put its question. */
export interface Asking {
  readonly source: MeteringSource
  readonly backendClock: RemoteTime
  readonly shared: SharedAnswers
  readonly clock: Clock
  /** Of the site. */
  readonly timezone: string
  readonly origin: () => TokenOrigin
}

/** The longest range that makes sense, and what keeps range arithmetic inside safe integers, ms. */
const LONGEST_RANGE_MS = 5 * 366 * 86_400_000

/** @throws Refusal for a range that is none */
export function checkRange({ fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }): void {
  if (fromMs >= 0 && toMs > fromMs && toMs - fromMs <= LONGEST_RANGE_MS && toMs < 8.64e15) return
  throw new Refusal('invalid', message('refusal.range.years'), message('refusal.range.next'))
}

/**
 * One question for all who ask the same within a few seconds.
 * @param ask gets a signal that ends when the answer is no longer waited for
 * @throws Refusal in the words of the source
 */
export async function askOnce<T>(
  { shared }: Pick<Asking, 'shared'>,
  name: string,
  question: unknown,
  signal: AbortSignal,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  try {
    return await shared.get(`${name} ${JSON.stringify(question)}`, signal, ask)
  } catch (error) {
    if (signal.aborted) throw error
    throw refusalOf(error)
  }
}

/** What a source would not or could not answer, for the person at the screen; defects stay what they are. */
export function refusalOf(error: unknown): unknown {
  if (error instanceof AbilityMissing) {
    return new Refusal('failed', said(error.message), message('refusal.ability.next'))
  }
  if (error instanceof SourceFailure)
    return new Refusal('failed', said(error.failure.text), said(error.failure.nextStep))
  return error
}

/** @throws AbilityMissing where a grouping or filter cannot be asked of this back end */
export function checkDimensions(
  abilities: MeteringAbilities,
  groupBy: Dimension | null,
  filters: TokenFilters,
): void {
  const missing = dimensionsOf(groupBy, filters).find((dimension) => !abilities.groups.has(dimension))
  if (missing !== undefined) throw new AbilityMissing(missing, textOf(lackOf(abilities, missing)))
}

function namedDimensions(filters: TokenFilters): Dimension[] {
  return (Object.keys(DIMENSION_TITLES) as Dimension[]).filter(
    (dimension) => filters[dimension] !== undefined,
  )
}

/** The contract's filters without their undefined members. */
export function filtersOf(filters: TokenFilters): Filters {
  return Object.fromEntries(
    namedDimensions(filters).map((dimension) => [dimension, filters[dimension] ?? []]),
  )
}
