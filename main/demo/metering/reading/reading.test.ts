import { describe, expect, it } from 'vitest'
import { OPERATIONS, type AnswerOf, type QueryOf } from '../../../../shared/metering/operations.ts'
import { Money, priceOf } from '../../../../shared/model/money.ts'
import { createBookedWorld } from '../../testing/books.ts'
import { ProblemError } from '../http/handler.ts'
import { createReading, type Reading } from './reading.ts'

const { world, books, run } = createBookedWorld()
const blocked = new Set<string>()
const reading = createReading(books, world.factory, {
  effective: (tenant) => books.accounts.get(tenant)?.base ?? { tpm: null, rpm: null, maxConcurrent: null },
  isBlocked: (tenant) => blocked.has(tenant),
})
run(180)

const HOUR = 3_600_000
const DAY = 24 * HOUR
const now = books.now()
const at = (ms: number) => new Date(ms).toISOString()

/** Asks as the server does: the query through the contract, and the answer must be one of the contract. */
function ask<N extends keyof Reading>(name: N, query?: QueryOf<N> | null, id?: string): AnswerOf<N> {
  const operation = OPERATIONS[name]
  const request = {
    query: operation.query === null ? null : operation.query.parse(query ?? {}),
    params: id === undefined ? null : { id },
    body: null,
    headers: {},
    actor: 'test',
    requestId: 'r-1',
  }
  const { body } = (reading[name] as unknown as (asked: typeof request) => { body: AnswerOf<N> })(request)
  operation.answer.body.parse(body)
  return body
}

