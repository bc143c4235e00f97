import { useEffect, useState } from 'react'
import type { Trend } from '../../../../shared/contract/fleet.ts'
import { useClient } from '../../../transport/context.tsx'

const NONE: Trend = { times: [], activity: [], powerWatts: [], present: [], hottestCelsius: [] }
const EVERY_MS = 15_000

/** The recent past of the whole floor, for the strip's sparklines. Without an answer there are no lines, not flat ones. */
export function useTrend(): Trend {
  const client = useClient()
  const [trend, setTrend] = useState(NONE)
  useEffect(() => {
    const abort = new AbortController()
    const ask = (): void => {
      client.call('fleet.trend', {}, { signal: abort.signal }).then(setTrend, () => undefined)
    }
    ask()
    const timer = setInterval(ask, EVERY_MS)
    return () => {
      abort.abort()
      clearInterval(timer)
    }
  }, [client])
  return trend
}
