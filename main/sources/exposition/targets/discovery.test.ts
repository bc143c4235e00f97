import { chmod, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bearerAuth, noAuth } from '../../../platform/auth.ts'
import { systemClock } from '../../../platform/clock.ts'
import { createLogger } from '../../../platform/logger.ts'
import { createAgent, type HttpAgent } from '../../../platform/http/index.ts'
import { createDiscovery, type Discovery, type DiscoveryOptions } from './discovery.ts'
import type { ScrapeTarget } from './target.ts'
import { type Exporters, startExporters } from '../testing/exporters.ts'

let folder = ''
let agent: HttpAgent
let servers: Exporters
let discovery: Discovery | null = null
const lists: (readonly ScrapeTarget[])[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floorwatch-discovery-'))
  agent = createAgent({ connections: 2 })
  servers = startExporters()
  lists.length = 0
})

afterEach(async () => {
  await discovery?.close()
  discovery = null
  await agent.close()
  await servers.close()
  await rm(folder, { recursive: true, force: true })
})

async function discover(options: Partial<DiscoveryOptions>): Promise<Discovery> {
  discovery = createDiscovery({
    static: [],
    files: [],
    http: [],
    agent,
    deadlineMs: 500,
    clock: systemClock,
    logger: createLogger({ level: 'silent' }),
    filesEveryMs: 20,
    httpEveryMs: 50,
    onTargets: (targets) => lists.push(targets),
    ...options,
  })
  await discovery.start()
  return discovery
}

