import type { BurnState, Objective } from '../model/objective.ts'
import { messageWithoutPlaces } from './forWalls.ts'
import type { SloHistory, SloObjective, SloStates } from './slo.ts'

/** What is owed to a single tenant is between the tenant and the factory: a wall does not show that there is such an objective. */
function isShown({ scope }: Objective): boolean {
  return scope.tenant === undefined
}

function burn(state: BurnState): BurnState {
  return { ...state, why: state.why.map(messageWithoutPlaces) }
}

export function states(item: SloStates): SloStates {
  const shown = item.objectives.filter(isShown)
  const ids = new Set(shown.map(({ id }) => id))
  return {
    ...item,
    objectives: shown,
    states: item.states.filter(({ objectiveId }) => ids.has(objectiveId)).map(burn),
  }
}

export function objective(item: SloObjective | null): SloObjective | null {
  if (item === null || !isShown(item.objective)) return null
  return { ...item, state: burn(item.state), source: messageWithoutPlaces(item.source) }
}

export function history(item: SloHistory): SloHistory {
  if (isShown(item.objective)) return item
  return { ...item, objective: { ...item.objective, name: item.objective.id, scope: {} }, points: [] }
}
