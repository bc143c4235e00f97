import { describe, expect, it } from 'vitest'
import { EMPTY_TOPOLOGY, type Topology } from './topology.ts'
import { JOBS, MOST_USERS, usersOf, usersText } from './users.ts'

const pod = (name: string, namespace = 'ml') => ({ namespace, pod: name, container: 'main' })
const pods = (count: number) => Array.from({ length: count }, (_, i) => pod(`p-${i}`))

describe('who uses a GPU', () => {
  it('is its own pod, those that share it, and those of its MIG instances, each once', () => {
    const topology: Topology = {
      ...EMPTY_TOPOLOGY,
      workloads: pods(4),
      gpus: {
        host: [0, 0, 0],
        slot: [0, 1, 2],
        type: [0, 0, 0],
        uuid: ['', '', ''],
        workload: [0, -1, -1],
        description: [0, 0, 0],
      },
      sharing: { gpu: [0, 0, 0], workload: [1, 1, 0] },
      instances: { gpu: [1, 1, 1], profile: ['', '', ''], id: ['1', '2', '3'], workload: [2, 3, -1] },
    }
    const named = (row: number) => usersOf(topology, row).map((user) => user.pod)
    expect([named(0), named(1), named(2), named(7)]).toEqual([['p-0', 'p-1'], ['p-2', 'p-3'], [], []])
  })

  it('is told with a bound, and the rest is counted', () => {
    expect(usersText([], 3)).toBe('')
    expect(usersText(pods(1), 3)).toBe('ml / p-0')
    expect(usersText([pod('', 'ml')], 3)).toBe('ml')
    expect(usersText(pods(3), 3)).toBe('3 pods: p-0, p-1, p-2')
    expect(usersText(pods(9), 3)).toBe('9 pods: p-0, p-1, p-2 and 6 more')
    expect(usersText([pod('81', JOBS), pod('82', JOBS)], 3)).toBe('2 jobs: 81, 82')
  })

  it('does not count what is not known', () => {
    expect(usersText(pods(MOST_USERS), 1)).toBe('64 pods or more: p-0 and at least 63 more')
  })

  it('marks what cannot be seen in a name', () => {
    expect(usersText([pod('a\u202eb'), pod('c')], 3)).not.toContain('\u202e')
  })
})
