import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sumTotals } from '../../../core/tokens/usage/totals.ts'
import { AbilityMissing, StepTooFine } from '../types.ts'
import { Bench, DAY, K1, K2, MINUTE, NINE, SECOND, sums, TODAY } from './testing/bench.ts'
import { ANSWER, PROMPT } from './testing/fakeProxy.ts'
import { plainly } from '../../../../test/support/plainly.ts'

const signal = new AbortController().signal
let bench: Bench
beforeEach(() => {
  bench = new Bench()
})
afterEach(() => bench.close())
const asksFor = (path: string) => bench.proxy.paths().filter((asked) => asked === path).length

describe('LiteLLM: newest usage from the counters', () => {
  it('tells tokens by team and model between two readings, with what is part of them', async () => {
    bench.serve({ endMs: NINE - MINUTE, input: 5000 })
    const source = await bench.open()
    expect((await source.usage(bench.live(), signal)).times).toEqual([])
    bench.serve(
      { endMs: NINE + 5_000, cached: 30, reasoning: 7 },
      { endMs: NINE + 6_000, team: null, key: K2, input: 10, output: 1 },
      { endMs: NINE + 7_000, status: 429 },
      { endMs: NINE + 8_000, status: 500 },
    )
    bench.clock.advance(10 * SECOND)
    const table = await source.usage(bench.live(), signal)
    expect(sums(table)).toEqual({ 'acme/llama': '100+40', '/llama': '10+1' })
    expect(sumTotals(table, 0, 'all')).toMatchObject({
      cachedInput: '30',
      reasoning: '7',
      requests: '2',
      rejected: '1',
      errors: '1',
      errorTokens: null,
    })
    expect([table.dataAsOf, table.complete]).toEqual([NINE + 10_000, true])
    expect(bench.proxy.authorisations).toEqual(new Set(['Bearer the-token-of-the-tests']))
  })

  it('reads once in ten seconds, however many ask, and follows /metrics to /metrics/ once', async () => {
    const source = await bench.open()
    await Promise.all(Array.from({ length: 5 }, () => source.usage(bench.live(), signal)))
    bench.clock.advance(5 * SECOND)
    await source.usage(bench.live(), signal)
    expect([asksFor('/metrics'), asksFor('/metrics/')]).toEqual([1, 1])
    bench.clock.advance(5 * SECOND)
    await source.usage(bench.live(), signal)
    expect([asksFor('/metrics'), asksFor('/metrics/')]).toEqual([1, 2])
    expect(source.health().error).toBeNull()
  })

  it('reads counters without _total as well', async () => {
    bench.proxy.metricsSuffix = ''
    await bench.open()
    await bench.readTwice(bench.request({ endMs: NINE + SECOND }))
    expect(sums(await bench.source.usage(bench.live(), signal))).toEqual({ 'acme/llama': '100+40' })
  })

  it('is told on the clock of the proxy, which may be another', async () => {
    const hour = 60 * MINUTE
    bench.proxy.now = () => bench.clock.now() + hour
    const source = await bench.open()
    await source.usage(bench.live({ fromMs: NINE + hour, toMs: NINE + hour + 10 * SECOND }), signal)
    bench.serve({ endMs: NINE + hour + SECOND })
    bench.clock.advance(20 * SECOND)
    const range = { fromMs: NINE + hour - MINUTE, toMs: NINE + hour + 30 * SECOND }
    const table = await source.usage(bench.live({ ...range, step: { ms: SECOND } }), signal)
    // A Date header has whole seconds: the offset is known to half a second, so a part of the first one is not known.
    expect(Number(sumTotals(table, 0, 'all').input)).toBeGreaterThanOrEqual(95)
    expect(table.times[0]).toBe(NINE + hour + SECOND)
    expect(Math.abs(table.dataAsOf - (NINE + hour + 20 * SECOND))).toBeLessThanOrEqual(500)
    expect(Math.abs(source.backendClock.offsetMs - hour)).toBeLessThanOrEqual(500)
  })

  it('takes no figure of several proxies behind one address, and says so', async () => {
    bench.serve({ endMs: NINE - MINUTE, input: 5000 })
    const source = await bench.open()
    await source.usage(bench.live(), signal)
    bench.proxy.startedAt = TODAY - 2 * DAY
    bench.serve({ endMs: TODAY - DAY - MINUTE, input: 900_000 })
    bench.clock.advance(10 * SECOND)
    await expect(source.usage(bench.live(), signal)).rejects.toThrow(AbilityMissing)
    const { lacks } = await source.abilities(signal)
    expect(lacks.get('liveUsage')).toContain('several LiteLLM proxies or workers in turn')
    expect(source.health().warnings.join()).toContain('PROMETHEUS_MULTIPROC_DIR')
    // Usage is not asked for now, and still it shows when one process answers again.
    for (let reading = 0; reading < 61; reading++) {
      bench.clock.advance(10 * SECOND)
      await source.abilities(signal)
    }
    expect((await source.abilities(signal)).lacks.has('liveUsage')).toBe(false)
  })

  it('says which label is left out, for without it no team can be told', async () => {
    bench.proxy.instead.set('/metrics/', () => ({
      body: 'litellm_input_tokens_metric_total{requested_model="llama"} 5\n',
    }))
    const source = await bench.open()
    expect((await source.abilities(signal)).lacks.get('liveUsage')).toMatch(
      /without the label team; .*include_labels/,
    )
    await expect(source.usage(bench.live(), signal)).rejects.toThrow('without the label team')
    bench.proxy.instead.clear()
    bench.serve({ endMs: NINE - MINUTE })
    bench.clock.advance(10 * SECOND)
    expect((await source.abilities(signal)).lacks.has('liveUsage')).toBe(false)
  })

  it('knows nothing, which is not zero, where no counter of tokens is there', async () => {
    await bench.open()
    await bench.readTwice()
    expect((await bench.source.usage(bench.live(), signal)).counts.input).toBeNull()
    expect(plainly(bench.source.health().doubts)).toMatchObject([
      {
        code: 'metrics-no-tokens',
        nextStep: expect.stringContaining('callbacks: ["prometheus"]') as string,
      },
    ])
  })

  it.each([
    ['', 'answers and has no figure at all'],
    ['python_gc_objects_collected_total 5\n', 'answers and has 1 figure, none of them a counter of LiteLLM'],
  ])('is a failure of the source where the answer has nothing of LiteLLM: %j', async (body, text) => {
    bench.proxy.instead.set('/metrics/', () => ({ body }))
    const source = await bench.open()
    await expect(source.usage(bench.live(), signal)).rejects.toThrow(text)
    expect(source.health().error).toMatchObject({
      code: 'empty',
      nextStep: expect.stringContaining('callbacks') as string,
    })
  })

  it('withdraws nothing when its counters leave the answer, and books what came meanwhile when they return', async () => {
    bench.serve({ endMs: NINE - MINUTE })
    const source = await bench.open()
    await bench.readTwice(bench.request({ endMs: NINE + SECOND }))
    bench.proxy.instead.set('/metrics/', () => ({
      body: `process_start_time_seconds ${bench.proxy.startedAt / 1000}\n`,
    }))
    bench.clock.advance(10 * SECOND)
    await expect(source.usage(bench.live(), signal)).rejects.toThrow('its counters were there before')
    bench.proxy.instead.clear()
    bench.serve({ endMs: NINE + 15 * SECOND })
    bench.clock.advance(10 * SECOND)
    const table = await source.usage(bench.live(), signal)
    expect(sums(table)).toEqual({ 'acme/llama': '200+80' })
    // Over the whole time that nothing was said, not within the last reading.
    const last = table.times.map((_, step) => Number(sumTotals(table, 0, step).input))
    expect(last.filter((tokens) => tokens > 0).length).toBeGreaterThan(2)
  })
})

