import { describe, expect, it } from 'vitest'
import { FIGURE } from '../../../../shared/model/figure.ts'
import type { FleetFrame } from '../../../../shared/model/frame.ts'
import { EMPTY_TOPOLOGY, type Topology } from '../../../../shared/model/topology.ts'
import { FLOOR_GPU_FIELDS, floorGpus } from './floorGpus.ts'

const topology: Topology = {
  ...EMPTY_TOPOLOGY,
  types: ['H100', 'B200'],
  hosts: [{ name: 'a', rack: 0, expected: null }],
  workloads: [{ namespace: 'n', pod: 'p', container: 'c' }],
  gpus: {
    host: [0, 0, 0, 0, 0],
    slot: [0, 1, 2, 3, 4],
    type: [0, 0, 0, 1, 1],
    uuid: ['', '', '', '', ''],
    description: [0, 0, 0, 0, 0],
    workload: [0, -1, -1, -1, -1],
  },
  instances: { gpu: [2, 2], profile: ['3g.40gb', '3g.40gb'], id: ['1', '2'], workload: [-1, -1] },
}

/** `null`: absent. Rows: five boards, two instances. */
function frameOf(figures: Partial<Record<(typeof FLOOR_GPU_FIELDS)[number], (number | null)[]>>): FleetFrame {
  const rows = 7
  const column = (field: (typeof FLOOR_GPU_FIELDS)[number]) =>
    figures[field] ?? Array.from({ length: rows }, () => null)
  return {
    sequence: 0,
    at: 0,
    topologyVersion: 0,
    rows,
    state: new Uint8Array(rows),
    severity: new Uint8Array(rows),
    presence: new Uint8Array(rows),
    conditions: new Uint16Array(rows),
    ageMs: new Uint32Array(rows),
    fields: FLOOR_GPU_FIELDS,
    values: FLOOR_GPU_FIELDS.map((field) => Float32Array.from(column(field), (value) => value ?? Number.NaN)),
    states: FLOOR_GPU_FIELDS.map((field) =>
      Uint8Array.from(column(field), (value) =>
        value === null ? FIGURE.absent : value === 0 ? FIGURE.zero : FIGURE.ok,
      ),
    ),
  }
}

describe('the GPUs of the floor by type', () => {
  it('counts of a MIG board the slices that are busy, and takes the best figure of activity', () => {
    const frame = frameOf({
      smActive: [0.5, null, null, 0, 0.04, 0, 0.3],
      gpuUtil: [0, 80, null, 90, 90, null, null],
      power: [400, 300, 500, 700, 100, null, null],
    })
    expect(floorGpus(topology, frame, new Map([['H100', 1]]))).toEqual([
      { gpuType: 'H100', provisioned: 3, allocated: 1, active: 2 + 3 / 7, watts: 1200, notes: [] },
      { gpuType: 'B200', provisioned: 2, allocated: 0, active: 0, watts: 800, notes: [] },
    ])
  })

  it('calls a MIG board wholly busy when all of its slices are, and never more', () => {
    const sliced = {
      ...topology,
      instances: { gpu: [2, 2], profile: ['4g.40gb', '4g.40gb'], id: ['1', '2'], workload: [-1, -1] },
    }
    const [h100] = floorGpus(sliced, frameOf({ smActive: [0, 0, 0.9, 0, 0, 0.6, 0.7] }), new Map())
    expect(h100?.active).toBe(1)
  })

  it('does not take silence for idleness', () => {
    const [h100, b200] = floorGpus(
      topology,
      frameOf({ smActive: [0.5, 0.5, null, null, null, 0, 0] }),
      new Map(),
    )
    expect(h100).toMatchObject({ active: 2, watts: null })
    expect(b200).toMatchObject({ active: null, watts: null })
    expect(b200?.notes[0]).toBe('Activity of 2 GPUs of 2 is not known, too many to estimate.')
  })

  it('01: counts no idle GPU where profiling is refused and utilisation shows work', () => {
    const frame = frameOf({ smActive: [0, 0, 0, 0, 0, 0, 0], gpuUtil: [99, 0, 0, 0, 0, null, null] })
    const refused = frame.states[FLOOR_GPU_FIELDS.indexOf('smActive')]
    if (refused) refused[0] = FIGURE.implausible
    const plain = { ...topology, instances: { gpu: [], profile: [], id: [], workload: [] } }
    expect(floorGpus(plain, frame, new Map())[0]).toMatchObject({ gpuType: 'H100', active: 1 })
  })

  it('does not call a floor without workload labels unallocated', () => {
    const [h100] = floorGpus({ ...topology, workloads: [] }, frameOf({}), new Map())
    expect(h100?.allocated).toBeNull()
  })
})
