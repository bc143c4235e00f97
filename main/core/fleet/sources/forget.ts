import type { Columns } from '../figures/columns.ts'
import type { Evaluation } from '../figures/evaluation.ts'
import type { Registry, Unit } from '../places/registry.ts'

/**
 * What leaves the floor by itself, so that months of coming and going do not fill the memory. A listed slot never
 * leaves. Others stay long enough for somebody to see that they went.
 */
const UNEXPECTED_MS = 3_600_000
/** Without an inventory everything ever seen is expected; a week of absence ends that. */
const LEARNT_MS = 7 * 24 * 3_600_000
/** A MIG layout is configuration, not hardware: an instance that its living board no longer has was taken down. */
const INSTANCE_MS = 60_000
/**
 * More unlisted GPUs than this that are gone while their sources answer are no loss of a floor: a source makes names up.
 * The longest gone leave at once, so that such a source fills neither the memory nor the list of findings.
 */
const MOST_VANISHED = 4096

/** What a source in quarantine named for less than this may be made up; what it named for longer is believed. */
const NAMED_FOR_SURE_MS = 5 * 60_000
/** How long what a source seems to have made up stays after it is gone, and how long its quarantine is remembered. */
const MADE_UP_MS = 2 * 60_000
const QUARANTINE_REMEMBERED_MS = 10 * 60_000

/**
 * Whether a unit was named for a short time only, by a source that is, or was a moment ago, in quarantine for making
 * names up: that it is gone is then no finding of its own, and it leaves within minutes.
 */
export function isMadeUp(unit: Unit | null, columns: Columns, place: number, now: number): boolean {
  if (!unit?.taught || unit.expected) return false
  if ((columns.seenAt[place] as number) - unit.taught.at >= NAMED_FOR_SURE_MS) return false
  return now - unit.taught.by.troubledUntil(now) <= QUARANTINE_REMEMBERED_MS
}

/** Whether one answer alone has named a unit: a slip of its source rather than a board that is lost. */
export function wasNamedOnce({ units, columns }: Registry, place: number): boolean {
  const unit = units[place]
  if (!unit?.taught || unit.expected) return false
  return (columns.seenAt[place] as number) <= unit.taught.at
}

/** Units to forget at `now`, by what the last evaluation found of them. */
export function forgettable(
  registry: Registry,
  evaluation: Evaluation,
  now: number,
  listed: boolean,
): number[] {
  const { units, columns } = registry
  const gone: number[] = []
  const vanished: number[] = []
  for (let place = 0; place < units.length; place++) {
    const unit = units[place]
    if (!unit || unit.expected || evaluation.vanished[place] === undefined) continue
    // A frozen host's figures are old, but it is there.
    if (registry.hostOf(place).frozenSince !== null) continue
    const seen = columns.seenAt[place] as number
    if (seen === Number.NEGATIVE_INFINITY) {
      if (now - registry.hostOf(place).rememberedAt > LEARNT_MS) gone.push(place)
      continue
    }
    const silent = now - seen
    if (unit.board >= 0) {
      const boardLives = now - (evaluation.freshAt[unit.board] as number) < INSTANCE_MS
      if (evaluation.vanished[place] === 1 && boardLives && silent > INSTANCE_MS) gone.push(place)
    } else if (silent > MADE_UP_MS && isMadeUp(unit, columns, place, now)) gone.push(place)
    else if (silent > (listed ? UNEXPECTED_MS : LEARNT_MS)) gone.push(place)
    else if (evaluation.vanished[place] === 1) vanished.push(place)
  }
  if (vanished.length <= MOST_VANISHED) return gone
  const seenAt = (place: number): number => columns.seenAt[place] as number
  const longestGone = vanished.toSorted((a, b) => seenAt(a) - seenAt(b))
  return [...gone, ...longestGone.slice(0, vanished.length - MOST_VANISHED)]
}
