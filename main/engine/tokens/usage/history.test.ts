import { describe, expect, it } from 'vitest'
import { manualClock } from '../../../platform/clock.ts'
import {
  AbilityMissing,
  type MeteringSource,
  StepTooFine,
  type UsageQuestion,
} from '../../../sources/metering/types.ts'
import { UsageBuilder } from '../../../sources/metering/usage/builder.ts'
import { stepsOf } from '../../../sources/metering/usage/steps.ts'
import { Refusal } from '../../session/refusal.ts'
import { RemoteClock } from '../../../platform/remoteClock.ts'
import { tokenHistory } from './history.ts'
import { originOfNone } from '../answers/origin.ts'
import { SharedAnswers } from '../answers/shared.ts'

const DAY = 86_400_000
const HOUR = 3_600_000
const NOW = Date.UTC(2026, 10, 24, 9)
const TOO_FINE = 'Anything finer than a day is summed from too many requests.'
const COUNTED = {
  input: true,
  output: true,
  cachedInput: false,
  reasoning: false,
  requests: false,
  rejected: false,
  errors: false,
  errorTokens: false,
}

/** A back end that answers in steps of whole days only, with a token in each. */
function historyOf(error: Error) {
  const asked: UsageQuestion[] = []
  const usage: MeteringSource['usage'] = async (question) => {
    asked.push(question)
    const steps = stepsOf(question)
    if (steps.times.some((time) => time % DAY !== 0)) throw error
    const builder = new UsageBuilder(question.groupBy, steps)
    steps.times.forEach((_, step) => builder.add({}, step, { input: DAY / 1000, output: 0 }))
    return builder.table(COUNTED, { dataAsOf: NOW, complete: true, missing: [] })
  }
  const abilities = async () => ({
    backend: 'LiteLLM',
    minStepMs: 10_000,
    lagMs: 10_000,
    retentionMs: 366 * DAY,
    groups: new Set<never>(),
    lacks: new Map(),
    throttle: null,
  })
  const clock = manualClock({ now: NOW })
  const asking = {
    source: { name: 'LiteLLM at proxy', usage, abilities } as unknown as MeteringSource,
    backendClock: new RemoteClock(),
    shared: new SharedAnswers(clock, 0),
    clock,
    timezone: 'UTC',
    origin: () => originOfNone(60_000),
  }
  const ask = (spanMs: number) =>
    tokenHistory(
      asking,
      {
        fromMs: NOW - spanMs,
        toMs: NOW,
        maxPoints: 200,
        groupBy: null,
        filters: {},
        measure: 'input',
        top: 10,
      },
      new AbortController().signal,
    )
  return { ask, asked }
}

describe('history', () => {
  it('is drawn in longer steps where a back end has nothing finer, and says why', async () => {
    const { ask, asked } = historyOf(new StepTooFine(TOO_FINE, DAY))
    const { stepMs, times, series, warnings, whole } = await ask(7 * DAY)
    expect([stepMs, times.length, warnings]).toEqual([DAY, 8, [TOO_FINE]])
    // Today is not over yet.
    expect(series[0]?.values).toEqual([1, 1, 1, 1, 1, 1, 1, null])
    expect(asked.map(({ step }) => step)).toEqual([{ ms: HOUR }, { ms: DAY }])
    // Of all measures, though one is charted; what is not counted is null and no 0.
    expect(whole?.rates).toMatchObject({ input: 1, output: 0, requests: null })
  })

  it('is refused in the same words where not one longer step fits into it', async () => {
    const { ask, asked } = historyOf(new StepTooFine(TOO_FINE, DAY))
    await expect(ask(6 * HOUR)).rejects.toThrow(TOO_FINE)
    expect(asked).toHaveLength(1)
  })

  it('is not asked again for what a back end lacks altogether', async () => {
    const { ask, asked } = historyOf(new AbilityMissing('liveUsage', 'It knows no usage.'))
    await expect(ask(7 * DAY)).rejects.toThrow(Refusal)
    expect(asked).toHaveLength(1)
  })
})
