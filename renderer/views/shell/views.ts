import type { View } from '../../state/navigation.ts'

interface ViewEntry {
  readonly view: View
  readonly title: string
  /** The letter after `g`; it also stands in the rail. */
  readonly letter: string
  readonly keywords: readonly string[]
}

/** The views that exist, in the order of the rail. */
export const VIEW_ENTRIES: readonly ViewEntry[] = [
  { view: 'floor', title: 'Floor', letter: 'f', keywords: ['heat map', 'gpu', 'racks', 'hosts'] },
  {
    view: 'tokens',
    title: 'Tokens',
    letter: 't',
    keywords: ['throughput', 'metering', 'rate', 'latency', 'models', 'endpoints', 'usage'],
  },
  {
    view: 'yield',
    title: 'Yield',
    letter: 'y',
    keywords: ['economics', 'revenue', 'cost', 'tokens per gpu-hour', 'drift', 'drift'],
  },
  {
    view: 'tenants',
    title: 'Tenants',
    letter: 'n',
    keywords: ['customers', 'noisy', 'quota', 'limits', 'workflows', 'jobs'],
  },
  {
    view: 'sources',
    title: 'Source health',
    letter: 'h',
    keywords: ['prometheus', 'exporters', 'sources', 'feed'],
  },
  { view: 'setup', title: 'Setup', letter: 'e', keywords: ['connect', 'demo', 'configuration', 'settings'] },
]
