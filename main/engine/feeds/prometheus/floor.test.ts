import { expect, it } from 'vitest'
import { createLiveFleet } from '../../../core/fleet/index.ts'
import { type ManualClock, manualClock } from '../../../platform/clock.ts'
import { SourceFailure } from '../../../platform/failure.ts'
import {
  createVectorReader,
  identityQuery,
  type PrometheusClient,
} from '../../../sources/prometheus/index.ts'
import { IDENTITY_CUTS } from '../../../sources/prometheus/identityKey.ts'
import { PrometheusFloor } from './floor.ts'
import { FAST_QUESTIONS, type FloorQuestion, SLOW_QUESTIONS } from './questions.ts'

const GPUS = [0, 1]
const REFRESH_MS = 5000
const IDENTITY_MS = 60_000
/** So that two fast questions and two slow ones take longer than a refresh. */
const LONG_TAKES_MS = 1500

/** A Prometheus of two GPUs whose answers are as long as it is told. */
class Back {
  readonly clock: ManualClock = manualClock()
  readonly asked: string[] = []
  bytes = 100
  refused: ReadonlySet<string> = new Set()
  underWay = 0
  mostUnderWay = 0
  readonly fleet = createLiveFleet({
    site: 'Test',
    inventory: null,
    limits: {},
    staleAfterMs: 30_000,
    freezeAfterMs: 90_000,
  })
  readonly floor = new PrometheusFloor({
    client: { query: (promql: string, options) => this.#answer(promql, options) } as Pick<
      PrometheusClient,
      'query'
    > as PrometheusClient,
    fleet: this.fleet,
    clock: this.clock,
    matchers: '',
    slowEvery: 12,
    refreshMs: REFRESH_MS,
    identityEveryMs: IDENTITY_MS,
    hostLabels: [],
    freezeAfterMs: 90_000,
  })

  async refresh(): Promise<readonly string[]> {
    this.asked.length = 0
    this.mostUnderWay = 0
    const refresh = await this.floor.refresh(new AbortController().signal)
    await refresh.ingest(() => true)
    this.fleet.evaluate(this.clock.now())
    return [...this.asked]
  }

  /** The oldest figure that a screen would show, ms. */
  age(): number {
    return Math.max(...this.fleet.frame(['power']).ageMs)
  }

  readonly #answer: PrometheusClient['query'] = async (promql, options) => {
    const id = this.#idOf(promql)
    this.asked.push(id)
    const isColumn = id === 'fast' || id === 'slow'
    if (isColumn) this.underWay += 1
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay)
    await new Promise(setImmediate)
    if (isColumn) this.underWay -= 1
    if (this.bytes > 1e6) this.clock.advance(LONG_TAKES_MS / 2)
    if (this.refused.has(id)) {
      throw new SourceFailure({ code: 'timeout', text: 'Prometheus did not answer', nextStep: '' })
    }
    const now = this.clock.now() / 1000
    const value = promql.includes('timestamp(') ? now - 1 : 300
    const rows = id === 'other' ? [] : GPUS.map((gpu) => row(gpu, now, value))
    const body = `{"status":"success","data":{"resultType":"vector","result":[${rows.join()}]}}`
    const reader = options?.reader ?? createVectorReader()
    const { vector } = reader.read(Buffer.from(body))
    return { value: vector, warnings: [], partial: false, bytes: this.bytes, latencyMs: 1 }
  }

  #idOf(promql: string): string {
    if (promql === identityQuery('', [])) return 'who'
    if (promql.includes('timestamp(')) return 'ages'
    const isOf = (question: FloorQuestion): boolean =>
      IDENTITY_CUTS.some((cut) => question.promql('', cut) === promql)
    if (FAST_QUESTIONS.some(isOf)) return 'fast'
    if (SLOW_QUESTIONS.some(isOf)) return 'slow'
    return 'other'
  }
}

function row(gpu: number, now: number, value: number): string {
  const labels = { instance: 'h-1:9400', Hostname: 'h-1', UUID: `GPU-${gpu}`, gpu: String(gpu) }
  return JSON.stringify({ metric: labels, value: [now, String(value)] })
}

it('asks who is who first at the start, and after the figures from then on', async () => {
  const back = new Back()
  const first = await back.refresh()
  expect(first.indexOf('who')).toBeLessThan(first.indexOf('fast'))
  back.clock.advance(IDENTITY_MS)
  const later = await back.refresh()
  expect(later.filter((id) => id === 'who')).toHaveLength(1)
  expect(later.indexOf('who')).toBeGreaterThan(later.lastIndexOf('fast'))
  expect(first.indexOf('slow')).toBeGreaterThan(first.lastIndexOf('fast'))
})

it('goes on with the figures where who is who is not answered, says so, and asks again soon', async () => {
  const back = new Back()
  await back.refresh()
  back.refused = new Set(['who'])
  back.clock.advance(IDENTITY_MS)
  await back.refresh()
  expect(back.age()).toBeLessThan(REFRESH_MS)
  back.clock.advance(REFRESH_MS)
  const { complete, warnings } = await back.floor.refresh(new AbortController().signal)
  expect(complete).toEqual({ why: 'Who is who was not answered: Prometheus did not answer' })
  expect(warnings).toContain('Who is who was not answered: Prometheus did not answer')
  expect(await back.refresh()).not.toContain('who')
  back.refused = new Set()
  back.clock.advance(2 * REFRESH_MS)
  expect(await back.refresh()).toContain('who')
  expect(back.fleet.rollCall()).toMatchObject({ present: 2, missing: 0 })
})

it('asks long slow questions in parts, a few at a time, and lets fast figures go on', async () => {
  const back = new Back()
  await back.refresh()
  back.bytes = 8e6
  const slow: number[] = []
  for (let refreshes = 0; refreshes < 30; refreshes++) {
    const asked = await back.refresh()
    slow.push(asked.filter((id) => id === 'slow').length)
    expect(asked.filter((id) => id === 'fast')).toHaveLength(FAST_QUESTIONS.length)
    if (refreshes > 0) expect(back.mostUnderWay).toBeLessThanOrEqual(2)
  }
  expect(Math.max(...slow)).toBeLessThan(SLOW_QUESTIONS.length)
  // One round was due, and asked each of them once.
  expect(slow.reduce((sum, each) => sum + each, 0)).toBe(SLOW_QUESTIONS.length)
})
