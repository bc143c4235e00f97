import { describe, expect, it } from 'vitest'
import type { Tenant } from '../../../../shared/metering/tenants.ts'
import { createCube } from '../../../core/tokens/usage/cube/cube.ts'
import { tableOf } from '../../../core/tokens/testing/tables.ts'
import { RemoteClock } from '../../../platform/remoteClock.ts'
import { originOf } from '../answers/origin.ts'
import type { SlowFacts } from '../slowFacts.ts'
import { TenantFigures } from './figures.ts'
import { plainly } from '../../../../test/support/plainly.ts'

const START = Date.UTC(2026, 10, 24)
const MINUTE = 60_000

function figures() {
  const cube = createCube({ windowMs: 15 * MINUTE, maxRows: 100 })
  cube.merge(
    tableOf({ startMs: START - MINUTE, stepMs: 5000, steps: 12 }, [
      { tenant: 'a', model: 'm', input: Array(12).fill(50n), output: Array(12).fill(50n) },
    ]),
  )
  let now = START
  let failures = 0
  const origin = () =>
    originOf(
      {
        name: 'Metering API',
        abilities: null,
        reach: cube.reach(),
        failures,
        failure: failures === 0 ? null : { code: 'refused', text: 'No answer', nextStep: 'Start it.' },
        lastAnswerAt: START,
        lagAllowedMs: MINUTE,
        corrections: [],
      },
      now,
    )
  const facts = {
    tenants: () => ({ value: [] as readonly Tenant[], at: null, trouble: null }),
    revision: () => 1,
  } as unknown as SlowFacts
  const known = new TenantFigures({
    usage: { cube, revision: () => 1 },
    facts,
    backendClock: new RemoteClock(),
    origin,
    now: () => now,
  })
  return {
    known,
    origin,
    after(ms: number, failed: number) {
      now = START + ms
      failures = failed
    },
  }
}

describe('TenantFigures', () => {
  it('says how old the figures are while an outage lasts, and not how old they were when it began', () => {
    const { known, origin, after } = figures()
    after(15_000, 3)
    expect(plainly(known.item().origin.text)).toBe('No answer. The figures are 15 s old.')
    after(60 * MINUTE, 200)
    const item = known.item()
    expect(item.origin).toEqual(origin())
    expect(plainly(item.origin.text)).not.toContain('15 s')
    expect(item.tokensPerSecond).toEqual([20])
  })

  it('is the same object while nothing changes, for every screen that looks', () => {
    const { known, after } = figures()
    const first = known.item()
    after(5000, 0)
    expect(known.item()).toBe(first)
  })
})
