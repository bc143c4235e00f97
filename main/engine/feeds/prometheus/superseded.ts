import { CADENCES_UNTIL_STALE } from '../../../core/observation.ts'
import { seriesKey } from '../../../sources/prometheus/identityKey.ts'
import type { Labels } from './identities.ts'
import type { SampleTimes } from './sheet.ts'

/** Names in a matcher; a question has to stay one. */
const MOST_SUPERSEDED = 200
/** Two exporters that live answer within this of each other, ms. */
const TOGETHER_MS = 10_000

/**
 * Targets that are gone though Prometheus answers with their last samples for another five minutes, because nothing marked
 * their end (federation, timestamps of the exposition, an agent that was killed): all that they name, another target
 * names with newer samples. Left in, the larger of the old figure and the new one would pass for the present one.
 * @param rows who is who, unabridged
 * @param cadenceOf learnt pause between the samples of a target, ms; null while it is not known
 */
export function supersededTargets(
  rows: readonly Labels[],
  times: SampleTimes,
  cadenceOf: (instance: string) => number | null,
): string[] {
  const newest = new Map<string, { instance: string; at: number }>()
  for (const row of rows) {
    const instance = row.get('instance') ?? ''
    const at = times.get(instance)
    const key = seriesKey(row, 'whole')
    if (at === undefined || key === '') continue
    const known = newest.get(key)
    if (known === undefined || at > known.at) newest.set(key, { instance, at })
  }
  const old = new Set<string>()
  const needed = new Set<string>()
  for (const row of rows) {
    const instance = row.get('instance') ?? ''
    const at = times.get(instance)
    if (at === undefined || instance === '') continue
    const best = newest.get(seriesKey(row, 'whole'))
    const pause = Math.max(cadenceOf(instance) ?? 0, cadenceOf(best?.instance ?? '') ?? 0)
    const isOld = best !== undefined && best.at - at > Math.max(TOGETHER_MS, CADENCES_UNTIL_STALE * pause)
    if (isOld) old.add(instance)
    else needed.add(instance)
  }
  return [...old].filter((instance) => !needed.has(instance)).slice(0, MOST_SUPERSEDED)
}
