import { describe, expect, it } from 'vitest'
import { correctionOf, keepCorrection } from './corrections.ts'
import { plainly } from '../../../../test/support/plainly.ts'

const THIN = '\u2009'

describe('corrections', () => {
  it('are told with their sign', () => {
    expect(plainly(correctionOf({ tokens: 1_200n }, 5, 1))).toEqual({
      at: 5,
      fromMs: 1,
      tokens: '1200',
      text: `Late events added 1.20${THIN}k tok to totals that were shown.`,
    })
    expect(plainly(correctionOf({ tokens: -5n }, 5, 1)).text).toContain('took 5')
    expect(plainly(correctionOf({ tokens: 0n }, 5, 1)).text).toContain('the sum stayed')
  })

  it('that come in drops are one, exactly summed; the newest stands first', () => {
    const huge = 2n ** 60n
    const first = keepCorrection([], correctionOf({ tokens: huge }, 0, 900))
    const second = keepCorrection(first, correctionOf({ tokens: 1n }, 59_000, 800))
    expect(second).toMatchObject([{ at: 59_000, fromMs: 800, tokens: (huge + 1n).toString() }])
    const third = keepCorrection(second, correctionOf({ tokens: 3n }, 200_000, 100))
    expect(third.map(({ tokens }) => tokens)).toEqual(['3', (huge + 1n).toString()])
  })

  it('are at most twenty', () => {
    let kept = keepCorrection([], correctionOf({ tokens: 1n }, 0, 0))
    for (let i = 1; i < 50; i++) kept = keepCorrection(kept, correctionOf({ tokens: 1n }, i * 100_000, 0))
    expect(kept).toHaveLength(20)
  })
})
