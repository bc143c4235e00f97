import { describe, expect, it } from 'vitest'
import { createTargetParser } from './parser.ts'
import { DEFAULT_SCRAPE_LIMITS, type ParsedScrape } from './types.ts'

/** What dcgm-exporter and DCGM are known to send (numbers of issues are dcgm-exporter's), as far as a parser meets it. */
const body = (...lines: string[]) => Buffer.from(`${lines.join('\n')}\n`)
const numbers = ({ values, count }: ParsedScrape) => [...values.subarray(0, count)]

describe('quirks of DCGM exporters', () => {
  it('hands on either spelling of the host label (#655)', () => {
    const { series } = createTargetParser().parse(body('m{Hostname="h-1"} 1', 'n{hostname="h-1"} 1'))
    expect(series.map(({ labels }) => [...labels.keys()])).toEqual([['Hostname'], ['hostname']])
  })

  it('turns every blank sentinel of every type into NaN, in a first scrape and in later ones', () => {
    const parser = createTargetParser()
    const texts =
      '9223372036854775792 9223372036854775793 9223372036854775794 9223372036854775795 ' +
      '2147483632 2147483633 2147483634 2147483635 ' +
      '140737488355328.000000 140737488355329 140737488355330 140737488355331.000000'
    const sentinels = texts.split(' ')
    const blank = body(...sentinels.map((text, index) => `m${index} ${text}`))
    const filled = body(...sentinels.map((_, index) => `m${index} ${index}`))
    expect(numbers(parser.parse(blank)).every(Number.isNaN)).toBe(true)
    expect(numbers(parser.parse(filled))).toEqual(sentinels.map((_, index) => index))
    expect(numbers(parser.parse(blank)).every(Number.isNaN)).toBe(true)
  })

  it('leaves counters that are honestly large alone: energy in mJ beyond 2^47, NVLink bytes', () => {
    const scrape = createTargetParser().parse(
      body('e 150737488355328', 'n 9007199254740991', 'p 140737488355336'),
    )
    expect(numbers(scrape)).toEqual([150_737_488_355_328, 9_007_199_254_740_991, 140_737_488_355_336])
  })

  it('takes an XID series that appears and goes again (#700), with its message', () => {
    const parser = createTargetParser()
    const healthy = body('T{gpu="0"} 60', 'T{gpu="1"} 61', 'P{gpu="0"} 100', 'P{gpu="1"} 101')
    const struck = body(
      'T{gpu="0"} 62',
      'T{gpu="1"} 63',
      'DCGM_FI_DEV_XID_ERRORS{gpu="1",err_code="79",err_msg="GPU has fallen off the bus"} 79',
      'P{gpu="0"} 102',
      'P{gpu="1"} 103',
    )
    const { series } = parser.parse(healthy)
    const during = parser.parse(struck)
    expect(numbers(during)).toEqual([62, 63, 79, 102, 103])
    expect(during.series).not.toBe(series)
    expect(during.series[2]?.labels.get('err_msg')).toBe('GPU has fallen off the bus')
    // Its neighbours are the very same series as before.
    expect(during.series[3]).toBe(series[2])
    expect(numbers(parser.parse(healthy))).toEqual([60, 61, 100, 101])
  })

  it('hands on garbage as it is: judging it is not the parser’s office (DCGM#199, DCGM#152)', () => {
    expect(numbers(createTargetParser().parse(body('u 4294967295', 's 1.294000')))).toEqual([
      4_294_967_295, 1.294,
    ])
  })

  it('tells MIG instances of one board apart, and from the board', () => {
    const scrape = createTargetParser().parse(
      body(
        'm{gpu="0",UUID="GPU-a"} 1',
        'm{gpu="0",UUID="GPU-a",GPU_I_PROFILE="1g.5gb",GPU_I_ID="13"} 2',
        'm{gpu="0",UUID="GPU-a",GPU_I_PROFILE="1g.5gb",GPU_I_ID="14"} 3',
      ),
    )
    expect(scrape.count).toBe(3)
    expect(scrape.refused).toEqual([])
  })

  it('takes the error count with its window, and a counter that falls (#417)', () => {
    const parser = createTargetParser()
    const count = 'DCGM_EXP_XID_ERRORS_COUNT{gpu="0",window_size_in_ms="300000",xid="94"}'
    const { series } = parser.parse(body(`${count} 2`, 'n 900'))
    const later = parser.parse(body(`${count} 3`, 'n 100'))
    expect(later.series).toBe(series)
    expect(numbers(later)).toEqual([3, 100])
  })
})

