import { describe, expect, it } from 'vitest'
import type { Capacity } from '../../../../shared/metering/capacity.ts'
import { besideCapacity, capacityByType } from './capacity.ts'
import type { TypeGpus } from './gpus.ts'

const row = (over: Partial<Capacity['rows'][number]>): Capacity['rows'][number] => ({
  gpuType: 'H100',
  model: 'llama',
  gpuHoursProvisioned: 0,
  gpuHoursAllocated: 0,
  gpuHoursActive: 0,
  energyJoules: 0,
  ...over,
})
const capacity = (rows: Capacity['rows']): Capacity => ({
  dataAsOf: '2026-11-24T00:05:00Z',
  complete: true,
  missing: [],
  from: '2026-11-24T00:00:00Z',
  to: '2026-11-24T00:05:00Z',
  rows,
})
const floor: TypeGpus = {
  gpuType: 'H100',
  provisioned: 100,
  allocated: 80,
  active: 50,
  watts: 60_000,
  notes: [],
}
const metered = { gpuType: 'H100', provisioned: 100, allocated: 79, active: 50, watts: 60_000 }

describe('capacityByType', () => {
  it('turns hours and joules of all models into GPUs and watts', () => {
    const types = capacityByType(
      capacity([
        row({
          gpuHoursProvisioned: 5,
          gpuHoursAllocated: 4,
          gpuHoursActive: 3,
          energyJoules: 9_000_000,
        }),
        row({ model: null, gpuHoursProvisioned: 5, energyJoules: 3_000_000 }),
        row({ gpuType: 'B200', gpuHoursProvisioned: 1, gpuHoursActive: null }),
      ]),
    )
    expect(types.get('H100')).toEqual({
      gpuType: 'H100',
      provisioned: 120,
      allocated: 48,
      active: 36,
      watts: 40_000,
    })
    expect(types.get('B200')?.active).toBeNull()
  })

  it('makes nothing of an answer over no time', () => {
    expect(capacityByType({ ...capacity([row({})]), to: '2026-11-24T00:00:00Z' }).size).toBe(0)
  })
})

describe('besideCapacity', () => {
  it('leaves the floor its figures, and says nothing of small differences', () => {
    const { gpus, capacity: told } = besideCapacity(floor, metered)
    expect(gpus).toEqual(floor)
    expect(told).toMatchObject({ allocated: 79, used: [], differs: [] })
    expect(besideCapacity(floor, undefined)).toEqual({ gpus: floor, capacity: null })
  })

  it('names both figures and what each means where they are apart', () => {
    const { gpus, capacity: told } = besideCapacity(floor, { ...metered, allocated: 60, active: 0 })
    expect(gpus.allocated).toBe(80)
    expect(told?.differs).toEqual([
      'allocated GPUs: 60 by the metering (held by serving pods), 80 by the floor (held by any workload)',
      'active GPUs: 0 by the metering (GPU-hours with work), 50 by the floor (with 5 % activity or more now)',
    ])
  })

  it('takes the metering’s where the floor has none, by name', () => {
    const blind = { ...floor, allocated: null, watts: null }
    const { gpus, capacity: told } = besideCapacity(blind, metered)
    expect(gpus).toMatchObject({ provisioned: 100, allocated: 79, active: 50, watts: 60_000 })
    expect(told?.used).toEqual(['allocated', 'watts'])
  })

  it('counts a type that the floor does not see as the metering does', () => {
    const unseen = { ...floor, provisioned: 0, allocated: null, active: null, watts: null }
    const { gpus, capacity: told } = besideCapacity(unseen, { ...metered, active: null })
    expect(gpus).toMatchObject({ provisioned: 100, allocated: 79, active: null })
    expect(told?.used).toEqual(['provisioned', 'allocated', 'watts'])
  })
})
