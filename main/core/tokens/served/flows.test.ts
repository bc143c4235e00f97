import { describe, expect, it } from 'vitest'
import type { ServedCurve, ServedRate } from './types.ts'
import { byTypeAndModel, passing, perSecond, rankServed, servedRates, unjoinedOf } from './flows.ts'

const flow = (model: string, gpuType: string, input: number, output: number): ServedRate => ({
  model,
  endpoint: `${model}-chat`,
  gpuType,
  input,
  output,
  requests: 1,
})
const curve = (gpuType: string, input: number[]): ServedCurve => ({
  model: 'llama',
  endpoint: 'llama-chat',
  gpuType,
  input: Float64Array.from(input),
  output: Float64Array.from(input, (tokens) => tokens / 2),
  requests: new Float64Array(input.length),
})
const FLOWS = [
  flow('llama', 'H100', 600, 200),
  flow('llama', 'B200', 300, 100),
  flow('qwen', 'H100', 90, 10),
  flow('qwen', '', 150, 50),
]

describe('served tokens by GPU type', () => {
  it('ranks types with what is not mapped to a GPU as a row of its own, and adds up', () => {
    const { rows, others, total } = rankServed('gpuType', FLOWS, [], 1000, 10)
    expect(rows.map(({ name, share }) => [name, share])).toEqual([
      ['H100', 900 / 1500],
      ['B200', 400 / 1500],
      ['', 200 / 1500],
    ])
    expect(others).toBeNull()
    expect(total).toBe(3)
    expect(rows.reduce((sum, { rates }) => sum + (rates.input ?? 0) + (rates.output ?? 0), 0)).toBe(1500)
    expect(unjoinedOf(FLOWS)).toEqual({ share: 200 / 1500, tokens: 200 })
  })

  it('sums who lies beyond the limit', () => {
    const { rows, others } = rankServed('gpuType', FLOWS, [], 1000, 1)
    expect(rows).toHaveLength(1)
    expect(others).toMatchObject({ count: 2, rates: { input: 450, output: 150, requests: 2 } })
  })

  it('narrows by models and types, each dimension under the filters of the others', () => {
    expect(passing(FLOWS, { model: ['qwen'] }).map(({ gpuType }) => gpuType)).toEqual(['H100', ''])
    expect(passing(FLOWS, { model: ['qwen'], gpuType: ['H100'] }, 'gpuType')).toHaveLength(2)
    expect(passing(FLOWS, { gpuType: [''] })).toEqual([FLOWS[3]])
  })

  it('knows nothing of what servers do not count', () => {
    expect(servedRates(FLOWS)).toEqual({
      input: 1140,
      output: 360,
      requests: 4,
      cachedInput: null,
      reasoning: null,
      rejected: null,
      errors: null,
      errorTokens: null,
    })
  })

  it('draws its sparks and its layers per second', () => {
    const curves = [curve('H100', [1000, 2000]), curve('H100', [1000, 0]), curve('B200', [4, 4])]
    const [h100, b200] = rankServed(
      'gpuType',
      [flow('llama', 'H100', 2, 1), flow('llama', 'B200', 1, 1)],
      curves,
      500,
      5,
    ).rows
    expect(h100?.spark).toEqual([6000, 6000])
    expect(b200?.spark).toEqual([12, 12])
    expect(perSecond(curves.slice(0, 2), 'input', 500)).toEqual([4000, 4000])
    expect(perSecond([], 'tokens', 500)).toEqual([])
  })

  it('groups by type and model for yields', () => {
    const flows = byTypeAndModel(FLOWS)
    expect([...flows.keys()]).toEqual(['H100', 'B200', ''])
    expect(flows.get('H100')?.get('qwen')).toMatchObject({ input: 90, output: 10 })
  })
})

describe('without any server', () => {
  it('has no share and no rows', () => {
    expect(unjoinedOf([])).toEqual({ share: null, tokens: 0 })
    expect(rankServed('model', [], [], 1000, 5)).toEqual({ rows: [], others: null, total: 0 })
  })
})
