import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RemoteClock } from './remoteClock.ts'

const NOW = Date.UTC(2026, 0, 1)
const HOUR = 3_600_000
const DAY = 24 * HOUR
const header = (ms: number) => new Date(ms).toUTCString()

/** Tells the clock one exact stamp of a machine that is `offset` ahead, in an answer that took no time. */
function look(clock: RemoteClock, offset: number, now = NOW): void {
  clock.observe({ stampMs: now + offset, sentAt: now, receivedAt: now })
}

describe('the clock of another machine', () => {
  it('is found within the time of the quickest answers, however coarse the headers', () => {
    const answer = fc.record({ pause: fc.nat(5000), there: fc.nat(300), back: fc.nat(300) })
    fc.assert(
      fc.property(
        fc.integer({ min: -10_000_000, max: 10_000_000 }),
        fc.array(answer, { minLength: 1, maxLength: 50 }),
        (offset, answers) => {
          const clock = new RemoteClock({ steadyMs: 0 })
          let now = NOW
          for (const { pause, there, back } of answers) {
            const sentAt = (now += pause)
            const answeredAt = (now += there)
            now += back
            clock.observeDate(header(answeredAt + offset), sentAt, now)
          }
          // Never further off than half of what one answer leaves open.
          expect(Math.abs(clock.offsetMs - offset)).toBeLessThanOrEqual(801)
        },
      ),
    )
  })

  it('is told by the answer with the smallest round trip, whatever slow ones come before and after', () => {
    const slow = fc.array(fc.integer({ min: 2000, max: 60_000 }), { maxLength: 10 })
    fc.assert(
      fc.property(fc.integer({ min: -DAY / 2, max: DAY / 2 }), slow, slow, (offset, before, after) => {
        const clock = new RemoteClock({ steadyMs: 0 })
        let now = NOW
        for (const tookMs of [...before, 10, ...after]) {
          const sentAt = now
          now += tookMs
          clock.observe({ stampMs: sentAt + tookMs + offset, sentAt, receivedAt: now })
        }
        expect(Math.abs(clock.offsetMs - offset)).toBeLessThanOrEqual(10)
      }),
    )
  })

  it('is not known before the first answer, and not by one that is no time', () => {
    const clock = new RemoteClock()
    clock.observeDate(undefined, 0, 1)
    clock.observeDate('yesterday', 0, 1)
    clock.observe({ stampMs: Number.NaN, sentAt: 0, receivedAt: 1 })
    expect(clock).toMatchObject({ offsetMs: 0, turns: 0, refusal: null })
  })

  it('does not make times tremble with the whole seconds of a header', () => {
    const clock = new RemoteClock()
    for (const offset of [900, -300, 1_400, 0]) look(clock, offset)
    expect(clock).toMatchObject({ offsetMs: 0, turns: 0 })
  })

  it('is followed where it is wrong, and stays in use until a clearly different one is seen', () => {
    const clock = new RemoteClock()
    for (const offset of [-90_400, -89_700, -91_200]) look(clock, offset)
    expect(clock).toMatchObject({ offsetMs: -90_400, turns: 1 })
    expect(clock.toLocal(clock.toRemote(5_000))).toBe(5_000)
    expect(clock.toRemote(100_000)).toBe(9_600)
    look(clock, 0)
    expect(clock).toMatchObject({ offsetMs: 0, turns: 2 })
  })

  it('can be taken so that nothing looks too fresh', () => {
    const clock = new RemoteClock({ lean: 'oldest', steadyMs: 1000, agreeMs: 0 })
    clock.observe({ stampMs: NOW, sentAt: NOW - 400, receivedAt: NOW + 100 })
    expect(clock.toLocal(NOW - 3000)).toBe(NOW - 3400)
    // A slower answer tells nothing new: one sample keeps one time.
    clock.observe({ stampMs: NOW + 5000, sentAt: NOW + 4200, receivedAt: NOW + 6000 })
    expect(clock.toLocal(NOW - 3000)).toBe(NOW - 3400)
  })
})

describe('two machines with different clocks behind one address', () => {
  it('do not move times back and forth where a turn wants a second reading', () => {
    const clock = new RemoteClock({ turnAfter: 2 })
    for (let round = 0; round < 20; round++) look(clock, round % 2 === 0 ? 60_000 : -60_000)
    expect(clock).toMatchObject({ offsetMs: 60_000, turns: 1 })
  })

  it('are not taken for a clock that was set, which two readings in a row tell', () => {
    const clock = new RemoteClock({ turnAfter: 2 })
    for (const offset of [0, HOUR]) look(clock, offset)
    expect(clock.offsetMs).toBe(0)
    look(clock, HOUR)
    expect(clock).toMatchObject({ offsetMs: HOUR, turns: 1 })
  })
})

describe('a clock that cannot be true', () => {
  it.each([
    ['the year 9999', header(Date.UTC(9999, 11, 31)), '9999-12-31'],
    ['the year 1970', header(0), '1970-01-01'],
    ['another week', header(NOW - 7 * DAY), '2025-12-25'],
  ])('is refused and said: %s', (_, date, said) => {
    const clock = new RemoteClock()
    clock.observeDate(date, NOW, NOW + 10)
    expect(clock).toMatchObject({ offsetMs: 0, turns: 0 })
    expect(clock.refusal).toContain(said)
    expect(clock.refusal).toContain('2026-01-01')
  })

  it('leaves the offset in use that was known, and is forgotten with the next good answer', () => {
    const clock = new RemoteClock()
    look(clock, 30_000)
    look(clock, 400 * DAY)
    expect(clock.offsetMs).toBe(30_000)
    expect(clock.refusal).toContain('400 d ahead')
    look(clock, 30_000)
    expect(clock).toMatchObject({ offsetMs: 30_000, turns: 1, refusal: null })
  })

  it('never makes an offset beyond the bound, nor throws, whatever comes', () => {
    const stamp = fc.oneof(fc.double(), fc.integer({ min: NOW - 2 * DAY, max: NOW + 2 * DAY }))
    fc.assert(
      fc.property(fc.array(stamp, { maxLength: 20 }), (stamps) => {
        const clock = new RemoteClock({ turnAfter: 2 })
        for (const stampMs of stamps) clock.observe({ stampMs, sentAt: NOW, receivedAt: NOW + 20 })
        expect(Math.abs(clock.offsetMs)).toBeLessThanOrEqual(DAY + 20)
      }),
    )
  })
})

describe('instants of the other side', () => {
  it('are told by the clock of this machine', () => {
    const clock = new RemoteClock()
    look(clock, 300_000)
    expect(clock.readLocal('2026-11-28T18:05:00Z')).toBe(Date.UTC(2026, 10, 28, 18, 0))
  })

  it('are none where there is none or it cannot be read', () => {
    expect(new RemoteClock().readLocal(null)).toBeNull()
    expect(new RemoteClock().readLocal('last Tuesday')).toBeNull()
  })
})
