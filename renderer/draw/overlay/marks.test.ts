import { describe, expect, it } from 'vitest'
import { SEVERITY } from '../../../shared/model/figure.ts'
import { syntheticFleet } from '../../../test/fixtures/syntheticFleet.ts'
import { rowsInRect } from '../hit.ts'
import { layOut } from '../layout/layout.ts'
import { fit, visibleWorld, zoomAbout } from '../viewport.ts'
import { abnormalInSight } from './marks.ts'

const size = { width: 1400, height: 700 }
const { topology, first: frame } = syntheticFleet({ gpus: 16_384, abnormal: 2500 })
const layout = layOut(topology, { ...size, pixelRatio: 1, em: 1 })

describe('the marks of a near view', () => {
  it('take in every abnormal row in sight and no other, however many the floor has', () => {
    for (const [x, y] of [
      [0, 0],
      [700, 350],
      [1400, 700],
    ] as const) {
      const view = zoomAbout(fit(layout, size), 8, x, y)
      const seen = rowsInRect(layout, visibleWorld(view, size))
      const { advisory, critical } = abnormalInSight({ frame, layout, view, size })
      expect(critical).toEqual(seen.filter((row) => frame.severity[row] === SEVERITY.critical))
      expect(advisory).toEqual(seen.filter((row) => frame.severity[row] === SEVERITY.advisory))
      expect(critical.length).toBeGreaterThan(10)
    }
  })

  it('take a severity that this screen does not know for critical', () => {
    const view = fit(layout, size)
    const severity = frame.severity.slice()
    severity[0] = 7
    expect(abnormalInSight({ frame: { ...frame, severity }, layout, view, size }).critical).toContain(0)
  })

  it('claim nothing without a frame', () => {
    expect(abnormalInSight({ frame: null, layout, view: fit(layout, size), size })).toEqual({
      advisory: [],
      critical: [],
    })
  })
})
