import { describe, expect, it } from 'vitest'
import { onGrid, readMatrix } from './matrixReader.ts'

const bytes = (text: string) => Buffer.from(text, 'utf8')
const matrix = (rows: string) =>
  bytes(`{"status":"success","data":{"resultType":"matrix","result":[${rows}]}}`)

describe('readMatrix', () => {
  it('reads times in ms, values and labels', () => {
    const answer = readMatrix(
      matrix('{"metric":{"UUID":"a"},"values":[[1700000000,"1"],[1700000015.5,"NaN"]]}'),
    )
    const [series] = answer.series
    expect(series?.labels.get('UUID')).toBe('a')
    expect([...(series?.times ?? [])]).toEqual([1700000000000, 1700000015500])
    expect([...(series?.values ?? [])]).toEqual([1, Number.NaN])
  })

  it.each([
    ['{"metric":{},"values":[[2,"1"],[2,"1"]]}', 'ascending times'],
    ['{"values":[[2,"1"]]}', 'a metric in the row'],
    ['{"metric":{},"values":[[2]]}', '","'],
  ])('refuses %s', (rows, expected) => {
    expect(() => readMatrix(matrix(rows))).toThrow(expected)
  })

  it('refuses an instant answer and too many points', () => {
    expect(() =>
      readMatrix(bytes('{"status":"success","data":{"resultType":"vector","result":[]}}')),
    ).toThrow('type matrix')
    const three = matrix('{"metric":{},"values":[[1,"1"],[2,"1"]]},{"metric":{},"values":[[1,"1"]]}')
    expect(() => readMatrix(three, undefined, 2)).toThrow('points')
  })

  it('hands errors of the back end on', () => {
    expect(readMatrix(bytes('{"status":"error","errorType":"x","error":"y"}')).error).toEqual({
      type: 'x',
      text: 'y',
    })
  })
})

describe('onGrid', () => {
  it('leaves NaN where there is no point and ignores what lies outside', () => {
    const series = { times: Float64Array.of(0, 2000, 3100, 9000), values: Float64Array.of(1, 2, 3, 9) }
    expect([...onGrid(series, { fromMs: 0, toMs: 4000, stepMs: 1000 })]).toEqual([
      1,
      Number.NaN,
      2,
      3,
      Number.NaN,
    ])
  })
})
