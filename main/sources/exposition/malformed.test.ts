import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { caseText } from '../../../test/support/cases.ts'
import { ExpositionError } from './error.ts'
import { createTargetParser } from './parser.ts'

const body = (...lines: string[]): Buffer => Buffer.from(`${lines.join('\n')}\n`)
const parse = (...lines: string[]) => createTargetParser().parse(body(...lines))

describe('a line that is no sample', () => {
  it('11: costs its own series alone, and is named by line and series', () => {
    const { series, values, malformed } = createTargetParser().parse(
      Buffer.from(caseText('11-line-without-value.prom')),
    )
    expect([series.length, malformed.count]).toEqual([8, 1])
    expect(malformed.names).toEqual(['DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL'])
    expect([...values]).toEqual([301, 302, 303, 11, 13, 0.5, 0.6, 0.7])
    expect(malformed.words).toHaveLength(1)
    expect(malformed.words[0]).toMatch(
      /^line 6: DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL\{gpu="1",UUID="GPU-.*: expected a number, found the end of the line$/,
    )
  })

  it('35: is an error text where a value should be; the metric is named once, with how many lines', () => {
    const { series, malformed } = createTargetParser().parse(
      Buffer.from(caseText('35-error-text-as-value.prom')),
    )
    expect([series.length, malformed.count, malformed.words.length]).toEqual([12, 4, 1])
    expect(malformed.words[0]).toContain('DCGM_FI_DEV_VGPU_PER_PROCESS_UTILIZATION{gpu="0"')
    expect(malformed.words[0]).toContain('expected a number, found "ERROR - FAILED TO CONVERT TO STRING"')
    expect(malformed.words[0]).toContain('(and 3 more lines of this metric)')
  })

  it.each([
    ['a 1', 'a{x="1} 5', 'b 2'],
    ['a 1', 'a N/A', 'b 2'],
    ['a 1', '9a 5', 'b 2'],
    ['a 1', '=====', 'b 2'],
    ['a 1', 'a{x="1"} 5 later', 'b 2'],
    ['a 1', 'a{x="1",x="2"} 5', 'b 2'],
    ['a{x="1"} 5 later', 'a 1', 'b 2'],
    ['a 1', 'b 2', 'a{x="1"}'],
    ['a 1', `a ${'9'.repeat(500)}x`, 'b 2'],
    ['a 1', 'a 0x1F', 'b 2'],
  ])('is passed over wherever it stands: %j %j %j', (...lines) => {
    const parser = createTargetParser()
    const first = parser.parse(body(...lines))
    expect(first.series.map(({ name }) => name)).toEqual(['a', 'b'])
    expect([[...first.values], first.malformed.count, first.malformed.words.length]).toEqual([[1, 2], 1, 1])
    expect(first.malformed.words[0]?.length).toBeLessThan(320)
    // Once more along the outline, with other values and the same line.
    const next = parser.parse(
      body(...lines.map((line) => line.replace(/^a 1$/, 'a 8').replace(/^b 2$/, 'b 9'))),
    )
    expect(next.series).toBe(first.series)
    expect([[...next.values], next.malformed]).toEqual([[8, 9], first.malformed])
    // And mended.
    const whole = parser.parse(body('a 3', 'b 4'))
    expect([[...whole.values], whole.malformed.count]).toEqual([[3, 4], 0])
  })

  it('never changes what the others say, whatever it is', () => {
    const junk = fc
      .string({ unit: 'grapheme', maxLength: 60 })
      .filter((text) => !/[\n\r]/.test(text) && /\S/.test(text) && !text.trimStart().startsWith('#'))
      .map((text) => `?${text}`)
    fc.assert(
      fc.property(
        fc.array(fc.nat(1000), { minLength: 4, maxLength: 12 }),
        fc.array(fc.tuple(junk, fc.nat(11)), { maxLength: 4 }),
        (numbers, broken) => {
          const good = numbers.map((value, i) => `m{i="${i}"} ${value}`)
          const mixed = [...good]
          for (const [text, at] of broken) mixed.splice(Math.min(at, mixed.length), 0, text)
          const read = parse(...mixed)
          expect([...read.values]).toEqual(numbers)
          expect(read.malformed.count).toBe(broken.length)
        },
      ),
    )
  })
})

describe('a body that is none', () => {
  it.each([
    ['a page', ['<!doctype html>', '<html>', '<body>', 'errors 5', '</body>', '</html>']],
    ['JSON', ['{', '  "status": "error",', '  "code": 5', '}']],
    ['a text', ['upstream connect error or disconnect/reset before headers']],
  ])('is refused as a whole: %s', (_, lines) => {
    expect(() => parse(...lines)).toThrow(ExpositionError)
  })

  it.each([1, 2, 10, 30])('is refused when it is cut off %i bytes before its end', (missing) => {
    const whole = body('m{gpu="0"} 12.5', 'm{gpu="1"} 13.5', 'n{gpu="0"} 1401')
    const parser = createTargetParser()
    parser.parse(whole)
    expect(() => parser.parse(whole.subarray(0, whole.length - missing))).toThrow('cut off')
    expect(() => createTargetParser().parse(whole.subarray(0, whole.length - missing))).toThrow('cut off')
  })

  it('is refused with thousands of broken lines, before they cost much', () => {
    const lines = Array.from({ length: 30_000 }, (_, i) => (i % 2 === 0 ? `m{i="${i}"} 1` : 'm{i="0"} ERROR'))
    expect(() => parse(...lines)).toThrow('expected a number')
  })
})
