import { describe, expect, it, vi } from 'vitest'
import { rememberingQueries } from './remembering.ts'
import { createVectorReader, type Vector, type VectorReader } from './vectorReader.ts'

const body = (result: string) =>
  Buffer.from(`{"status":"success","data":{"resultType":"vector","result":[${result}]}}`)
const native = (labels: string, buckets: string) =>
  `{"metric":{${labels}},"histogram":[1700000000.5,{"count":"8","sum":"3.5","buckets":[${buckets}]}]}`

describe('native histograms in an answer', () => {
  it('are handed out by row, with their buckets as sent', () => {
    const { vector } = createVectorReader().read(
      body(
        [
          '{"metric":{"pod":"a"},"value":[1700000000.5,"7"]}',
          native(
            '"pod":"b"',
            '[3,"-0.001","0.001","1"],[0,"0.5","0.7071067811865475","5"],[0,"8","+Inf","2"]',
          ),
          native('"pod":"c"', ''),
        ].join(','),
      ),
    )
    expect([...vector.values]).toEqual([7, Number.NaN, Number.NaN])
    expect(vector.evaluatedAt).toBe(1_700_000_000_500)
    expect([...vector.histograms.keys()]).toEqual([1, 2])
    expect(vector.histograms.get(1)).toEqual({
      count: 8,
      sum: 3.5,
      buckets: [
        { rule: 3, left: -0.001, right: 0.001, count: 1 },
        { rule: 0, left: 0.5, right: 0.7071067811865475, count: 5 },
        { rule: 0, left: 8, right: Infinity, count: 2 },
      ],
    })
    expect(vector.histograms.get(2)?.buckets).toEqual([])
  })

  it('do not stay from one answer to the next', () => {
    const reader = createVectorReader()
    const before = reader.read(body(native('"pod":"a"', '[0,"1","2","8"]'))).vector
    const after = reader.read(body('{"metric":{"pod":"a"},"value":[1,"7"]}')).vector
    expect(after.series).toBe(before.series)
    expect(after.histograms.size).toBe(0)
  })

  it('take their place whatever the order in the row', () => {
    const row = '{"histogram":[1,{"buckets":[[0,"1","2","8"]],"count":"8","sum":"9"}],"metric":{"pod":"a"}}'
    expect(createVectorReader().read(body(row)).vector.histograms.get(0)?.count).toBe(8)
  })

  it.each([
    ['bounds that fall', '[0,"2","1","8"]'],
    ['buckets out of order', '[0,"4","8","1"],[0,"1","2","1"]'],
    ['a bucket that is cut off', '[0,"1","2"]'],
    ['a count that is none', '[0,"1","2","many"]'],
  ])('are refused with %s', (_what, buckets) => {
    expect(() => createVectorReader().read(body(native('"pod":"a"', buckets)))).toThrow(
      /expected .* at byte \d+/,
    )
  })

  it('are bounded', () => {
    const many = Array.from({ length: 5000 }, (_, index) => `[0,"${index}","${index + 1}","1"]`).join(',')
    expect(() => createVectorReader().read(body(native('"pod":"a"', many)))).toThrow('at most 4096 buckets')
  })
})

describe('rememberingQueries', () => {
  it('gives every question a reader of its own, and forgets the oldest', async () => {
    const readers = new Map<string, Set<VectorReader | undefined>>()
    const value: Vector = {
      series: [],
      values: new Float64Array(0),
      histograms: new Map(),
      evaluatedAt: null,
    }
    const query = vi.fn((promql: string, options?: { reader?: VectorReader; aside?: boolean }) => {
      readers.set(promql, (readers.get(promql) ?? new Set()).add(options?.reader))
      return Promise.resolve({ value, warnings: [], partial: false, bytes: 0, latencyMs: 0 })
    })
    const queries = rememberingQueries({ query })
    for (const promql of ['a', 'b', 'a', 'a']) await queries.query(promql, { aside: true })
    expect(query).toHaveBeenLastCalledWith('a', expect.objectContaining({ aside: true }))
    expect([...readers.values()].map(({ size }) => size)).toEqual([1, 1])
    for (let other = 0; other < 40; other++) await queries.query(`other ${other}`)
    await queries.query('a')
    expect(readers.get('a')?.size).toBe(2)
  })
})
