import { describe, expect, it } from 'vitest'
import { sumTotals } from '../../../core/tokens/usage/totals.ts'
import type { UsageQuestion } from '../types.ts'
import { stepsOf } from '../usage/steps.ts'
import { areWholeDays, DAY_MS, daysOf, tableOfDays } from './days.ts'
import { dailySchema } from './schema.ts'

const DAY = Date.UTC(2026, 10, 23)
const metrics = (input: number, output: number, failed = 0) => ({
  spend: 0.1,
  prompt_tokens: input,
  completion_tokens: output,
  total_tokens: input + output,
  cache_read_input_tokens: Math.floor(input / 10),
  cache_creation_input_tokens: 0,
  api_requests: 1 + failed,
  successful_requests: 1,
  failed_requests: failed,
})
const part = (input: number, output: number, keys: object = {}) => ({
  metrics: metrics(input, output),
  metadata: { any: 'thing' },
  api_key_breakdown: keys,
})
const page = (results: readonly object[]) =>
  dailySchema.parse({ results, metadata: { page: 1, total_pages: 1 } }).results
const question = (over: Partial<UsageQuestion> = {}): UsageQuestion => ({
  fromMs: DAY,
  toMs: DAY + 2 * DAY_MS,
  step: { ms: DAY_MS },
  groupBy: [],
  filters: {},
  top: null,
  ...over,
})
const REACH = { dataAsOf: DAY + 2 * DAY_MS, missing: [], doubts: [] }
const table = (asked: UsageQuestion, read: Parameters<typeof tableOfDays>[2]) =>
  tableOfDays(asked, stepsOf(asked), read, REACH)
const read = (days: ReturnType<typeof page>, team: string | null = null) => ({ team, days, cutAt: null })

