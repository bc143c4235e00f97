import { describe, expect, it } from 'vitest'
import { EMPTY_TOPOLOGY, type Topology } from '../../../../shared/model/topology.ts'
import { createJoin } from './join.ts'

/** Two hosts of H100 and L4, a third with both; pods on some, MIG on the first host's second board. */
const topology: Topology = {
  ...EMPTY_TOPOLOGY,
  hosts: ['gpu-1.example.com', 'gpu-2', 'gpu-3'].map((name) => ({ name, rack: 0, expected: null })),
  types: ['H100', 'L4', 'A30'],
  workloads: [
    { namespace: 'team-a', pod: 'llama-0', container: 'vllm' },
    { namespace: 'team-a', pod: 'llama-0', container: 'draft' },
    { namespace: 'team-b', pod: 'mixed-0', container: 'vllm' },
    { namespace: 'team-b', pod: 'slice-0', container: 'vllm' },
    { namespace: 'team-c', pod: 'llama-0', container: 'vllm' },
    { namespace: 'team-d', pod: 'half-0', container: 'vllm' },
  ],
  gpus: {
    host: [0, 0, 1, 2, 2, 1, 2],
    slot: [0, 1, 0, 0, 1, 1, 2],
    type: [0, 0, 1, 0, 1, 1, 2],
    uuid: ['', '', '', '', '', '', ''],
    description: [0, 0, 0, 0, 0, 0, 0],
    // 0: the first engine of the pod, 2: another team's, 3 and 4: one pod on two types, 6: two slices in use.
    workload: [0, -1, 4, 2, 2, -1, -1],
  },
  instances: {
    gpu: [1, 1, 1, 6],
    profile: ['3g.40gb', '3g.40gb', '1g.10gb', '2g.12gb'],
    id: ['1', '2', '3', '1'],
    workload: [3, 1, -1, 5],
  },
}
const join = createJoin(topology)
const server = (namespace: string, pod: string, host = '') => join.typesOf({ namespace, pod, host })

describe('typesOf', () => {
  it('goes by namespace and pod, whatever the case', () => {
    expect(server('team-c', 'llama-0')).toEqual([{ gpuType: 'L4', weight: 1 }])
    expect(server('Team-C', 'LLAMA-0')).toEqual([{ gpuType: 'L4', weight: 1 }])
  })

  it('takes all containers of a pod together, MIG instances included', () => {
    expect(server('team-a', 'llama-0')).toEqual([{ gpuType: 'H100', weight: 1 }])
    expect(server('team-b', 'slice-0')).toEqual([{ gpuType: 'H100', weight: 1 }])
  })

  it('shares a pod on two types by its GPUs', () => {
    expect(server('team-b', 'mixed-0')).toEqual([
      { gpuType: 'H100', weight: 0.5 },
      { gpuType: 'L4', weight: 0.5 },
    ])
  })

  it('takes a pod without a namespace only where its name is one pod’s', () => {
    expect(server('', 'slice-0')).toEqual([{ gpuType: 'H100', weight: 1 }])
    expect(server('', 'llama-0')).toEqual([])
    expect(server('elsewhere', 'slice-0')).toEqual([])
  })

  it.each(['gpu-1.example.com', 'gpu-1', 'GPU-1', 'gpu-1.other.org', 'gpu-1:8000'])(
    'falls back to the host, also as %s',
    (host) => {
      expect(server('', '', host)).toEqual([{ gpuType: 'H100', weight: 1 }])
    },
  )

  it('prefers the pod, and guesses no type on a host of several', () => {
    expect(server('team-c', 'llama-0', 'gpu-1')).toEqual([{ gpuType: 'L4', weight: 1 }])
    expect(server('', '', 'gpu-3')).toEqual([])
    expect(server('team-x', 'nobody', 'gpu-9')).toEqual([])
    expect(server('', '', '')).toEqual([])
  })

  it('joins nothing on an empty floor', () => {
    expect(createJoin(EMPTY_TOPOLOGY).typesOf({ namespace: 'a', pod: 'b', host: 'c' })).toEqual([])
  })
})

describe('allocated', () => {
  it('counts boards that are held, and instances by their slices of the board', () => {
    const allocated = join.allocated()
    // Two whole H100, and 3 + 3 of 7 slices of a third.
    expect(allocated.get('H100')).toBeCloseTo(2 + 6 / 7, 12)
    expect(allocated.get('L4')).toBe(2)
    // An A30 has four slices.
    expect(allocated.get('A30')).toBe(0.5)
  })

  it('never counts a board more than once', () => {
    const both: Topology = {
      ...topology,
      gpus: { ...topology.gpus, workload: topology.gpus.workload.map(() => 0) },
    }
    const sum = [...createJoin(both).allocated().values()].reduce((total, count) => total + count, 0)
    expect(sum).toBe(7)
  })
})
