import { describe, expect, it } from 'vitest'
import type { MeteringEvent } from '../../../../shared/metering/audit.ts'
import { createEventRing } from './events.ts'

const event = (subject: string): MeteringEvent => ({
  type: 'limits.changed',
  at: '2026-11-23T09:30:00Z',
  subject,
})
function ringOf(count: number, capacity: number) {
  const ring = createEventRing('s1', capacity)
  for (let i = 1; i <= count; i++) ring.publish(event(`t${i}`))
  return ring
}
const subjects = (ring: ReturnType<typeof ringOf>, id: string) =>
  ring.after(id).events.map(({ event: { subject } }) => subject)

describe('createEventRing', () => {
  it('gives what came after the last event that was seen', () => {
    const ring = ringOf(5, 10)
    expect(subjects(ring, 's1-3')).toEqual(['t4', 't5'])
    expect(ring.after('s1-5')).toEqual({ events: [], gap: false })
    expect(subjects(ring, 's1-0')).toHaveLength(5)
    expect(ring.newest()).toBe('s1-5')
  })

  it('forgets the oldest, and says so to those who missed them', () => {
    const ring = ringOf(12, 4)
    expect(ring.after('s1-8').gap).toBe(false)
    expect(subjects(ring, 's1-8')).toEqual(['t9', 't10', 't11', 't12'])
    expect(ring.after('s1-7').gap).toBe(true)
    expect(subjects(ring, 's1-7')).toEqual(['t9', 't10', 't11', 't12'])
  })

  it.each(['', 's0-3', 's1-', 's1-x', 's1-99', `s1-${'9'.repeat(40)}`])(
    'takes "%s" for a gap, since it never gave that id',
    (id) => expect(ringOf(5, 10).after(id).gap).toBe(true),
  )

  it('tells listeners until they leave', () => {
    const ring = ringOf(0, 4)
    const heard: string[] = []
    const leave = ring.subscribe(({ id }) => heard.push(id))
    ring.publish(event('a'))
    leave()
    ring.publish(event('b'))
    expect(heard).toEqual(['s1-1'])
  })
})
