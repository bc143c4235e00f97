import { describe, expect, it } from 'vitest'
import type { IncidentRow } from '../../../shared/contract/incidents.ts'
import { message } from '../../../shared/messages/message.ts'
import { incidentRow } from '../../../test/fixtures/incidentRows.ts'
import { countByFilter, countOpen, filterIncidents, paramsOf, placeOf } from './list.ts'

const ROWS: readonly IncidentRow[] = [
  incidentRow(3, { priority: 1, title: message('incidents.title.burn', { objective: 'Chat' }) }),
  incidentRow(2, { acknowledged: { by: { id: 'm', name: 'M. Ortiz' }, at: 5, reason: 'r' } }),
  incidentRow(1, { state: 'recovered' }),
  incidentRow(4, { state: 'resolved' }),
]
const ids = (rows: readonly IncidentRow[]) => rows.map(({ id }) => id)

describe('the list of incidents', () => {
  it('shows what is not resolved, and what nobody has taken on', () => {
    expect(ids(filterIncidents(ROWS, { filter: 'unresolved', text: '' }))).toEqual([
      'INC-3',
      'INC-2',
      'INC-1',
    ])
    expect(ids(filterIncidents(ROWS, { filter: 'unacknowledged', text: '' }))).toEqual(['INC-3', 'INC-1'])
    expect(countByFilter(ROWS)).toEqual({ unresolved: 3, unacknowledged: 2, resolved: 1, all: 4 })
  })

  it('finds by id, priority, title and person', () => {
    const find = (text: string) => ids(filterIncidents(ROWS, { filter: 'all', text }))
    expect(find('inc-2')).toEqual(['INC-2'])
    expect(find('p1 chat')).toEqual(['INC-3'])
    expect(find('ortiz')).toEqual(['INC-2'])
    expect(find('nothing')).toEqual([])
  })

  it('counts for the status bar what is open alone', () => {
    expect(countOpen(ROWS)).toEqual({ byPriority: { 1: 1, 2: 1, 3: 0 }, unacknowledged: 1, open: 2 })
  })

  it('stands in the address', () => {
    const place = { filter: 'resolved', text: 'chat', selected: 'INC-3', incident: 'INC-3' } as const
    expect(placeOf(paramsOf(place))).toEqual(place)
    expect(placeOf({ show: 'nonsense' })).toEqual({
      filter: 'unresolved',
      text: '',
      selected: null,
      incident: null,
    })
  })
})
