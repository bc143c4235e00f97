import { describe, expect, it } from 'vitest'
import { FIGURE, PRESENCE, SEVERITY } from '../../shared/model/figure.ts'
import { syntheticFleet } from '../../test/fixtures/syntheticFleet.ts'
import { countFloors } from './counts.ts'
import { layOut } from './layout/layout.ts'

const GPUS = 8192
const { topology, first } = syntheticFleet({ gpus: GPUS, abnormal: 0 })
const layout = layOut(topology, { width: 1400, height: 700, pixelRatio: 1, em: 1 })
const values = new Float32Array(first.rows).fill(500)
const states = new Uint8Array(first.rows).fill(FIGURE.ok)

describe('the counts of the floors', () => {
  it('hold every abnormal row, so that no floor looks worse than another', () => {
    const severity = first.severity.slice().fill(SEVERITY.critical)
    const counts = countFloors(layout, { ...first, severity }, null)
    expect(counts.critical).toHaveLength(GPUS)
    expect(counts.advisory).toHaveLength(0)
    expect(counts.bands.reduce((sum, band) => sum + band.critical, 0)).toBe(GPUS)
  })

  it('sum the boards that have a figure, and survive a good state without a number', () => {
    const holed = values.slice()
    holed[3] = Number.NaN
    holed[4] = Number.POSITIVE_INFINITY
    const gone = states.slice()
    gone[5] = FIGURE.stale
    const { bands } = countFloors(layout, first, { values: holed, states: gone })
    expect(bands.reduce((sum, band) => sum + band.boards, 0)).toBe(GPUS - 3)
    expect(bands.reduce((sum, band) => sum + band.watts, 0)).toBe((GPUS - 3) * 500)
  })

  it('call the roll per floor', () => {
    const presence = first.presence.slice()
    presence[0] = PRESENCE.missing
    presence[1] = PRESENCE.unexpected
    const [band] = countFloors(layout, { ...first, presence }, null).bands
    expect(band?.missing).toBe(1)
    expect((band?.present ?? 0) + (band?.missing ?? 0)).toBe(
      topology.gpus.host.filter((host) => topology.racks[topology.hosts[host]?.rack ?? -1]?.floor === 0)
        .length,
    )
  })
})
