import type { Message } from '../../../../shared/messages/message.ts'
import type { Severity } from '../../../../shared/model/figure.ts'
import type { FleetEvent } from '../../../../shared/model/finding.ts'

const KEPT = 200

/** What happened at an instant, newest first, the last {@link KEPT}. */
export interface EventLog {
  note(at: number, severity: Severity, where: string, text: Message): void
  list(): readonly FleetEvent[]
}

export function createEventLog(): EventLog {
  let events: FleetEvent[] = []
  return {
    note(at, severity, where, text) {
      events = [{ at, severity, where, text }, ...events.slice(0, KEPT - 1)]
    },
    list: () => events,
  }
}
