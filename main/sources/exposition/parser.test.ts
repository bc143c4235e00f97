import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import peer from 'parse-prometheus-text-format'
import { describe, expect, it } from 'vitest'
import { isBlank } from '../../../shared/model/blank.ts'
import { realScrapes } from '../../../test/support/peers.ts'
import { usedSecrets } from '../../platform/redact.ts'
import { ExpositionError } from './error.ts'
import { createTargetParser } from './parser.ts'
import { DEFAULT_SCRAPE_LIMITS, type ParsedScrape } from './types.ts'

const parse = (text: string) => createTargetParser().parse(Buffer.from(text))

/** A scrape as plain rows, for comparing. */
function rows(
  scrape: ParsedScrape,
): { name: string; labels: Record<string, string>; value: number | undefined }[] {
  return scrape.series.map(({ name, labels }, index) => ({
    name,
    labels: Object.fromEntries(labels),
    value: scrape.values[index] ?? Number.NaN,
  }))
}

describe('a token that an exporter repeats in its labels', () => {
  const token = 'sk-canary/4711+exporter'
  it.each([
    ['a whole value', token],
    ['part of one', `pod-${token}-0`],
    ['part of one too long to be kept', `${'x'.repeat(80)}${token}`],
    ['part of one with escapes', `say \\"${token}\\" twice`],
    ['part of one beyond ASCII', `é ${token}`],
  ])('is taken out: %s', (_, value) => {
    usedSecrets.register(token)
    for (const time of [1, 2]) {
      const [row] = rows(parse(`DCGM_FI_DEV_GPU_TEMP{gpu="${time}",pod="${value}",Hostname="h-1"} 61\n`))
      expect(row?.labels).toMatchObject({ gpu: String(time), Hostname: 'h-1' })
      expect(row?.labels['pod']).toContain('[hidden]')
      expect(row?.labels['pod']).not.toContain(token)
    }
  })
})

const HOST = `# HELP DCGM_FI_DEV_GPU_TEMP GPU temperature (in C).
# TYPE DCGM_FI_DEV_GPU_TEMP gauge
DCGM_FI_DEV_GPU_TEMP{gpu="0",UUID="GPU-a",Hostname="h-1"} 61
DCGM_FI_DEV_GPU_TEMP{gpu="1",UUID="GPU-b",Hostname="h-1"} 62
# HELP DCGM_FI_DEV_POWER_USAGE Power draw (in W).
# TYPE DCGM_FI_DEV_POWER_USAGE gauge
DCGM_FI_DEV_POWER_USAGE{gpu="0",UUID="GPU-a",Hostname="h-1"} 409.692000
DCGM_FI_DEV_POWER_USAGE{gpu="1",UUID="GPU-b",Hostname="h-1"} 68.347000
`

