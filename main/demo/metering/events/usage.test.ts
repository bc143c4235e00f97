import { describe, expect, it } from 'vitest'
import type { MeteringEvent } from '../../../../shared/metering/audit.ts'
import type { Correction } from '../../ledger/types.ts'
import { createUsageNews } from './usage.ts'

describe('createUsageNews', () => {
  it('tells each advance and each correction once', () => {
    const heard: MeteringEvent[] = []
    const state: { now: number; reach: number; correction: Correction | null } = {
      now: 60_000,
      reach: 50_000,
      correction: { at: 1000, fromMs: 0 },
    }
    const news = createUsageNews(
      { now: () => state.now, dataAsOf: () => state.reach, lastCorrection: () => state.correction },
      { publish: (event) => heard.push(event) },
    )
    news.tick()
    expect(heard).toEqual([])
    Object.assign(state, { now: 70_000, reach: 60_000, correction: { at: 70_000, fromMs: 20_000 } })
    news.tick()
    news.tick()
    const at = '1970-01-01T00:01:10.000Z'
    expect(heard).toEqual([
      { type: 'usage.corrected', at, subject: 'usage', from: '1970-01-01T00:00:20.000Z' },
      { type: 'usage.advanced', at, subject: 'usage' },
    ])
  })
})
