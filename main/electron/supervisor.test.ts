import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Child, supervise } from './supervisor.ts'

class StandIn implements Child {
  private exit: (code: number) => void = () => {}
  killed = false
  onExit(listener: (code: number) => void): void {
    this.exit = listener
  }
  kill(): void {
    this.killed = true
    this.exit(0)
  }
  die(code: number): void {
    this.exit(code)
  }
}

function setUp(start?: () => StandIn) {
  const children: StandIn[] = []
  const losses: { reason: string; failures: number; delayMs: number }[] = []
  const supervisor = supervise<StandIn>({
    start:
      start ??
      (() => {
        const child = new StandIn()
        children.push(child)
        return child
      }),
    onLost: (lost) => losses.push(lost),
    now: () => Date.now(),
    random: () => 1,
  })
  return { supervisor, children, losses }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('supervise', () => {
  it('starts a child at once and another after it died', () => {
    const { supervisor, children, losses } = setUp()
    expect(children).toHaveLength(1)
    children[0]?.die(139)
    expect(supervisor.child()).toBeNull()
    expect(losses).toEqual([{ reason: 'it ended with code 139', failures: 1, delayMs: 500 }])
    vi.advanceTimersByTime(500)
    expect(children).toHaveLength(2)
    expect(supervisor.child()).toBe(children[1])
  })

  it('waits longer after every quick death, up to a ceiling', () => {
    const { children, losses } = setUp()
    for (let death = 0; death < 10; death++) {
      children.at(-1)?.die(1)
      vi.advanceTimersByTime(30_000)
    }
    expect(losses.map((lost) => lost.delayMs)).toEqual([
      500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000, 30_000,
    ])
  })

  it('forgets earlier failures once a child lived for a minute', () => {
    const { children, losses } = setUp()
    children.at(-1)?.die(1)
    vi.advanceTimersByTime(30_000)
    children.at(-1)?.die(1)
    vi.advanceTimersByTime(30_000)
    vi.advanceTimersByTime(60_000)
    children.at(-1)?.die(1)
    expect(losses.at(-1)).toMatchObject({ failures: 1, delayMs: 500 })
  })

  it('treats a start that throws as a loss and tries again', () => {
    let attempts = 0
    const { losses, supervisor } = setUp(() => {
      attempts++
      if (attempts === 1) throw new Error('ENOENT engine-utility.js')
      return new StandIn()
    })
    expect(losses[0]?.reason).toBe('it could not be started (ENOENT engine-utility.js)')
    vi.advanceTimersByTime(500)
    expect(supervisor.child()).not.toBeNull()
  })

  it('ends the child and starts no other once stopped', () => {
    const { supervisor, children, losses } = setUp()
    supervisor.stop()
    expect(children[0]?.killed).toBe(true)
    vi.advanceTimersByTime(60_000)
    expect(children).toHaveLength(1)
    expect(losses).toHaveLength(0)
  })

  it('ignores a late exit of a child that it already replaced', () => {
    const { children, losses } = setUp()
    children[0]?.die(1)
    vi.advanceTimersByTime(500)
    children[0]?.die(1)
    expect(losses).toHaveLength(1)
    expect(children).toHaveLength(2)
  })

  it('starts nothing when stopped while waiting', () => {
    const { supervisor, children } = setUp()
    children[0]?.die(1)
    supervisor.stop()
    vi.advanceTimersByTime(60_000)
    expect(children).toHaveLength(1)
  })
})
