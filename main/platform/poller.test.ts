import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Clock } from './clock.ts'
import { SourceFailure } from './failure.ts'
import { createLogger } from './logger.ts'
import { type PollerOptions, startPoller } from './poller.ts'
import { secondLook } from './pollTimes.ts'

const clock: Clock = { now: () => Date.now(), monotonic: () => Date.now() }
const logger = createLogger({ level: 'silent' })
const failure = { code: 'refused', text: 'refused', nextStep: 'Start it.' }

/** A poller whose starts are noted, in ms since it began. */
function watched(change: Partial<PollerOptions> = {}) {
  const began = Date.now()
  const starts: number[] = []
  const { ask = () => undefined, ...others } = change
  const poller = startPoller({
    what: 'usage',
    everyMs: 5_000,
    clock,
    logger,
    random: () => 0.999,
    ...others,
    ask: (signal) => {
      starts.push(Date.now() - began)
      return ask(signal)
    },
  })
  return { poller, starts, pauses: () => starts.slice(1).map((at, i) => at - (starts[i] ?? 0)) }
}

const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms)

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('a poller', () => {
  it('asks at its pace, one round at a time; after a long round the next begins at once, and none is owed', async () => {
    const answers: (() => void)[] = []
    const { poller, starts } = watched({ ask: () => new Promise((resolve) => answers.push(resolve)) })
    await wait(60_000)
    expect(starts).toEqual([0])
    answers[0]?.()
    await wait(0)
    expect(starts).toEqual([0, 60_000])
    answers[1]?.()
    await wait(4_999)
    expect(starts).toHaveLength(2)
    await wait(1)
    expect(starts).toEqual([0, 60_000, 65_000])
    const closed = poller.close()
    answers[2]?.()
    await closed
  })

  it('does not drift, although each round begins late and takes time', async () => {
    const admit: PollerOptions['admit'] = (_, start) => {
      const timer = setTimeout(() => start(() => undefined), 40)
      return () => clearTimeout(timer)
    }
    const { poller, starts } = watched({ admit, ask: () => new Promise((r) => setTimeout(r, 700)) })
    await wait(1_000 * 5_000)
    expect(starts.slice(0, 3)).toEqual([40, 5_040, 10_040])
    expect(starts.at(-1)).toBe(999 * 5_000 + 40)
    await poller.close()
  })

  it('keeps to its phase where it has one, also after a long round', async () => {
    const { poller, starts } = watched({
      phaseMs: Date.now() + 1_200,
      firstAfterMs: 300,
      ask: () => new Promise((resolve) => setTimeout(resolve, starts.length === 3 ? 6_000 : 10)),
    })
    await wait(27_000)
    expect(starts).toEqual([300, 6_200, 11_200, 21_200, 26_200])
    await poller.close()
  })

  it('waits longer while it fails, never longer than agreed, and recovers', async () => {
    let works = false
    const { poller, pauses } = watched({
      random: Math.random,
      afterFailures: secondLook(5_000, 10_000),
      ask: () => {
        if (!works) throw new SourceFailure(failure)
      },
    })
    await wait(120_000)
    expect(pauses()[0]).toBe(1_000)
    expect(Math.max(...pauses())).toBeLessThanOrEqual(10_000)
    expect(Math.min(...pauses())).toBeGreaterThanOrEqual(1_000)
    expect(poller.failure()).toEqual(failure)
    works = true
    await wait(10_000)
    expect(poller.failures()).toBe(0)
    expect(poller.failure()).toBeNull()
    await poller.close()
  })

  it('keeps its usual turns for failures that its rule leaves to them', async () => {
    const { poller, starts } = watched({
      phaseMs: Date.now(),
      afterFailures: (failures) => (failures < 3 ? null : 20_000),
      ask: () => Promise.reject(new SourceFailure(failure)),
    })
    await wait(31_000)
    expect(starts).toEqual([0, 5_000, 10_000, 30_000])
    await poller.close()
  })

  it('is hurried by news, but not oftener than every second, and not while it fails', async () => {
    const { poller, starts, pauses } = watched()
    await wait(0)
    for (let i = 0; i < 100; i++) {
      poller.hurry()
      await wait(20)
    }
    expect(starts.length).toBeGreaterThan(1)
    expect(Math.min(...pauses())).toBeGreaterThanOrEqual(1_000)
    await poller.close()

    const failing = watched({
      ask: () => Promise.reject(new SourceFailure(failure)),
      afterFailures: () => 8_000,
    })
    await wait(100)
    failing.poller.hurry()
    await wait(7_800)
    expect(failing.starts).toEqual([0])
    await failing.poller.close()
  })

  it('asks at once when it is told to, also while it fails, and after the round under way', async () => {
    let answer: (() => void) | null = null
    let fails = true
    const { poller, starts } = watched({
      afterFailures: () => 60_000,
      ask: () => {
        if (fails) throw new SourceFailure(failure)
        return new Promise((resolve) => (answer = resolve))
      },
    })
    await wait(10)
    fails = false
    poller.now()
    await wait(0)
    expect(starts).toEqual([0, 10])
    poller.now()
    await wait(100)
    expect(starts).toHaveLength(2)
    ;(answer as (() => void) | null)?.()
    await wait(0)
    expect(starts).toEqual([0, 10, 110])
    const closed = poller.close()
    ;(answer as (() => void) | null)?.()
    await closed
  })

  it('comes sooner while it fails when its neighbours answer again, but not when it answers itself', async () => {
    let fails = true
    const { poller, starts } = watched({
      afterFailures: () => 60_000,
      ask: () => {
        if (fails) throw new SourceFailure(failure)
      },
    })
    await wait(10_000)
    poller.within(300)
    await wait(300)
    expect(starts).toEqual([0, 10_300])
    await wait(59_900)
    // It is due sooner than that.
    poller.within(300)
    fails = false
    await wait(100)
    expect(starts).toEqual([0, 10_300, 70_300])
    poller.within(300)
    await wait(4_999)
    expect(starts).toHaveLength(3)
    await poller.close()
  })

  it('comes soon after a round under way that fails, once', async () => {
    const { poller, starts } = watched({
      afterFailures: () => 60_000,
      ask: () => new Promise((_, reject) => setTimeout(() => reject(new SourceFailure(failure)), 4_000)),
    })
    await wait(1_000)
    poller.within(300)
    await wait(20_000)
    expect(starts).toEqual([0, 4_300])
    poller.pause()
    poller.within(300)
    poller.resume()
    await wait(20_000)
    expect(starts).toEqual([0, 4_300, 21_000])
    await poller.close()
  })
})

