import { type Message, message } from '../messages/message.ts'
import type { Incident } from '../model/incident.ts'
import { messageWithoutPlaces } from './forWalls.ts'
import type { IncidentItem, IncidentRow, IncidentsItem } from './incidents.ts'

/**
 * Incidents as walls get them: what there is, how bad, how old, who is on it. What people wrote, and which tenant an
 * objective belongs to, is for consoles.
 */

export function incidents(item: IncidentsItem): IncidentsItem {
  const notKept = item.notKept && messageWithoutPlaces(item.notKept)
  return { ...item, notKept, incidents: item.incidents.map(row) }
}

export function incident(item: IncidentItem): IncidentItem {
  if (item.incident === null) return item
  const { facts, nextStep, hostNames } = item.incident
  const shown = isTold(item.incident)
  return {
    ...item,
    incident: {
      ...row(item.incident),
      facts: shown ? facts.map(messageWithoutPlaces) : [],
      nextStep: shown && nextStep !== null ? messageWithoutPlaces(nextStep) : null,
      hostNames,
    },
    entries: item.entries
      .filter(({ kind }) => kind !== 'note' && kind !== 'throttle')
      .map((entry) => ({
        ...entry,
        who: entry.who && { ...entry.who, id: '' },
        text: '',
        message: shown ? messageWithoutPlaces(entry.message) : message('incidents.entry.hidden'),
      })),
  }
}

function row<T extends IncidentRow>(incident: T): T {
  const { acknowledged, unknown, subject } = incident
  return {
    ...incident,
    cause: incident.kind,
    title: titleOf(incident),
    subject:
      subject.type === 'objective' && subject.tenant !== null
        ? { ...subject, id: '', tenant: null }
        : subject,
    acknowledged: acknowledged && { ...acknowledged, by: { ...acknowledged.by, id: '' }, reason: '' },
    unknown: unknown && { ...unknown, why: messageWithoutPlaces(unknown.why) },
  }
}

function titleOf(incident: Pick<Incident, 'title' | 'subject'>): Message {
  return isTenants(incident) ? message('incidents.title.hidden') : messageWithoutPlaces(incident.title)
}

function isTenants({ subject }: Pick<Incident, 'subject'>): boolean {
  return subject.type === 'objective' && subject.tenant !== null
}

/** What is wrong with a source names files, addresses and settings. */
function isTold(incident: Pick<Incident, 'subject'>): boolean {
  return !isTenants(incident) && incident.subject.type !== 'source'
}
