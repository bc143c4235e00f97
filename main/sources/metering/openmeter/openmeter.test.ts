import { afterEach, describe, expect, it } from 'vitest'
import { connectionTo, serve, type TestServer } from '../testing/connection.ts'
import { AbilityMissing, type UsageQuestion } from '../types.ts'
import { createOpenmeter } from './openmeter.ts'

const FROM = Date.UTC(2026, 10, 24, 9)
const MINUTE = 60_000
const HUGE = '18446744073709551617'
const signal = new AbortController().signal

const METER = {
  id: '01G65Z755AFWAKHE12NY0CQ9FH',
  slug: 'tokens_total',
  aggregation: 'SUM',
  eventType: 'prompt',
  valueProperty: '$.tokens',
  groupBy: { model: '$.model', type: '$.type' },
  windowSize: 'MINUTE',
}
const at = (minute: number) => new Date(FROM + minute * MINUTE).toISOString()
const row = (minute: number, value: unknown, type: string, subject = 'acme', model = 'llama') => ({
  value,
  windowStart: at(minute),
  windowEnd: at(minute + 1),
  subject,
  groupBy: { model, type },
})

let server: TestServer | null = null
let asked: URL[] = []
let authorised: (string | undefined)[] = []
afterEach(() => server?.close())

/** Answers by path, as the documentation of OpenMeter shows its answers. */
async function openmeter(answers: Readonly<Record<string, unknown>>, settings = {}) {
  asked = []
  authorised = []
  server = await serve((request, response) => {
    const url = new URL(request.url ?? '', 'http://openmeter.test')
    asked.push(url)
    authorised.push(request.headers.authorization)
    const answer = answers[url.pathname]
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' })
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer ?? { title: 'Not Found' }))
  })
  return createOpenmeter(
    connectionTo({
      url: server.url,
      kind: 'openmeter',
      settings: {
        openmeter: {
          tokens: 'tokens_total',
          requests: null,
          typeGroup: 'type',
          groups: { tenant: 'subject', model: 'model', endpoint: null, gpuType: 'gpu' },
          ...settings,
        },
      },
    }),
  )
}
const usage = (data: readonly unknown[]) => ({
  '/api/v1/meters/tokens_total': METER,
  '/api/v1/meters/tokens_total/query': { from: at(0), to: at(2), windowSize: 'MINUTE', data },
})
const question = (over: Partial<UsageQuestion> = {}): UsageQuestion => ({
  fromMs: FROM,
  toMs: FROM + 2 * MINUTE,
  step: { ms: MINUTE },
  groupBy: ['tenant', 'model'],
  filters: {},
  top: null,
  ...over,
})

