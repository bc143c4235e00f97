import { describe, expect, it } from 'vitest'
import { Processes } from './processes.ts'

const T0 = Date.UTC(2026, 10, 24, 9)
const S0 = T0 / 1000

/** Which of these starts of processes, read ten seconds apart, are of another one. */
function othersIn(starts: readonly (number | null)[]) {
  const processes = new Processes()
  const others = starts.map((start, i) =>
    processes.isOther(start === null ? [] : [start], i === 0 ? null : T0 + (i - 1) * 10_000),
  )
  return { others, areSeveral: processes.areSeveral }
}

describe('processes behind an address', () => {
  it('are one that stays, and one that took the place of another', () => {
    expect(othersIn([S0 - 900, S0 - 900, S0 + 15])).toEqual({
      others: [false, false, false],
      areSeveral: false,
    })
  })

  it('are several where one ran already, or comes back', () => {
    expect(othersIn([S0 - 900, S0 - 700])).toEqual({ others: [false, true], areSeveral: true })
    expect(othersIn([S0 - 900, S0 + 5, S0 - 900]).others).toEqual([false, false, true])
  })

  it('are not known where its start is not known', () => {
    expect(othersIn([null, null, null])).toEqual({ others: [false, false, false], areSeveral: false })
  })

  it('are all told at once by Prometheus, which is no turn', () => {
    const processes = new Processes()
    expect(processes.isOther([100, 200], null)).toBe(false)
    expect(processes.isOther([100, 200], T0)).toBe(false)
  })

  it('are one again when no other has answered for ten minutes', () => {
    const turns = [S0 - 900, S0 - 700]
    expect(othersIn([...turns, ...Array<number>(59).fill(S0 - 700)]).areSeveral).toBe(true)
    expect(othersIn([...turns, ...Array<number>(60).fill(S0 - 700)]).areSeveral).toBe(false)
  })
})
