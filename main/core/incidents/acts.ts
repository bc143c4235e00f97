import { message } from '../../../shared/messages/message.ts'
import type { Incident, NamedPerson } from '../../../shared/model/incident.ts'
import { changed } from './change.ts'
import type { ActRefused, Change, IncidentAct, KeptIncident, NewEntry } from './types.ts'

export type ActOutcome = { readonly change: Change } | ActRefused

export interface ActContext {
  /** The trouble is there, as far as is known. */
  readonly lasts: boolean
  /** Another incident of the same cause that is not resolved. */
  readonly another: string | null
}

/** What an act of a person makes of an incident. */
export function applied(
  kept: KeptIncident,
  act: IncidentAct,
  by: NamedPerson,
  at: number,
  { lasts, another }: ActContext,
): ActOutcome {
  const { id, state } = kept.incident
  if (act.kind === 'reopen') {
    if (state !== 'resolved') return refusal('notResolved', id)
    if (another !== null)
      return {
        refused: message('incidents.refused.another', { other: another }),
        nextStep: message('incidents.refused.another.next'),
      }
  } else if (act.kind !== 'note' && state === 'resolved') return refusal('resolved', id)
  if (act.kind === 'resolve' && lasts) return refusal('lasts', id)
  const { change, entry } = effectOf(act, by, at)
  return { change: changed(kept, change, [{ ...entry, eventAt: at, who: by }], at) }
}

interface Effect {
  readonly change: Partial<Incident>
  readonly entry: Pick<NewEntry, 'kind' | 'message' | 'text'>
}

function effectOf(act: IncidentAct, by: NamedPerson, at: number): Effect {
  if (act.kind === 'acknowledge')
    return {
      change: { acknowledged: { by, at, reason: act.reason } },
      entry: {
        kind: 'acknowledged',
        message: message('incidents.entry.acknowledged'),
        text: act.reason,
      },
    }
  if (act.kind === 'note')
    return { change: {}, entry: { kind: 'note', message: message('incidents.entry.note'), text: act.text } }
  if (act.kind === 'assign')
    return {
      change: { assignee: act.to },
      entry: {
        kind: 'assigned',
        message:
          act.to === null
            ? message('incidents.entry.unassigned')
            : message('incidents.entry.assigned', { name: act.to }),
      },
    }
  if (act.kind === 'resolve')
    return {
      change: { state: 'resolved', resolvedAt: at, unknown: null },
      entry: { kind: 'resolved', message: message('incidents.entry.resolved'), text: act.reason },
    }
  return {
    change: { state: 'open', resolvedAt: null, recoveredAt: null, mergedInto: null, acknowledged: null },
    entry: { kind: 'reopened', message: message('incidents.entry.reopened'), text: act.reason },
  }
}

function refusal(why: 'notResolved' | 'resolved' | 'lasts', id: string): ActRefused {
  if (why === 'lasts')
    return {
      refused: message('incidents.refused.lasts', { id }),
      nextStep: message('incidents.refused.lasts.next'),
    }
  if (why === 'resolved')
    return {
      refused: message('incidents.refused.resolved', { id }),
      nextStep: message('incidents.refused.resolved.next'),
    }
  return {
    refused: message('incidents.refused.notResolved', { id }),
    nextStep: message('incidents.refused.look'),
  }
}
