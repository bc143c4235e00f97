import { describe, expect, it } from 'vitest'
import { readConfig } from './load.ts'
import { ConfigError } from './problems.ts'

const PATH = '/etc/floorwatch/floorwatch.yaml'
const HEAD = `version: 1
site: { name: Lab }
prometheus: { url: http://prometheus:9090 }
metering: { url: http://metering:8080 }
inference: {}
objectives:
`

function read(objectives: string, head = HEAD) {
  return readConfig(head + objectives, PATH)
}

function refusal(objectives: string, head = HEAD): string {
  try {
    read(objectives, head)
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  return 'accepted'
}

const ttft = '  - { name: ttft, target: 0.95, latency: { kind: timeToFirstToken, within: 500ms }'

describe('objectives', () => {
  it('come out with thresholds in ms and the pairs of the workbook', () => {
    const { objectives, warnings } = read(`${ttft}, model: llama, endpoint: chat }\n`)
    expect(warnings).toEqual([])
    expect(objectives).toEqual([
      {
        id: 'ttft',
        name: 'ttft',
        kind: 'latency',
        latency: { kind: 'timeToFirstToken', thresholdMs: 500 },
        target: 0.95,
        scope: { model: 'llama', endpoint: 'chat' },
        source: 'metering',
        windowDays: 30,
        pairs: [
          { longMs: 3_600_000, shortMs: 300_000, factor: 14.4, severity: 'page' },
          { longMs: 21_600_000, shortMs: 1_800_000, factor: 6, severity: 'page' },
          { longMs: 86_400_000, shortMs: 7_200_000, factor: 3, severity: 'ticket' },
          { longMs: 259_200_000, shortMs: 21_600_000, factor: 1, severity: 'ticket' },
        ],
        minBad: 10,
        promql: null,
        rejectionsAreBad: false,
      },
    ])
  })

  it('are measured by the inference servers where there is no metering', () => {
    const head = HEAD.replace('metering: { url: http://metering:8080 }\n', '')
    expect(read(`${ttft} }\n`, head).objectives[0]?.source).toBe('servers')
    expect(refusal('  - { name: a, target: 0.9, availability: {} }\n', head)).toContain(
      'floorwatch.yaml:6:5: objectives[0]: it is measured by metering:, and there is none',
    )
  })

  it('take a page that can never fire for a slip, with the arithmetic and the line', () => {
    const pairs = (factor: number) => `  - name: a
    target: 0.9
    availability: {}
    pairs:
      - { long: 1h, short: 5m, factor: ${factor}, severity: page }
`
    expect(refusal(pairs(14.4))).toBe(
      '/etc/floorwatch/floorwatch.yaml:11:40: objectives[0].pairs[0].factor: 14.4 can never fire: a burn cannot exceed 1 ÷ (1 − 0.9) = 10. Choose a factor below 5, so that half of all being bad is enough.',
    )
    expect(refusal(pairs(10))).toContain('10 can never fire')
    const [warning] = read(pairs(7)).warnings
    expect(warning).toMatchObject({
      key: 'objectives[0].pairs[0].factor',
      place: { line: 11 },
      text: '7 fires only when more than 70\u2009% are bad (a burn cannot exceed 1 ÷ (1 − 0.9) = 10), and then after 42 min with everything bad',
    })
    expect(read(pairs(5)).warnings).toEqual([])
  })

  it('put pages before tickets and short pairs before long ones', () => {
    const { objectives } = read(`  - name: a
    target: 0.99
    availability: { rejections: bad }
    window: 7d
    pairs:
      - { long: 3d, short: 6h, factor: 1, severity: ticket }
      - { long: 6h, short: 30m, factor: 2, severity: page }
      - { long: 1h, short: 5m, factor: 4, severity: page }
`)
    expect(objectives[0]?.pairs.map(({ longMs }) => longMs / 3_600_000)).toEqual([1, 6, 72])
    expect(objectives[0]).toMatchObject({ rejectionsAreBad: true, windowDays: 7 })
  })

  it.each([
    ['  - { name: a, target: 0.9 }\n', 'it is not said what is counted'],
    [
      '  - { name: a, target: 0.9, availability: {}, errorTokens: {} }\n',
      'availability and errorTokens stand side by side',
    ],
    ['  - { name: a, target: 95, availability: {} }\n', 'objectives[0].target'],
    ['  - { name: A B, target: 0.9, availability: {} }\n', 'expected lower-case letters, digits and dashes'],
    ['  - { name: a, target: 0.9, availability: {}, window: 36h }\n', '36h is no whole number of days'],
    [
      '  - { name: a, target: 0.9, availability: {}, source: servers }\n',
      'inference servers cannot tell availability',
    ],
    [`${ttft}, tenant: acme, source: servers }\n`, 'inference servers know no tenants'],
    [`${ttft} }\n${ttft} }\n`, '"ttft" is there twice'],
    [
      '  - { name: a, target: 0.9, promql: { total: "sum(increase(x[$window]))" } }\n',
      'expected total, and exactly one of good and bad',
    ],
    [
      '  - { name: a, target: 0.9, promql: { total: "sum(increase(x[5m]))", bad: "sum(increase(y[$window]))" } }\n',
      'without $window it is not known over which time it counts',
    ],
    [
      '  - { name: a, target: 0.9, model: m, promql: { total: "x[$window]", bad: "y[$window]" } }\n',
      'a pair of PromQL cannot be narrowed from outside',
    ],
    [
      '  - { name: a, target: 0.9, promql: { total: "x[$window]", bad: "y[$window]", window: 7m } }\n',
      '7m is no part of an hour in whole minutes',
    ],
    [
      '  - { name: a, target: 0.9, availability: {}, pairs: [{ long: 5m, short: 1h, factor: 2, severity: page }] }\n',
      '1h is not shorter than 5m',
    ],
    [
      '  - { name: a, target: 0.9, availability: {}, pairs: [{ long: 90s, short: 1m, factor: 2, severity: page }] }\n',
      '90s is no whole number of minutes',
    ],
  ])('are refused in words: %s', (objectives, words) => {
    expect(refusal(objectives)).toContain(words)
  })
})
