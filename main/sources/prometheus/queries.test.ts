import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { field } from '../../../shared/model/field.ts'
import {
  fastQuery,
  frozenQuery,
  historyQuery,
  historyWindow,
  identityQuery,
  sampleAgeQuery,
  xidCountQuery,
} from './queries.ts'

describe('queries', () => {
  it('asks a fast field by identity alone', () => {
    expect(fastQuery(['DCGM_FI_DEV_POWER_USAGE'], '')).toBe(
      'max by (UUID,gpu_uuid,uuid,GPU_I_ID) ({__name__="DCGM_FI_DEV_POWER_USAGE"})',
    )
  })

  it('puts the preferred series first and the selector into each', () => {
    expect(fastQuery(['A', 'B'], 'cluster="a"', 'tail')).toBe(
      'label_replace(max by (UUID,gpu_uuid,uuid,GPU_I_ID) ({__name__="A",cluster="a"}) or max by (UUID,gpu_uuid,uuid,GPU_I_ID) ({__name__="B",cluster="a"}),"UUID","$1","UUID",".*-(.{12})")',
    )
  })

  it('asks when samples were taken, an exporter at a time', () => {
    expect(sampleAgeQuery('job="dcgm"', ['A', 'B'])).toBe(
      'min by (instance) (timestamp({__name__="A",job="dcgm"})) or min by (instance) (timestamp({__name__="B",job="dcgm"}))',
    )
  })

  it('learns identity from more than one series', () => {
    for (const name of ['DCGM_FI_DEV_GPU_UTIL', 'DCGM_FI_DEV_FB_USED', 'DCGM_FI_PROF_SM_ACTIVE'])
      expect(identityQuery('')).toContain(`"${name}"`)
    expect(identityQuery('')).toContain('exported_pod')
  })

  it('looks for frozen exporters within the window', () => {
    expect(frozenQuery('', 180_000)).toContain(
      'changes({__name__="DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION"}[180s])',
    )
  })

  it('keeps XID codes apart', () => {
    expect(xidCountQuery('')).toContain('max by (UUID,gpu_uuid,uuid,GPU_I_ID,xid,window_size_in_ms)')
  })

  it('sums history up by the kind of its field, over no less than the step', () => {
    expect(historyQuery(field('power'), ['GPU-1'], '', 60_000, 5000)).toBe(
      'max by (UUID,gpu_uuid,uuid,GPU_I_ID) (avg_over_time({__name__="DCGM_FI_DEV_POWER_USAGE",UUID="GPU-1"}[60s]))',
    )
    expect(historyQuery(field('xid'), ['GPU-1', 'GPU-2'], '', 1000, 10_000)).toBe(
      'max by (UUID,gpu_uuid,uuid,GPU_I_ID) (max_over_time({__name__="DCGM_FI_DEV_XID_ERRORS",UUID=~"GPU-1|GPU-2"}[25s]))',
    )
    expect(historyQuery(field('energy'), ['GPU-1'], '', 60_000, 5000)).toContain('last_over_time')
  })
})

describe('historyWindow', () => {
  it('fits the points, covers the span and stands on its grid', () => {
    const at = fc.integer({ min: 1.7e12, max: 1.9e12 })
    fc.assert(
      fc.property(
        at,
        fc.integer({ min: 0, max: 400 * 86_400_000 }),
        fc.oneof(fc.integer({ min: 2, max: 20 }), fc.integer({ min: 2, max: 4000 })),
        (to, span, most) => {
          const window = historyWindow(to - span, to, most)
          const points = (window.toMs - window.fromMs) / window.stepMs + 1
          expect(points).toBeLessThanOrEqual(Math.max(3, most))
          expect(window.fromMs).toBeLessThanOrEqual(to - span)
          expect(window.toMs).toBeGreaterThanOrEqual(to)
          expect(window.fromMs % window.stepMs).toBe(0)
          expect(window.stepMs % 1000).toBe(0)
        },
      ),
    )
  })

  it('is as fine as the points allow', () => {
    const { stepMs } = historyWindow(1.7e12 + 1, 1.7e12 + 3_600_000, 362)
    expect(stepMs).toBe(10_000)
  })

  it('is never finer than the samples', () => {
    expect(historyWindow(0, 60_000, 4000, 15_000).stepMs).toBe(15_000)
  })
})
