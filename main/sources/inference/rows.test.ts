import { describe, expect, it } from 'vitest'
import { quantilesOf } from '../../core/tokens/quantile.ts'
import { readLatencies } from './rows.ts'
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
    const [latency] = readLatencies('duration', answer, 300_000, naming)
    expect(latency?.histogram).toEqual({ bounds: [0.5, 1], counts: [100, 20, 80] })
    expect(latency && quantilesOf(latency.histogram)).toMatchObject({ p50: 0.5, p99: null, beyond: 1 })
  })
})
