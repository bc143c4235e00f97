import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AnswerError, decimal } from './jsonCursor.ts'
import { createVectorReader, DEFAULT_READER_LIMITS, STRANGER, type Vector } from './vectorReader.ts'

const bytes = (text: string) => Buffer.from(text, 'utf8')
const row = (labels: Record<string, string>, value: string, at = 1700000000.123) =>
  `{"metric":${JSON.stringify(labels)},"value":[${at},"${value}"]}`
const answer = (...rows: string[]) =>
  `{"status":"success","data":{"resultType":"vector","result":[${rows.join(',')}]}}`
const read = (text: string) => createVectorReader().read(bytes(text))

/** Null where the answer is refused as it should be; any other error comes through. */
function readable(text: string): Vector | null {
  try {
    return read(text).vector
  } catch (error) {
    if (error instanceof AnswerError) return null
    throw error
  }
}

const small = () => createVectorReader({ maxSeries: 2, maxLabels: 2, maxLabelBytes: 8 })

describe('vector reader', () => {
  it('reads values, labels and the time of evaluation', () => {
    const { vector } = read(answer(row({ UUID: 'a' }, '113.611'), row({ __name__: 'x', UUID: 'b' }, '0')))
    expect([...vector.values]).toEqual([113.611, 0])
    expect(vector.series).toEqual([
      { name: '', labels: new Map([['UUID', 'a']]) },
      { name: 'x', labels: new Map([['UUID', 'b']]) },
    ])
    expect(vector.evaluatedAt).toBe(1700000000123)
  })

  it.each([
    ['NaN', Number.NaN],
    ['+Inf', Infinity],
    ['-Inf', -Infinity],
    ['-0.5', -0.5],
    ['1e+300', 1e300],
    ['9223372036854775807', 2 ** 63],
    ['0.000001', 0.000001],
    ['.5', 0.5],
  ])('reads the value %s', (text, value) => {
    expect(read(answer(row({}, text))).vector.values[0]).toBe(value)
  })

  it.each(['', 'abc', '1,5', '0x10', 'Infinity', 'nan', '1e', '--1', '1 '])(
    'refuses the value %j',
    (text) => {
      expect(() => read(answer(row({}, text)))).toThrow(AnswerError)
    },
  )

  it('reads plain decimals exactly as Number does', () => {
    const printed = fc.oneof(
      fc.double({ noNaN: true, min: -1e15, max: 1e15 }).map((value) => value.toFixed(6)),
      fc.double({ noNaN: true, min: 0, max: 4000 }).map(String),
      fc.maxSafeInteger().map(String),
    )
    fc.assert(
      fc.property(printed, (text) => {
        const fast = decimal(bytes(text), 0, text.length)
        expect(Number.isNaN(fast) ? 'the slow way' : fast).toBe(
          Number.isNaN(fast) ? 'the slow way' : Number(text),
        )
      }),
      { numRuns: 2000 },
    )
  })

  it('keeps the series array while the same series come in the same order', () => {
    const reader = createVectorReader()
    const first = reader.read(bytes(answer(row({ UUID: 'a' }, '1'), row({ UUID: 'b' }, '2')))).vector
    const second = reader.read(
      bytes(answer(row({ UUID: 'a' }, '30'), row({ UUID: 'b' }, '4', 1700000005))),
    ).vector
    expect(second.series).toBe(first.series)
    expect([...second.values]).toEqual([30, 4])
    expect([...first.values]).toEqual([1, 2])
  })

  it('gives a new array when a series comes, goes or changes place, and keeps what stayed', () => {
    const reader = createVectorReader()
    const a = row({ UUID: 'a' }, '1')
    const b = row({ UUID: 'b' }, '2')
    const first = reader.read(bytes(answer(a, b))).vector
    const shorter = reader.read(bytes(answer(a))).vector
    expect(shorter.series).not.toBe(first.series)
    expect(shorter.series[0]).toBe(first.series[0])
    expect(reader.read(bytes(answer(b, a))).vector.series.map((s) => s.labels.get('UUID'))).toEqual([
      'b',
      'a',
    ])
    expect(reader.read(bytes(answer())).vector.series).toEqual([])
    expect(reader.read(bytes(answer(a, b))).vector.series).toHaveLength(2)
  })

  it('remembers nothing of an answer that it refused', () => {
    const reader = createVectorReader()
    const good = answer(row({ UUID: 'a' }, '1'))
    const first = reader.read(bytes(good)).vector
    expect(() => reader.read(bytes(good.slice(0, -3)))).toThrow(AnswerError)
    expect(reader.read(bytes(good)).vector.series).toBe(first.series)
  })

  it('takes any order and spacing of members, and members it does not know', () => {
    const text = `{ "stats": {"seriesFetched":"2", "x":[1,-2.5e3,null,true,{"y":"\\u00e9"}]},
      "data" : { "result" : [ { "value" : [ 1700000000 , "5" ], "metric" : { "UUID" : "a\\"b" } } ],
      "resultType" : "vector" }, "isPartial": true, "warnings":["w"], "infos":["i"], "status":"success" }`
    const got = read(text)
    expect([...got.vector.values]).toEqual([5])
    expect(got.vector.series[0]?.labels.get('UUID')).toBe('a"b')
    expect([got.partial, got.warnings]).toEqual([true, ['w', 'i']])
  })

  it('reads a scalar as one series without labels, and a vector after it', () => {
    const reader = createVectorReader()
    const scalar = '{"status":"success","data":{"resultType":"scalar","result":[1,"7"]}}'
    expect([...reader.read(bytes(scalar)).vector.values]).toEqual([7])
    expect(reader.read(bytes(answer(row({ UUID: 'a' }, '1')))).vector.series[0]?.labels.get('UUID')).toBe('a')
  })

  it('marks a native histogram NaN instead of inventing a figure', () => {
    const text = answer(
      '{"metric":{"UUID":"a"},"histogram":[1,{"count":"1","sum":"2"}]}',
      row({ UUID: 'b' }, '3'),
    )
    expect([...read(text).vector.values]).toEqual([Number.NaN, 3])
  })

  it('hands errors of the back end on', () => {
    expect(read('{"status":"error","errorType":"bad_data","error":"no"}').error).toEqual({
      type: 'bad_data',
      text: 'no',
    })
  })

  it.each([
    ['', 'expected "{" at byte 0'],
    ['[]', 'expected "{" at byte 0'],
    ['{}', 'a status of "success" or "error"'],
    ['{"status":"success"}', 'data'],
    ['{"status":"success","data":null}', 'data'],
    ['{"status":"success","data":{"resultType":"matrix","result":[]}}', 'a result of type vector or scalar'],
    ['{"status":"success","data":{"resultType":"vector"}}', 'a result'],
    [answer('{"value":[1,"2"]}'), 'a metric in the row'],
    [answer('{"metric":{"a":1},"value":[1,"2"]}'), 'a quoted text'],
    [answer('{"metric":{},"value":[1]}'), '","'],
    [answer('{"metric":{},"value":["1","2"]}'), 'a number'],
    [answer('{"metric":{},"value":[01,"2"]}'), 'a number'],
    [answer('{"metric":{},"value":[1,2]}'), 'a quoted text'],
    [`${answer()}x`, 'the end of the answer'],
    [`{"status":"success","x":${'['.repeat(50)}`, 'nested levels'],
    ['{"status":"success","data":{"resultType":"vector","result":[],"x":"\\q"}', 'a valid escape'],
  ])('refuses %j', (text, expected) => {
    expect(() => read(text)).toThrow(expected)
  })

  it('keeps to its limits', () => {
    const three = answer(row({ a: '1' }, '1'), row({ a: '2' }, '1'), row({ a: '3' }, '1'))
    expect(() => small().read(bytes(three))).toThrow('at most 2 series')
    expect(() => small().read(bytes(answer(row({ a: '1', b: '2', c: '3' }, '1'))))).toThrow(
      'at most 2 labels',
    )
    expect(() => small().read(bytes(answer(row({ a: 'x'.repeat(9) }, '1'))))).toThrow('at most 8 bytes')
  })

  const label = fc.string({ unit: 'grapheme', maxLength: 6 })
  const labels = fc.dictionary(label, label, { maxKeys: 4 })
  const value = fc.oneof(
    fc
      .double()
      .map((number) =>
        Number.isNaN(number)
          ? 'NaN'
          : number === Infinity
            ? '+Inf'
            : String(number).replace('-Infinity', '-Inf'),
      ),
    fc.constantFrom('0', '1', '30'),
  )
  const rows = fc.array(fc.tuple(labels, value), { maxLength: 8 })

  it('agrees with JSON.parse on every answer, one after the other', () => {
    fc.assert(
      fc.property(fc.array(rows, { minLength: 1, maxLength: 4 }), fc.nat(2), (answers, indent) => {
        const reader = createVectorReader()
        for (const list of answers) {
          const compact = answer(...list.map(([set, text]) => row(set, text)))
          const text = indent === 0 ? compact : JSON.stringify(JSON.parse(compact), null, indent)
          expect(plain(reader.read(bytes(text)).vector)).toEqual(reference(text))
        }
      }),
    )
  })

  it('never accepts what JSON.parse refuses, and fails with its own error alone', () => {
    const damage = fc.tuple(
      fc.nat(400),
      fc.constantFrom('', '"', '{', '}', ',', '\\', '0', '\u0000', '\u00ff'),
    )
    fc.assert(
      fc.property(rows, fc.array(damage, { minLength: 1, maxLength: 3 }), (list, damages) => {
        let text = answer(...list.map(([set, number]) => row(set, number)))
        for (const [at, put] of damages)
          text = text.slice(0, at % text.length) + put + text.slice((at % text.length) + 1)
        text = text.toWellFormed()
        const vector = readable(text)
        expect(vector === null ? null : plain(vector)).toEqual(vector === null ? null : reference(text))
      }),
      { numRuns: 2000 },
    )
  })

  it('has limits that hold a floor of 100,000 GPUs', () => {
    expect(DEFAULT_READER_LIMITS.maxSeries).toBeGreaterThan(100_000)
  })
})

