import type { Incident, TimelineEntry } from '../../../shared/model/incident.ts'
import { MOST_HOSTS_TOLD } from '../../../shared/model/incident.ts'
import type { Change, KeptIncident, NewEntry, Trigger } from './types.ts'

/** The incident changed, with further entries of its timeline. */
export function changed(
  kept: KeptIncident,
  change: Partial<Incident>,
  entries: readonly NewEntry[],
  recordedAt: number,
): Change {
  const { incident, hosts } = kept
  return {
    incident: { ...incident, ...change, entries: incident.entries + entries.length },
    hosts,
    entries: entries.map((entry, i) => numbered(entry, incident.entries + 1 + i, recordedAt)),
  }
}

/** Two changes of one incident after each other are one. */
export function joined(first: Change, second: Change): Change {
  return { ...second, entries: [...first.entries, ...second.entries] }
}

function numbered(entry: NewEntry, seq: number, recordedAt: number): TimelineEntry {
  const { kind, eventAt, who, message, text = '' } = entry
  return { seq, kind, eventAt, recordedAt, who, message, text }
}

/** What a trigger says of an incident at present. */
export function presentOf({ title, facts, nextStep, gpus, hosts }: Trigger): Partial<Incident> {
  return {
    title,
    facts: facts.slice(0, 8),
    nextStep,
    gpus,
    hosts: hosts.length,
    hostNames: hosts.slice(0, MOST_HOSTS_TOLD),
  }
}
