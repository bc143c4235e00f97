import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { quantilesOf } from '../../core/tokens/latency/quantile.ts'
import { readHaving, readLatencies } from './rows.ts'
import type { InferenceNaming, InstantAnswer } from './types.ts'

const naming: InferenceNaming = {
  labels: { namespace: ['namespace'], pod: ['pod'], model: ['model_name'], endpoint: [], host: [] },
  names: {},
  models: {},
}

describe('readLatencies', () => {
  it('adds servers that print one bound differently, so that no quantile jumps', () => {
    const rows = [
      ['0.5', 100],
      ['1', 60],
      ['1.0', 60],
      ['+Inf', 200],
    ] as const
    const series = rows.map(([le]) => ({
      name: '',
      labels: new Map([
        ['le', le as string],
        ['model_name', 'llama'],
      ]),
    }))
    const values = Float64Array.from(rows, ([, value]) => value)
    const answer: InstantAnswer['value'] = { series, values, histograms: new Map(), evaluatedAt: null }
    const [latency] = readLatencies('duration', answer, new Map(), 300_000, naming)
    expect(latency?.histogram).toEqual({ bounds: [0.5, 1], counts: [100, 20, 80] })
    expect(latency && quantilesOf(latency.histogram)).toMatchObject({ p50: 0.5, p99: null, beyond: 1 })
  })

  const path = join(import.meta.dirname, '../../../test/fixtures/cases/19-vllm-mixed-buckets.json')
  type Rows = { data: { result: { metric: Record<string, string>; value: [number, string] }[] } }
  const { data } = JSON.parse(readFileSync(path, 'utf8')) as Rows
  const answerOf = (rows: Rows['data']['result']): InstantAnswer['value'] => ({
    series: rows.map(({ metric }) => ({ name: '', labels: new Map(Object.entries(metric)) })),
    values: Float64Array.from(rows, ({ value }) => Number(value[1])),
    histograms: new Map(),
    evaluatedAt: null,
  })

  it('19: reads servers with different bounds at the bounds that all of them have', () => {
    const [latency] = readLatencies('timeToFirstToken', answerOf(data.result), new Map(), 300_000, naming)
    expect(latency?.histogram).toEqual({ bounds: [0.5, 1, 5, 10], counts: [370, 220, 154, 51, 205] })
    expect(latency && quantilesOf(latency.histogram)).toMatchObject({ p90: null, p99: null, beyond: 10 })
  })

  it('19: also where the counts do not fall, by how many histograms have each bound', () => {
    // Nine of ten observations are of the server that has the bound at 20 s: its sum there looks like a whole.
    const rows = (all: readonly (readonly [string, number])[], more = {}): Rows['data']['result'] =>
      all.map(([le, count]) => ({ metric: { le, model_name: 'm', ...more }, value: [0, String(count)] }))
    const sums = [
      ['10.0', 800],
      ['20.0', 850],
      ['+Inf', 1000],
    ] as const
    const having = [
      ['10.0', 1],
      ['10', 1],
      ['20.0', 1],
      ['+Inf', 2],
    ] as const
    const bounds = readHaving(answerOf(rows(having, { floorwatch_having: '1' })))
    const [latency] = readLatencies('duration', answerOf(rows(sums)), bounds, 300_000, naming)
    expect(latency?.histogram).toEqual({ bounds: [10], counts: [800, 200] })
    // What does not say what it is answers another question.
    expect(readHaving(answerOf(rows(having))).size).toBe(0)
  })
})
