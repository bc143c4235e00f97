import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TOKEN_MEASURES } from '../../../shared/model/tokens.ts'
import { startMetering, type Metering } from '../../demo/metering/server/start.ts'
import { createBookedWorld, sumsOf } from '../../demo/testing/books.ts'
import type { UsageTable } from '../../core/tokens/types.ts'
import { SourceFailure } from '../../platform/failure.ts'
import { createApi } from './api.ts'
import { connectionTo } from './testing/connection.ts'
import type { MeteringSource, UsageQuestion } from './types.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const { world, books, run } = createBookedWorld()
let missing: readonly string[] = []
let metering: Metering
let source: MeteringSource
const signal = new AbortController().signal

beforeAll(async () => {
  run(180)
  metering = await startMetering({
    factory: world.factory,
    books,
    faults: { tick: () => undefined, unavailable: () => null, missing: () => missing },
    checkAnswers: true,
  })
  // This machine's clock is an hour behind the server's.
  const clock = { now: () => books.now() - HOUR, monotonic: () => performance.now() }
  source = createApi(connectionTo({ url: metering.url, token: metering.token, clock }))
})
afterAll(async () => {
  await source.close()
  await metering.close()
})

const now = () => books.now()
const hours = (count: number) => {
  const toMs = Math.floor(now() / MINUTE) * MINUTE
  return { fromMs: toMs - count * HOUR, toMs }
}
const question = (change: Partial<UsageQuestion> = {}): UsageQuestion => ({
  ...hours(1),
  step: { ms: MINUTE },
  groupBy: [],
  filters: {},
  top: null,
  ...change,
})
function sum(table: UsageTable, measure: (typeof TOKEN_MEASURES)[number] | 'requests', row?: number): bigint {
  const steps = table.times.length
  const rows = row === undefined ? table.rows.map((_, i) => i) : [row]
  return rows.reduce((total, each) => {
    for (let i = each * steps; i < (each + 1) * steps; i++) total += table.counts[measure]?.exact(i) ?? 0n
    return total
  }, 0n)
}

