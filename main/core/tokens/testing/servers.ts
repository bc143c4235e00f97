import type { ServerIdentity, ServerSample } from '../types.ts'

/** What a server says in a test; times in seconds. What is left out it does not say. */
export interface Said extends Partial<Omit<ServerIdentity, 'engine'>> {
  readonly at: number
  readonly counters?: Partial<ServerSample['counters']>
  readonly gauges?: Partial<ServerSample['gauges']>
  readonly histograms?: ServerSample['histograms']
}

/** A sample of a vLLM of model m, named s1 where nothing else is said. */
export function saidBy({ at, counters, gauges, histograms = {}, ...server }: Said): ServerSample {
  return {
    server: {
      id: 's1',
      engine: 'vLLM',
      namespace: '',
      pod: '',
      model: 'm',
      endpoint: '',
      host: '',
      ...server,
    },
    at: Math.round(at * 1000),
    counters: {
      input: null,
      output: null,
      cachedInput: null,
      transferredInput: null,
      requests: null,
      errors: null,
      ...counters,
    },
    gauges: { running: null, waiting: null, kvCache: null, kvCacheMost: null, ...gauges },
    histograms,
  }
}
