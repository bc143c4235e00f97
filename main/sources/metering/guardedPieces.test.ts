import { expect, it } from 'vitest'
import { tableOf } from '../../core/tokens/testing/tables.ts'
import { manualClock } from '../../platform/clock.ts'
import { createApi } from './api.ts'
import { guarded } from './guarded.ts'
import { connectionTo } from './testing/connection.ts'
import { plainly } from '../../../test/support/plainly.ts'

const FROM = Date.UTC(2026, 10, 23, 12)

it('tells a back end that asks, piece by piece, under which names its rows go, and what that refused', async () => {
  const clock = manualClock({ now: FROM + 60_000 })
  const told: string[][] = []
  const real = createApi(connectionTo({ url: 'http://127.0.0.1:9' }))
  let round = 0
  const kept = guarded(
    {
      ...real,
      usage: async ({ admit }) => {
        round += 1
        const names: string[] = []
        for (let from = 0; from < 6000; from += 100) {
          const rows = Array.from({ length: 100 }, (_, i) => ({ tenant: `t-${round}-${from + i}` }))
          names.push(...(admit?.(rows) ?? []).map(({ tenant = '' }) => tenant))
        }
        told.push(names)
        return tableOf({ startMs: FROM, stepMs: 60_000, steps: 1 }, [])
      },
    },
    clock,
  )
  const question = { fromMs: FROM, toMs: FROM + 60_000, step: { ms: 60_000 }, filters: {}, top: null }
  const ask = () => kept.usage({ ...question, groupBy: ['tenant', 'model'] }, new AbortController().signal)
  await ask()
  clock.advance(5_000)
  await ask()
  expect(told[0]).not.toContain('(others)')
  expect(told[1]?.filter((name) => name !== '(others)')).toHaveLength(2000)
  expect(plainly(kept.health().doubts)).toMatchObject([
    { code: 'quarantine-tenant', what: expect.stringContaining('4,000') as string },
  ])
  await kept.close()
})