describe('LiteLLM: whole days from its own totals', () => {
  beforeEach(() => {
    bench.serve(
      { endMs: TODAY - DAY + MINUTE, input: 1000 },
      { endMs: TODAY - DAY + 2 * MINUTE, team: 'beta', model: 'qwen', key: K2, input: 300 },
      { endMs: TODAY + MINUTE, team: null, input: 70, output: 7 },
      { endMs: TODAY + 2 * MINUTE, status: 429 },
    )
    bench.proxy.teams = [{ id: 'acme' }, { id: 'beta' }]
  })

  it('adds what had no team to the teams', async () => {
    const source = await bench.open(null)
    const table = await source.usage(bench.days(), signal)
    expect(sums(table)).toEqual({ acme: '1000+40', beta: '300+40', '': '70+7' })
    expect(table.times).toEqual([TODAY - 2 * DAY, TODAY - DAY, TODAY])
    expect([table.complete, table.missing, table.counts.rejected]).toEqual([true, [], null])
    const asked = bench.proxy.asked.find(({ pathname }) => pathname === '/team/daily/activity')?.searchParams
    expect([asked?.get('start_date'), asked?.get('end_date')]).toEqual(['2026-11-22', '2026-11-24'])
  })

  it('tells everything by model or as one, of all or of one team', async () => {
    const source = await bench.open(null)
    const of = async (over: Parameters<Bench['days']>[0]) =>
      sums(await source.usage(bench.days(over), signal))
    expect(await of({ groupBy: ['model'] })).toEqual({ llama: '1070+47', qwen: '300+40' })
    expect(await of({ groupBy: [] })).toEqual({ '': '1370+87' })
    expect(await of({ groupBy: ['model'], filters: { tenant: ['beta'] } })).toEqual({ qwen: '300+40' })
    expect(await of({ groupBy: ['key'], filters: { tenant: ['acme'] } })).toEqual({ [K1]: '1000+40' })
    expect(await of({ groupBy: [], filters: { tenant: [''] } })).toEqual({ '': '70+7' })
    expect(await of({ top: 1 })).toEqual({ acme: '1000+40', 'the rest': '370+47' })
  })

  it('asks team by team for models of teams, and says whom that leaves out', async () => {
    const source = await bench.open(null)
    const table = await source.usage(bench.days({ groupBy: ['tenant', 'model'] }), signal)
    expect(sums(table)).toEqual({ 'acme/llama': '1000+40', 'beta/qwen': '300+40' })
    expect([table.complete, table.missing]).toEqual([false, ['requests without a team']])
    bench.proxy.teams = Array.from({ length: 21 }, (_, i) => ({ id: `t${i}` }))
    await expect(source.usage(bench.days({ groupBy: ['tenant', 'model'] }), signal)).rejects.toThrow(
      'there are 21',
    )
  })

  it('reads all pages, and leaves out the oldest days where there are too many', async () => {
    bench.proxy.dayRows = 1
    const source = await bench.open(null)
    expect(sums(await source.usage(bench.days(), signal))).toEqual({
      acme: '1000+40',
      beta: '300+40',
      '': '70+7',
    })
    for (let i = 0; i < 30; i++) bench.serve({ endMs: TODAY + i * MINUTE, team: `t${i}` })
    const { times, complete, missing } = await source.usage(bench.days(), signal)
    expect([times, complete]).toEqual([[], false])
    expect(missing).toEqual(['days up to 2026-11-24, which are more than is read at once'])
  })

  it('has months of UTC and days of no other zone', async () => {
    const source = await bench.open(null)
    const month = { bucket: 'month', timezone: 'UTC' } as const
    expect(sums(await source.usage(bench.days({ step: month }), signal))['acme']).toBe('1000+40')
    const paris = { bucket: 'day', timezone: 'Europe/Paris' } as const
    await expect(source.usage(bench.days({ step: paris }), signal)).rejects.toMatchObject({
      ability: 'calendarBuckets',
      message: expect.stringContaining('site.timezone: UTC') as unknown,
    })
  })
})

