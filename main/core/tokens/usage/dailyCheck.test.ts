import { describe, expect, it } from 'vitest'
import { DailyCheck } from './dailyCheck.ts'
import { plainly } from '../../../../test/support/plainly.ts'

const DAY = Date.UTC(2026, 10, 24)
const MINUTE = 60_000

/** Looks five minutes apart: how much the day has, and how much was live since the look before. */
function looks(
  all: readonly (readonly [tokens: number, live: number | null])[],
  dayOf: (look: number) => number = () => DAY,
) {
  const check = new DailyCheck()
  for (const [i, [tokens, live]] of all.entries()) {
    check.look({ at: DAY + i * 5 * MINUTE, dayMs: dayOf(i), tokens: BigInt(tokens), live })
  }
  return check.found
}

describe('the total of a day against the live figures', () => {
  it('agrees where both grow alike, with a lag', () => {
    expect(
      looks([
        [0, null],
        [0, 9_000],
        [8_000, 9_000],
        [20_000, 9_000],
      ]),
    ).toBeNull()
  })

  it('contradicts them where it stands still', () => {
    const found = looks([
      [500, null],
      [500, 9_000],
      [500, 9_000],
      [500, 9_000],
    ])
    expect(found?.kind).toBe('still')
    expect(plainly(found)?.by).toMatch(/within 15 min the day grew by 0.tok, the live figures by 27.0.k.tok/)
  })

  it('contradicts them where it grows alone, or by another measure', () => {
    expect(
      looks([
        [0, null],
        [20_000, 0],
        [40_000, 0],
        [60_000, 0],
      ])?.kind,
    ).toBe('liveStill')
    expect(
      looks([
        [0, null],
        [50_000, 9_000],
        [90_000, 9_000],
        [140_000, 9_000],
      ])?.kind,
    ).toBe('disagree')
  })

  it('says nothing of few tokens, of a short time, over a gap or over midnight', () => {
    expect(
      looks([
        [0, null],
        [0, 900],
        [0, 900],
        [0, 900],
      ]),
    ).toBeNull()
    expect(
      looks([
        [0, null],
        [0, 90_000],
        [0, 90_000],
      ]),
    ).toBeNull()
    expect(
      looks([
        [0, null],
        [0, 90_000],
        [0, null],
        [0, 90_000],
        [0, 90_000],
      ]),
    ).toBeNull()
    expect(
      looks(
        [
          [9, null],
          [9, 90_000],
          [0, 90_000],
          [0, 90_000],
        ],
        (i) => DAY + (i > 1 ? 24 * 60 * MINUTE : 0),
      ),
    ).toBeNull()
  })

  it('agrees again once it goes on', () => {
    expect(
      looks([
        [0, null],
        [0, 9_000],
        [0, 9_000],
        [0, 9_000],
        [9_000, 9_000],
        [18_000, 9_000],
        [27_000, 9_000],
      ]),
    ).toBeNull()
  })
})
