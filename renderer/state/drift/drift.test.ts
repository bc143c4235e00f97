import { describe, expect, it } from 'vitest'
import type { DriftRow } from '../../../shared/contract/tokens.ts'
import { driftAdvice, worstFirst } from './drift.ts'

function row(model: string, state: DriftRow['state'], severity: DriftRow['severity'] = 'normal') {
  return {
    model,
    gpuType: 'H100',
    state,
    severity,
    served: '1',
    metered: '1',
    drift: '0',
    driftShare: 0,
    driftAmount: null,
    since: null,
    spark: [],
    note: '',
  } satisfies DriftRow
}

describe('worstFirst', () => {
  it('puts what drifts above what is larger, and keeps the order of the rest', () => {
    const rows = [
      row('large', 'agrees'),
      row('new', 'learning'),
      row('small', 'drifts', 'advisory'),
      row('bad', 'drifts', 'critical'),
    ]
    expect(worstFirst(rows).map(({ model }) => model)).toEqual(['bad', 'small', 'large', 'new'])
  })
})

describe('driftAdvice', () => {
  it('tells what was given away from what was counted twice', () => {
    expect(driftAdvice({ driftShare: 0.015 })).toContain('lost')
    expect(driftAdvice({ driftShare: -0.08 })).toContain('twice')
  })
})