describe('days of LiteLLM', () => {
  it('are those of UTC, the last one belongs to the range', () => {
    const steps = stepsOf(question())
    expect(areWholeDays(steps)).toBe(true)
    expect(daysOf(steps)).toEqual({ start: '2026-11-23', end: '2026-11-24' })
    expect(areWholeDays(stepsOf(question({ step: { ms: 3_600_000 } })))).toBe(false)
    const paris = { bucket: 'day', timezone: 'Europe/Paris' } as const
    expect(areWholeDays(stepsOf(question({ step: paris })))).toBe(false)
    const month = { bucket: 'month', timezone: 'UTC' } as const
    expect(daysOf(stepsOf(question({ step: month })))).toEqual({ start: '2026-11-01', end: '2026-11-30' })
  })

  it('are sums of pages that end in the midst of a day', () => {
    const days = page([
      { date: '2026-11-24', metrics: metrics(10, 1), breakdown: {} },
      { date: '2026-11-23', metrics: metrics(20, 2), breakdown: {} },
      { date: '2026-11-23', metrics: metrics(5, 3), breakdown: {} },
    ])
    const made = table(question(), { parts: [read(days)], all: null })
    expect(sumTotals(made, 0, 0)).toMatchObject({ input: '25', output: '5', cachedInput: '2', requests: '2' })
    expect(sumTotals(made, 0, 1)).toMatchObject({ input: '10', output: '1' })
    expect([made.counts.rejected, made.counts.reasoning, made.counts.errorTokens]).toEqual([null, null, null])
  })

  it('tell models by the name that customers use, older versions by that of the deployment, and what has none', () => {
    const breakdown = { models: { 'openai/llama': part(20, 2) }, model_groups: { llama: part(20, 2) } }
    const days = page([{ date: '2026-11-23', metrics: metrics(25, 2), breakdown }])
    const made = table(question({ groupBy: ['model'] }), { parts: [read(days)], all: null })
    expect(made.rows).toEqual([{ model: 'llama' }, { model: '' }])
    expect(sumTotals(made, 1, 0).input).toBe('5')
    const old = page([
      { date: '2026-11-23', metrics: metrics(20, 2), breakdown: { models: breakdown.models } },
    ])
    expect(table(question({ groupBy: ['model'] }), { parts: [read(old)], all: null }).rows).toEqual([
      { model: 'openai/llama' },
    ])
  })

  it('tell keys by their hash and take none over that is a key itself', () => {
    const api_keys = { f00d: part(3, 1), 'sk-1234567890abcdef': part(4, 1) }
    const days = page([{ date: '2026-11-23', metrics: metrics(7, 2), breakdown: { api_keys } }])
    const made = table(question({ groupBy: ['key'] }), { parts: [read(days)], all: null })
    expect(made.rows).toEqual([{ key: 'f00d' }, { key: '' }])
    expect(JSON.stringify(made.rows)).not.toContain('sk-')
  })

  it('call what is in everything and in no team a tenant without a name', () => {
    const teams = page([
      {
        date: '2026-11-23',
        metrics: metrics(30, 3),
        breakdown: { entities: { acme: part(20, 2), beta: part(10, 1) } },
      },
    ])
    const all = page([{ date: '2026-11-23', metrics: metrics(37, 4), breakdown: {} }])
    const made = table(question({ groupBy: ['tenant'] }), { parts: [read(teams)], all: read(all) })
    expect(made.rows).toEqual([{ tenant: 'acme' }, { tenant: 'beta' }, { tenant: '' }])
    expect(sumTotals(made, 2, 0)).toMatchObject({ input: '7', output: '1' })
    const alone = table(question({ filters: { tenant: [''] } }), { parts: [read(teams)], all: read(all) })
    expect(sumTotals(alone, 0, 'all').input).toBe('7')
  })

  it('never take more of a team than of everything for less than nothing', () => {
    const teams = page([
      { date: '2026-11-23', metrics: metrics(40, 3), breakdown: { entities: { a: part(40, 3) } } },
    ])
    const all = page([{ date: '2026-11-23', metrics: metrics(37, 3), breakdown: {} }])
    expect(table(question({ groupBy: ['tenant'] }), { parts: [read(teams)], all: read(all) }).rows).toEqual([
      { tenant: 'a' },
    ])
  })

  it('narrow one team to a model', () => {
    const breakdown = { model_groups: { llama: part(20, 2), qwen: part(5, 1) } }
    const days = page([{ date: '2026-11-23', metrics: metrics(25, 3), breakdown }])
    const asked = question({ groupBy: ['tenant'], filters: { tenant: ['acme'], model: ['qwen'] } })
    const made = table(asked, { parts: [read(days, 'acme')], all: null })
    expect(made.rows).toEqual([{ tenant: 'acme' }])
    expect(sumTotals(made, 0, 'all').input).toBe('5')
  })

  it('leave out days of which only a part was read', () => {
    const days = page([
      { date: '2026-11-24', metrics: metrics(10, 1), breakdown: {} },
      { date: '2026-11-23', metrics: metrics(20, 2), breakdown: {} },
    ])
    const made = table(question(), { parts: [{ team: null, days, cutAt: DAY }], all: null })
    expect(made.times).toEqual([DAY + DAY_MS])
    expect(sumTotals(made, 0, 'all').input).toBe('10')
  })

  it('leave unknown what an old version does not count', () => {
    const days = page([
      { date: '2026-11-23', metrics: { prompt_tokens: 3, completion_tokens: 1 }, breakdown: {} },
      { date: '2026-11-24', metrics: metrics(10, 1), breakdown: {} },
    ])
    const { counts } = table(question(), { parts: [read(days)], all: null })
    expect([counts.cachedInput, counts.requests, counts.errors]).toEqual([null, null, null])
    expect(counts.input).not.toBeNull()
  })

  it('lose no digit beyond 2^53', () => {
    const big = 2n ** 60n + 1n
    const days = page([
      { date: '2026-11-23', metrics: { ...metrics(1, 1), prompt_tokens: big }, breakdown: {} },
    ])
    expect(sumTotals(table(question(), { parts: [read(days)], all: null }), 0, 0).input).toBe(String(big))
  })
})
