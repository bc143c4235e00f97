import { COMMANDS, STREAMS } from '../../../shared/contract/contract.ts'
import type { IncidentAct } from '../../core/incidents/types.ts'
import type { Audit } from '../../audit/index.ts'
import type { AuditEntry } from '../../core/audit/entry.ts'
import { actingPerson, bindCommand, bindStream, type Caller, type OutputChecks } from '../session/bind.ts'
import type { IncidentWatch } from './watch.ts'

const EVERY_MS = 450

/**
 * Handlers of the commands of incidents; the watch is asked for each time, because another site has another one. What a
 * person does and its entry in the audit are kept together, or neither is.
 */
export function incidentCommandHandlers(watch: () => IncidentWatch, audit: Audit) {
  const act = async (id: string, done: IncidentAct, caller: Caller): Promise<Record<string, never>> => {
    const person = actingPerson(caller)
    const entry: AuditEntry = {
      actor: { id: person.id, name: person.name, role: person.role },
      origin: caller.origin.console,
      action: `incident.${done.kind}`,
      target: `incident/${id}`,
      incidentId: id,
      ...('reason' in done ? { reason: done.reason } : {}),
      ...(done.kind === 'note' ? { reason: done.text } : {}),
      ...(done.kind === 'assign' ? { after: { assignee: done.to } } : {}),
    }
    watch().act(id, done, { id: person.id, name: person.name }, (db) => void audit.append(entry, db))
    return {}
  }
  return {
    'incidents.acknowledge': bindCommand(COMMANDS['incidents.acknowledge'], ({ id, reason }, caller) =>
      act(id, { kind: 'acknowledge', reason }, caller),
    ),
    'incidents.note': bindCommand(COMMANDS['incidents.note'], ({ id, text }, caller) =>
      act(id, { kind: 'note', text }, caller),
    ),
    'incidents.assign': bindCommand(COMMANDS['incidents.assign'], ({ id, to }, caller) =>
      act(id, { kind: 'assign', to }, caller),
    ),
    'incidents.resolve': bindCommand(COMMANDS['incidents.resolve'], ({ id, reason }, caller) =>
      act(id, { kind: 'resolve', reason }, caller),
    ),
    'incidents.reopen': bindCommand(COMMANDS['incidents.reopen'], ({ id, reason }, caller) =>
      act(id, { kind: 'reopen', reason }, caller),
    ),
  }
}

export function incidentStreamReaders(watch: () => IncidentWatch, checks: OutputChecks) {
  return {
    'incidents.list': bindStream(STREAMS['incidents.list'], checks, {
      everyMs: EVERY_MS,
      read: () => watch().list(),
      fingerprint: (item) => JSON.stringify({ ...item, at: 0 }),
    }),
    'incidents.incident': bindStream(STREAMS['incidents.incident'], checks, {
      everyMs: EVERY_MS,
      read: ({ id }) => watch().incident(id),
      fingerprint: (item) => JSON.stringify({ ...item, at: 0 }),
    }),
  }
}