describe('OpenMeter', () => {
  it('tells tokens by subject and groups, and windows without any as nothing', async () => {
    const source = await openmeter(
      usage([row(0, 100, 'input'), row(0, 40, 'output'), row(1, 7, 'prompt', 'beta')]),
    )
    const table = await source.usage(question(), signal)
    expect(table.rows).toEqual([
      { tenant: 'acme', model: 'llama' },
      { tenant: 'beta', model: 'llama' },
    ])
    expect([0, 1, 2, 3].map((cell) => table.counts.input?.exact(cell))).toEqual([100n, 0n, 0n, 7n])
    expect(table.counts.output?.exact(0)).toBe(40n)
    expect(table.counts.requests).toBeNull()
    expect([table.complete, table.missing]).toEqual([true, []])
    const { searchParams } = asked.at(-1) as URL
    expect(searchParams.get('windowSize')).toBe('MINUTE')
    expect(searchParams.getAll('groupBy').join()).toBe('subject,model,type')
    expect(new Set(authorised)).toEqual(new Set(['Bearer the-token-of-the-tests']))
  })

  it('loses no digit of a sum beyond 2^53, whether it comes as a number or in a string', async () => {
    const numbers = `{"data":[{"value":${HUGE},"windowStart":"${at(0)}","windowEnd":"${at(1)}","subject":"a","groupBy":{"type":"input"}},
      {"value":"${HUGE}","windowStart":"${at(0)}","windowEnd":"${at(1)}","subject":"a","groupBy":{"type":"output"}}]}`
    const source = await openmeter({ ...usage([]), '/api/v1/meters/tokens_total/query': numbers })
    const table = await source.usage(question({ groupBy: [] }), signal)
    expect(table.counts.input?.exact(0).toString()).toBe(HUGE)
    expect(table.counts.output?.exact(0).toString()).toBe(HUGE)
  })

  it('shows totals that late events changed', async () => {
    const answers = usage([row(0, 100, 'input')])
    const source = await openmeter(answers)
    expect((await source.usage(question({ groupBy: [] }), signal)).counts.input?.exact(0)).toBe(100n)
    answers['/api/v1/meters/tokens_total/query'].data = [row(0, 160, 'input')]
    expect((await source.usage(question({ groupBy: [] }), signal)).counts.input?.exact(0)).toBe(160n)
  })

  it('names a type that is neither input nor output instead of guessing', async () => {
    const source = await openmeter(usage([row(0, 10, 'input'), row(0, 5000, 'system')]))
    const { complete, missing, counts } = await source.usage(question({ groupBy: [] }), signal)
    expect(counts.input?.exact(0)).toBe(10n)
    expect(complete).toBe(false)
    expect(missing[0]).toMatch(/^5\.00.*of the type "system", which is neither input nor output$/)
  })

  it('leaves out types that are parts or sums of the others, says so, and is complete', async () => {
    const source = await openmeter(
      usage([
        row(0, 100, 'input'),
        row(0, 50, 'output'),
        row(0, 150, 'total'),
        row(0, 40, 'cached_input'),
        row(0, 20, 'Reasoning'),
      ]),
    )
    const { complete, missing, counts } = await source.usage(question({ groupBy: [] }), signal)
    expect([complete, missing]).toEqual([true, []])
    expect(counts.input?.exact(0)).toBe(100n)
    expect(counts.output?.exact(0)).toBe(50n)
    expect(source.health().warnings).toEqual([
      'The meter "tokens_total" also has the types "total", "cached_input", "Reasoning": parts or sums of input and output, left out.',
    ])
  })

  it('is not exact where the sums that it states are others', async () => {
    const source = await openmeter(usage([row(0, 100, 'input'), row(0, 50, 'output'), row(0, 180, 'total')]))
    const { complete, doubts } = await source.usage(question({ groupBy: [] }), signal)
    expect([complete, doubts]).toEqual([
      true,
      [
        'input and output of the meter "tokens_total" add up to 150 tokens, and the same answer states 180 in all',
      ],
    ])
  })

  it('is incomplete where a meter has sums and neither input nor output', async () => {
    const source = await openmeter(usage([row(0, 150, 'total')]))
    const { complete, missing, counts } = await source.usage(question({ groupBy: [] }), signal)
    expect([complete, counts.input, counts.output]).toEqual([false, null, null])
    expect(missing[0]).toMatch(/^150.*of the type "total", which is neither input nor output$/)
  })

  it.each(['constructor', '__proto__', 'toString'])('names a type that is called %s', async (type) => {
    const source = await openmeter(usage([row(0, 10, 'input'), row(0, 5000, type)]))
    const { missing, counts } = await source.usage(question({ groupBy: [] }), signal)
    expect(missing[0]).toContain(`of the type "${type}", which is neither input nor output`)
    expect(counts.input?.exact(0)).toBe(10n)
  })

  it('reaches to the last minute that the events of a minute had time to arrive for', async () => {
    const source = await openmeter(usage([row(0, 10, 'input')]))
    const { lagMs } = await source.abilities(signal)
    const { dataAsOf } = await source.usage(question({ groupBy: [] }), signal)
    expect(dataAsOf % MINUTE).toBe(0)
    const age = Date.now() - dataAsOf
    expect(age).toBeGreaterThanOrEqual(lagMs)
    expect(age).toBeLessThan(lagMs + MINUTE + 5_000)
  })

  it('narrows to tenants at the back end and to all else here', async () => {
    const source = await openmeter(usage([row(0, 1, 'input'), row(0, 2, 'input', 'acme', 'other')]))
    const table = await source.usage(
      question({ groupBy: ['tenant'], filters: { tenant: ['acme'], model: ['other'] } }),
      signal,
    )
    expect(table.counts.input?.exact(0)).toBe(2n)
    expect((asked.at(-1) as URL).searchParams.getAll('subject')).toEqual(['acme'])
  })

  it('asks hours, days and months of a zone in its own windows', async () => {
    const source = await openmeter(usage([]))
    const day = 86_400_000
    const from = Date.UTC(2026, 10, 20)
    await source.usage(question({ fromMs: from, toMs: from + 2 * day, step: { ms: day } }), signal)
    expect((asked.at(-1) as URL).searchParams.get('windowSize')).toBe('DAY')
    const step = { bucket: 'month', timezone: 'Europe/Paris' } as const
    await source.usage(question({ fromMs: from, toMs: from + day, step }), signal)
    const { searchParams } = asked.at(-1) as URL
    expect([
      searchParams.get('windowSize'),
      searchParams.get('windowTimeZone'),
      searchParams.get('from'),
    ]).toEqual(['MONTH', 'Europe/Paris', '2026-10-31T23:00:00.000Z'])
  })

  it('counts requests where a meter does', async () => {
    const source = await openmeter(
      {
        ...usage([row(0, 10, 'input')]),
        '/api/v1/meters/calls/query': { data: [{ ...row(0, 3, ''), groupBy: { model: 'llama' } }] },
      },
      { requests: 'calls' },
    )
    const table = await source.usage(question(), signal)
    expect(table.counts.requests?.exact(0)).toBe(3n)
  })

  it('says in words what it lacks, and refuses it', async () => {
    const source = await openmeter(usage([]))
    const { groups, lacks, minStepMs, throttle } = await source.abilities(signal)
    expect([[...groups], minStepMs, throttle]).toEqual([['tenant', 'model'], MINUTE, null])
    expect(lacks.get('endpoint')).toContain('metering.openmeter.groups')
    expect(lacks.get('gpuType')).toBe(
      'The meter "tokens_total" of OpenMeter has no groupBy "gpu" for GPU types.',
    )
    await expect(source.usage(question({ groupBy: ['gpuType'] }), signal)).rejects.toThrow(AbilityMissing)
    const range = { fromMs: FROM, toMs: FROM + MINUTE }
    await expect(source.workflow('w', signal)).rejects.toThrow('does not follow jobs')
    await expect(source.statement('acme', range, signal)).rejects.toThrow('ask the billing system')
    await expect(source.rates(signal)).rejects.toThrow('economics:')
  })

  it('does not sum a meter that takes the largest, nor one that mixes input and output', async () => {
    const largest = await openmeter({ '/api/v1/meters/tokens_total': { ...METER, aggregation: 'MAX' } })
    await expect(largest.usage(question(), signal)).rejects.toThrow('takes MAX, and tokens need SUM')
    await server?.close()
    const mixed = await openmeter({
      '/api/v1/meters/tokens_total': { ...METER, groupBy: { model: '$.model' } },
    })
    await expect(mixed.usage(question(), signal)).rejects.toThrow('does not tell input from output')
  })

  it('lists subjects as tenants', async () => {
    const source = await openmeter({
      '/api/v1/subjects': [{ id: '1', key: 'acme', displayName: 'ACME' }, { key: 'b' }],
    })
    const { tenants } = await source.tenants(signal)
    expect(tenants.map(({ id, name }) => [id, name])).toEqual([
      ['acme', 'ACME'],
      ['b', 'b'],
    ])
  })

  it('names a meter that is not there, and a value that is no whole number', async () => {
    const none = await openmeter({})
    await expect(none.abilities(signal)).rejects.toThrow('has no meter "tokens_total"')
    await server?.close()
    const halves = await openmeter(usage([row(0, 0.5, 'input')]))
    await expect(halves.usage(question(), signal)).rejects.toThrow(/data\.0\.value: .*whole number/)
    await server?.close()
    const long = `{"data":[{"value":${'9'.repeat(400)},"windowStart":"${at(0)}","groupBy":{"type":"input"}}]}`
    const endless = await openmeter({ ...usage([]), '/api/v1/meters/tokens_total/query': long })
    await expect(endless.usage(question(), signal)).rejects.toThrow(
      'at character 19 it holds an integer of 400 digits',
    )
  })
})
