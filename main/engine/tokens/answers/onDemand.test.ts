import { describe, expect, it } from 'vitest'
import { manualClock } from '../../../platform/clock.ts'
import { SourceFailure } from '../../../platform/failure.ts'
import { OnDemand } from './onDemand.ts'

const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('figures on demand', () => {
  it('come by themselves after they were read once, and again when they are old', async () => {
    const clock = manualClock({ now: 1_000 })
    let news = 0
    const figures = new OnDemand<number>({ clock, keepMs: 10_000, what: 'latency', onNews: () => news++ })
    let asked = 0
    const read = () => figures.read('a', async () => ++asked)
    expect(read()).toMatchObject({ value: null })
    expect(read()).toMatchObject({ value: null })
    await settled()
    expect(read()).toEqual(expect.objectContaining({ value: 1, at: 1_000, error: null }))
    expect(news).toBe(1)
    clock.advance(10_000)
    expect(read().value).toBe(1)
    await settled()
    expect(read().value).toBe(2)
    expect(asked).toBe(2)
  })

  it('stand while their source fails, with why', async () => {
    const clock = manualClock()
    const figures = new OnDemand<number>({ clock, keepMs: 1, what: 'latency', onNews: () => undefined })
    figures.read('a', async () => 7)
    await settled()
    clock.advance(1)
    const failure = { code: 'refused', text: 'Metering: connection refused', nextStep: 'Start it.' }
    figures.read('a', () => Promise.reject(new SourceFailure(failure)))
    await settled()
    expect(figures.read('a', async () => 8)).toMatchObject({ value: 7, error: failure })
  })

  it('never have more than a few questions under way', async () => {
    const clock = manualClock()
    const figures = new OnDemand<number>({ clock, keepMs: 1, what: 'latency', onNews: () => undefined })
    let asked = 0
    const never = () => {
      asked++
      return new Promise<number>(() => undefined)
    }
    for (let i = 0; i < 50; i++) figures.read(`tenant ${i}`, never)
    expect(asked).toBe(4)
  })
})
