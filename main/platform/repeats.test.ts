import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { manualClock } from './clock.ts'
import { Repeats } from './repeats.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

function start() {
  const clock = manualClock()
  const lines: string[] = []
  const repeats = new Repeats(clock)
  const note = (kind: string) => repeats.note(kind, (hidden) => lines.push(`${kind} +${hidden}`))
  const pass = (ms: number) => {
    clock.advance(ms)
    vi.advanceTimersByTime(ms)
  }
  return { repeats, note, lines, pass }
}

describe('events that repeat', () => {
  it('write the first line at once, then one with the count of all that followed', () => {
    const { note, lines, pass } = start()
    for (let i = 0; i < 20_000; i++) note('refused')
    expect(lines).toEqual(['refused +0'])
    pass(10_000)
    // The line itself is one event, so 1 + 1 + 19,998 are all of them.
    expect(lines).toEqual(['refused +0', 'refused +19998'])
  })

  it('write a line each where they are rare', () => {
    const { note, lines, pass } = start()
    note('refused')
    pass(10_000)
    note('refused')
    expect(lines).toEqual(['refused +0', 'refused +0'])
  })

  it('are counted by kind', () => {
    const { note, lines } = start()
    note('a')
    note('b')
    note('a')
    expect(lines).toEqual(['a +0', 'b +0'])
  })

  it('are said at the end', () => {
    const { repeats, note, lines, pass } = start()
    note('a')
    note('a')
    note('a')
    repeats.close()
    expect(lines).toEqual(['a +0', 'a +1'])
    pass(60_000)
    expect(lines).toHaveLength(2)
  })

  it('cost no more memory than their first sixty-four kinds', () => {
    const { note, lines } = start()
    for (let i = 0; i < 10_000; i++) note(`kind ${i}`)
    expect(lines).toHaveLength(65)
  })
})
