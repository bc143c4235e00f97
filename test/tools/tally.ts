import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** What every suite reports, so that one last line can speak for all of them. */
export interface Tally {
  readonly suite: string
  readonly passed: number
  readonly failed: number
  readonly skipped: readonly { readonly test: string; readonly reason: string }[]
}

export function writeTally(path: string, tally: Tally): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, JSON.stringify(tally))
}

/** A suite that crashed before it could report counts as one failure, never as nothing. */
export function crashed(suite: string): Tally {
  return { suite, passed: 0, failed: 1, skipped: [] }
}

/** Each skipped test by name under the reason that they share, then the closing line over all suites. */
export function closing(tallies: readonly Tally[]): string {
  const byReason = Map.groupBy(
    tallies.flatMap((tally) => tally.skipped),
    (skip) => skip.reason,
  )
  const lines = [...byReason].flatMap(([reason, skips]) => [
    `skipped, ${reason}`,
    ...skips.map((skip) => `  - ${skip.test}`),
  ])
  const sum = (count: (tally: Tally) => number) => tallies.reduce((total, tally) => total + count(tally), 0)
  const passed = sum((tally) => tally.passed)
  const failed = sum((tally) => tally.failed)
  const skipped = sum((tally) => tally.skipped.length)
  return [...lines, `${passed} passed, ${failed} failed, ${skipped} skipped`].join('\n')
}
