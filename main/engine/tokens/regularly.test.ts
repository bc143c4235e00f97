import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Clock } from '../../platform/clock.ts'
import { SourceFailure } from '../../platform/failure.ts'
import { createLogger } from '../../platform/logger.ts'
import { regularly } from './regularly.ts'

const clock: Clock = { now: () => Date.now(), monotonic: () => Date.now() }
const logger = createLogger({ level: 'silent' })
const options = {
  what: 'usage',
  everyMs: 5_000,
  longestPauseMs: 10_000,
  clock,
  logger,
  onDone: () => undefined,
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('a regular question', () => {
  it('is asked at its pace, one at a time', async () => {
    const answers: (() => void)[] = []
    const regular = regularly({ ...options, ask: () => new Promise((resolve) => answers.push(resolve)) })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(answers).toHaveLength(1)
    answers[0]?.()
    await vi.advanceTimersByTimeAsync(0)
    // It took longer than its pace: the next begins at once, and none is owed.
    expect(answers).toHaveLength(2)
    answers[1]?.()
    await vi.advanceTimersByTimeAsync(4_999)
    expect(answers).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(1)
    expect(answers).toHaveLength(3)
    const closed = regular.close()
    answers[2]?.()
    await closed
  })

  it('waits longer while it fails, never longer than agreed, and recovers', async () => {
    let works = false
    const starts: number[] = []
    const failure = { code: 'refused', text: 'refused', nextStep: 'Start it.' }
    const regular = regularly({
      ...options,
      ask: async () => {
        starts.push(Date.now())
        if (!works) throw new SourceFailure(failure)
      },
    })
    await vi.advanceTimersByTimeAsync(120_000)
    const pauses = starts.slice(1).map((at, i) => at - (starts[i] ?? 0))
    expect(pauses[0]).toBe(1_000)
    expect(Math.max(...pauses)).toBeLessThanOrEqual(10_000)
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(1_000)
    expect(regular.failure()).toEqual(failure)
    works = true
    await vi.advanceTimersByTimeAsync(10_000)
    expect(regular.failures()).toBe(0)
    expect(regular.failure()).toBeNull()
    await regular.close()
  })

  it('is hurried by news, but not oftener than every second', async () => {
    const starts: number[] = []
    const regular = regularly({ ...options, ask: async () => void starts.push(Date.now()) })
    await vi.advanceTimersByTimeAsync(0)
    for (let i = 0; i < 100; i++) {
      regular.hurry()
      await vi.advanceTimersByTimeAsync(20)
    }
    const pauses = starts.slice(1).map((at, i) => at - (starts[i] ?? 0))
    expect(starts.length).toBeGreaterThan(1)
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(1_000)
    await regular.close()
  })

  it('ends at once when it is closed, also in the middle of a question', async () => {
    const regular = regularly({
      ...options,
      ask: (signal) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('cancelled')))),
    })
    await regular.close()
    expect(regular.failures()).toBe(0)
  })
})
