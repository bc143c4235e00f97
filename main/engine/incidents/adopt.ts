import type { TimelineEntry } from '../../../shared/model/incident.ts'
import type { KeptIncident } from '../../core/incidents/types.ts'
import { type LoadedIncidents, numberOf } from './records.ts'

export interface AdoptedIncidents {
  readonly kept: readonly KeptIncident[]
  readonly timelines: Map<string, TimelineEntry[]>
  readonly highest: number
  /** Those that the store does not have yet. */
  readonly renumbered: readonly string[]
}

/**
 * Joins what was seen while there was no store with what the store turns out to have. An incident of a cause that is open
 * there goes on as that one, its lines behind the others; the rest get numbers of their own, because theirs may be taken.
 */
export function adopted(
  loaded: LoadedIncidents,
  seen: readonly KeptIncident[],
  seenTimelines: ReadonlyMap<string, readonly TimelineEntry[]>,
): AdoptedIncidents {
  const kept = new Map(loaded.kept.map((each) => [each.incident.id, each]))
  const timelines = new Map([...loaded.timelines].map(([id, entries]) => [id, [...entries]]))
  const open = new Map(
    loaded.kept.flatMap((each) =>
      each.incident.state === 'resolved' ? [] : [[each.incident.cause, each] as const],
    ),
  )
  const renumbered: string[] = []
  let { highest } = loaded
  for (const each of seen.toSorted((a, b) => numberOf(a.incident.id) - numberOf(b.incident.id))) {
    const entries = seenTimelines.get(each.incident.id) ?? []
    const known = each.incident.state === 'resolved' ? undefined : open.get(each.incident.cause)
    if (known === undefined) {
      highest += 1
      const id = `INC-${highest}`
      kept.set(id, { ...each, incident: { ...each.incident, id } })
      timelines.set(id, [...entries])
      renumbered.push(id)
      continue
    }
    const { incident } = known
    const moved = entries.map((entry, i) => ({ ...entry, seq: incident.entries + 1 + i }))
    kept.set(incident.id, {
      hosts: [...new Set([...known.hosts, ...each.hosts])],
      incident: {
        ...incident,
        acknowledged: incident.acknowledged ?? each.incident.acknowledged,
        assignee: each.incident.assignee ?? incident.assignee,
        entries: incident.entries + moved.length,
      },
    })
    timelines.set(incident.id, [...(timelines.get(incident.id) ?? []), ...moved])
    renumbered.push(incident.id)
  }
  return { kept: [...kept.values()], timelines, highest, renumbered }
}
