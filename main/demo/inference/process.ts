import type { Family, Reading } from './sheet.ts'

/** What Python's client says of its own process, before everything else. Rough, and of no use to anybody. */
export function processFamilies(): Family[] {
  const plain = (name: string, help: string, type: Family['type'], reading: Reading): Family => {
    return { name, help, type, samples: [{ name, labels: {}, reading }] }
  }
  const perGeneration = (name: string, help: string, first: number, perMinute: number): Family => ({
    name,
    help,
    type: 'counter',
    samples: [1, 0.1, 0.007].map((share, generation) => ({
      name,
      labels: { generation: String(generation) },
      reading: ({ uptime }) => Math.floor((first + (uptime / 60) * perMinute) * share),
    })),
  })
  const info = { implementation: 'CPython', major: '3', minor: '12', patchlevel: '13', version: '3.12.13' }
  return [
    perGeneration('python_gc_objects_collected_total', 'Objects collected during gc', 14_250, 90),
    perGeneration('python_gc_objects_uncollectable_total', 'Uncollectable objects found during GC', 0, 0),
    perGeneration('python_gc_collections_total', 'Number of times this generation was collected', 1301, 12),
    {
      name: 'python_info',
      help: 'Python platform information',
      type: 'gauge',
      samples: [{ name: 'python_info', labels: info, reading: () => 1 }],
    },
    plain(
      'process_virtual_memory_bytes',
      'Virtual memory size in bytes.',
      'gauge',
      ({ running }) => 9.0e9 + running * 1_048_576,
    ),
    plain(
      'process_resident_memory_bytes',
      'Resident memory size in bytes.',
      'gauge',
      ({ running }) => 1.1e9 + running * 65_536,
    ),
    plain(
      'process_start_time_seconds',
      'Start time of the process since unix epoch in seconds.',
      'gauge',
      ({ startedAt }) => startedAt,
    ),
    plain(
      'process_cpu_seconds_total',
      'Total user and system CPU time spent in seconds.',
      'counter',
      ({ uptime, output }) => Math.round((16 + uptime * 0.04 + output * 2e-5) * 100) / 100,
    ),
    plain('process_open_fds', 'Number of open file descriptors.', 'gauge', ({ running }) => 48 + running),
    plain('process_max_fds', 'Maximum number of open file descriptors.', 'gauge', () => 1_048_576),
  ]
}
