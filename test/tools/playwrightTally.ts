import type { FullResult, Reporter, Suite, TestCase } from '@playwright/test/reporter'
import { writeTally } from './tally.ts'

/** Playwright reporter: writes the tally of the end-to-end tests to `$FLOORWATCH_TALLY`. */
export default class PlaywrightTally implements Reporter {
  private suite: Suite | null = null
  private errors = 0

  onBegin(_config: unknown, suite: Suite): void {
    this.suite = suite
  }

  /** Errors outside any test: a spec that does not load, a worker that died. */
  onError(): void {
    this.errors++
  }

  onEnd(_result: FullResult): void {
    const path = process.env['FLOORWATCH_TALLY']
    if (path === undefined) return
    const tests = this.suite?.allTests() ?? []
    const withOutcome = (outcome: ReturnType<TestCase['outcome']>) =>
      tests.filter((test) => test.outcome() === outcome)
    writeTally(path, {
      suite: 'end to end',
      passed: withOutcome('expected').length + withOutcome('flaky').length,
      failed: withOutcome('unexpected').length + this.errors,
      skipped: withOutcome('skipped').map((test) => ({
        test: test
          .titlePath()
          .filter((part) => part !== '')
          .join(' › '),
        reason:
          test.annotations.find((annotation) => annotation.type === 'skip')?.description ?? 'no reason given',
      })),
    })
  }

  printsToStdio(): boolean {
    return false
  }
}
