import { afterEach, describe, expect, it } from 'vitest'
import { caseText } from '../support/cases.ts'
import { type CaseFloor, startCaseFloor } from '../support/caseFloor.ts'
import { requirement } from '../support/peers.ts'

const prometheus = requirement('prometheus')
let floor: CaseFloor | null = null
afterEach(async () => {
  await floor?.close()
  floor = null
})

describe('one GPU that three pods share', () => {
  it.for(['direct', 'prometheus'] as const)(
    '04: has the memory of all of them and its own power once (%s)',
    { timeout: 60_000 },
    async (way, { skip }) => {
      skip(way === 'prometheus' && !prometheus.present, prometheus.reason)
      const texts = [caseText('04-shared-gpu-per-pod.prom')]
      floor = await startCaseFloor({ texts, way, until: ['DCGM_FI_DEV_POWER_USAGE', 3] })
      const { screen } = floor
      const frame = await screen
        .watch('fleet.frame', { fields: ['fbUsed', 'gpuUtil', 'power'] })
        .until('all figures', ({ values }) => (values[0]?.[0] ?? 0) > 0 && (values[2]?.[0] ?? 0) > 0, 20_000)
      expect([frame.rows, frame.values[0]?.[0], frame.values[1]?.[0]]).toEqual([1, 46_440, 89])
      expect(frame.values[2]?.[0]).toBeCloseTo(512, 0)
      const gpu = await screen.watch('fleet.gpu', { host: 'h-04', slot: 0 }).until('the GPU', Boolean)
      if (way === 'direct') expect(gpu?.workloads).toHaveLength(3)
      else expect(gpu?.workloads[0]).toMatchObject({ namespace: 'ml', container: 'main' })
    },
  )
})
