import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CommandInput } from '../../shared/contract/contract.ts'
import { readConfig } from '../../main/config/load.ts'
import {
  createEngine,
  type Engine,
  type EngineHost,
  inProcessWire,
  OWN_WINDOW,
  type SecretUse,
} from '../../main/engine/index.ts'
import { manualClock, systemClock } from '../../main/platform/clock.ts'
import { createLogger } from '../../main/platform/logger.ts'
import { Refused, Screen } from '../support/screen.ts'

const CANARY = 'canary-2f9c77d1'
const cleanups: (() => Promise<unknown>)[] = []
let folder = ''
let logged: string[] = []

beforeEach(async () => {
  logged = []
  folder = await mkdtemp(join(tmpdir(), 'floorwatch-setup-'))
  cleanups.push(() => rm(folder, { recursive: true }))
  process.env['SETUP_TEST_TOKEN'] = CANARY
})
afterEach(async () => {
  delete process.env['SETUP_TEST_TOKEN']
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

/** Somebody's server: keeps what it was sent. */
async function listener(): Promise<{ url: string; got: IncomingHttpHeaders[] }> {
  const got: IncomingHttpHeaders[] = []
  const server = createServer((request, response) => {
    got.push(request.headers)
    response.end('DCGM_FI_DEV_GPU_TEMP{gpu="0",UUID="GPU-a",Hostname="h-1"} 40\n')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanups.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, got }
}

interface Given {
  readonly config?: string
  readonly host?: Partial<EngineHost>
  readonly clock?: typeof systemClock
}

function start({ config, host, clock = systemClock }: Given): { engine: Engine; screen: Screen } {
  const engine = createEngine({
    config: config === undefined ? null : readConfig(config, join(folder, 'site.yaml')),
    host: { launchDemo: () => Promise.reject(new Error('no demo here')), ...host },
    clock,
    logger: createLogger({ level: 'info', destination: { write: (line) => void logged.push(line) } }),
    version: '0.0.0-test',
    paths: { newConfig: join(folder, 'new', 'floorwatch.yaml') },
    state: { folder: join(folder, 'state'), keepsDemo: false },
  })
  cleanups.push(() => engine.close())
  const { engineEnd, screenEnd } = inProcessWire()
  engine.attach(engineEnd, 'console', OWN_WINDOW)
  return { engine, screen: new Screen(screenEnd) }
}

const site = (url: string) => `version: 1
site: { name: Test hall, timezone: UTC }
exporters: { static: ["${url}"] }
`
const draft = (url: string): CommandInput<'setup.save'> => ({
  site: { name: 'Other hall', timezone: 'UTC' },
  prometheus: null,
  exporters: [url],
})

async function failureOf(answer: Promise<unknown>) {
  const error = await answer.then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(Refused)
  return (error as Refused).failure
}

describe('the setup of an engine that watches a site', () => {
  it('is refused and logged, whatever it asks for', async () => {
    const [mine, foreign] = [await listener(), await listener()]
    const { screen } = start({ config: site(mine.url) })
    const answers = [
      screen.call('setup.test', { kind: 'exporter', url: foreign.url, bearer: { env: 'SETUP_TEST_TOKEN' } }),
      screen.call('setup.test', { kind: 'prometheus', url: foreign.url, bearer: { file: '/etc/hostname' } }),
      screen.call('setup.save', draft(foreign.url)),
      screen.call('setup.demo', {}),
    ]
    for (const answer of answers) {
      expect(await failureOf(answer)).toMatchObject({
        code: 'forbidden',
        nextStep: expect.stringContaining('--allow-setup'),
      })
    }
    expect(foreign.got).toEqual([])
    await expect(stat(join(folder, 'new'))).rejects.toThrow('ENOENT')
    for (const command of ['setup.test', 'setup.save', 'setup.demo']) {
      expect(logged.join('')).toMatch(new RegExp(`"command":"${command}","role":"console",.*"refused":"`))
    }
    const status = await screen.watch('console.status', {}).until('any', () => true)
    expect(status).toMatchObject({ site: { name: 'Test hall' }, setup: { open: false, until: null } })
  })

  it('is opened at the terminal, for a quarter of an hour', async () => {
    const [mine, other] = [await listener(), await listener()]
    const clock = manualClock()
    const { engine, screen } = start({ config: site(mine.url), clock })
    engine.unlockSetup()
    const status = screen.watch('console.status', {})
    await status.until('open', ({ setup }) => setup.open && setup.until === clock.now() + 900_000)
    expect(await screen.call('setup.test', { kind: 'exporter', url: other.url })).toMatchObject({ ok: true })
    clock.advance(900_000)
    await failureOf(screen.call('setup.test', { kind: 'exporter', url: other.url }))
    engine.unlockSetup()
    const { path } = await screen.call('setup.save', draft(other.url))
    expect(await readFile(path, 'utf8')).toContain('Other hall')
    // Items are paced by this clock.
    clock.advance(1_000)
    await status.until('the other site', (now) => now.site.name === 'Other hall')
  })

  it('does not give way to a demo that was asked for before there was a site', async () => {
    const one = await listener()
    const demo = Promise.withResolvers<string>()
    const { screen } = start({ host: { launchDemo: () => demo.promise } })
    const late = failureOf(screen.call('setup.demo', {}))
    await screen.call('setup.save', draft(one.url))
    const path = join(folder, 'demo.yaml')
    await writeFile(path, `${site(one.url)}demo: true\n`)
    demo.resolve(path)
    expect(await late).toMatchObject({ code: 'forbidden' })
    await screen.watch('console.status', {}).until('the site', (now) => now.site.name === 'Other hall')
  })
})

describe('a secret that a screen names', () => {
  const bearer = { env: 'SETUP_TEST_TOKEN' }

  it('goes nowhere where there is no one to ask, and nothing is told of it', async () => {
    const foreign = await listener()
    const file = join(folder, 'token')
    await writeFile(file, `${CANARY}\n`, { mode: 0o600 })
    const { screen } = start({})
    const verdicts = []
    for (const reference of [bearer, { env: 'NOT_SET_9' }, { file }, { file: join(folder, 'missing') }]) {
      verdicts.push(
        await screen.call('setup.test', { kind: 'exporter', url: foreign.url, bearer: reference }),
      )
    }
    expect(verdicts.every(({ ok }) => !ok)).toBe(true)
    const plain = verdicts.map(({ title }) => title.replace(/environment variable \w+|file \S+/, 'X'))
    expect(new Set(plain).size).toBe(1)
    const save = {
      ...draft(foreign.url),
      prometheus: { url: foreign.url, bearer },
      exporters: [],
    }
    expect(await failureOf(screen.call('setup.save', save))).toMatchObject({ code: 'forbidden' })
    expect(foreign.got).toEqual([])
    expect(logged.join('') + JSON.stringify(verdicts)).not.toContain(CANARY)
  })

  it('goes to the scheme, host and port that were allowed, and to no other', async () => {
    const [mine, foreign] = [await listener(), await listener()]
    const asked: SecretUse[] = []
    const { screen } = start({
      host: {
        async allowSecret(use) {
          asked.push(use)
          return use.origin === mine.url
            ? { given: true }
            : { given: false, text: 'not to this address', nextStep: 'Ask.' }
        },
      },
    })
    const probe = { kind: 'exporter', bearer } as const
    expect(await screen.call('setup.test', { ...probe, url: `${mine.url}/metrics` })).toMatchObject({
      ok: true,
    })
    expect(mine.got[0]?.authorization).toBe(`Bearer ${CANARY}`)
    for (const url of [foreign.url, `${mine.url}0`, mine.url.replace('http:', 'https:')]) {
      if (URL.canParse(url))
        expect(await screen.call('setup.test', { ...probe, url })).toMatchObject({ ok: false })
    }
    expect(foreign.got).toEqual([])
    // What was allowed is not asked for again.
    await screen.call('setup.test', { ...probe, url: mine.url })
    expect(asked.filter(({ origin }) => origin === mine.url)).toHaveLength(1)
  })

  it.each(['token', './token', '../etc/shadow', '/etc/\u202Eshadow', `/${'a'.repeat(600)}`, '/x\ny'])(
    'is refused as the file %j, which people could misread',
    async (file) => {
      const { screen } = start({ host: { allowSecret: async () => ({ given: true }) } })
      const verdict = await screen.call('setup.test', {
        kind: 'exporter',
        url: 'http://127.0.0.1:9',
        bearer: { file },
      })
      expect(verdict).toMatchObject({ ok: false, title: expect.stringContaining('this') })
      expect(verdict.title).toMatch(/path/)
    },
  )
})
