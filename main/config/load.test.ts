import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig, readConfig } from './load.ts'
import { ConfigError } from './problems.ts'

const PATH = '/etc/floorwatch/floorwatch.yaml'
const CANARY = 'canary-5f1d0a'
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floorwatch-config-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})

function refusal(text: string, env: Record<string, string> = {}): string {
  try {
    readConfig(text, PATH, { env })
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  return 'accepted'
}

const head = 'version: 1\nsite: { name: Lab }\n'
const metered = `${head}exporters: { static: [a] }\nmetering: `

describe('a configuration in order', () => {
  it('comes out with durations in ms, defaults and ranges written out', () => {
    const site = readConfig(
      `${head}prometheus:
  url: https://prometheus.example:9090/
  refresh: 2s
  headers: { X-Scope-OrgID: noc }
exporters:
  static: ['h-0001:9400']
  files: [targets/*.json]
  interval: 10s
inventory:
  floors:
    - name: Hall 1
      racks: [{ name: A01, hosts: ['h-{0001..0002}'], gpus: 8, type: H100 }]
`,
      PATH,
    )
    expect(site).toMatchObject({
      path: PATH,
      site: { name: 'Lab', timezone: 'UTC' },
      demo: false,
      prometheus: {
        url: 'https://prometheus.example:9090',
        refreshMs: 2000,
        slowEvery: 6,
        identityEveryMs: 60_000,
        selector: '',
        access: {
          bearer: null,
          basic: null,
          tls: null,
          headers: { 'X-Scope-OrgID': 'noc' },
          timeoutMs: 10_000,
        },
      },
      exporters: {
        static: ['h-0001:9400'],
        files: ['/etc/floorwatch/targets/*.json'],
        intervalMs: 10_000,
        concurrency: 32,
        limits: { maxBodyBytes: 32 * 1024 * 1024, maxSamples: 200_000 },
      },
      inventory: {
        floors: [
          {
            name: 'Hall 1',
            racks: [
              {
                name: 'A01',
                hosts: [
                  { name: 'h-0001', gpus: 8, type: 'H100' },
                  { name: 'h-0002', gpus: 8, type: 'H100' },
                ],
              },
            ],
          },
        ],
      },
      hostLabels: null,
      staleAfterMs: 30_000,
      freezeAfterMs: 90_000,
      warnings: [],
    })
  })

  it('reads metering, inference, economics and drift', () => {
    const site = readConfig(
      `${head}prometheus: { url: 'https://p' }
metering: { url: 'https://m/', refresh: 2s, headers: { X-Org: { env: ORG } } }
inference: { selector: 'job="vllm",', models: { /models/a: a } }
`,
      PATH,
      { env: { ORG: CANARY } },
    )
    expect(site).toMatchObject({
      metering: {
        kind: 'api',
        url: 'https://m',
        refreshMs: 2000,
        lagAllowedMs: 60_000,
        litellm: { metrics: null },
        access: { timeoutMs: 15_000 },
      },
      inference: {
        prometheus: true,
        selector: 'job="vllm"',
        static: [],
        intervalMs: 5000,
        models: { '/models/a': 'a' },
      },
      economics: { currency: 'USD', assumptions: { rentPerHour: '3' } },
      drift: { threshold: 0.01, windowMs: 20_000, lagMs: 20_000 },
      warnings: [],
    })
    expect(JSON.stringify(site)).not.toContain(CANARY)
  })

  it('has no metering and no inference where none is named', () => {
    const site = readConfig(`${head}exporters: { static: [a] }\n`, PATH)
    expect(site).toMatchObject({ metering: null, inference: null })
  })

  it('may share parts through anchors', () => {
    const site = readConfig(
      `${head}prometheus: { url: 'https://p', basic: &login { username: noc, password: { env: PW } } }
exporters: { static: ['https://h:1'], basic: *login }
`,
      PATH,
      { env: { PW: 'x' } },
    )
    expect(site.exporters?.access.basic?.password.reveal()).toBe('x')
  })
})

describe('a configuration that is refused', () => {
  it('tells everything at once, each with its place', () => {
    expect(
      refusal(`version: 2
sit:
  name: Lab
site:
  name: ''
  timezone: Europe/Pariss
prometheus:
  url: prometheus:9090
  refesh: 5s
  slowEvery: 0.5
  refresh: 5 seconds
exporters:
  static: h-0001:9400
  interval: 9h
thresholds:
  gpuTmp: { advisory: 1, critical: 2 }
  gpuTemp: { advisory: 90, critical: 80 }
demo: perhaps
`),
    ).toMatchInlineSnapshot(`
      "/etc/floorwatch/floorwatch.yaml:1:10: version: expected 1, found 2. This Floorwatch reads version 1 of the format; a newer file needs a newer Floorwatch.
      /etc/floorwatch/floorwatch.yaml:2:1: sit: there is no such key. Did you mean site?
      /etc/floorwatch/floorwatch.yaml:5:9: site.name: expected a text that is not empty, found "". Correct the value.
      /etc/floorwatch/floorwatch.yaml:8:8: prometheus.url: expected an http:// or https:// address, found another text. Correct the value.
      /etc/floorwatch/floorwatch.yaml:9:3: prometheus.refesh: there is no such key. Did you mean refresh?
      /etc/floorwatch/floorwatch.yaml:10:14: prometheus.slowEvery: expected a whole number, found 0.5. Correct the value.
      /etc/floorwatch/floorwatch.yaml:11:12: prometheus.refresh: expected a duration such as 500ms, 5s, 2m or 1h, found "5 seconds". Correct the value.
      /etc/floorwatch/floorwatch.yaml:13:11: exporters.static: expected a list, found a text. Correct the value.
      /etc/floorwatch/floorwatch.yaml:16:3: thresholds.gpuTmp: there is no such key. Did you mean gpuTemp?
      /etc/floorwatch/floorwatch.yaml:18:7: demo: expected true or false, found "perhaps". Correct the value."
    `)
  })

  it.each(['\\e[2Jforged', 'a\\nforged', 'a\\u202Egnp'])('refuses %s in the name of the site', (name) => {
    expect(() =>
      readConfig(`version: 1\nsite: { name: "${name}" }\nexporters: { static: [a] }\n`, 'floorwatch.yaml'),
    ).toThrow(
      /^floorwatch\.yaml:2:\d+: site\.name: expected a text without control characters, found [^\p{Cc}\p{Cf}]*$/u,
    )
  })

  it('takes lower limits, but no temperature whose limits were swapped', () => {
    const thresholds = 'power: { advisory: 120, critical: 60 }, smActive: { advisory: 0.1, critical: 0 }'
    const site = readConfig(
      `${head}exporters: { static: [a] }\nthresholds: { ${thresholds} }\n`,
      'floorwatch.yaml',
    )
    expect(site.thresholds).toEqual({
      power: { advisory: 120, critical: 60 },
      smActive: { advisory: 0.1, critical: 0 },
    })
    expect(site.warnings).toEqual([])
    expect(() =>
      readConfig(
        `${head}exporters: { static: [a] }\nthresholds: { memTemp: { advisory: 90, critical: 80 } }\n`,
        'floorwatch.yaml',
      ),
    ).toThrow('thresholds.memTemp.advisory: advisory (90) lies above critical (80)')
  })

  it.each([
    ['a text that is no YAML', 'version: 1\nsite: [\n'],
    ['a tab', 'version: 1\nsite:\n\tname: x\n'],
    ['an empty file', '# nothing yet\n'],
    ['a list', '- 1\n'],
    ['two documents', `${head}---\n${head}`],
    ['a key twice', `${head}demo: true\ndemo: false\n`],
    ['no source', head],
    ['no exporter', `${head}exporters: {}\n`],
    ['a missing section', 'version: 1\nexporters: { static: [a] }\n'],
    ['a name in the address', `${head}prometheus: { url: 'http://noc:${CANARY}@p:9090' }\n`],
    ['a secret in the file', `${head}prometheus: { url: 'https://p', bearer: ${CANARY} }\n`],
    ['a secret under a wrong key', `${head}prometheus: { url: 'https://p', bearer: { token: ${CANARY} } }\n`],
    ['a secret header', `${head}prometheus: { url: 'https://p', headers: { Authorization: ${CANARY} } }\n`],
    ['a variable that is not set', `${head}prometheus: { url: 'https://p', bearer: { env: NOT_SET } }\n`],
    ['a file that is not there', `${head}prometheus: { url: 'https://p', bearer: { file: no/token } }\n`],
    ['a certificate without key', `${head}exporters: { static: ['https://a'], tls: { cert: c.pem } }\n`],
    [
      'two ways to log in',
      `${head}exporters:\n  static: [a]\n  bearer: { env: A }\n  basic: { username: u, password: { env: A } }\n`,
    ],
    ['a selector in braces', `${head}prometheus: { url: 'https://p', selector: '{cluster="a"}' }\n`],
    ['an address that is none', `${head}exporters: { static: ['h:9400', 'h h'] }\n`],
    [
      'a broken range',
      `${head}exporters: { static: [a] }\ninventory: { floors: [{ name: F, racks: [{ name: R, hosts: ['h-{8..1}'], gpus: 8 }] }] }\n`,
    ],
    [
      'a huge range',
      `${head}exporters: { static: [a] }\ninventory: { floors: [{ name: F, racks: [{ name: R, hosts: ['h-{1..999999999}'], gpus: 8 }] }] }\n`,
    ],
    [
      'a host twice',
      `${head}exporters: { static: [a] }\ninventory: { floors: [{ name: F, racks: [{ name: R, hosts: ['h-{1..4}', 'h-{3..5}'], gpus: 8 }] }] }\n`,
    ],
    ['too many anchors', `${head}x: &a [1]\ny: [${'*a, '.repeat(200)}]\n`],
    ['an alias of nothing', `${head}x: *nope\n`],
    ['metering without an address', `${head}exporters: { static: [a] }\nmetering: {}\n`],
    ['a kind of metering that is none', `${metered}{ url: 'https://m', kind: lite }\n`],
    ['a secret in the address of the metering', `${metered}{ url: 'https://x:${CANARY}@m' }\n`],
    ['a secret header of the metering', `${metered}{ url: 'https://m', headers: { Cookie: ${CANARY} } }\n`],
    ['no inference server', `${head}exporters: { static: [a] }\ninference: {}\n`],
    [
      'a series of inference that says nothing known',
      `${head}exporters: { static: [a] }\ninference: { static: [b], names: { my_total: inputs } }\n`,
    ],
    [
      'a selector of inference in braces',
      `${head}exporters: { static: [a] }\ninference: { static: [b], selector: '{a="b"}' }\n`,
    ],
    [
      'money that is no decimal in quotes',
      `${head}exporters: { static: [a] }\neconomics: { costPerGpuHour: { H100: 1.3 }, assumptions: { soldShare: '60' } }\n`,
    ],
    ['a window that compares nothing', `${head}exporters: { static: [a] }\ndrift: { window: 2s, lag: 3h }\n`],
    [
      'an unknown field',
      `${head}exporters: { static: [a] }\nthresholds: { gpuHeat: { advisory: 1, critical: 2 } }\n`,
    ],
  ])('says so for %s', (_, text) => {
    const said = refusal(text, { A: CANARY })
    expect(said).toMatchSnapshot()
    expect(said).not.toContain(CANARY)
  })

  it.each([
    [
      'a selector of spaces',
      `${head}prometheus: { url: 'https://p', selector: 'a=""${' '.repeat(200_000)}x' }\n`,
    ],
    ['a scope of colons', `${head}exporters: { files: [a], secretFor: ['${':'.repeat(200_000)}x'] }\n`],
    [
      'a scope of colons, many times',
      `${head}exporters: { files: [a], secretFor: [${`'${':'.repeat(290)}x',`.repeat(500)}] }\n`,
    ],
    [
      'thousands of unknown keys',
      `${head}${Array.from({ length: 5000 }, (_, i) => `exporterz${i}: 1\n`).join('')}`,
    ],
    ['thousands of wrong values', `${head}exporters: { static: [${'1,'.repeat(20_000)}] }\n`],
  ])('is soon done with %s, given by somebody who means no good', (_, text) => {
    // The test's own time limit is the judge: each took minutes to hours.
    expect(refusal(text).split('\n').length).toBeLessThanOrEqual(21)
  })

  it('names the file as a whole where it cannot be read', async () => {
    await expect(loadConfig(join(folder, 'none.yaml'))).rejects.toThrow(
      /none\.yaml: the file does not exist\. Check/,
    )
    await expect(loadConfig(folder)).rejects.toThrow(/is a folder/)
    const binary = join(folder, 'binary.yaml')
    await writeFile(binary, new Uint8Array([0x76, 0xff, 0xfe]))
    await expect(loadConfig(binary)).rejects.toThrow(/not UTF-8/)
    const huge = join(folder, 'huge.yaml')
    await writeFile(huge, '#'.repeat(1024 * 1024 + 1))
    await expect(loadConfig(huge)).rejects.toThrow(/1048577 bytes/)
  })

  it('never throws anything but its own error, whatever the text', () => {
    const piece = fc.constantFrom(
      'version: 1\n',
      'site:',
      ' {',
      '}',
      '[',
      ']',
      '\n',
      '  ',
      '- ',
      'name: x',
      '&a ',
      '*a',
      '!!binary ',
      '|',
      '"',
      "'",
      'prometheus:',
      'url: ',
      '? ',
      '\t',
      '%',
      '__proto__: ',
      'null',
      '1e999',
      '\u0000',
      ', ',
      '<<: ',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        expect(refusal(pieces.join(''))).not.toBe('')
      }),
      { numRuns: 500 },
    )
  })
})

