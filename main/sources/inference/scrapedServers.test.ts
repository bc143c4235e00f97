import { describe, expect, it } from 'vitest'
import { createTargetParser, targetOf } from '../exposition/index.ts'
import { heedTimes } from '../exposition/sampleTimes.ts'
import { createMapping } from './mapping.ts'
import { ScrapedServers } from './scrapedServers.ts'
import { DEFAULT_NAMING } from './testing/naming.ts'
import { plainly } from '../../../test/support/plainly.ts'

const NOW = Date.UTC(2026, 10, 30)

/** One target, answer after answer. */
function target() {
  const mapping = createMapping()
  const parser = createTargetParser(undefined, { dcgmBlanks: false, isWanted: (name) => mapping.reads(name) })
  const servers = new ScrapedServers(
    targetOf('http://10.0.0.7:8000/metrics', new Map()),
    'the target',
    mapping,
    DEFAULT_NAMING,
  )
  return {
    servers,
    answer(body: string, at = NOW) {
      const parsed = parser.parse(Buffer.from(body))
      const { sampledAt } = heedTimes(parsed, at)
      return servers.read(parsed, sampledAt).map(({ sample }) => sample)
    },
  }
}

describe('an answer with nothing in it', () => {
  it.each([
    ['no series at all', '', 'answers with no series at all'],
    [
      'comments alone',
      '# HELP vllm:num_requests_running x\n# TYPE vllm:num_requests_running gauge\n',
      'no series at all',
    ],
    ['series of something else', 'node_load1 0.5\nnode_load5 1\n', 'none of its 2 series is known'],
  ])('is a failure where there is %s', (_what, body, text) => {
    const { servers, answer } = target()
    expect(answer(body)).toEqual([])
    expect(servers.emptiness()).toMatchObject({ code: 'empty', text: expect.stringContaining(text) })
  })

  it('is none where an engine says something', () => {
    const { servers, answer } = target()
    answer('vllm:num_requests_running{model_name="m"} 0\n')
    expect(servers.emptiness()).toBeNull()
  })
})

describe('a Prometheus that federates', () => {
  const body = (b: string) => `
vllm:generation_tokens_total{instance="vllm-a:8000",job="vllm",model_name="m"} 400
vllm:generation_tokens_total{instance="vllm-b:8000",job="vllm",model_name="m"} ${b}
vllm:num_requests_running{instance="vllm-a:8000",job="vllm",model_name="m"} 3
process_start_time_seconds{instance="vllm-a:8000"} 1789990000.5
process_start_time_seconds{instance="vllm-b:8000"} ${b}
`

  it('24: is many servers, and NaN is one that has ended, not a fall of the sum', () => {
    const { answer } = target()
    expect(answer(body('700')).map(({ server, counters }) => [server.id, counters.output])).toEqual([
      ['vllm-a:8000', 400],
      ['vllm-b:8000', 700],
    ])
    expect(answer(body('NaN')).map(({ server, counters }) => [server.id, counters.output])).toEqual([
      ['vllm-a:8000', 400],
    ])
  })
})

describe('sample times of an exposition', () => {
  it('24: are those of the samples: what ended is gone, and an old one is not now', () => {
    const { answer } = target()
    const line = (instance: string, value: string, at: number) =>
      `vllm:generation_tokens_total{instance="${instance}",job="vllm",model_name="m"} ${value} ${at}\n`
    const body =
      line('a:1', '400', NOW - 10_000) + line('b:1', 'NaN', NOW - 200_000) + line('c:1', '9', NOW - 30_000)
    expect(answer(body).map(({ server, at }) => [server.id, NOW - at])).toEqual([
      ['a:1', 10_000],
      ['c:1', 30_000],
    ])
    // Long ended beside one that lives: not a server any more.
    expect(answer(line('a:1', '400', NOW - 10_000) + line('b:1', '7', NOW - 900_000))).toHaveLength(1)
    // All of them old: of then.
    const [old] = answer(line('a:1', '400', 86_400_000))
    expect(old?.at).toBe(86_400_000)
    // Of the future: refused.
    expect(answer(line('a:1', '400', Date.UTC(2286, 10, 20)))).toEqual([])
  })
})

describe('a server that makes models up', () => {
  const scrape = (models: readonly string[]) =>
    models.map((model) => `vllm:generation_tokens_total{model_name="${model}"} 5\n`).join('')

  it('is refused them by name, and what was known goes on', () => {
    const { servers, answer } = target()
    answer(scrape(['real']))
    expect(servers.doubts(NOW)).toEqual([])
    for (let round = 1; round <= 40; round++) {
      const at = NOW + round * 5000
      const invented = Array.from({ length: 50 }, (_, i) => `fake-${round}-${i}`)
      const samples = answer(scrape(['real', ...invented]), at)
      expect(samples.map(({ server }) => server.model)).toContain('real')
      expect(samples.length).toBeLessThan(40)
    }
    const at = NOW + 40 * 5000
    expect(servers.doubts(at)).toMatchObject([{ code: 'too-many-models', severity: 'advisory' }])
    expect(plainly(servers.doubts(at))[0]?.by).toContain('fake-40-')
    // Minutes after it has stopped nothing is left of it.
    for (let minute = 1; minute <= 6; minute++) answer(scrape(['real']), at + minute * 60_000)
    expect(servers.doubts(at + 6 * 60_000)).toEqual([])
    expect(answer(scrape(['real', 'new']), at + 7 * 60_000).map(({ server }) => server.model)).toEqual([
      'real',
      'new',
    ])
  })

  it('may have hundreds from the start, and keeps them', () => {
    const { servers, answer } = target()
    const many = Array.from({ length: 200 }, (_, i) => `model-${i}`)
    for (let round = 0; round < 100; round++) {
      const body =
        scrape(many) + (round % 2 === 0 ? '' : 'vllm:num_requests_running{model_name="model-0"} 1\n')
      expect(answer(body, NOW + round * 15_000)).toHaveLength(200)
    }
    expect(servers.doubts(NOW + 1_500_000)).toEqual([])
  })

  it('of instances made up likewise', () => {
    const { servers, answer } = target()
    answer('vllm:generation_tokens_total{instance="a:1",model_name="m"} 5\n')
    const many = Array.from(
      { length: 5000 },
      (_, i) => `vllm:generation_tokens_total{instance="fake-${i}:1",model_name="m"} 5\n`,
    )
    expect(answer(many.join(''), NOW + 5000).length).toBeLessThan(200)
    expect(servers.doubts(NOW + 5000)).toMatchObject([{ code: 'too-many-servers' }])
  })
})

describe('values that no server can have', () => {
  it('are refused, and why is said', () => {
    const { answer } = target()
    const [sample] = answer(`
vllm:num_requests_running{model_name="m"} 1e300
vllm:num_requests_waiting{model_name="m"} 2
vllm:kv_cache_usage_perc{model_name="m"} 87
`)
    expect(sample?.gauges).toEqual({ running: null, waiting: 2, kvCache: null, kvCacheMost: null })
    expect(sample?.implausible).toBe('says that 1e+300 requests run')
    const [negative] = answer('vllm:num_requests_running{model_name="m"} -3\n')
    expect(negative?.implausible).toBe('says that -3 requests run')
  })
})
