import type { IncidentRow } from '../../../shared/contract/incidents.ts'
import { textOf } from '../../../shared/messages/format.ts'
import type { IncidentState } from '../../../shared/model/incident.ts'

/** What the list is narrowed to. `unresolved`: open and recovered ones, which is what a person on call has to do with. */
export const INCIDENT_FILTERS = ['unresolved', 'unacknowledged', 'resolved', 'all'] as const
export type IncidentFilter = (typeof INCIDENT_FILTERS)[number]

export interface IncidentsPlace {
  readonly filter: IncidentFilter
  readonly text: string
  readonly selected: string | null
  /** The incident whose page is open. */
  readonly incident: string | null
}

export function placeOf(params: Readonly<Record<string, string>>): IncidentsPlace {
  return {
    filter: INCIDENT_FILTERS.find((filter) => filter === params['show']) ?? 'unresolved',
    text: params['text'] ?? '',
    selected: params['selected'] ?? null,
    incident: params['incident'] ?? null,
  }
}

export function paramsOf({ filter, text, selected, incident }: IncidentsPlace): Record<string, string> {
  return {
    ...(incident === null ? {} : { incident }),
    ...(filter === 'unresolved' ? {} : { show: filter }),
    ...(text === '' ? {} : { text }),
    ...(selected === null ? {} : { selected }),
  }
}

/** In the engine's order, the most urgent first. Every word has to stand in the id, the title, or the name of who is on it. */
export function filterIncidents(
  incidents: readonly IncidentRow[],
  { filter, text }: Pick<IncidentsPlace, 'filter' | 'text'>,
): readonly IncidentRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return incidents.filter((incident) => {
    if (!isOf(incident, filter)) return false
    if (words.length === 0) return true
    const { id, priority, title, assignee, acknowledged } = incident
    const said =
      `${id} p${priority} ${textOf(title)} ${assignee ?? ''} ${acknowledged?.by.name ?? ''}`.toLowerCase()
    return words.every((word) => said.includes(word))
  })
}

function isOf({ state, acknowledged }: IncidentRow, filter: IncidentFilter): boolean {
  if (filter === 'all') return true
  if (filter === 'resolved') return state === 'resolved'
  if (filter === 'unacknowledged') return state !== 'resolved' && acknowledged === null
  return state !== 'resolved'
}

export function countByFilter(incidents: readonly IncidentRow[]): Record<IncidentFilter, number> {
  const of = (filter: IncidentFilter): number => incidents.filter((incident) => isOf(incident, filter)).length
  return {
    unresolved: of('unresolved'),
    unacknowledged: of('unacknowledged'),
    resolved: of('resolved'),
    all: incidents.length,
  }
}

/** What the status bar says: open ones by priority, and how many nobody has taken on. */
export interface IncidentCounts {
  readonly byPriority: Readonly<Record<IncidentRow['priority'], number>>
  readonly unacknowledged: number
  readonly open: number
}

export function countOpen(incidents: readonly IncidentRow[]): IncidentCounts {
  const open = incidents.filter(({ state }) => state === 'open')
  const of = (priority: IncidentRow['priority']): number =>
    open.filter((incident) => incident.priority === priority).length
  return {
    byPriority: { 1: of(1), 2: of(2), 3: of(3) },
    unacknowledged: open.filter(({ acknowledged }) => acknowledged === null).length,
    open: open.length,
  }
}

const BADNESS: Readonly<Record<IncidentState, number>> = { open: 0, recovered: 1, resolved: 2 }

export function compareStates(a: IncidentRow, b: IncidentRow): number {
  return BADNESS[a.state] - BADNESS[b.state]
}
