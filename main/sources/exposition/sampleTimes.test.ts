import { describe, expect, it } from 'vitest'
import { createTargetParser } from './parser.ts'
import { heedTimes } from './sampleTimes.ts'

const NOW = Date.UTC(2026, 10, 30)
const reader = () => createTargetParser(undefined, { dcgmBlanks: false })
const text = (...lines: string[]) => Buffer.from(`${lines.join('\n')}\n`)

describe('timestamps of an exposition', () => {
  it('come with their samples, body after body, and none where none is written', () => {
    const parser = reader()
    expect(parser.parse(text('a 1', 'b 2')).times).toBeNull()
    expect([...(parser.parse(text('a 1 1000', 'b 2')).times ?? [])]).toEqual([1000, Number.NaN])
    expect([...(parser.parse(text('a 3 2000', 'b 4 2500')).times ?? [])]).toEqual([2000, 2500])
    expect([...(parser.parse(text('a 3', 'b 4 2500')).times ?? [])]).toEqual([Number.NaN, 2500])
    const labelled = ['m{x="1"} 5 7000', 'm{x="2"} 6 8000', 'm{x="3"} 7']
    expect([...(reader().parse(text(...labelled)).times ?? [])]).toEqual([7000, 8000, Number.NaN])
  })

  it('are seconds in OpenMetrics', () => {
    const parser = reader()
    const body = (at: string) => text('# TYPE a gauge', `a 1 ${at}`, '# EOF')
    expect([...(parser.parse(body('1.5')).times ?? [])]).toEqual([1500])
    expect([...(parser.parse(body('2.5')).times ?? [])]).toEqual([2500])
  })
})

describe('heedTimes', () => {
  const heed = (...lines: string[]) => {
    const parsed = reader().parse(text(...lines))
    return { ...heedTimes(parsed, NOW), values: [...parsed.values] }
  }

  it('takes an answer without times for now', () => {
    expect(heed('a 1')).toEqual({ sampledAt: NOW, doubt: null, values: [1] })
  })

  it('ages what is old, and says so', () => {
    expect(heed(`a 1 ${NOW - 30_000}`)).toEqual({ sampledAt: NOW - 30_000, doubt: null, values: [1] })
    expect(heed('a 1 0', 'b 2 5000')).toMatchObject({
      sampledAt: 5000,
      doubt: { code: 'old-samples' },
      values: [1, 2],
    })
  })

  it('refuses what is of the future, but for clocks that differ a little', () => {
    expect(heed(`a 1 ${Date.UTC(2286, 10, 20)}`, `b 2 ${NOW}`)).toMatchObject({
      sampledAt: NOW,
      doubt: { code: 'future-samples' },
      values: [Number.NaN, 2],
    })
    expect(heed(`a 1 ${NOW + 5000}`)).toEqual({ sampledAt: NOW, doubt: null, values: [1] })
  })

  it('drops series that ended long before the others', () => {
    expect(heed(`a 1 ${NOW - 400_000}`, `b 2 ${NOW - 1000}`).values).toEqual([Number.NaN, 2])
    expect(heed(`a 1 ${NOW - 400_000}`, 'b 2').values).toEqual([Number.NaN, 2])
  })
})