type Plain = { labels: [string, string][]; value: number }[]

const byName = ([a]: [string, string], [b]: [string, string]) => (a < b ? -1 : a > b ? 1 : 0)

function plain(vector: Vector): Plain {
  return vector.series.map(({ name, labels }, index) => ({
    labels: [...labels, ...(name === '' ? [] : [['__name__', name] as [string, string]])].toSorted(byName),
    value: vector.values.at(index) ?? Number.NaN,
  }))
}

function reference(text: string): Plain {
  const { data } = JSON.parse(text, withoutSetter) as {
    data?: { result: { metric: [string, string][]; value?: [number, string] }[] }
  }
  const words: Record<string, number> = {
    NaN: Number.NaN,
    '+Inf': Infinity,
    Inf: Infinity,
    '-Inf': -Infinity,
  }
  return (data?.result ?? []).map(({ metric, value }) => ({
    labels: metric.filter(([name, label]) => name !== '__name__' || label !== '').toSorted(byName),
    value: value === undefined ? Number.NaN : (words[value[1]] ?? Number(value[1])),
  }))
}

/** Entries instead of objects, so that a label called __proto__ stays a label. */
function withoutSetter(key: string, value: unknown): unknown {
  return key === 'metric' ? Object.entries(value as Record<string, string>) : value
}