describe('the adapter against the reference server', () => {
  it('learns what it can do', async () => {
    const abilities = await source.abilities(signal)
    expect(abilities.backend).toBe('Floorwatch reference metering 1.0')
    expect(abilities.minStepMs).toBe(10_000)
    expect([...abilities.groups]).toEqual(['tenant', 'model', 'endpoint', 'gpuType', 'key'])
    expect([...abilities.lacks]).toEqual([])
    expect(abilities.throttle?.conditionalWrite).toBe(true)
  })

  it('counts exactly what the books hold, however it is asked', async () => {
    // Not the newest minutes, which the metering does not know yet.
    const range = { fromMs: hours(1).fromMs - 5 * MINUTE, toMs: hours(1).toMs - 5 * MINUTE }
    const kept = sumsOf(books, range.fromMs, range.toMs)
    expect(kept.input).toBeGreaterThan(0)
    for (const groupBy of [[], ['tenant'], ['tenant', 'model', 'endpoint', 'gpuType']] as const) {
      const table = await source.usage(question({ ...range, groupBy }), signal)
      for (const measure of TOKEN_MEASURES) expect(sum(table, measure)).toBe(BigInt(kept[measure]))
      expect(sum(table, 'requests')).toBe(BigInt(kept.requests))
      expect(table.times).toHaveLength(60)
      expect(table.toMs - (table.times[0] ?? 0)).toBe(HOUR)
      expect(table.restRow).toBe(-1)
    }
  })

  it('asks in parts for what the server finds too much, and loses nothing', async () => {
    const fine = question({ step: { ms: 10_000 }, groupBy: ['tenant', 'model', 'endpoint', 'gpuType'] })
    const coarse = await source.usage(question(), signal)
    const [first, again] = [await source.usage(fine, signal), await source.usage(fine, signal)]
    expect(first.rows.length * first.times.length).toBeGreaterThan(20_000)
    expect(first.times).toHaveLength(360)
    expect(sum(first, 'input')).toBe(sum(coarse, 'input'))
    expect(sum(again, 'output')).toBe(sum(coarse, 'output'))
  })

  it('keeps what is beyond the top in one row', async () => {
    const all = await source.usage(question({ groupBy: ['tenant'] }), signal)
    const top = await source.usage(question({ groupBy: ['tenant'], top: 3 }), signal)
    expect(top.rows).toHaveLength(4)
    expect(top.restRow).toBe(3)
    expect(top.rows[3]).toEqual({})
    expect(sum(top, 'input', 3)).toBeGreaterThan(0n)
    expect(sum(top, 'input')).toBe(sum(all, 'input'))
  })

  it('narrows by several names, and takes a comma in a name for one', async () => {
    const all = await source.usage(question({ groupBy: ['tenant'] }), signal)
    const names = all.rows.slice(0, 2).map((row) => row.tenant ?? '')
    const two = await source.usage(question({ groupBy: ['tenant'], filters: { tenant: names } }), signal)
    expect(new Set(two.rows.map((row) => row.tenant))).toEqual(new Set(names))
    expect(two.rows).toHaveLength(2)
    const none = await source.usage(question({ filters: { tenant: [names.join()] } }), signal)
    expect(none.rows).toEqual([])
    await expect(source.usage(question({ filters: { tenant: [] } }), signal)).rejects.toThrow(RangeError)
  })

  it('knows the calendar of a zone', async () => {
    const table = await source.usage(
      question({
        fromMs: Date.UTC(2026, 9, 23, 22),
        toMs: Date.UTC(2026, 9, 26, 23),
        step: { bucket: 'day', timezone: 'Europe/Berlin' },
      }),
      signal,
    )
    const lengths = table.times.map((time, i) => ((table.times[i + 1] ?? table.toMs) - time) / HOUR)
    expect(lengths).toEqual([24, 25, 24])
    expect([...table.given]).toEqual([1, 1, 1])
  })

  it('distinguishes keys of one tenant', async () => {
    const [tenant] = (await source.tenants(signal)).tenants
    const id = tenant?.id ?? ''
    const table = await source.usage(question({ groupBy: ['key'], filters: { tenant: [id] } }), signal)
    const listed = await source.keys(id, signal)
    expect(listed.keys.length).toBeGreaterThan(0)
    expect(listed.nextCursor).toBeNull()
    expect(listed.keys.map((key) => key.id)).toEqual(expect.arrayContaining(table.rows.map((row) => row.key)))
  })

  it('reads latencies as histograms', async () => {
    const { series, dataAsOf } = await source.latency(
      { ...hours(1), kind: 'timeToFirstToken', stepMs: null, groupBy: ['model'], filters: {} },
      signal,
    )
    expect(dataAsOf).toBe(books.dataAsOf())
    expect(series.length).toBeGreaterThan(0)
    for (const { dims, points } of series) {
      expect(dims.model).toBeTruthy()
      expect(points).toHaveLength(1)
      expect(points[0]?.histogram.counts).toHaveLength((points[0]?.histogram.bounds.length ?? 0) + 1)
    }
  })

  it('reads latencies minute by minute, which add up to those of the whole', async () => {
    const toMs = Math.floor(books.dataAsOf() / 60_000) * 60_000
    const question = {
      fromMs: toMs - 20 * 60_000,
      toMs,
      kind: 'timeToFirstToken',
      groupBy: ['tenant', 'model', 'endpoint'],
      filters: {},
    } as const
    const whole = await source.latency({ ...question, stepMs: null }, signal)
    const minutes = await source.latency({ ...question, stepMs: 60_000 }, signal)
    const sums = (table: typeof whole) =>
      new Map(
        table.series.map(({ dims, points }) => [
          JSON.stringify(dims),
          points.flatMap(({ histogram }) => histogram.counts).reduce((a, b) => a + b, 0),
        ]),
      )
    expect(sums(minutes)).toEqual(sums(whole))
    const times = minutes.series.flatMap(({ points }) => points.map(({ at }) => at))
    expect(new Set(times).size).toBe(20)
    expect(Math.min(...times)).toBe(question.fromMs)
  })

  it('reads capacity, rates, tenants, statements', async () => {
    const capacity = await source.capacity(hours(1), signal)
    expect(capacity.rows.some((row) => (row.gpuHoursAllocated ?? 0) > 0)).toBe(true)
    const { rates } = await source.rates(signal)
    expect(new Set(rates.map((rate) => rate.kind))).toEqual(new Set(['price', 'cost']))
    const { tenants, complete } = await source.tenants(signal)
    expect(tenants.map(({ id }) => id).toSorted()).toEqual([...books.accounts.keys()].toSorted())
    expect(complete).toBe(true)
    const id = tenants[0]?.id ?? ''
    const statement = await source.statement(id, hours(1), signal)
    expect(statement.tenant).toBe(id)
    expect(statement.lines.length).toBeGreaterThan(0)
  })

  it('reads jobs in pages, and one as a tree', async () => {
    const asked = { ...hours(24), tenant: null, outcome: null, limit: 5 }
    const first = await source.workflows({ ...asked, cursor: null }, signal)
    expect(first.workflows).toHaveLength(5)
    const second = await source.workflows({ ...asked, cursor: first.nextCursor }, signal)
    const ids = [...first.workflows, ...second.workflows].map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const { workflow, tree } = await source.workflow(ids[0] ?? '', signal)
    expect(workflow.id).toBe(ids[0])
    expect(tree.length).toBe(workflow.steps)
  })

  it('says in the words of the server that there is no such job, and stays well', async () => {
    await source.rates(signal)
    const asked = source.workflow('no/such job', signal)
    await expect(asked).rejects.toThrow(SourceFailure)
    await expect(asked).rejects.toThrow(/HTTP 404 to GET \/v1\/workflows\/no%2Fsuch%20job.*no\/such job/)
    await expect(source.workflow('..', signal)).rejects.toThrow('".." cannot be asked for')
    expect(source.health()).toMatchObject({ kind: 'metering', state: 'ok', error: null })
  })

  it('hands on what has not reported', async () => {
    missing = ['gateway eu-2']
    const table = await source.usage(question(), signal)
    expect(table).toMatchObject({ complete: false, missing: ['gateway eu-2'] })
    expect(source.health()).toMatchObject({ state: 'slow', warnings: ['Not reported: gateway eu-2.'] })
    missing = []
    await source.usage(question(), signal)
    expect(source.health()).toMatchObject({ state: 'ok', warnings: [] })
  })

  it('learns the clock of the server', async () => {
    await source.rates(signal)
    expect(Math.abs(source.backendClock.offsetMs - HOUR)).toBeLessThan(2000)
  })
})
