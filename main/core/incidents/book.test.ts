import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Message, said } from '../../../shared/messages/message.ts'
import { textOf } from '../../../shared/messages/format.ts'
import { incidentSchema, timelineEntrySchema } from '../../../shared/model/incident.ts'
import { IncidentBook } from './book.ts'
import { RULES } from './rules.ts'
import type { Change, IncidentAct, Trigger } from './types.ts'

const START = Date.UTC(2026, 11, 1, 3)
const ANA = { id: 'ana', name: 'Ana Lima' }

function trigger(cause: string, change: Partial<Trigger> = {}): Trigger {
  return {
    cause,
    kind: 'finding',
    subject: { type: 'host', host: cause, rack: 'R1' },
    priority: 2,
    title: said(`${cause} lost`),
    facts: [],
    nextStep: null,
    hosts: [cause],
    gpus: 8,
    at: START,
    atLeast: false,
    covers: [],
    ...change,
  }
}

/** A book with a clock of its own and everything that its timelines gained. */
function watched(book = new IncidentBook(), clock = { at: START, monotonic: 0 }) {
  const timelines = new Map<string, string[]>()
  function take(changes: readonly Change[]): readonly Change[] {
    for (const change of changes) {
      book.take(change)
      const { id } = change.incident
      const texts = change.entries.map(
        ({ message, text }) => textOf(message) + (text === '' ? '' : `: ${text}`),
      )
      timelines.set(id, [...(timelines.get(id) ?? []), ...texts])
    }
    return changes
  }
  return {
    book,
    clock,
    timelines,
    /** Time passes, a look a second. */
    see(triggers: readonly Trigger[], seconds: number, unknown: Message | null = null): void {
      for (let i = 0; i < seconds; i += 1) {
        clock.at += 1000
        clock.monotonic += 1000
        take(book.look({ triggers, unknownOf: () => unknown, ...clock }))
      }
    },
    act(id: string, act: IncidentAct): string | null {
      const outcome = book.act(id, act, ANA, clock.at)
      if ('refused' in outcome) return textOf(outcome.refused)
      take([outcome.change])
      return null
    },
    state: (id: string) => book.get(id)?.incident.state,
  }
}

