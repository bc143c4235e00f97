import { describe, expect, it } from 'vitest'
import { createTargetParser } from './parser.ts'
import { DEFAULT_SCRAPE_LIMITS } from './types.ts'

const body = (...lines: string[]): Buffer => Buffer.from(`${lines.join('\n')}\n`)

describe('the outline of a body', () => {
  it('keeps the values of series apart from those of refused lines between them', () => {
    const parser = createTargetParser()
    const round = (n: number) => body(`a ${n}`, `a ${n + 1}`, `b ${n + 2}`, `b ${n + 3}`, `c ${n + 4}`)
    const first = parser.parse(round(10))
    expect(first.series.map(({ name }) => name)).toEqual(['a', 'b', 'c'])
    expect(first.refused).toHaveLength(2)
    const next = parser.parse(round(20))
    expect(next.series).toBe(first.series)
    expect([...next.values]).toEqual([20, 22, 24])
    expect(next.refused).toHaveLength(2)
  })

  it('holds more pieces than sixteen bits count', () => {
    const parser = createTargetParser({ ...DEFAULT_SCRAPE_LIMITS, maxLabelSets: 100_000 })
    const round = (value: number) =>
      body(...Array.from({ length: 70_000 }, (_, n) => `m{n="${n}"} ${value + n}`))
    const first = parser.parse(round(0))
    const next = parser.parse(round(1))
    expect(next.series).toBe(first.series)
    expect(next.values[69_999]).toBe(70_000)
  })
})

describe('a parser that wants some series', () => {
  const wants = (name: string): boolean => name.startsWith('m')
  const round = (n: number) =>
    body(
      `a{le="1"} ${n}`,
      `a{le="2"} ${n + 1}`,
      `m{le="1"} ${n + 2}`,
      `m{le="2"} ${n + 3}`,
      `z{le="2"} ${n + 4}`,
      `m2{le="2"} ${n + 5}`,
    )

  it('passes over the others and counts them', () => {
    const parser = createTargetParser(DEFAULT_SCRAPE_LIMITS, { dcgmBlanks: false, isWanted: wants })
    const first = parser.parse(round(10))
    expect(first.series.map(({ name, labels }) => [name, labels.get('le')])).toEqual([
      ['m', '1'],
      ['m', '2'],
      ['m2', '2'],
    ])
    expect([first.count, first.passedOver, first.refused]).toEqual([3, 3, []])
    const next = parser.parse(round(20))
    expect(next.series).toBe(first.series)
    expect([...next.values]).toEqual([22, 23, 25])
    expect(next.passedOver).toBe(3)
  })

  it('keeps the identity of what it wants when others come and go', () => {
    const parser = createTargetParser(DEFAULT_SCRAPE_LIMITS, { dcgmBlanks: false, isWanted: wants })
    const { series } = parser.parse(round(10))
    const next = parser.parse(body(...round(20).toString().trim().split('\n').slice(1)))
    expect(next.series).toBe(series)
    expect([...next.values]).toEqual([22, 23, 25])
    expect(next.passedOver).toBe(2)
  })

  it('still tells where a line that is not wanted is broken', () => {
    const parser = createTargetParser(DEFAULT_SCRAPE_LIMITS, { dcgmBlanks: false, isWanted: wants })
    const { malformed } = parser.parse(body('a{le="1} 1', 'm 1'))
    expect([malformed.count, ...malformed.words]).toEqual([
      1,
      'line 1: a{le="1} 1: expected the closing quote of a label value, found the end of the line',
    ])
    expect(parser.parse(body('a{le="1"} one', 'm 1')).malformed.words).toEqual([
      'line 1: a{le="1"}: expected a number, found "one"',
    ])
  })
})
