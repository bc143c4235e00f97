import type { DriftRow } from '../../../shared/contract/tokens.ts'
import { say } from '../../../shared/messages/format.ts'

const RANK = { critical: 0, advisory: 1, normal: 2 } as const

/** What drifts stands first, the worst of it at the top; everything else stays in the engine's order. */
export function worstFirst(rows: readonly DriftRow[]): DriftRow[] {
  return rows.toSorted((a, b) => rankOf(a) - rankOf(b))
}

function rankOf({ state, severity }: DriftRow): number {
  return state === 'drifts' ? RANK[severity] : RANK.normal + 1
}

/** Where to look for what was served and not metered, or the other way round. */
export function driftAdvice({ driftShare }: Pick<DriftRow, 'driftShare'>): string {
  return (driftShare ?? 0) >= 0 ? say('drift.advice.served') : say('drift.advice.metered')
}