describe('an answer of others than were asked for', () => {
  const known = (labels: ReadonlyMap<string, string>): boolean => (labels.get('UUID') ?? '').startsWith('k')
  const gated = () => createVectorReader({ labels: new Set(['UUID']), gate: () => known })

  it('keeps the labels that were asked for, and of rows that are let in', () => {
    const { vector } = gated().read(
      bytes(answer(row({ UUID: 'k1', more: 'x' }, '1'), row({ UUID: 'u' }, '2'))),
    )
    expect(vector.series).toEqual([{ name: '', labels: new Map([['UUID', 'k1']]) }, STRANGER])
    expect([...vector.values]).toEqual([1, 2])
  })

  it('looks at strangers again when others are let in', () => {
    let letIn = 'a'
    const reader = createVectorReader({ gate: () => (labels) => labels.get('UUID') === letIn })
    const body = () => bytes(answer(row({ UUID: 'a' }, '1'), row({ UUID: 'b' }, '2')))
    const first = reader.read(body()).vector.series
    letIn = 'b'
    expect(reader.read(body()).vector.series).toBe(first)
    reader.reconsider()
    expect(reader.read(body()).vector.series.map((one) => one === STRANGER)).toEqual([true, false])
  })

  it('reads in steps, and the same as at once', () => {
    const text = answer(...Array.from({ length: 2000 }, (_, i) => row({ UUID: `k${i}` }, String(i))))
    const steps = createVectorReader().steps(bytes(text))
    let count = 0
    for (;;) {
      const step = steps.next()
      if (step.done === true) {
        expect(step.value).toEqual(read(text))
        break
      }
      count += 1
    }
    expect(count).toBeGreaterThan(text.length / 32_768)
  })

  it.each([
    ['white space', `${' '.repeat(100_000)}{}`],
    ['a text', answer().replace('"vector"', `"${'v'.repeat(2 ** 20 + 1)}"`)],
    ['digits', answer(row({}, '1')).replace('1700000000.123', '1'.repeat(5000))],
    ['a value in a row', answer(`{"metric":{},"x":[${'1,'.repeat(600_000)}1],"value":[1,"1"]}`)],
    ['members of a row', answer(`{"metric":{},${'"x":1,'.repeat(2000)}"value":[1,"1"]}`)],
    ['labels of one name', answer(`{"metric":{${'"x":"1",'.repeat(100)}"x":"1"},"value":[1,"1"]}`)],
  ])('refuses %s without end', (_, text) => {
    expect(() => read(text)).toThrow(AnswerError)
  })

  it('passes over what it does not know, however long', () => {
    const long = `"more":[${'1,[2],{"a":3},'.repeat(100_000)}4]`
    expect(read(answer(row({}, '5')).replace('{"status"', `{${long},"status"`)).vector.values[0]).toBe(5)
  })
})