let stamp = 1_700_000_000
/** Writes a file with another time of change than before, whatever the resolution of the file system. */
async function write(name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  stamp += 10
  await utimes(path, stamp, stamp)
  return path
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const giveUp = performance.now() + 10_000
  while (!holds()) {
    if (performance.now() > giveUp) throw new Error(`gave up waiting until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

const urls = () => (discovery?.targets() ?? []).map(({ url }) => url)
const only = () => {
  const [health, ...more] = discovery?.health() ?? []
  if (health === undefined || more.length > 0) throw new Error('expected one place')
  return health
}

describe('static targets', () => {
  it('take host:port and whole addresses, each once, and name what is wrong', async () => {
    await discover({
      static: [
        'h-1:9400',
        'http://h-1:9400/metrics',
        'https://h-2/custom?a=b',
        'h 3',
        'http://u:p@h-4:9400',
        '[::1]:9400',
      ],
    })
    expect(urls()).toEqual(['http://h-1:9400/metrics', 'https://h-2/custom?a=b', 'http://[::1]:9400/metrics'])
    expect(only().kind).toBe('discovery')
    expect(only().warnings).toEqual([
      'exporters.static, entry 4: expected host:port or an http:// address, found "h 3"',
      'exporters.static, entry 5: the address holds a user name or password; put them under `basic`',
    ])
  })
})

describe('file_sd', () => {
  it.runIf(process.platform !== 'win32')(
    'warns of a list that others can write, where a secret goes to its addresses',
    async () => {
      const path = await write('a.json', JSON.stringify([{ targets: ['h-1:9400'] }]))
      await chmod(path, 0o664)
      await discover({ files: [path], authorise: noAuth })
      expect(only().warnings).toEqual([])
      await discovery?.close()
      await discover({ files: [path], authorise: bearerAuth(() => 'token') })
      expect(only().warnings).toEqual([
        `${path} names addresses that get the secret of this section, and it may be changed by its whole group. Run: chmod go-w ${path} (as its owner)`,
      ])
      expect(urls()).toEqual(['http://h-1:9400/metrics'])
      await chmod(path, 0o644)
      await until('the warning is gone', () => only().warnings.length === 0)
    },
  )

  it('reads JSON and YAML through a wildcard, with labels and what they say about the address', async () => {
    await write(
      'a.json',
      JSON.stringify([
        { targets: ['h-1:9400', 'h-2:9400'], labels: { rack: 'r1', __meta_x: 'y' } },
        {
          targets: ['h-3'],
          labels: { __scheme__: 'https', __metrics_path__: 'gpu', __param_collect: 'all', __address__: 'no' },
        },
      ]),
    )
    await write('b.yml', '- targets:\n    - h-4:9400\n  labels:\n    rack: 12\n')
    await write('c.txt', 'not matched')
    await discover({ files: [join(folder, '*.json'), join(folder, '*.yml')] })
    expect(urls()).toEqual([
      'http://h-1:9400/metrics',
      'http://h-2:9400/metrics',
      'https://h-3/gpu?collect=all',
      'http://h-4:9400/metrics',
    ])
    expect(lists.at(-1)?.map(({ labels }) => Object.fromEntries(labels))).toEqual([
      { rack: 'r1' },
      { rack: 'r1' },
      {},
      { rack: '12' },
    ])
    expect(discovery?.health().map(({ state }) => state)).toEqual(['ok', 'ok'])
  })

  it('knows a pod by what Kubernetes discovery says of it, unless the list has names of its own', async () => {
    const meta = {
      __meta_kubernetes_namespace: 'team-a',
      __meta_kubernetes_pod_name: 'llama-0',
      __meta_kubernetes_pod_node_name: 'gpu-1',
    }
    await write('pods.json', JSON.stringify([{ targets: ['h-1:8000'], labels: { ...meta, pod: 'own-0' } }]))
    await discover({ files: [join(folder, 'pods.json')] })
    expect(Object.fromEntries(lists.at(-1)?.[0]?.labels ?? [])).toEqual({
      namespace: 'team-a',
      pod: 'own-0',
      node: 'gpu-1',
    })
  })

  it('follows changes, and tells of a new list only when it is one', async () => {
    const path = await write('a.json', '[{"targets":["h-1:9400"]}]')
    await discover({ files: [path] })
    const told = lists.length
    await write('a.json', '[{"targets":["h-1:9400"],"labels":{}}]')
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(lists.length).toBe(told)
    await write('a.json', '[{"targets":["h-1:9400","h-2:9400"]}]')
    await until('the new target is there', () => urls().length === 2)
  })

  it('keeps the last good list of a half-written file and says so, while other files change', async () => {
    await write('a.json', '[{"targets":["h-1:9400"]}]')
    await write('b.json', '[{"targets":["h-2:9400"]}]')
    await discover({ files: [join(folder, '*.json')] })
    await write('a.json', '[{"targets":["h-1:94')
    await until('the break is told', () => only().error !== null)
    expect(only().error?.text).toContain(join(folder, 'a.json'))
    expect(only().error?.text).toContain('no valid JSON')
    expect(only().error?.text).toContain('the last good list of 2 targets stays in use')
    await write('b.json', '[{"targets":["h-3:9400"]}]')
    await until('the other file counts', () => urls().includes('http://h-3:9400/metrics'))
    expect(urls()).toEqual(['http://h-1:9400/metrics', 'http://h-3:9400/metrics'])
    await write('a.json', '[{"targets":["h-9:9400"]}]')
    await until('it is mended', () => only().error === null)
    expect(urls()).toEqual(['http://h-9:9400/metrics', 'http://h-3:9400/metrics'])
  })

  it('keeps the list when the file goes away, and takes away the targets of one file among others', async () => {
    const a = await write('a.json', '[{"targets":["h-1:9400"]}]')
    const b = await write('b.json', '[{"targets":["h-2:9400"]}]')
    await discover({ files: [join(folder, '*.json')] })
    await rm(a)
    await until('one is gone', () => urls().length === 1)
    await rm(b)
    await until('it is told', () => only().error?.code === 'missing')
    expect(urls()).toEqual(['http://h-2:9400/metrics'])
  })

  it('uses the good entries of a list and names the others', async () => {
    const path = await write(
      'a.yaml',
      '- targets: [h-1:9400, 7, "x/y"]\n  labels: {rack: [1]}\n- nonsense\n- targets: [h-2:9400]\n',
    )
    await discover({ files: [path] })
    expect(urls()).toEqual(['http://h-1:9400/metrics', 'http://h-2:9400/metrics'])
    expect(only().state).toBe('slow')
    expect(only().warnings).toEqual([
      'a.yaml, group 1: the label rack is not a text; left out',
      'a.yaml, group 1, target 2: expected a text',
      'a.yaml, group 1, target 3: expected host:port or an http:// address, found "x/y"',
      'a.yaml, group 2: expected "targets" with a list and "labels" with names and texts',
    ])
  })

  it('refuses a YAML bomb', async () => {
    const levels = Array.from({ length: 9 }, (_, n) =>
      n === 0
        ? 'a0: &a0 [x,x,x,x,x,x,x,x,x]'
        : `a${n}: &a${n} [${Array(9)
            .fill(`*a${n - 1}`)
            .join(',')}]`,
    )
    await discover({ files: [await write('a.yaml', `${levels.join('\n')}\n`)] })
    expect(only().error?.code).toBe('parse')
  })
})

describe('HTTP SD', () => {
  it('asks with the credentials, follows the list, keeps the last good one and says so', async () => {
    let answer = '[{"targets":["h-1:9400"],"labels":{"rack":"r1"}}]'
    let status = 200
    const seen = new Set<string | undefined>()
    const address = await servers.serve((request, response) => {
      seen.add(request.headers.authorization)
      response.writeHead(status, { 'content-type': 'application/json' }).end(answer)
    })
    await discover({ http: [`http://${address}/sd`], authorise: bearerAuth(() => 'token') })
    expect(urls()).toEqual(['http://h-1:9400/metrics'])
    expect([...seen]).toEqual(['Bearer token'])
    answer = '[{"targets":["h-1:9400","h-2:9400"]}]'
    await until('the new list is used', () => urls().length === 2)
    status = 500
    await until('the failure is told', () => only().error?.code === 'http-500')
    expect(only().error?.text).toContain('the last good list of 2 targets stays in use')
    status = 200
    answer = '<html>'
    await until('the bad list is told', () => only().error?.code === 'parse')
    expect(urls()).toHaveLength(2)
    answer = '[]'
    await until('the empty list is used', () => urls().length === 0)
    expect(only().error).toBeNull()
  })

  it('does not wait for a hung place longer than the deadline, and starts with the others', async () => {
    const hung = await servers.serve(() => {})
    const path = await write('a.json', '[{"targets":["h-1:9400"]}]')
    await discover({ http: [`http://${hung}/sd`], files: [path], deadlineMs: 200 })
    expect(urls()).toEqual(['http://h-1:9400/metrics'])
    expect(discovery?.health().find(({ address }) => address.includes(hung))?.error?.code).toBe('timeout')
  })

  it('closes while it is being asked', async () => {
    let asked = 0
    const hung = await servers.serve(() => {
      asked++
    })
    discovery = createDiscovery({
      static: ['h-1:9400'],
      files: [],
      http: [`http://${hung}/sd`],
      agent,
      deadlineMs: 60_000,
      clock: systemClock,
      logger: createLogger({ level: 'silent' }),
      onTargets: (targets) => lists.push(targets),
    })
    const started = discovery.start()
    await until('it is asked', () => asked > 0)
    expect(lists).toHaveLength(1)
    await discovery.close()
    await started
  })
})
