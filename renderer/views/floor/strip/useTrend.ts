import type { Trend } from '../../../../shared/contract/fleet.ts'
import { type Ask, useAsked } from '../../tokens/useAsked.ts'

const NONE: Trend = { times: [], activity: [], powerWatts: [], present: [], hottestCelsius: [] }
const EVERY_MS = 15_000
const QUESTION = {}
const askTrend: Ask<object, Trend> = (client, _question, _now, signal) =>
  client.call('fleet.trend', {}, { signal })

/** The recent past of the whole floor, for the strip's sparklines. Without an answer there are no lines, not flat ones. */
export function useTrend(): Trend {
  return useAsked(QUESTION, EVERY_MS, askTrend).answer?.output ?? NONE
}