describe('reading a scrape', () => {
  it('reads names, labels and values', () => {
    expect(rows(parse(HOST))).toEqual([
      { name: 'DCGM_FI_DEV_GPU_TEMP', labels: { gpu: '0', UUID: 'GPU-a', Hostname: 'h-1' }, value: 61 },
      { name: 'DCGM_FI_DEV_GPU_TEMP', labels: { gpu: '1', UUID: 'GPU-b', Hostname: 'h-1' }, value: 62 },
      {
        name: 'DCGM_FI_DEV_POWER_USAGE',
        labels: { gpu: '0', UUID: 'GPU-a', Hostname: 'h-1' },
        value: 409.692,
      },
      {
        name: 'DCGM_FI_DEV_POWER_USAGE',
        labels: { gpu: '1', UUID: 'GPU-b', Hostname: 'h-1' },
        value: 68.347,
      },
    ])
  })

  it.each([
    ['spaces between labels', 'm{gpu="0", UUID="a"} 1\n', { gpu: '0', UUID: 'a' }],
    ['a comma at the end', 'm{gpu="0",} 1\n', { gpu: '0' }],
    ['spaces everywhere', '  m { gpu = "0" , a = "b" }  1  \n', { gpu: '0', a: 'b' }],
    ['no labels', 'm 1\n', {}],
    ['empty braces', 'm{} 1\n', {}],
    ['escapes', 'm{a="x\\\\y\\"z\\nw"} 1\n', { a: 'x\\y"z\nw' }],
    ['braces in a value', 'm{a="}{\\"}"} 1\n', { a: '}{"}' }],
    ['carriage returns', 'm{a="b"} 1\r\n', { a: 'b' }],
    ['a timestamp', 'm{a="b"} 1 1700000000000\n', { a: 'b' }],
    ['text beyond ASCII', 'm{a="Köln 東"} 1\n', { a: 'Köln 東' }],
  ])('takes %s', (_, text, labels) => {
    const [row] = rows(parse(text))
    expect(row?.name).toBe('m')
    expect(row?.value).toBe(1)
    expect(row?.labels).toEqual(labels)
  })

  it('takes names that objects have', () => {
    const [series] = parse('m{__proto__="x",constructor="y"} 1\n').series
    expect([...(series?.labels ?? [])]).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ])
  })

  it('shows bytes that are no UTF-8 as replacement characters', () => {
    const body = Buffer.concat([Buffer.from('m{a="'), Buffer.from([0xff, 0xfe]), Buffer.from('"} 1\n')])
    expect(createTargetParser().parse(body).series[0]?.labels.get('a')).toBe('\ufffd\ufffd')
  })

  it('gives blank sentinels as NaN', () => {
    expect([...parse('a 9223372036854775794\nb 2147483632\nc 140737488355328\nd 5\n').values]).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
      5,
    ])
  })

  it('keeps the same values as the honest counts that they are where the target is not DCGM', () => {
    const parser = createTargetParser(undefined, { dcgmBlanks: false })
    const read = (body: string) => [...parser.parse(Buffer.from(body)).values]
    expect(read('a 2147483632\nb 140737488355328\n')).toEqual([2147483632, 140737488355328])
    // Once more along the outline of the first body.
    expect(read('a 2147483633\nb 140737488355329\n')).toEqual([2147483633, 140737488355329])
  })

  it('takes the first of a series that stands twice, and says so', () => {
    const scrape = parse('m{a="1"} 1\nm{a="2"} 2\nm{a="1"} 3\n')
    expect([...scrape.values]).toEqual([1, 2])
    expect(scrape.refused).toEqual(['line 3: m: the same series stands twice; its first value counts'])
  })

  it('takes a series that comes back after another metric for the same one', () => {
    expect(parse('m{a="1"} 1\nn{a="1"} 2\nm{a="1"} 3\n').refused).toHaveLength(1)
  })

  it('reads OpenMetrics: units, exemplars, creation times, the end', () => {
    const scrape = parse(`# TYPE x counter
# UNIT x seconds
x_total{a="1"} 17 1520879607.789 # {trace_id="KOO5S4vxi0o"} 0.67
x_created{a="1"} 1520430000.123
y{a="1"} 4
# EOF
`)
    expect(rows(scrape).map(({ name, value }) => [name, value])).toEqual([
      ['x_total', 17],
      ['y', 4],
    ])
    expect(scrape.refused).toEqual([])
  })

  it('takes an empty body for an exporter without samples', () => {
    expect(parse('').count).toBe(0)
    expect(parse('# nothing here\n\n').count).toBe(0)
  })
})

describe('refusing', () => {
  it.each([
    ['<html><body>login</body></html>', 1, 1, 'a metric name or `#`'],
    ['ok 1\n9lives 1\n10lives 1\n', 2, 1, 'a metric name or `#`'],
    ['{"status":"error"}\n', 1, 1, 'a metric name or `#`'],
    ['m{a="b"} 1', 1, 11, 'the end of the last line; the answer is cut off'],
    ['m 1\nm{a="b"} 12\nm{a="', 3, 6, 'the end of the last line; the answer is cut off'],
    ['m{a="b" 1\n', 1, 10, '`,` or `}`'],
    ['m{a="b} 1\n', 1, 10, 'the closing quote of a label value'],
    ['m{a=b} 1\n', 1, 5, 'a quoted label value'],
    ['m{="b"} 1\n', 1, 3, 'a label name'],
    ['m{a="b"} x\n', 1, 10, 'a number'],
    ['m{a="b"}\n', 1, 9, 'a number'],
    ['m\n', 1, 2, 'a space or `{` after the metric name'],
    ['m 1 2 3\n', 1, 7, 'the end of the line'],
    ['m 1 # {a="b"} 1\n', 1, 5, 'the end of the line'],
    ['m{a="1",a="2"} 1\n', 1, 9, 'each label once; this one stands here again'],
  ])('%j', (text, line, column, expected) => {
    const error = caught(() => parse(text))
    expect(error).toMatchObject({ line, column, expected })
  })

  it('keeps what it had after a body that was refused', () => {
    const parser = createTargetParser()
    const { series } = parser.parse(Buffer.from(HOST))
    expect(() => parser.parse(Buffer.from('<html>'))).toThrow(ExpositionError)
    expect(parser.parse(Buffer.from(HOST)).series).toBe(series)
  })

  it('quotes no more than a glimpse of what it found', () => {
    expect(caught(() => parse(`<${'x'.repeat(100_000)}`)).message.length).toBeLessThan(120)
  })

  it('passes over what names more label sets than a target may, and keeps what it knew', () => {
    const parser = createTargetParser({ ...DEFAULT_SCRAPE_LIMITS, maxLabelSets: 3 })
    const body = (round: number, known: number) =>
      Buffer.from(
        `${Array.from({ length: 5 }, (_, i) => `m{a="${round}-${i}"} ${i}`).join('\n')}\nm{a="known"} ${known}\nn{a="known"} ${known}\n`,
      )
    parser.parse(Buffer.from('m{a="known"} 1\nn{a="known"} 1\n'))
    for (let round = 1; round < 5; round++) {
      const { series, values, beyond } = parser.parse(body(round, round))
      expect(series.map(({ labels }) => labels.get('a'))).toEqual([
        ...[0, 1, 2].map((i) => `${round}-${i}`),
        'known',
        'known',
      ])
      expect(values[3]).toBe(round)
      expect(beyond).toBe(2)
    }
    const same = parser.parse(body(4, 9))
    expect(same.beyond).toBe(2)
    expect(same.values[4]).toBe(9)
  })

  it('passes over metric names without end', () => {
    const parser = createTargetParser({ ...DEFAULT_SCRAPE_LIMITS, maxLabelSets: 10 })
    const { series, beyond } = parser.parse(
      Buffer.from(Array.from({ length: 100 }, (_, i) => `m_${i} ${i}\n`).join('')),
    )
    expect(series).toHaveLength(10)
    expect(beyond).toBe(90)
  })

  it('holds the limits', () => {
    const parser = createTargetParser({
      ...DEFAULT_SCRAPE_LIMITS,
      maxBodyBytes: 100,
      maxSamples: 2,
      maxLabels: 1,
      maxLabelLength: 5,
    })
    expect(() => parser.parse(Buffer.alloc(101, 32))).toThrow(
      'expected a body of at most 100 bytes, found 101 bytes',
    )
    expect(() => parser.parse(Buffer.from('a 1\nb 2\nc 3\n'))).toThrow(
      'line 3, column 1: expected at most 2 samples',
    )
    const scrape = parser.parse(Buffer.from('m{a="1",b="2"} 1\nm{a="123456"} 2\n'))
    expect(scrape.count).toBe(0)
    expect(scrape.refused).toEqual([
      'line 1: m: 2 labels, at most 1 are taken',
      'line 2: m: the label a has 6 bytes, at most 5 are taken',
    ])
  })
})

