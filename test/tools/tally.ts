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

/**
 * For each suite its counts and what was skipped in it, by name under the reason that they share; then the closing line
 * over all suites.
 */
export function closing(tallies: readonly Tally[]): string {
  const total = {
    passed: sumOf(tallies.map(({ passed }) => passed)),
    failed: sumOf(tallies.map(({ failed }) => failed)),
    skipped: sumOf(tallies.map(({ skipped }) => skipped.length)),
  }
  return [...tallies.flatMap(linesOf), countsOf(total)].join('\n')
}

function linesOf({ suite, passed, failed, skipped }: Tally): string[] {
  const byReason = Map.groupBy(skipped, ({ reason }) => reason)
  return [
    `${suite}: ${countsOf({ passed, failed, skipped: skipped.length })}`,
    ...[...byReason].flatMap(([reason, skips]) => [
      `  skipped, ${reason}`,
      ...skips.map(({ test }) => `    - ${test}`),
    ]),
  ]
}

function countsOf(counts: { passed: number; failed: number; skipped: number }): string {
  return `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0)
}