describe('a poller whose handlers misbehave', () => {
  it('goes on when a round throws, and says so without details', async () => {
    const { poller, starts } = watched({
      ask: () => {
        throw new TypeError('x is not a function')
      },
    })
    await wait(1_000)
    expect(starts).toHaveLength(2)
    expect(poller.failure()).toMatchObject({
      code: 'internal',
      text: 'The answer for usage could not be used.',
    })
    await poller.close()
  })

  it('goes on when what follows a round throws', async () => {
    const { poller, starts } = watched({
      onDone: () => {
        throw new Error('no screen')
      },
    })
    await wait(10_000)
    expect(starts).toEqual([0, 5_000, 10_000])
    expect(poller.failures()).toBe(0)
    await poller.close()
  })

  it('gives a round up at its deadline, even one that heeds no signal', async () => {
    const signals: AbortSignal[] = []
    const { poller, starts } = watched({
      deadlineMs: 3_000,
      afterFailures: () => 4_000,
      ask: (signal) => {
        signals.push(signal)
        return new Promise<void>(() => undefined)
      },
    })
    await wait(2_999)
    expect(signals[0]?.aborted).toBe(false)
    await wait(1)
    expect(signals[0]?.aborted).toBe(true)
    expect(poller.failure()).toMatchObject({ code: 'timeout', text: 'No answer for usage within 3 s.' })
    await wait(1_000)
    expect(starts).toEqual([0, 4_000])
    const closed = poller.close()
    await wait(3_000)
    await closed
  })
})

describe('a poller that is stopped', () => {
  it('ends at once, also in the middle of a round, which then is no failure', async () => {
    const { poller } = watched({
      ask: (signal) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('cancelled')))),
    })
    await wait(1)
    await poller.close()
    expect(poller.failures()).toBe(0)
    expect(poller.nextAttemptAt()).toBeNull()
    poller.resume()
    poller.now()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('asks nothing while it is paused, keeps what it knows, and never has two rounds under way', async () => {
    let underWay = 0
    let most = 0
    const { poller, starts } = watched({
      firstAfterMs: 100,
      // Takes its time also when it is called off.
      ask: async () => {
        most = Math.max(most, ++underWay)
        await new Promise((resolve) => setTimeout(resolve, 2_000))
        underWay--
        throw new SourceFailure(failure)
      },
    })
    await wait(2_200)
    expect(poller.failures()).toBe(1)
    await wait(900)
    poller.pause()
    poller.now()
    await wait(100)
    poller.resume()
    await wait(500)
    expect(poller.failures()).toBe(1)
    await wait(60_000)
    expect(starts.length).toBeGreaterThan(3)
    expect(most).toBe(1)
    poller.pause()
    const asked = starts.length
    await wait(60_000)
    expect(starts).toHaveLength(asked)
    await poller.close()
  })

  it('gives back the place that it waited for', async () => {
    const waiting: ((release: () => void) => void)[] = []
    const admit: PollerOptions['admit'] = (_, start) => {
      waiting.push(() => start(() => void released++))
      return () => void withdrawn++
    }
    let released = 0
    let withdrawn = 0
    const { poller, starts } = watched({ admit })
    await wait(50_000)
    expect(starts).toEqual([])
    waiting[0]?.(() => undefined)
    await wait(0)
    expect([starts.length, released]).toEqual([1, 1])
    await wait(5_000)
    poller.pause()
    expect(withdrawn).toBe(1)
    // Let in all the same, a moment too late.
    waiting[1]?.(() => undefined)
    await wait(0)
    expect([starts.length, released]).toEqual([1, 2])
    await poller.close()
  })
})
