import { say } from '../../../shared/messages/format.ts'
import type { BurnState } from '../../../shared/model/objective.ts'
import { formatSpan } from '../../../shared/model/time.ts'

/** "19 h" until the budget is gone, "gone", or a dash where it is not being spent faster than it renews itself. */
export function LeftFor({ state: { exhaustionMs, budget } }: { state: BurnState }) {
  if (budget === null) return <span className="secondary">—</span>
  if (exhaustionMs === null) {
    return <span className="secondary">{say('slo.out.never')}</span>
  }
  return exhaustionMs === 0 ? <strong>{say('slo.out.gone')}</strong> : <span>{formatSpan(exhaustionMs)}</span>
}
