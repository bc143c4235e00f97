import { describe, expect, it } from 'vitest'
import { createTargetParser } from './parser.ts'
import { ValuePrint } from './valuePrint.ts'

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
    const parser = createTargetParser()
    const round = (value: number) =>
      body(...Array.from({ length: 70_000 }, (_, n) => `m{n="${n}"} ${value + n}`))
    const first = parser.parse(round(0))
    const next = parser.parse(round(1))
    expect(next.series).toBe(first.series)
    expect(next.values[69_999]).toBe(70_000)
  })
})

describe('ValuePrint', () => {
  const printOf = (...values: string[]): ValuePrint => {
    const print = new ValuePrint()
    for (const value of values) print.add(Buffer.from(value), 0, value.length)
    return print
  }

  it('is the same for the same values alone', () => {
    expect(printOf('1', '23').equals(printOf('1', '23'))).toBe(true)
    for (const other of [['12', '3'], ['1', '24'], ['23', '1'], ['1', '23', '0'], ['1'], ['123']]) {
      expect(printOf('1', '23').equals(printOf(...other))).toBe(false)
    }
  })
})
