import type { Reporter, TestCase, TestModule } from 'vitest/node'
import { writeTally } from './tally.ts'

/** Vitest reporter: writes the tally of the unit and integration tests to `$FLOORWATCH_TALLY`. */
export default class VitestTally implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const path = process.env['FLOORWATCH_TALLY']
    if (path === undefined) return
    const cases = modules.flatMap((module) => [...module.children.allTests()])
    // A module that fails while loading has no failed case of its own, and an unhandled error belongs to none.
    const brokenModules = modules.filter((module) => module.errors().length > 0).length
    const brokenSuites = modules
      .flatMap((module) => [...module.children.allSuites()])
      .filter((suite) => suite.errors().length > 0)
    writeTally(path, {
      suite: 'unit and integration',
      passed: cases.filter((test) => test.result().state === 'passed').length,
      failed:
        cases.filter((test) => test.result().state === 'failed').length +
        brokenModules +
        brokenSuites.length +
        unhandled.length,
      skipped: cases.filter((test) => test.result().state === 'skipped').map(skipOf),
    })
  }
}

function skipOf(test: TestCase): { test: string; reason: string } {
  const result = test.result()
  const reason = result.state === 'skipped' ? result.note : undefined
  return { test: `${test.module.relativeModuleId} › ${test.fullName}`, reason: reason ?? 'no reason given' }
}