describe('worth a look', () => {
  it('is told with the place, and accepted', () => {
    const site = readConfig(
      `${head}prometheus:
  url: http://prometheus:9090
  bearer: { env: TOKEN }
  timeout: 20s
exporters:
  static: [http://a:9400]
  tls: { serverName: a }
inventory: { floors: [{ name: F, racks: [{ name: R, hosts: [a], gpus: 8, type: H1000 }] }] }
freshness: { staleAfter: 6s }
`,
      PATH,
      { env: { TOKEN: CANARY } },
    )
    expect(
      site.warnings.map((warning) => `${warning.place.line}: ${warning.text}. ${warning.nextStep}`),
    ).toMatchInlineSnapshot(`
      [
        "5: the secret travels unencrypted to prometheus:9090. Use https:// where the server has it.",
        "6: a time-out of 20s is longer than refresh, so one slow answer skips the next turns. Make it shorter than refresh.",
        "9: these settings have no effect on http:// addresses. Write https://.",
        "11: 6s is less than two times prometheus.refresh (5s), so one late answer makes the floor stale. Make it at least three times as long.",
        "11: 6s is less than two times exporters.interval (5s), so one late answer makes the floor stale. Make it at least three times as long.",
        "10: "H1000" is no GPU type that Floorwatch knows, so every such GPU is compared by that text. Did you mean H100?",
      ]
    `)
  })

  it('is told where lists of targets and a secret come together', () => {
    const warnings = (section: string) =>
      readConfig(`${head}exporters: { ${section} }\n`, PATH, { env: { A: CANARY } }).warnings.map(
        (warning) => `${warning.key}: ${warning.text}. ${warning.nextStep}`,
      )
    expect([
      ...warnings('files: [t.json], bearer: { env: A }'),
      ...warnings('http: [https://sd/x], basic: { username: u, password: { env: A } }'),
      ...warnings('files: [t.json], bearer: { env: A }, secretFor: ["*.gpu.example:9400", 10.0.0.0/8]'),
      ...warnings('files: [t.json], secretFor: [h-1]'),
      ...warnings('static: [127.0.0.1], bearer: { env: A }, secretFor: [h-1]'),
    ]).toMatchInlineSnapshot(`
      [
        "exporters.bearer: addresses that files name do not get this secret. Say under secretFor which of them do, such as *.gpu.example.net:9400 or 10.0.0.0/8.",
        "exporters.basic: addresses that http names do not get this secret. Say under secretFor which of them do, such as *.gpu.example.net:9400 or 10.0.0.0/8.",
        "exporters.secretFor: this section has no secret, so it has no effect. Remove it.",
        "exporters.secretFor: this section has no list of targets, so it has no effect. Remove it.",
      ]
    `)
    expect(() => warnings('files: [t.json], secretFor: ["*", 10.0.0.0/33]')).toThrow(
      /secretFor\[0\]: "\*" names no addresses.*\n.*secretFor\[1\]/,
    )
  })

  it('is told of metering, inference and money', () => {
    const site = readConfig(
      `${head}exporters: { static: [a], interval: 10s }
metering: { url: 'https://m/v1/', lagAllowed: 8s, litellm: { metrics: 'https://m/metrics' } }
inference: { static: [b], interval: 5s, models: { a: b, b: c } }
economics: { costPerGpuHour: { H1000: '2', Own: '1' } }
drift: { window: 12s }
`,
      PATH,
    )
    expect(
      site.warnings.map((warning) => `${warning.key}: ${warning.text}. ${warning.nextStep}`),
    ).toMatchInlineSnapshot(`
      [
        "metering.lagAllowed: 8s is less than two times refresh (5s), so one late answer is called lagging. Make it at least three times as long.",
        "metering.url: the address ends in /v1, and Floorwatch adds /v1 itself. Remove it from the address.",
        "metering.litellm: these settings have no effect while kind is api. Write kind: litellm, or remove them.",
        "inference.models.a: "b" is itself renamed, and names are followed once only. Write "c" here if that is meant.",
        "economics.costPerGpuHour.H1000: "H1000" is no GPU type that Floorwatch knows. Did you mean H100?",
        "economics.costPerGpuHour.Own: "Own" is no GPU type that Floorwatch knows. It is used for GPUs of exactly that name.",
        "drift.window: 12s holds fewer than three answers of the slower side, so its edges weigh as much as what is compared. Make it longer, or ask more often.",
      ]
    `)
  })

  it('names a secret file that others may read', async ({ skip }) => {
    skip(process.platform === 'win32', 'needs POSIX permissions')
    const token = join(folder, 'token')
    await writeFile(token, `${CANARY}\n`)
    await chmod(token, 0o644)
    const text = `${head}prometheus: { url: 'https://p', bearer: { file: token } }\n`
    const loose = readConfig(text, join(folder, 'floorwatch.yaml'))
    expect(loose.warnings[0]?.text).toMatch(/read by everybody/)
    await chmod(token, 0o600)
    expect(readConfig(text, join(folder, 'floorwatch.yaml')).warnings).toEqual([])
    expect(loose.prometheus?.access.bearer?.reveal()).toBe(CANARY)
  })
})

describe('secrets', () => {
  it('are never printed, however the configuration is', () => {
    const site = readConfig(
      `${head}prometheus:
  url: https://p
  basic: { username: noc, password: { env: PASSWORD } }
  headers: { X-Key: { env: PASSWORD } }
`,
      PATH,
      { env: { PASSWORD: CANARY } },
    )
    const password = site.prometheus?.access.basic?.password
    expect(password?.reveal()).toBe(CANARY)
    const printed = [
      JSON.stringify(site),
      inspect(site, { depth: 20, showHidden: true }),
      String(password),
      String(site.prometheus?.access.headers['X-Key']),
      JSON.stringify(Object.entries(password ?? {})),
    ].join('\n')
    expect(printed).toContain('[secret]')
    expect(printed).not.toContain(CANARY)
  })
})