describe('LiteLLM: steps in between from single requests', () => {
  const hour = (over: object = {}) =>
    bench.live({ fromMs: NINE - 60 * MINUTE, toMs: NINE, step: { ms: 10 * MINUTE }, ...over })

  it('counts requests when they ended and keeps nothing of what was said', async () => {
    bench.serve(
      { endMs: NINE - 50 * MINUTE, startMs: NINE - 61 * MINUTE + 30_000 },
      { endMs: NINE - 10 * MINUTE, team: 'beta', status: 429 },
    )
    const source = await bench.open(null)
    const table = await source.usage(hour(), signal)
    expect(sums(table)).toEqual({ 'acme/llama': '100+40', 'beta/llama': '0+0' })
    const refused = table.rows.findIndex(({ tenant }) => tenant === 'beta')
    expect(sumTotals(table, refused, 4)).toMatchObject({ rejected: '0', requests: '0' })
    expect(sumTotals(table, refused, 5)).toMatchObject({ rejected: '1', requests: '0', errors: '0' })
    expect(sumTotals(table, 1 - refused, 1)).toMatchObject({ input: '100', requests: '1', cachedInput: '0' })
    expect(table.dataAsOf).toBe(NINE - 30_000)
    expect(JSON.stringify(table.rows) + JSON.stringify(source.health())).not.toMatch(
      new RegExp(`${PROMPT}|${ANSWER}`),
    )
  })

  it('reads several pages, each request once', async () => {
    for (let i = 0; i < 250; i++) bench.serve({ endMs: NINE - 5 * MINUTE - i * SECOND, input: 1, output: 1 })
    const source = await bench.open(null)
    expect(sums(await source.usage(hour({ groupBy: ['tenant'] }), signal))).toEqual({ acme: '250+250' })
    // And one for requests that began long before.
    expect(asksFor('/spend/logs/v2')).toBe(4)
  })

  it('refuses to read more of them than is bearable, and says what can be asked instead', async () => {
    for (let i = 0; i < 3001; i++) bench.serve({ endMs: NINE - MINUTE - i })
    const source = await bench.open(null)
    const asked = source.usage(hour(), signal)
    await expect(asked).rejects.toThrow(StepTooFine)
    await expect(asked).rejects.toThrow('there are 3,001 or more of them, of which at most 3,000 are read')
    expect(asksFor('/spend/logs/v2')).toBe(1)
  })

  it('does not take logs that are not written for no usage', async () => {
    bench.serve({ endMs: NINE - 30 * MINUTE })
    bench.proxy.instead.set('/spend/logs/v2', () => ({
      body: { data: [], total: 0, page: 1, total_pages: 0 },
    }))
    const source = await bench.open(null)
    await expect(source.usage(hour(), signal)).rejects.toThrow(
      /totals of 2026-11-24 but no spend logs.*disable_spend_logs/,
    )
  })

  it('takes an hour without logs for no usage on a day that has some', async () => {
    bench.serve({ endMs: NINE - 300 * MINUTE })
    const source = await bench.open(null)
    expect(sums(await source.usage(hour(), signal))).toEqual({})
  })

  it('needs a version that has them', async () => {
    bench.proxy.instead.set('/spend/logs/v2', () => ({ status: 404, body: { detail: 'Not Found' } }))
    const source = await bench.open(null)
    await expect(source.usage(hour(), signal)).rejects.toThrow('has no /spend/logs/v2')
  })

  it('joins them with the counters where these begin', async () => {
    bench.serve({ endMs: NINE - 20 * MINUTE, input: 7, output: 1 }, { endMs: NINE - 5 * MINUTE, key: K2 })
    await bench.open()
    await bench.readTwice(bench.request({ endMs: NINE + SECOND, input: 500 }))
    bench.clock.advance(40 * SECOND)
    const asked = { fromMs: NINE - 60 * MINUTE, toMs: NINE + MINUTE, step: { ms: MINUTE } } as const
    const keys = { ...bench.live(asked), groupBy: ['key'], filters: { tenant: ['acme'] } } as const
    const table = await bench.source.usage(keys, signal)
    expect(table.times).toHaveLength(61)
    expect(sums(table)).toEqual({ [K1]: '507+41', [K2]: '100+40' })
    expect(table.dataAsOf).toBe(bench.clock.now())
    expect(sums(await bench.source.usage({ ...keys, top: 1 }, signal))).toEqual({
      [K1]: '507+41',
      'the rest': '100+40',
    })
  })

  it('tells what the counters know where what was before cannot be had', async () => {
    bench.proxy.db = 'Not connected'
    await bench.open()
    await bench.readTwice(bench.request({ endMs: NINE + SECOND }))
    const asked = bench.live({ fromMs: NINE - 10 * MINUTE, groupBy: [], step: { ms: 10 * SECOND } })
    const table = await bench.source.usage(asked, signal)
    expect(sums(table)).toEqual({ '': '100+40' })
    expect([table.times, table.complete]).toEqual([[NINE], false])
    expect(table.missing).toEqual([
      expect.stringMatching(/^usage before 09:00:00 UTC\. LiteLLM runs without a database/),
    ])
  })
})
