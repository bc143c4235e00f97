import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../platform/clock.ts'
import { createLogger } from '../../../platform/logger.ts'
import { createApi } from '../../../sources/metering/api.ts'
import { connectionTo, serve, type TestServer } from '../../../sources/metering/testing/connection.ts'
import { RemoteClock } from '../../../platform/remoteClock.ts'
import { type UsageLive, watchUsage } from './live.ts'

const SERIES = 12_000
const STEP_MS = 5_000
const CAPABILITIES = {
  backend: { name: 'x', version: '1' },
  minStepSeconds: STEP_MS / 1000,
  lagSeconds: 0,
  retentionDays: 30,
  groups: ['tenant', 'model', 'endpoint', 'gpuType'],
  tokenTypes: ['input', 'output', 'cachedInput', 'reasoning'],
  errorTokens: true,
  latencyKinds: [],
  calendarBuckets: [],
  workflows: false,
  statements: false,
  events: true,
  throttle: null,
}

let server: TestServer | null = null
let live: UsageLive | null = null
afterEach(async () => {
  await live?.close()
  await server?.close()
})

describe('usage of a very large floor', () => {
  it('is asked for in shorter times where more combinations are used than one answer can hold', async () => {
    const asked: number[] = []
    server = await serve((request, response) => {
      const url = new URL(request.url ?? '', 'http://metering.test')
      response.setHeader('content-type', 'application/json')
      if (!url.pathname.endsWith('usage')) {
        response.end(JSON.stringify(CAPABILITIES))
        return
      }
      const from = url.searchParams.get('from') ?? ''
      const to = url.searchParams.get('to') ?? ''
      asked.push((Date.parse(to) - Date.parse(from)) / STEP_MS)
      const counts = { cachedInput: 0, reasoning: 0, requests: 1, rejected: 0, errors: 0, errorTokens: 0 }
      const points = [{ t: from, input: 10, output: 1, ...counts }]
      const series = Array.from({ length: SERIES }, (_, i) => ({
        dims: {
          tenant: `t${i % 500}`,
          model: `m${i % 40}`,
          endpoint: `e${Math.floor(i / 500)}`,
          gpuType: 'H',
        },
        points,
      }))
      response.end(
        JSON.stringify({ dataAsOf: to, complete: true, missing: [], from, to, step: STEP_MS / 1000, series }),
      )
    })
    const source = createApi(connectionTo({ url: server.url, deadlineMs: 20_000 }))
    await new Promise<void>((resolve) => {
      live = watchUsage({
        source,
        refreshMs: 60_000,
        backendClock: new RemoteClock(),
        clock: systemClock,
        logger: createLogger({ level: 'silent' }),
        onNews: resolve,
      })
    })
    expect(live?.failure()).toBeNull()
    expect(live?.revision()).toBe(1)
    // 180 steps, then both halves of them; each has one point of every series.
    expect(asked[0]).toBeGreaterThanOrEqual(180)
    expect(asked).toHaveLength(3)
    const rates = live?.cube.rates({}, 900_000)
    expect((rates?.input ?? 0) / (rates?.output ?? 1)).toBe(10)
    expect(source.health()).toMatchObject({ state: 'ok', error: null })
    await source.close()
  })
})
