import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DateClock } from './dateClock.ts'
import { retryAfterMs } from './pause.ts'

const header = (ms: number) => new Date(ms).toUTCString()

describe('the clock of the other side', () => {
  it('is found within the time of the quickest answers, however coarse the headers', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -10_000_000, max: 10_000_000 }),
        fc.array(fc.record({ pause: fc.nat(5000), there: fc.nat(300), back: fc.nat(300) }), {
          minLength: 1,
          maxLength: 50,
        }),
        (offset, answers) => {
          const clock = new DateClock()
          let now = Date.UTC(2026, 0, 1)
          for (const { pause, there, back } of answers) {
            const sentAt = (now += pause)
            const answeredAt = (now += there)
            now += back
            clock.observe(header(answeredAt + offset), sentAt, now)
          }
          // Never further off than half of what one answer leaves open.
          expect(Math.abs(clock.offsetMs - offset)).toBeLessThanOrEqual(801)
        },
      ),
    )
  })

  it('follows a clock that was set, and knows nothing before the first answer', () => {
    const clock = new DateClock()
    expect(clock.offsetMs).toBe(0)
    clock.observe(undefined, 0, 1)
    clock.observe('yesterday', 0, 1)
    expect(clock.offsetMs).toBe(0)
    const now = Date.UTC(2026, 0, 1)
    clock.observe(header(now), now, now + 10)
    clock.observe(header(now + 3_600_000), now + 1000, now + 1010)
    expect(Math.abs(clock.offsetMs - 3_600_000)).toBeLessThan(1100)
  })
})

describe('Retry-After', () => {
  it.each([
    ['5', 5000],
    [' 0 ', 0],
    [undefined, null],
    ['soon', null],
    ['-3', null],
    ['1e9', null],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
  ])('%s means %s ms', (text, ms) => {
    expect(retryAfterMs(text, Date.UTC(2026, 0, 1))).toBe(ms)
  })
})