describe('the same series in another spelling', () => {
  it.each([
    ['m{a="1",b="2"} 1', 'm{b="2",a="1"} 2'],
    ['m{a="1"} 1', 'm{ a = "1" , } 2'],
    ['m{a="1"} 1', 'm{a="1"}  2'],
    ['m 1', 'm{} 2'],
    ['m{a="1"} 1', 'm{a="1",pod=""} 2'],
    ['m{a="\\\\x"} 1', 'm{a="\\x"} 2'],
  ])('%s is %s', (first, second) => {
    const parser = createTargetParser()
    const both = parser.parse(body(first, second))
    expect(numbers(both)).toEqual([1])
    expect(both.refused).toHaveLength(1)
    expect(parser.parse(body(second)).series[0]).toBe(both.series[0])
  })

  it('is not one whose values only look alike when they are strung together', () => {
    const scrape = createTargetParser().parse(body('m{a="1b=1:2"} 1', 'm{a="1",b="2"} 2'))
    expect(numbers(scrape)).toEqual([1, 2])
  })
})

describe('timestamps', () => {
  it('may change with every scrape without touching the series', () => {
    const parser = createTargetParser()
    const { series } = parser.parse(body('m{a="1"} 1 1700000000000', 'm{a="2"} 2 1700000000000', 'n 3'))
    const next = parser.parse(body('m{a="1"} 5 1700000005000', 'm{a="2"} 6 1700000005001', 'n 7 9'))
    expect(next.series).toBe(series)
    expect(numbers(next)).toEqual([5, 6, 7])
  })
})

describe('the content type', () => {
  it('makes a body without its last line a body that was cut off', () => {
    const parse = (type?: string) => createTargetParser().parse(body('a_created 1', 'b 2'), type)
    expect(() => parse('application/openmetrics-text; version=1.0.0; charset=utf-8')).toThrow('cut off')
    expect(parse('text/plain; version=0.0.4').count).toBe(2)
    expect(parse().count).toBe(2)
  })

  it('may change from scrape to scrape', () => {
    const parser = createTargetParser()
    expect(parser.parse(body('a_created 1', 'b 2')).count).toBe(2)
    expect(parser.parse(body('a_created 1', 'b 2', '# EOF')).count).toBe(1)
    expect(parser.parse(body('a_created 1', 'b 2')).count).toBe(2)
  })
})

describe('bodies of hostile size', () => {
  it('are read in linear time', () => {
    // Ten megabytes that share nothing: what looks ahead to the end of the body on every line takes minutes here.
    const lines = Array.from(
      { length: 100_000 },
      (_, n) => `metric_${n}{a="value ${n}",b="${'x'.repeat(60)}"} ${n}`,
    )
    const parser = createTargetParser({ ...DEFAULT_SCRAPE_LIMITS, maxLabelSets: 100_000 })
    expect(parser.parse(body(...lines)).count).toBe(100_000)
    expect(parser.parse(body(...lines.toReversed())).count).toBe(100_000)
  })

  it('leave a label of a megabyte out without copying it about', () => {
    const parser = createTargetParser()
    const long = `m{a="${'x'.repeat(1_000_000)}"} 1`
    for (let round = 0; round < 2; round++) {
      const scrape = parser.parse(body(long, 'n{a="1"} 2'))
      expect(numbers(scrape)).toEqual([2])
      expect(scrape.refused).toEqual(['line 1: m: the label a has 1000000 bytes, at most 4096 are taken'])
    }
  })

  it('refuse a name that is none, and name at most twenty series', () => {
    expect(() => createTargetParser().parse(body(`${'m'.repeat(5000)} 1`))).toThrow(
      'expected a metric name of at most 4096 bytes',
    )
    const same = Array.from({ length: 500 }, () => 'm 1')
    expect(createTargetParser().parse(body(...same)).refused).toHaveLength(20)
  })

  it('take many comments between the samples', () => {
    const comments = Array.from({ length: 5000 }, () => '# a comment of no meaning')
    const parser = createTargetParser({ ...DEFAULT_SCRAPE_LIMITS })
    const { series } = parser.parse(body(...comments, 'm 1', ...comments, 'n 2', ...comments))
    const next = parser.parse(body(...comments, 'm 3', ...comments, 'n 4', ...comments))
    expect(next.series).toBe(series)
    expect(numbers(next)).toEqual([3, 4])
  })
})
