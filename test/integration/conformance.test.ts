import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AREAS, runChecks } from '../../main/cli/conformance/run.ts'
import { Session } from '../../main/cli/conformance/session.ts'
import type { Finding } from '../../main/cli/conformance/verdict.ts'
import { createAgent } from '../../main/platform/http/index.ts'
import { Secret } from '../../main/platform/secret.ts'
import { type MeteringDemo, startMeteringDemo } from '../support/meteringDemo.ts'
import { type Answered, type Asked, changed, type Mutilation, startMutilator } from '../support/mutilator.ts'

/** Throttles are tried on the tenant whose traffic is the largest, as a person would name one. */
const TENANT = 'meridian'

let demo: MeteringDemo
beforeAll(async () => {
  demo = await startMeteringDemo()
}, 30_000)
afterAll(() => demo.stop())

async function tried(base: string, write: string | null = TENANT): Promise<Finding[]> {
  const agent = createAgent({ connections: 4 })
  const token = new Secret('the demo', () => demo.token)
  try {
    return await runChecks(new Session({ base, agent, token, writeTenant: write }), () => undefined)
  } finally {
    await agent.close()
  }
}

async function mutilated(mutilation: Mutilation): Promise<Finding[]> {
  const server = await startMutilator(demo.url, mutilation)
  try {
    return await tried(server.url)
  } finally {
    await server.close()
  }
}

const titlesOf = (findings: readonly Finding[], outcome: Finding['outcome']) =>
  findings.filter((finding) => finding.outcome === outcome).map(({ title }) => title)

/** The checks that failed and what each of them found, in words. */
const failures = (findings: readonly Finding[]): Record<string, string> =>
  Object.fromEntries(
    findings.filter(({ outcome }) => outcome === 'failed').map(({ title, text }) => [title, text]),
  )

const every = AREAS.flatMap(({ checks }) => checks.map(({ title }) => title))

describe('the reference server', () => {
  it('passes every check, throttles included, with nothing skipped', async () => {
    const findings = await tried(demo.url)
    expect(findings.filter(({ outcome }) => outcome !== 'passed')).toEqual([])
    expect(findings.map(({ title }) => title)).toEqual(every)
  })

  it('is left as it was: no throttle stays behind', async () => {
    const headers = { authorization: `Bearer ${demo.token}` }
    const answer = await fetch(`${demo.url}/v1/tenants/${TENANT}/limits`, { headers })
    expect(await answer.json()).toMatchObject({ throttles: [] })
  })

  it('is only read from where no tenant is named', async () => {
    const methods = new Set<string>()
    const server = await startMutilator(demo.url, {
      headers({ method, headers }) {
        methods.add(method)
        return headers
      },
    })
    const findings = await tried(server.url, null)
    await server.close()
    expect(methods).toEqual(new Set(['GET']))
    const skipped = findings.filter(({ outcome }) => outcome === 'skipped')
    expect(new Set(skipped.map(({ area }) => area))).toEqual(new Set(['Throttles']))
    expect(skipped[0]?.text).toContain('--write TENANT')
    expect(titlesOf(findings, 'failed')).toEqual([])
  })

  it('passes with totals beyond 2^53', async () => {
    const findings = await mutilated({ answer: (asked, answered) => inUsage(asked, answered, enlarged) })
    expect(failures(findings)).toEqual({})
  })
})

