import { describe, expect, it } from 'vitest'
import { textOf } from '../messages/format.ts'
import { message, said } from '../messages/message.ts'
import type { Incident, TimelineEntry } from '../model/incident.ts'
import { incident, incidents } from './forWallsIncidents.ts'

const ANA = { id: 'ana', name: 'Ana Lima' }

function burning(tenant: string | null): Incident {
  return {
    id: 'INC-7',
    cause: 'burn/borealis-chat',
    kind: 'burn',
    subject: { type: 'objective', id: 'borealis-chat', tenant },
    priority: 1,
    title: message('incidents.title.burn', { objective: 'Borealis chat' }),
    facts: [said('Borealis has 27 % of requests in time')],
    nextStep: null,
    state: 'open',
    startedAt: 1,
    startedAtLeast: false,
    openedAt: 2,
    recoveredAt: null,
    resolvedAt: null,
    unknown: null,
    acknowledged: { by: ANA, at: 3, reason: 'called borealis' },
    assignee: null,
    gpus: 0,
    hosts: 0,
    hostNames: [],
    returns: 0,
    follows: null,
    mergedInto: null,
    entries: 2,
  }
}

const line = (kind: TimelineEntry['kind'], text: string): TimelineEntry => ({
  seq: 1,
  kind,
  eventAt: 1,
  recordedAt: 1,
  who: ANA,
  message: message('incidents.entry.opened', { priority: 1, title: said('Borealis chat burns') }),
  text,
})

describe('incidents on a wall', () => {
  it('tell who is on it, and nothing that anybody wrote', () => {
    const entries = [
      line('opened', ''),
      line('note', 'secret'),
      line('throttle', ''),
      line('resolved', 'secret'),
    ]
    const shown = incident({ at: 1, incident: burning(null), entries, kept: true })
    expect(JSON.stringify(shown)).not.toMatch(/secret|called borealis|"ana"/)
    expect(shown.entries.map(({ kind }) => kind)).toEqual(['opened', 'resolved'])
    expect(shown.incident?.acknowledged?.by.name).toBe('Ana Lima')
  })

  it('name no tenant of an objective that is a tenant’s own', () => {
    const item = { at: 1, incident: burning('borealis'), entries: [line('opened', '')], kept: true }
    expect(JSON.stringify(incident(item))).not.toMatch(/borealis/i)
    const { facts: _, nextStep: __, hostNames: ___, ...row } = burning('borealis')
    const list = incidents({ at: 1, alone: false, notKept: null, unreadable: 0, incidents: [row] })
    expect(JSON.stringify(list)).not.toMatch(/borealis/i)
    expect(textOf(list.incidents[0]?.title ?? said(''))).toBe(
      'An objective of a tenant burns its error budget',
    )
  })
})
