import { message } from '../../../shared/messages/message.ts'
import type { BurnState, Objective } from '../../../shared/model/objective.ts'
import type { Trigger } from './types.ts'

export function burnCause(objectiveId: string): string {
  return `burn/${objectiveId}`
}

/** Objectives that alert: one cause each. A page is of the first priority, a ticket of the second. */
export function burnTriggers(objectives: readonly Objective[], states: readonly BurnState[]): Trigger[] {
  const byId = new Map(objectives.map((objective) => [objective.id, objective]))
  return states.flatMap((state) => {
    const objective = byId.get(state.objectiveId)
    if (objective === undefined || (state.state !== 'page' && state.state !== 'ticket')) return []
    return [triggerOf(objective, state)]
  })
}

function triggerOf({ id, name, scope }: Objective, state: BurnState): Trigger {
  const factor = factorOf(state)
  return {
    cause: burnCause(id),
    kind: 'burn',
    subject: { type: 'objective', id, tenant: scope.tenant ?? null },
    priority: state.state === 'page' ? 1 : 2,
    title:
      factor === null
        ? message('incidents.title.burn', { objective: name })
        : message('incidents.title.burnFactor', { objective: name, factor }),
    facts: state.why,
    nextStep: null,
    hosts: [],
    gpus: 0,
    at: state.since,
    atLeast: false,
    covers: [],
  }
}

/** Of the alerts that fire, the fastest burn of a long window. */
function factorOf({ pairs }: BurnState): string | null {
  const burns = pairs.flatMap(({ firing, long }) => (firing && long?.burn != null ? [long.burn] : []))
  if (burns.length === 0) return null
  const most = Math.max(...burns)
  return most >= 100 ? String(Math.round(most)) : most.toFixed(1)
}