describe('a server that is wrong in one respect', () => {
  it('loses tokens between grains: coarse steps hold less than fine ones', async () => {
    const findings = await mutilated({
      answer: (asked, answered) =>
        inUsage(asked, answered, (key, value) =>
          key === 'input' && Number(asked.query.get('step')) > 60 ? value - value / 50n : value,
        ),
    })
    const found = failures(findings)
    expect(Object.keys(found)).toEqual(['coarser steps sum to the same tokens'])
    expect(found['coarser steps sum to the same tokens']).toMatch(
      /^GET \/v1\/usage\?from=\S+&to=\S+&step=120 → sum of input: expected \d+, as with step=10, got \d+$/,
    )
  })

  it('rounds numbers beyond 2^53', async () => {
    const findings = await mutilated({
      answer: (asked, answered) =>
        inUsage(asked, answered, (key, value) => BigInt(Number(enlarged(key, value)))),
    })
    const found = failures(findings)
    const sums = [
      'every way of grouping sums to the same tokens',
      'coarser steps sum to the same tokens',
      'top and rest together are everything',
      'calendar days start at midnight of their zone and sum to the hours',
      'keys are known within one tenant only',
    ]
    // Of a few numbers the rounded ones add up by chance now and then; of all of them they never do.
    expect(sums).toEqual(expect.arrayContaining(Object.keys(found)))
    expect(Object.keys(found).length).toBeGreaterThanOrEqual(3)
    expect(found['every way of grouping sums to the same tokens']).toMatch(
      /^GET \/v1\/usage\?\S+groupBy=tenant → sum of input: expected \d{17,}, as without groupBy, got \d{17,}$/,
    )
  })

  it('leaks prompts in fields that the contract does not know', async () => {
    const findings = await mutilated({
      answer: (asked, answered) =>
        asked.path.startsWith('/v1/workflows/wf-')
          ? {
              ...answered,
              text: changed(answered.text, (key, value) =>
                key === 'tree' && Array.isArray(value)
                  ? value.map((step: object) => ({ ...step, prompt: 'Dear Dr' }))
                  : value,
              ),
            }
          : answered,
    })
    const found = failures(findings)
    expect(Object.keys(found)).toEqual([
      'no answer has a field for prompts, completions, messages or arguments',
    ])
    expect(Object.values(found)[0]).toMatch(
      /^GET \/v1\/workflows\/wf-\S+ → tree\.0\.prompt: expected no such field, got one that may hold what people wrote$/,
    )
  })

  it('sends problems under the name of ordinary JSON', async () => {
    const findings = await mutilated({
      answer: (_, answered) =>
        answered.headers['content-type'] === 'application/problem+json'
          ? { ...answered, headers: { ...answered.headers, 'content-type': 'application/json' } }
          : answered,
    })
    const found = failures(findings)
    expect(Object.keys(found)).toEqual(
      every.filter((title) => /refused|within one tenant only|read before stale/.test(title)),
    )
    expect(found['a job that does not exist is refused with 404']).toBe(
      'GET /v1/workflows/there-is-no-such-workflow → Content-Type: expected application/problem+json, got application/json',
    )
  })

  it('has pages of tenants without an end', async () => {
    let lastPage: Answered | null = null
    const findings = await mutilated({
      answer(asked, answered) {
        const cursor = asked.query.get('cursor')
        if (asked.path !== '/v1/tenants' || cursor === null) return answered
        if (answered.status === 200) lastPage = answered
        if (lastPage === null || /"nextCursor":"/.test(lastPage.text)) return answered
        const isBeyond = cursor.startsWith('more-')
        return {
          ...lastPage,
          text: changed(lastPage.text, (key, value) =>
            key === 'nextCursor' ? `more-${cursor}` : key === 'tenants' && isBeyond ? [] : value,
          ),
        }
      },
    })
    const found = failures(findings)
    expect(Object.keys(found)).toEqual(['pages give every tenant once and come to an end'])
    expect(Object.values(found)[0]).toMatch(
      /^GET \/v1\/tenants\?\S*cursor=\S+ → nextCursor: expected null after the last tenant, got a cursor on a page without tenants$/,
    )
  })

  it('takes a throttle twice under one Idempotency-Key', async () => {
    const seen = new Set<string>()
    const findings = await mutilated({
      headers({ method, path, headers }) {
        const key = headers['idempotency-key'] ?? ''
        const again = key !== '' && method === 'POST' && path === '/v1/throttles' && seen.has(key)
        seen.add(key)
        return again ? { ...headers, 'idempotency-key': `${key}-again`, 'if-match': '*' } : headers
      },
    })
    const found = failures(findings)
    const title = 'the same key and body give the same throttle; another body is refused with 409'
    expect(Object.keys(found)).toEqual([title])
    expect(found[title]).toMatch(
      /^POST \/v1\/throttles again with the same Idempotency-Key → id: expected "thr-\S+" as the first time, got "thr-\S+": a second throttle was laid$/,
    )
  })

  it('has changed an entry of its audit afterwards', async () => {
    const findings = await mutilated({
      answer: (asked, answered) =>
        asked.path === '/v1/audit'
          ? {
              ...answered,
              text: changed(answered.text, (key, value) =>
                key === 'actor' && value === 'on-call' ? 'somebody-else' : value,
              ),
            }
          : answered,
    })
    const found = failures(findings)
    expect(Object.keys(found)).toEqual(['entries are numbered without a gap and chained by their hashes'])
    expect(Object.values(found)[0]).toMatch(
      /^GET \/v1\/audit → entry 1 → hash: expected [\da-f]{64}, the SHA-256 of the entry without it, got [\da-f]{64}$/,
    )
  })

  it('numbers no events', async () => {
    const findings = await mutilated({ piece: (text) => text.replaceAll(/^id:.*\n/gm, '') })
    expect(failures(findings)).toEqual({
      'the stream gives events of the contract and resumes after Last-Event-ID':
        'GET /v1/events: expected an id on every event, for Last-Event-ID, got one without',
    })
  })

  it('says neither what its data reach nor what time it is', async () => {
    const findings = await mutilated({
      answer: (asked, answered) =>
        asked.path === '/v1/rates'
          ? {
              ...answered,
              text: changed(answered.text, (key, value) => (key === 'dataAsOf' ? 'now' : value)),
            }
          : answered,
    })
    expect(failures(findings)).toEqual({
      'of one thing at one time there is one rate':
        'GET /v1/rates → dataAsOf: expected an instant in UTC such as 2026-11-23T09:30:00Z, got "now"',
    })
  })
})

describe('floorwatch conformance', () => {
  it('prints the verdict and ends with 0 where the server conforms', async () => {
    const { code, out } = await floorwatch(
      `${demo.url}/v1/`,
      '--token-file',
      demo.tokenPath,
      '--write',
      TENANT,
    )
    expect(out).toContain('Usage\n  ok    points lie on the grid')
    expect(out).toMatch(/conforms to the Metering API: \d+ passed, 0 failed, 0 noted, 0 skipped\.\n$/)
    expect(out).not.toContain(demo.token)
    expect(code).toBe(0)
  })

  it('ends with 1 where it does not, and says it as JSON where asked', async () => {
    const server = await startMutilator(demo.url, {
      answer: (_, answered) => ({ ...answered, headers: { ...answered.headers, etag: 'unquoted' } }),
    })
    const { code, out } = await floorwatch(server.url, '--token-file', demo.tokenPath, '--json')
    await server.close()
    expect(code).toBe(1)
    const verdict: unknown = JSON.parse(out)
    expect(verdict).toMatchObject({ conforms: false })
    expect(verdict).toHaveProperty(
      'findings',
      expect.arrayContaining([
        {
          area: 'Tenants',
          title: 'limits carry an ETag that stays while nothing changes',
          outcome: 'failed',
          text: `GET /v1/tenants/${TENANT}/limits → ETag: expected an entity tag in quotes, got unquoted`,
        },
      ]),
    )
  })

  it('says once that there is no server', async () => {
    const { code, out } = await floorwatch('http://127.0.0.1:9', '--token-file', demo.tokenPath)
    expect(code).toBe(1)
    expect(out).toContain('FAIL  capabilities are readable\n        the server: ')
    expect(out).toMatch(/does NOT conform to the Metering API: 0 passed, 1 failed, 0 noted, \d+ skipped\.\n$/)
  })

  it('names what is wrong with the command line', async () => {
    const { code, out } = await floorwatch(demo.url, '--token-file', `${demo.tokenPath}-elsewhere`)
    expect(code).not.toBe(0)
    expect(out).toContain('metering-token-elsewhere')
  })
})

/** Runs the command in a process of its own, from source. */
async function floorwatch(...words: string[]): Promise<{ code: number | null; out: string }> {
  const entry = JSON.stringify(new URL('../../main/cli/main.ts', import.meta.url).href)
  const script = `const { runLine } = await import(${entry}); process.exitCode = await runLine(process.argv.slice(1))`
  const child = spawn(
    process.execPath,
    ['--input-type=module', '-e', script, '--', 'conformance', ...words],
    {
      env: { PATH: process.env['PATH'], NODE_NO_WARNINGS: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let out = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (out += text))
  }
  await once(child, 'close')
  return { code: child.exitCode, out }
}

const TOKENS = new Set(['input', 'output', 'cachedInput', 'reasoning', 'errorTokens'])

/** Changes the tokens of an answer about usage. */
function inUsage(asked: Asked, answered: Answered, change: (key: string, value: bigint) => bigint): Answered {
  if (asked.path !== '/v1/usage' || answered.status !== 200) return answered
  const text = changed(answered.text, (key, value) => {
    const counts = typeof value === 'number' || typeof value === 'bigint'
    return counts && TOKENS.has(key) ? change(key, BigInt(value)) : value
  })
  return { ...answered, text }
}

/** As a factory would count that serves a hundred billion times as much. */
function enlarged(_key: string, tokens: bigint): bigint {
  return tokens * 100_000_000_003n
}
