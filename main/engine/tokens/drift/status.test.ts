import { describe, expect, it } from 'vitest'
import type { DriftRow } from '../../../../shared/contract/tokens.ts'
import { driftStatus } from './status.ts'

const row = (over: Partial<DriftRow> = {}): DriftRow => ({
  model: '',
  gpuType: '',
  state: 'agrees',
  severity: 'normal',
  served: '1000',
  metered: '1000',
  drift: '0',
  driftShare: 0,
  driftAmount: null,
  since: null,
  spark: [],
  note: '',
  ...over,
})
const drifting = (model: string, severity: 'advisory' | 'critical') =>
  row({ model, gpuType: 'H100', state: 'drifts', severity, note: '3 % of what was served is not metered.' })

describe('driftStatus', () => {
  it('agrees where the total and every row agree', () => {
    expect(driftStatus({ total: row(), rows: [row({ model: 'a' })] })).toEqual({
      state: 'agrees',
      severity: 'normal',
      text: 'What the inference servers served and what was metered agree.',
    })
  })

  it('drifts as badly as the worst row, whatever the total says', () => {
    const rows = [row({ model: 'big' }), drifting('b', 'advisory'), drifting('small', 'critical')]
    for (const state of ['agrees', 'learning', 'unknown'] as const) {
      expect(driftStatus({ total: row({ state }), rows })).toMatchObject({
        state: 'drifts',
        severity: 'critical',
        text: 'small on H100: 3 % of what was served is not metered. And 1 more.',
      })
    }
    expect(driftStatus({ total: drifting('', 'critical'), rows: [] })).toMatchObject({
      state: 'drifts',
      severity: 'critical',
      text: expect.stringContaining('All models: '),
    })
  })

  it('is no agreement while a row is unknown or cannot be told, though the total agrees', () => {
    const rows = [
      row({ model: 'a' }),
      row({ model: 'b', state: 'unknown' }),
      row({ model: 'c', state: 'learning' }),
    ]
    expect(driftStatus({ total: row(), rows })).toEqual({
      state: 'learning',
      severity: 'normal',
      text: 'Served and metered tokens agree in sum; of 2 of 3 models it cannot be told yet.',
    })
  })

  it('says why the total is not known', () => {
    const total = row({ state: 'unknown', note: 'The metering has not told all of that time.' })
    expect(driftStatus({ total, rows: [row({ model: 'a' })] })).toMatchObject({
      state: 'unknown',
      text: expect.stringContaining('The metering has not told all of that time.'),
    })
  })
})
