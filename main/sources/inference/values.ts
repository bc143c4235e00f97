import type { ServerSample } from '../../core/tokens/types.ts'

/** No engine holds more requests than this, running and waiting. */
const MOST_REQUESTS = 10_000_000
/** A cache is full at 1; engines overshoot it by a block. */
const FULLEST = 1.05

const NAMES = {
  running: 'requests run',
  waiting: 'requests wait',
  kvCache: 'of its cache is in use',
  kvCacheMost: 'of its cache is in use',
} as const

/** Gauges without those that no server can have, and which these were, in plain words. */
export function plausibleGauges(gauges: ServerSample['gauges']): {
  readonly gauges: ServerSample['gauges']
  readonly implausible: string | null
} {
  const wrong = (Object.keys(NAMES) as (keyof typeof NAMES)[]).filter((name) => {
    const value = gauges[name]
    const most = name === 'kvCache' || name === 'kvCacheMost' ? FULLEST : MOST_REQUESTS
    return value !== null && !(value >= 0 && value <= most)
  })
  const [first] = wrong
  if (first === undefined) return { gauges, implausible: null }
  const { running, waiting, kvCache, kvCacheMost } = gauges
  const right = { running, waiting, kvCache, kvCacheMost }
  for (const name of wrong) right[name] = null
  return { gauges: right, implausible: `says that ${String(gauges[first])} ${NAMES[first]}` }
}