describe('the book of incidents', () => {
  it('opens an incident once a trouble has lasted, dated by when it began', () => {
    const { see, book, timelines } = watched()
    see([trigger('h-1')], 15)
    expect(book.list()).toEqual([])
    see([trigger('h-1')], 1)
    expect(book.get('INC-1')?.incident).toMatchObject({
      cause: 'h-1',
      state: 'open',
      startedAt: START,
      openedAt: START + 16_000,
    })
    see([trigger('h-1')], 600)
    expect(book.list()).toHaveLength(1)
    expect(timelines.get('INC-1')).toEqual(['Opened as P2: h-1 lost'])
  })

  it('opens none for what passes', () => {
    const { see, book } = watched()
    for (let i = 0; i < 50; i += 1) {
      see([trigger('h-1')], 10)
      see([], 5)
    }
    expect(book.list()).toEqual([])
  })

  it('opens a burn at once: its windows have waited already', () => {
    const { see, book } = watched()
    see([trigger('burn/a', { kind: 'burn', priority: 1 })], 1)
    expect(book.list()).toHaveLength(1)
  })

  it('recovers after the trouble was over for a while, and says since when', () => {
    const { see, book, clock } = watched()
    see([trigger('h-1')], 20)
    const goneAt = clock.at + 1000
    see([], 119)
    expect(book.get('INC-1')?.incident.state).toBe('open')
    see([], 2)
    expect(book.get('INC-1')?.incident).toMatchObject({ state: 'recovered', recoveredAt: goneAt })
  })

  it('is the same incident when the trouble is back, and is harder to convince each time', () => {
    const { see, book, timelines } = watched()
    for (let i = 0; i < 40; i += 1) {
      see([trigger('h-1')], 20)
      see([], 125)
    }
    expect(book.list()).toHaveLength(1)
    expect(book.get('INC-1')?.incident.returns).toBeLessThanOrEqual(1)
    expect(timelines.get('INC-1')?.length).toBeLessThan(5)
  })

  it('never recovers by silence', () => {
    const { see, book, timelines } = watched()
    see([trigger('h-1')], 20)
    see([], 100)
    see([], 3600, said('nobody answers'))
    expect(book.get('INC-1')?.incident).toMatchObject({
      state: 'open',
      unknown: { why: said('nobody answers') },
    })
    see([], 100)
    expect(book.get('INC-1')?.incident).toMatchObject({ state: 'open', unknown: null })
    see([], 30)
    expect(book.get('INC-1')?.incident.state).toBe('recovered')
    expect(timelines.get('INC-1')).toEqual([
      'Opened as P2: h-1 lost',
      'Whether it lasts is not known: nobody answers',
      'It can be judged again',
      'Recovered: what opened it is over',
    ])
  })

  it('keeps an acknowledgement over recovery and return, until it is resolved', () => {
    const { see, act, book, state } = watched()
    see([trigger('h-1')], 20)
    expect(act('INC-1', { kind: 'acknowledge', reason: 'on my way' })).toBeNull()
    see([], 130)
    see([trigger('h-1')], 20)
    expect(book.get('INC-1')?.incident).toMatchObject({
      state: 'open',
      returns: 1,
      acknowledged: { by: ANA, reason: 'on my way' },
    })
    expect(act('INC-1', { kind: 'resolve', reason: 'done' })).toBe(
      'INC-1 still lasts, so it cannot be resolved.',
    )
    see([], 10)
    expect(act('INC-1', { kind: 'resolve', reason: 'done' })).toBeNull()
    expect(state('INC-1')).toBe('resolved')
    expect(act('INC-1', { kind: 'acknowledge', reason: '' })).toBe('INC-1 is resolved.')
    expect(act('INC-1', { kind: 'note', text: 'a postmortem follows' })).toBeNull()
  })

  it('is opened again by the same cause soon after, and is another one later, which names the first', () => {
    const { see, act, book } = watched()
    see([trigger('h-1')], 20)
    act('INC-1', { kind: 'acknowledge', reason: '' })
    see([], 10)
    act('INC-1', { kind: 'resolve', reason: '' })
    see([trigger('h-1')], 30)
    expect(book.get('INC-1')?.incident).toMatchObject({ state: 'open', acknowledged: null, returns: 1 })
    see([], 10)
    act('INC-1', { kind: 'resolve', reason: '' })
    see([], 16 * 60)
    see([trigger('h-1')], 30)
    expect(book.get('INC-2')?.incident).toMatchObject({ state: 'open', follows: 'INC-1' })
    expect(act('INC-1', { kind: 'reopen', reason: '' })).toBe('INC-2 is of the same cause and not resolved.')
    expect(act('INC-9', { kind: 'note', text: '' })).toBe('There is no incident INC-9.')
  })

  it('takes narrower causes that were opened lately into a wider one, with who has taken them on', () => {
    const { see, act, book, timelines, state } = watched()
    const wide = trigger('rack', { covers: ['h-1', 'h-2'], hosts: ['h-1', 'h-2'], priority: 1 })
    see([trigger('h-1')], 20)
    act('INC-1', { kind: 'acknowledge', reason: 'power?' })
    see([wide], 20)
    expect(state('INC-1')).toBe('resolved')
    expect(book.get('INC-1')?.incident.mergedInto).toBe('INC-2')
    expect(book.get('INC-2')?.incident).toMatchObject({ state: 'open', acknowledged: { reason: 'power?' } })
    expect(timelines.get('INC-2')).toEqual([
      'Opened as P1: rack lost',
      'Took in INC-1, which has the same cause',
    ])
  })

  it('keeps an old narrower incident open while a wider one explains it', () => {
    const { see, state } = watched()
    see([trigger('h-1')], 20 * 60)
    see([trigger('rack', { covers: ['h-1', 'h-2'] })], 3600)
    expect([state('INC-1'), state('INC-2')]).toEqual(['open', 'open'])
    see([], 125)
    expect([state('INC-1'), state('INC-2')]).toEqual(['recovered', 'recovered'])
  })

  it('goes on after a restart with all of them, and closes what nobody asked about for a day', () => {
    const first = watched()
    first.see([trigger('h-1'), trigger('h-2')], 20)
    const second = watched(new IncidentBook(first.book.list(), 7), first.clock)
    second.see([trigger('h-1')], 200, said('not heard yet'))
    expect(second.state('INC-2')).toBe('open')
    second.see([trigger('h-1')], 200)
    expect(second.state('INC-2')).toBe('recovered')
    second.see([trigger('h-1'), trigger('h-3')], 20)
    expect(second.state('INC-8')).toBe('open')
    second.clock.at += RULES.expireAfterMs
    second.see([trigger('h-1')], 1)
    expect(second.state('INC-2')).toBe('resolved')
  })

  it('does not let the clock of the machine decide how long something lasted', () => {
    const { see, clock, state } = watched()
    see([trigger('h-1')], 5)
    clock.at += 3_600_000
    see([trigger('h-1')], 5)
    expect(state('INC-1')).toBeUndefined()
    clock.at -= 7_200_000
    see([trigger('h-1')], 20)
    see([], 100)
    clock.at += 86_400_000
    see([], 10)
    expect(state('INC-1')).toBe('open')
  })

  it('is bounded', () => {
    const { see, book } = watched()
    see(
      Array.from({ length: 700 }, (_, i) => trigger(`h-${i}`)),
      20,
    )
    expect(book.list()).toHaveLength(RULES.mostOpen)
  })

  it('keeps its rules whatever happens', () => {
    const causes = ['a', 'b', 'c', 'wide']
    const step = fc.record({
      seconds: fc.integer({ min: 1, max: 400 }),
      there: fc.subarray(causes),
      unknown: fc.boolean(),
      jumpMs: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, fc.integer({ min: -9e6, max: 9e6 })),
      restart: fc.boolean(),
      act: fc.option(
        fc.tuple(
          fc.integer({ min: 1, max: 9 }),
          fc.constantFrom<IncidentAct>(
            { kind: 'acknowledge', reason: 'r' },
            { kind: 'note', text: 'n' },
            { kind: 'assign', to: null },
            { kind: 'resolve', reason: 'r' },
            { kind: 'reopen', reason: 'r' },
          ),
        ),
      ),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let book = new IncidentBook()
        const clock = { at: START, monotonic: 0 }
        const lengths = new Map<string, number>()
        let highest = 0
        const check = (changes: readonly Change[], unknown: boolean, there: readonly string[]): void => {
          for (const change of changes) {
            const { incident, entries } = change
            incidentSchema.parse(incident)
            const before = book.get(incident.id)?.incident
            // A timeline only grows, without a gap.
            expect(entries.map(({ seq }) => seq)).toEqual(
              entries.map((_, i) => (lengths.get(incident.id) ?? 0) + 1 + i),
            )
            for (const entry of entries) timelineEntrySchema.parse(entry)
            lengths.set(incident.id, incident.entries)
            expect(incident.entries).toBe((before?.entries ?? 0) + entries.length)
            // Nothing recovers that cannot be judged, or that is there.
            if (before?.state === 'open' && incident.state === 'recovered')
              expect([unknown, there.includes(incident.cause)]).toEqual([false, false])
            book.take(change)
            highest = Math.max(highest, Number(incident.id.slice(4)))
          }
          const open = book.list().filter(({ incident }) => incident.state !== 'resolved')
          expect(new Set(open.map(({ incident }) => incident.cause)).size).toBe(open.length)
        }
        for (const { seconds, there, unknown, jumpMs, restart, act } of steps) {
          if (restart) book = new IncidentBook(book.list(), highest)
          clock.at += jumpMs
          const triggers = there.map((cause) =>
            trigger(cause, { covers: cause === 'wide' ? ['a', 'b'] : [] }),
          )
          // Looks are rare here: a book does not count on one a second.
          for (let left = seconds; left > 0; left -= 20) {
            clock.at += 20_000
            clock.monotonic += 20_000
            const why = unknown ? said('?') : null
            check(book.look({ triggers, unknownOf: () => why, ...clock }), unknown, there)
          }
          if (act === null) continue
          const outcome = book.act(`INC-${act[0]}`, act[1], ANA, clock.at)
          if ('change' in outcome) check([outcome.change], unknown, there)
        }
        // Flapping gives no more incidents than there are causes and windows to open one again.
        expect(highest).toBeLessThanOrEqual(steps.length * causes.length)
      }),
      { numRuns: 300 },
    )
  })
})
