import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Lanes } from './lanes.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const lanes = (most = 100) => new Lanes({ steady: 2, suspect: 1, holdMs: 100, most })

describe('lanes', () => {
  it('let so many run at once, first come first served', () => {
    const ran: number[] = []
    const releases: (() => void)[] = []
    const gate = lanes()
    for (let n = 0; n < 4; n++) {
      gate.enter('steady', (release) => {
        ran.push(n)
        releases.push(release)
      })
    }
    expect(ran).toEqual([0, 1])
    releases[1]?.()
    expect(ran).toEqual([0, 1, 2])
    // Done twice is done once.
    releases[1]?.()
    expect(ran).toEqual([0, 1, 2])
  })

  it('take the place of one that hangs', () => {
    const ran: string[] = []
    const gate = lanes()
    gate.enter('steady', () => ran.push('hangs'))
    gate.enter('steady', () => ran.push('hangs too'))
    gate.enter('steady', () => ran.push('waits'))
    vi.advanceTimersByTime(99)
    expect(ran).toEqual(['hangs', 'hangs too'])
    vi.advanceTimersByTime(1)
    expect(ran).toEqual(['hangs', 'hangs too', 'waits'])
  })

  it('keep suspects out of the way of the others', () => {
    const ran: string[] = []
    const gate = lanes()
    for (let n = 0; n < 5; n++) gate.enter('suspect', () => ran.push('suspect'))
    gate.enter('steady', () => ran.push('steady'))
    expect(ran).toEqual(['suspect', 'steady'])
  })

  it('hold the bound on everything in flight', () => {
    const releases: (() => void)[] = []
    let ran = 0
    const gate = lanes(3)
    for (let n = 0; n < 10; n++) {
      gate.enter('steady', (release) => {
        ran++
        releases.push(release)
      })
    }
    vi.advanceTimersByTime(1000)
    expect(ran).toBe(3)
    releases[0]?.()
    expect(ran).toBe(4)
  })

  it('pass over one that was withdrawn', () => {
    const ran: string[] = []
    const gate = lanes()
    gate.enter('suspect', () => ran.push('first'))
    const withdraw = gate.enter('suspect', () => ran.push('withdrawn'))
    gate.enter('suspect', () => ran.push('last'))
    withdraw()
    vi.advanceTimersByTime(100)
    expect(ran).toEqual(['first', 'last'])
  })
})