function problemOf(act: () => unknown): ProblemError {
  try {
    act()
  } catch (error) {
    if (error instanceof ProblemError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

type Points = AnswerOf<'getUsage'>['series'][number]['points']
const tokens = (points: Points) => points.reduce((sum, { input, output }) => sum + input + output, 0n)
const everything = (usage: AnswerOf<'getUsage'>) =>
  tokens(usage.series.flatMap(({ points }) => points)) + tokens(usage.rest ?? [])

describe('getUsage', () => {
  const hour = { from: at(now - HOUR), to: at(now) }

  it('sums to the same tokens however it is grouped, stepped or cut short', () => {
    const whole = everything(ask('getUsage', { ...hour, step: '60' }))
    expect(whole).toBeGreaterThan(0n)
    for (const groupBy of ['tenant', 'model', 'endpoint', 'gpuType', 'tenant,model,endpoint,gpuType']) {
      expect(everything(ask('getUsage', { ...hour, step: '300', groupBy }))).toBe(whole)
    }
    const top = ask('getUsage', { ...hour, step: '600', groupBy: 'tenant', top: '2' })
    expect(top.series.map(({ dims }) => dims.tenant)[0]).toBe('meridian')
    expect(top.series).toHaveLength(2)
    expect(everything(top)).toBe(whole)
  })

  it('reaches as far as the data and says so', () => {
    const { dataAsOf, complete, series } = ask('getUsage', { ...hour, step: '10' })
    expect(complete).toBe(true)
    expect(Date.parse(dataAsOf)).toBe(books.dataAsOf())
    expect(series[0]?.points.at(-1)?.t).toBe(at(books.dataAsOf() - 10_000))
    expect(ask('getUsage', { from: at(now + HOUR), to: at(now + 2 * HOUR), step: '60' }).series).toEqual([])
  })

  it('names what is no longer kept', () => {
    const old = ask('getUsage', { from: at(now - 500 * DAY), to: at(now - 399 * DAY), bucket: 'month' })
    expect(old.complete).toBe(false)
    expect(old.missing[0]).toContain('no longer kept')
  })

  it('has calendar days of 23 and 25 hours that add up to their hours', () => {
    const of = (day: string, next: string, bucket: 'hour' | 'day') =>
      ask('getUsage', { from: day, to: next, bucket, timezone: 'Europe/Berlin' }).series[0]?.points ?? []
    const spring = ['2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'] as const
    const autumn = ['2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'] as const
    expect(of(...spring, 'hour')).toHaveLength(23)
    expect(of(...autumn, 'hour')).toHaveLength(25)
    for (const [from, to] of [spring, autumn]) {
      const [day, ...more] = of(from, to, 'day')
      expect(more).toEqual([])
      expect(day?.t).toBe(at(Date.parse(from)))
      expect(tokens(of(from, to, 'hour'))).toBe((day?.input ?? 0n) + (day?.output ?? 0n))
    }
  })

  it('counts exactly what lies in the range, so that neighbours add up', () => {
    const middle = now - 1_234_560
    const ends = [now - HOUR, middle, now - 60_000]
    const [from = 0, between = 0, to = 0] = ends.map((ms) => Math.floor(ms / 10_000) * 10_000)
    const sum = (a: number, b: number) =>
      everything(ask('getUsage', { from: at(a), to: at(b), step: '3600' }))
    expect(sum(from, between) + sum(between, to)).toBe(sum(from, to))
  })

  it.each([
    [{ step: '15' }, 'query.step', '20 is'],
    [{ step: '10', groupBy: 'tenant,model', from: at(now - DAY) }, 'query.step', 'A step of'],
    [{ step: '60', bucket: 'day' }, 'query.step', 'not for both'],
    [{ bucket: 'day', timezone: 'Mars/Olympus' }, 'query.timezone', 'Mars/Olympus'],
    [{ groupBy: 'key' }, 'query.groupBy', 'exactly one'],
    [{ groupBy: 'key', tenant: ['meridian', 'sandbox'] }, 'query.groupBy', 'exactly one'],
    [{ to: at(now - 2 * HOUR) }, 'query.to', 'later than from'],
  ] as const)('refuses %j in plain words', (query, pointer, text) => {
    const problem = problemOf(() => ask('getUsage', { ...hour, ...query } as QueryOf<'getUsage'>))
    expect(problem.type).toBe('invalid-request')
    expect(problem.pointer).toBe(pointer)
    expect(problem.message).toContain(text)
  })

  it('names a step that fits', () => {
    const query = { from: at(now - DAY), to: at(now), groupBy: 'tenant,model' }
    const { message } = problemOf(() => ask('getUsage', { ...query, step: '10' }))
    const step = /A step of (\d+) s fits/.exec(message)?.[1] ?? ''
    expect(ask('getUsage', { ...query, step }).series.length).toBeGreaterThan(10)
  })

  it('distinguishes the keys of one tenant', () => {
    const query = { ...hour, step: '300', tenant: 'meridian' }
    const byKey = ask('getUsage', { ...query, groupBy: 'key' })
    expect(byKey.series.length).toBeGreaterThan(2)
    expect(everything(byKey)).toBe(everything(ask('getUsage', query)))
  })
})

describe('getLatency', () => {
  it('has a histogram per group that adds up to the calls, and says how long it is kept', () => {
    const range = { from: at(now - 600_000), to: at(now) }
    const { series, bounds } = ask('getLatency', { ...range, kind: 'duration', groupBy: 'model' })
    const counted = countOf(series)
    const requests = ask('getUsage', { ...range, step: '600' }).series.flatMap(({ points }) => points)
    expect(series[0]?.points[0]?.counts).toHaveLength(bounds.length + 1)
    // Both cut the first step at ten seconds.
    expect(Math.abs(counted / requests.reduce((sum, point) => sum + point.requests, 0) - 1)).toBeLessThan(
      0.03,
    )
    const long = ask('getLatency', {
      from: at(now - 40 * DAY),
      to: at(now - 30 * DAY),
      step: '86400',
      kind: 'duration',
    })
    expect(long.complete).toBe(false)
    expect(long.missing[0]).toContain('31 days')
  })

  it('has each minute of a month, before the start too, and they add up to the whole', () => {
    const from = now - 20 * DAY
    const range = { from: at(from), to: at(from + HOUR / 2), kind: 'timeToFirstToken' } as const
    const minutes = ask('getLatency', { ...range, step: '60', groupBy: 'tenant,model' })
    expect(minutes.complete).toBe(true)
    expect(new Set(minutes.series.flatMap(({ points }) => points.map(({ t }) => t))).size).toBeGreaterThan(29)
    expect(countOf(minutes.series)).toBe(countOf(ask('getLatency', range).series))
  })

  function countOf(
    series: readonly { readonly points: readonly { readonly counts: readonly number[] }[] }[],
  ) {
    return series.flatMap(({ points }) => points.flatMap(({ counts }) => counts)).reduce((a, b) => a + b, 0)
  }
})

describe('getCapacity and getRates', () => {
  it('provides every GPU for every hour, and no row is active for longer than that', () => {
    const { rows } = ask('getCapacity', { from: at(now - DAY), to: at(now - DAY + 10 * HOUR) })
    const sum = rows.reduce((hours, row) => hours + (row.gpuHoursProvisioned ?? 0), 0)
    expect(sum).toBeCloseTo(world.factory.site.gpuCount * 10, 6)
    for (const row of rows) {
      expect(row.gpuHoursActive).toBeLessThanOrEqual((row.gpuHoursAllocated ?? 0) + 1e-9)
      expect(row.gpuHoursAllocated).toBeLessThanOrEqual((row.gpuHoursProvisioned ?? 0) + 1e-9)
      expect(row.energyJoules).toBeGreaterThan(0)
    }
  })

  it('measures lived time as the boards do', () => {
    const { from, to, rows } = ask('getCapacity', { from: at(books.startMs + 60_000), to: at(now) })
    const seconds = (Date.parse(to) - Date.parse(from)) / 1000
    const watts = rows.reduce((sum, row) => sum + (row.energyJoules ?? 0), 0) / seconds
    const present = world.factory.columns.power.reduce((a, b) => a + b, 0)
    expect(Math.abs(watts / present - 1)).toBeLessThan(0.15)
  })

  it('has a price for every model that is served, and the price before', () => {
    const { rates } = ask('getRates')
    for (const { spec } of world.factory.placement.deployments) {
      if (spec.kind !== 'serving') continue
      const own = rates.filter(({ model, tokenType }) => model === spec.model && tokenType === 'input')
      expect(new Set(own.map(({ effectiveFrom }) => effectiveFrom)).size).toBe(2)
    }
    expect(rates.filter(({ kind }) => kind === 'cost').map(({ gpuType }) => gpuType)).toContain('H100')
    expect(rates.some(({ tokenType }) => tokenType === 'reasoning')).toBe(false)
  })
})

describe('tenants', () => {
  it('come page by page, once each, with quotas that add up', () => {
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page: AnswerOf<'listTenants'> = ask('listTenants', {
        limit: '7',
        ...(cursor === null ? {} : { cursor }),
      })
      for (const { id, quotas } of page.tenants) {
        seen.push(id)
        for (const { limit, used, remaining } of quotas) {
          expect(remaining).toBe(used > limit ? 0n : limit - used)
          expect(used).toBeGreaterThan(0n)
        }
      }
      cursor = page.nextCursor
    } while (cursor !== null)
    expect(new Set(seen).size).toBe(books.accounts.size)
    expect(seen).toHaveLength(books.accounts.size)
    expect(problemOf(() => ask('listTenants', { cursor: 'nonsense' })).pointer).toBe('query.cursor')
  })

  it('are blocked while a throttle blocks them', () => {
    blocked.add('meridian')
    expect(ask('listTenants', { limit: '1' }).tenants[0]).toMatchObject({ id: 'meridian', state: 'blocked' })
    blocked.clear()
    expect(ask('listTenants', { limit: '1' }).tenants[0]?.state).toBe('active')
  })

  it('have keys with their last use, and 404 where there is no tenant', () => {
    const { keys } = ask('listKeys', {}, 'meridian')
    const web = keys.find(({ id }) => id === 'meridian-web')
    expect(Date.parse(web?.lastUsedAt ?? '')).toBeGreaterThan(now - 60_000)
    for (const name of ['listKeys', 'getQuotas'] as const) {
      expect(problemOf(() => ask(name, {}, 'nobody')).type).toBe('not-found')
    }
  })
})

describe('getStatement', () => {
  const from = Date.UTC(2026, 7, 20)
  const to = Date.UTC(2026, 8, 10)
  const statement = ask('getStatement', { from: at(from), to: at(to) }, 'borealis-agents')

  it('rounds every line half up at the prices of its time, and sums what is rounded', () => {
    for (const { tokens: count, pricePerMegatoken, amount } of statement.lines) {
      expect(amount).toBe(priceOf(count, pricePerMegatoken).toFixed(2, Money.ROUND_HALF_UP))
    }
    const sum = statement.lines.reduce((total, { amount }) => total.plus(amount), new Money(0))
    expect(statement.total).toBe(sum.toFixed(2))
    const prices = statement.lines
      .filter(({ model, tokenType }) => model === 'mixtral-8x22b' && tokenType === 'output')
      .map(({ pricePerMegatoken }) => pricePerMegatoken)
    expect(prices).toEqual(['0.99', '0.90'])
  })

  it('bills every token of the usage once', () => {
    const usage = ask('getUsage', {
      from: at(from),
      to: at(to),
      bucket: 'month',
      tenant: 'borealis-agents',
    })
    const billed = statement.lines.reduce((sum, line) => sum + line.tokens, 0n)
    expect(billed).toBe(everything(usage))
    expect(statement.complete).toBe(true)
  })

  it('is not complete while its period runs', () => {
    const running = ask('getStatement', { from: at(now - DAY), to: at(now + DAY) }, 'meridian')
    expect(running.complete).toBe(false)
    expect(running.missing[0]).toContain('not metered yet')
  })
})

describe('workflows', () => {
  it('list the most tokens first over pages, with totals over all of them', () => {
    const query = { from: at(now - 2 * HOUR), to: at(now), limit: '20' }
    const first = ask('listWorkflows', query)
    const next = ask('listWorkflows', { ...query, cursor: first.nextCursor ?? '' })
    const all = [...first.workflows, ...next.workflows].map(({ id, tokens: split }) => ({
      id,
      total: split.input + split.output,
    }))
    expect(new Set(all.map(({ id }) => id)).size).toBe(40)
    all.forEach(({ total }, i) => expect(total <= (all[i - 1]?.total ?? total)).toBe(true))
    const { started, succeeded, failed, cancelled, running } = first.totals
    expect(succeeded + failed + cancelled + running).toBe(started)
    expect(next.totals).toEqual(first.totals)
    expect(started).toBeGreaterThan(100)
  })

  it('cost as much as their steps together', () => {
    const { workflows } = ask('listWorkflows', { from: at(now - 2 * HOUR), to: at(now), limit: '5' })
    for (const { id } of workflows) {
      const { workflow, tree } = ask('getWorkflow', null, id)
      const cost = tree.reduce((sum, step) => sum.plus(step.cost?.amount ?? 0), new Money(0))
      expect(cost.toFixed()).toBe(workflow.cost?.amount)
    }
  })

  it('are filtered by outcome and tenant, and bounded in time', () => {
    const query = { from: at(now - 2 * HOUR), to: at(now), outcome: 'failed', tenant: 'lumen-legal' } as const
    const { workflows, totals } = ask('listWorkflows', query)
    expect(totals.started).toBe(totals.failed)
    for (const { outcome, tenant } of workflows) expect([outcome, tenant]).toEqual(['failed', 'lumen-legal'])
    const long = { from: at(now - 60 * DAY), to: at(now) }
    expect(problemOf(() => ask('listWorkflows', long)).pointer).toBe('query.from')
    expect(problemOf(() => ask('getWorkflow', null, 'wf-nothing')).type).toBe('not-found')
  })
})

describe('getCapabilities', () => {
  it('says what the handlers do', () => {
    const { minStepSeconds, lagSeconds, throttle, retentionDays } = ask('getCapabilities')
    expect(minStepSeconds).toBe(10)
    expect(lagSeconds).toBeGreaterThan(5)
    expect(retentionDays).toBe(400)
    expect(throttle).not.toBeNull()
  })
})
