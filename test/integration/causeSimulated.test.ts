import { describe, expect, it } from 'vitest'
import { attribute } from '../../main/core/cause/index.ts'
import { KINDS, scenariosOf } from '../support/queueSimulator/index.ts'
import { causeInput } from '../support/queueSimulator/causeInput.ts'
import { predict } from '../support/queueSimulator/prediction.ts'
import { scoreOf } from '../support/queueSimulator/score.ts'

/** A small sample of `npm run bench -- cause`, which has hundreds of seeds. */
const FIRST_SEED = 7000
const SCENARIOS = 2

describe('held against an LLM service that is simulated request by request', () => {
  it.each(KINDS)('%s: proposes who did it, and never an innocent', (kind) => {
    const scenarios = scenariosOf(kind, SCENARIOS, FIRST_SEED)
    expect(scenarios).toHaveLength(SCENARIOS)
    for (const scenario of scenarios) {
      const told = attribute(causeInput(scenario))
      const score = { seed: scenario.seed, ...scoreOf(scenario, told) }
      expect(score).toMatchObject({ seed: scenario.seed, right: true, innocent: false })
    }
  })

  it.each(['loopingAgent', 'oneKey'] as const)(
    '%s: predicts the burn under the limit that it proposes',
    (kind) => {
      for (const scenario of scenariosOf(kind, 1, FIRST_SEED)) {
        const told = predict(scenario)
        const { now, after } = told?.relief.burn ?? {}
        const relieved = (now ?? Number.NaN) - (told?.actual.burn ?? Number.NaN)
        expect(Math.abs((now ?? Number.NaN) - (after?.mid ?? Number.NaN) - relieved)).toBeLessThan(
          0.25 * relieved,
        )
      }
    },
  )
})