describe('the next scrape of the same target', () => {
  it('keeps the series and reads the new values', () => {
    const parser = createTargetParser()
    const { series } = parser.parse(Buffer.from(HOST))
    const next = parser.parse(Buffer.from(HOST.replace('409.692000', '12.5').replace(' 61\n', ' 6\n')))
    expect(next.series).toBe(series)
    expect([...next.values]).toEqual([6, 62, 12.5, 68.347])
  })

  it('keeps the identity of series when a GPU vanishes and another comes', () => {
    const parser = createTargetParser()
    const before = [...parser.parse(Buffer.from(HOST)).series]
    const without = parser.parse(
      Buffer.from(
        HOST.split('\n')
          .filter((line) => !line.includes('GPU-b'))
          .join('\n'),
      ),
    )
    expect(without.series).toEqual([before[0], before[2]])
    expect(without.series[0]).toBe(before[0])
    const withAnother = parser.parse(Buffer.from(HOST.replaceAll('GPU-b', 'GPU-c')))
    expect(withAnother.series[0]).toBe(before[0])
    expect(withAnother.series[1]?.labels.get('UUID')).toBe('GPU-c')
  })

  it('reads whatever became of the last body as a fresh parser would', () => {
    const lines = HOST.trimEnd().split('\n')
    const edit = fc.oneof(
      fc.record({ op: fc.constant('drop'), at: fc.nat() }),
      fc.record({ op: fc.constant('repeat'), at: fc.nat() }),
      fc.record({ op: fc.constant('swap'), at: fc.nat() }),
      fc.record({ op: fc.constant('value'), at: fc.nat(), value: fc.double() }),
      fc.record({ op: fc.constant('label'), at: fc.nat() }),
    )
    fc.assert(
      fc.property(fc.array(fc.array(edit, { maxLength: 4 }), { maxLength: 5 }), (rounds) => {
        const parser = createTargetParser()
        let current = [...lines]
        for (const round of rounds) {
          for (const change of round) {
            const at = change.at % Math.max(1, current.length)
            const line = current[at] ?? 'm 1'
            if (change.op === 'drop') current.splice(at, 1)
            else if (change.op === 'repeat') current.splice(at, 0, line)
            else if (change.op === 'swap') current = [...current.slice(at), ...current.slice(0, at)]
            else if (change.op === 'label') current[at] = line.replace('GPU-', 'GPU-x')
            else if ('value' in change && !line.startsWith('#')) {
              current[at] = line.replace(/ \S+$/, ` ${String(change.value).replace('Infinity', 'Inf')}`)
            }
          }
          const body = Buffer.from(`${current.join('\n')}\n`)
          const [steady, cold] = [parser.parse(body), createTargetParser().parse(body)]
          expect(rows(steady)).toEqual(rows(cold))
          expect(steady.refused).toEqual(cold.refused)
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('anything at all', () => {
  const token = fc.constantFrom(
    'm',
    '{',
    '}',
    '"',
    '=',
    ',',
    ' ',
    '\n',
    '\\',
    '#',
    '# EOF\n',
    '1',
    'NaN',
    '-',
    '.',
    'e',
    '\r',
    '\t',
    '\0',
    'é',
  )
  it('throws nothing but its own error', () => {
    const parser = createTargetParser()
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          fc.array(token, { maxLength: 60 }).map((parts) => Buffer.from(parts.join(''))),
        ),
        (body) => {
          const outcome = attempt(() => parser.parse(body))
          const sound =
            outcome instanceof Error
              ? outcome instanceof ExpositionError
              : outcome.series.length === outcome.count && outcome.values.length === outcome.count
          expect(sound).toBe(true)
        },
      ),
      { numRuns: 3000 },
    )
  })
})

describe('beside parse-prometheus-text-format', () => {
  const name = fc.stringMatching(/^[a-z_][a-z0-9_]{0,12}$/)
  const label = fc.tuple(
    name,
    fc.string({ minLength: 1, maxLength: 12 }).filter((text) => !/[\\"\n\r{},=]/.test(text)),
  )
  const sample = fc.record({
    name,
    labels: fc.uniqueArray(label, { maxLength: 4, selector: ([key]) => key }),
    value: fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 }),
  })

  it('reads the same', () => {
    const key = (metric: string, labels: Record<string, string> | undefined) =>
      `${metric} ${JSON.stringify(Object.entries(labels ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1)))}`
    const samples = fc.uniqueArray(sample, {
      minLength: 1,
      maxLength: 12,
      selector: (one) => key(one.name, Object.fromEntries(one.labels)),
    })
    fc.assert(
      fc.property(samples, (list) => {
        const lines = list.map(({ name: metric, labels, value }) => {
          const block = labels.map(([label, text]) => `${label}="${text}"`).join(',')
          return `${metric}${block === '' ? '' : `{${block}}`} ${value}`
        })
        const text = `${lines.join('\n')}\n`
        const theirs = peer(text).flatMap((family) =>
          family.metrics.map(({ labels, value }) => [key(family.name, labels), Number(value)] as const),
        )
        const ours = rows(parse(text)).map((row) => [key(row.name, row.labels), row.value] as const)
        expect(new Map(ours)).toEqual(new Map(theirs))
      }),
      { numRuns: 300 },
    )
  })

  it('reads back whatever is written, escapes and all', () => {
    const anything = fc.tuple(name, fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }))
    const one = fc.record({
      name,
      labels: fc.uniqueArray(anything, { maxLength: 4, selector: ([label]) => label }),
      value: fc.double(),
    })
    const escape = (text: string) =>
      text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
    fc.assert(
      fc.property(fc.uniqueArray(one, { maxLength: 12, selector: (each) => each.name }), (list) => {
        const lines = list.map(({ name: metric, labels, value }) => {
          const block = labels.map(([label, text]) => `${label}="${escape(text)}"`).join(',')
          return `${metric}{${block}} ${Object.is(value, -0) ? '-0' : String(value).replace('Infinity', 'Inf')}`
        })
        expect(rows(parse(`${lines.join('\n')}\n`))).toEqual(
          list.map((each) => ({
            name: each.name,
            labels: Object.fromEntries(each.labels),
            value: isBlank(each.value) ? Number.NaN : each.value,
          })),
        )
      }),
      { numRuns: 500 },
    )
  })
})

describe('real scrapes', () => {
  const data = realScrapes()
  it.for([
    ['dcgm-h100-pods.prom', 'DCGM_FI_DEV_POWER_USAGE', 8, 'Hostname'],
    ['dcgm-l4.prom', 'DCGM_FI_DEV_GPU_TEMP', 1, 'modelName'],
    ['dcgm-a100-mig.prom', 'DCGM_FI_PROF_GR_ENGINE_ACTIVE', 2, 'UUID'],
    ['vllm-scrape.prom', 'vllm:num_requests_running', 1, 'model_name'],
  ] as const)('%s', ([file, name, atLeast, label], { skip }) => {
    skip(!data.present, data.reason)
    const scrape = createTargetParser().parse(readFileSync(join(data.path, file)))
    const found = scrape.series.filter((series) => series.name === name)
    expect(found.length).toBeGreaterThanOrEqual(atLeast)
    expect(found.every((series) => series.labels.has(label))).toBe(true)
  })
})

function attempt<T>(run: () => T): T | Error {
  try {
    return run()
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

function caught(run: () => unknown): Error {
  try {
    run()
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('nothing was thrown')
}
