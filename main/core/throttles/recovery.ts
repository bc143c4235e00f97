import type { ThrottleDetail, ThrottleSummary } from '../../../shared/contract/throttles.ts'
import type { BurnState, Objective } from '../../../shared/model/objective.ts'
import { covers } from './covers.ts'

type Scope = ThrottleSummary['scope']

/** An alert, or one that was over within the hour: of others there is nothing to recover from. */
const ALERTED: ReadonlySet<BurnState['state']> = new Set(['pending', 'page', 'ticket', 'resolved'])

/**
 * What a throttle was to relieve: of the objectives that it can reach, the one that burned fastest. Recovered is judged by
 * the last five minutes; the windows of its alerts look back further and follow.
 * @returns null where no such objective alerts, or its last five minutes are not known
 */
export function recoveryOf(
  objectives: readonly Objective[],
  states: readonly BurnState[],
  { scope }: Pick<ThrottleSummary, 'scope'>,
): ThrottleDetail['recovery'] {
  const byId = new Map(objectives.map((objective) => [objective.id, objective]))
  let worst: { readonly objective: Objective; readonly state: BurnState; readonly burn: number } | null = null
  for (const state of states) {
    const objective = byId.get(state.objectiveId)
    if (objective === undefined || !ALERTED.has(state.state) || !reaches(scope, objective)) continue
    const burn = Math.max(0, ...state.pairs.map(({ long }) => long?.burn ?? 0))
    if (worst === null || burn > worst.burn) worst = { objective, state, burn }
  }
  if (worst === null || worst.state.sli === null) return null
  const { objective, state } = worst
  const { bad, total } = worst.state.sli
  return {
    objective: objective.name,
    bad,
    total,
    allowed: 1 - objective.target,
    windows: state.pairs.flatMap(({ longMs, long }) =>
      long?.burn == null ? [] : [{ longMs, burn: long.burn }],
    ),
  }
}

/** Requests can be of both. */
function reaches({ models, endpoints }: Scope, { scope }: Objective): boolean {
  return covers(models, scope.model) && covers(endpoints, scope.endpoint)
}
