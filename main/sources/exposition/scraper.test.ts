import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { requirement } from '../../../test/support/peers.ts'
import type { SourceHealth } from '../../../shared/model/source.ts'
import { basicAuth, bearerAuth } from '../../platform/auth.ts'
import { systemClock } from '../../platform/clock.ts'
import { createLogger } from '../../platform/logger.ts'
import { createAgent, type HttpAgent } from '../../platform/http/index.ts'
import { targetOf } from './targets/address.ts'
import { createScraper, type Scraper } from './scraper.ts'
import type { Scrape, ScraperOptions } from './scraperOptions.ts'
import { type Exporters, goodExporter, startExporters } from './testing/exporters.ts'
import { DEFAULT_SCRAPE_LIMITS } from './types.ts'

const INTERVAL_MS = 100
const DEADLINE_MS = 300

let exporters: Exporters
let agent: HttpAgent
let scraper: Scraper | null = null
const lost: string[] = []
const good: { name: string; at: number; scrape: Omit<Scrape, 'parsed'>; values: number[] }[] = []

beforeEach(() => {
  exporters = startExporters()
  agent = createAgent({ connections: 2 })
  lost.length = 0
  good.length = 0
})

afterEach(async () => {
  await scraper?.close()
  scraper = null
  await agent.close()
  await exporters.close()
})

function scrape(addresses: readonly string[], options: Partial<ScraperOptions> = {}): Scraper {
  scraper = createScraper({
    agent,
    intervalMs: INTERVAL_MS,
    deadlineMs: DEADLINE_MS,
    concurrency: 4,
    limits: DEFAULT_SCRAPE_LIMITS,
    clock: systemClock,
    logger: createLogger({ level: 'silent' }),
    onScrape: ({ parsed, ...rest }) => {
      good.push({
        name: rest.target.name,
        at: performance.now(),
        scrape: rest,
        values: [...parsed.values.subarray(0, parsed.count)],
      })
    },
    onLost: (target, error) => lost.push(`${target.name} ${error?.code ?? 'gone'}`),
    ...options,
  })
  scraper.setTargets(addresses.map((address) => targetOf(address, new Map())))
  return scraper
}

async function until(what: string, holds: () => boolean, withinMs = 10_000): Promise<void> {
  const giveUp = performance.now() + withinMs
  while (!holds()) {
    if (performance.now() > giveUp) throw new Error(`gave up after ${withinMs} ms waiting until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

const healthOf = (address: string): SourceHealth | undefined =>
  scraper?.health().find(({ name }) => name === new URL(targetOf(address, new Map()).url).host)
const goodOf = (address: string) => good.filter(({ name }) => name === address)

/** Waits until the target has failed, and gives its health. */
async function failureOf(address: string): Promise<SourceHealth> {
  await until(`${address} fails`, () => (healthOf(address)?.consecutiveFailures ?? 0) > 0)
  return healthOf(address) as SourceHealth
}

describe('a target that answers', () => {
  it('is scraped again and again over one connection, and told with its health', async () => {
    const ports = new Set<number | undefined>()
    const listener = goodExporter('h-1')
    const address = await exporters.serve((request, response) => {
      ports.add(request.socket.remotePort)
      listener(request, response)
    })
    scrape([address])
    await until('three scrapes came', () => good.length >= 3)
    expect(ports.size).toBe(1)
    expect(good[0]?.values).toEqual([61, 1007])
    expect(good[2]?.values).toEqual([61, 1021])
    expect(good[0]?.scrape.bytes).toBeGreaterThan(100)
    expect(good[0]?.scrape.sampledAt).toBeLessThanOrEqual(Date.now())
    expect(healthOf(address)).toMatchObject({
      kind: 'exporter',
      name: address,
      state: 'ok',
      feeding: true,
      samples: 2,
      consecutiveFailures: 0,
      error: null,
    })
  })

  it('is asked for text first, and may send OpenMetrics or gzip', async () => {
    let accept = ''
    const packed = await exporters.serve((request, response) => {
      accept = String(request.headers.accept)
      response.writeHead(200, {
        'content-type': 'application/openmetrics-text; version=1.0.0',
        'content-encoding': 'gzip',
      })
      response.end(gzipSync('x_total{a="b"} 3 # {t="1"} 1\nx_created{a="b"} 1\n# EOF\n'))
    })
    scrape([packed], { compressed: true })
    await until('it was read', () => good.length > 0)
    expect(good[0]?.values).toEqual([3])
    expect(accept).toContain('text/plain;version=0.0.4')
  })

  it('gets the bearer token or the password of now, at every request', async () => {
    const seen: string[] = []
    const address = await exporters.serve((request, response) => {
      seen.push(String(request.headers.authorization))
      goodExporter('h-1')(request, response)
    })
    let token = 'first'
    scrape([address], { authorise: bearerAuth(() => token) })
    await until('it was asked', () => seen.length > 0)
    token = 'second'
    await until('it was asked with the new token', () => seen.includes('Bearer second'))
    expect(seen[0]).toBe('Bearer first')
    await scraper?.close()
    scrape([address], { authorise: basicAuth('noc', () => 'pw') })
    await until('basic was sent', () => seen.includes(`Basic ${Buffer.from('noc:pw').toString('base64')}`))
  })

  it('is tried once more when its kept-alive connection was closed under the request', async () => {
    let requests = 0
    const address = await exporters.serve((request, response) => {
      requests++
      if (requests === 2) request.socket.destroy()
      else goodExporter('h-1')(request, response)
    })
    scrape([address])
    await until('three scrapes came', () => good.length >= 3)
    expect(requests).toBeGreaterThanOrEqual(4)
    expect(lost).toEqual([])
  })
})

const endless: RequestListener = (_request, response) => {
  response.writeHead(200, { 'content-type': 'text/plain' })
  const chunk = Buffer.alloc(64 * 1024, '#')
  const more = () => {
    while (!response.destroyed && response.write(chunk));
  }
  response.on('drain', more)
  more()
}

describe('a target that misbehaves is named and does not hold up the others', () => {
  const bomb = gzipSync(Buffer.alloc(8 * 1024 * 1024, '#'))
  const drip = (socket: Socket) => {
    socket.on('error', () => {})
    socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 100000\r\n\r\n')
    const timer = setInterval(() => socket.write('#'), 50)
    socket.once('close', () => clearInterval(timer))
  }
  const cases: readonly [string, string, () => Promise<string>][] = [
    ['hung after the request', 'timeout', () => exporters.serve(() => {})],
    ['hung before a byte', 'timeout', () => exporters.raw(() => {})],
    ['a byte at a time', 'timeout', () => exporters.raw(drip)],
    ['refused', 'refused', () => exporters.unreachable()],
    ['500', 'http-500', () => exporters.serve((_, response) => response.writeHead(500).end('boom'))],
    ['401', 'http-401', () => exporters.serve((_, response) => response.writeHead(401).end())],
    ['404', 'http-404', () => exporters.serve((_, response) => response.writeHead(404).end())],
    [
      'a redirect',
      'http-302',
      () => exporters.serve((_, response) => response.writeHead(302, { location: '/login?t=1' }).end()),
    ],
    ['endless', 'too-large', () => exporters.serve(endless)],
    [
      'announced too large',
      'too-large',
      () => exporters.serve((_, response) => response.writeHead(200, { 'content-length': 1e9 }).write('#')),
    ],
    [
      'a gzip bomb',
      'too-large',
      () =>
        exporters.serve((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)),
    ],
    [
      'damaged gzip',
      'parse',
      () =>
        exporters.serve((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('no')),
    ],
    [
      'a reset in the middle',
      'reset',
      () =>
        exporters.serve((request, response) => {
          response.writeHead(200, { 'content-length': 5000 }).write('# half\n')
          setTimeout(() => request.socket.resetAndDestroy(), 20)
        }),
    ],
    ['not HTTP', 'protocol', () => exporters.raw((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'))],
    ['HTML', 'parse', () => exporters.serve((_, response) => response.end('<html>login</html>'))],
    [
      'OpenMetrics that was cut off',
      'parse',
      () =>
        exporters.serve((_, response) =>
          response.writeHead(200, { 'content-type': 'application/openmetrics-text' }).end('a 1\n'),
        ),
    ],
  ]

  it('one by one', async () => {
    const bad = await Promise.all(cases.map(([, , start]) => start()))
    const fine = await Promise.all(['a', 'b', 'c'].map((host) => exporters.serve(goodExporter(host))))
    const started = performance.now()
    scrape([...bad, ...fine], { limits: { ...DEFAULT_SCRAPE_LIMITS, maxBodyBytes: 1024 * 1024 } })
    for (const [index, [name, code]] of cases.entries()) {
      const address = bad[index] ?? ''
      const { error, lastSuccessAt } = await failureOf(address)
      expect([name, error?.code, lastSuccessAt]).toEqual([name, code, null])
      expect(error?.text).toContain(address)
      expect(error?.nextStep).not.toBe('')
    }
    await until('everyone backs off', () =>
      bad.every((address) => (healthOf(address)?.consecutiveFailures ?? 0) >= 3),
    )
    const elapsed = performance.now() - started
    for (const address of fine) {
      // Generous: a machine that is busy, but never one that waits for a hung exporter's deadline.
      expect(goodOf(address).length).toBeGreaterThan(elapsed / INTERVAL_MS / 3)
    }
    expect(lost).toEqual([])
  })

  it('a rack that hangs, with fewer places than hung targets', async () => {
    const hung = await Promise.all(Array.from({ length: 24 }, () => exporters.serve(() => {})))
    const fine = await exporters.serve(goodExporter('h-1'))
    scrape([...hung, fine], { concurrency: 2, deadlineMs: 5000, intervalMs: 500 })
    await until('the good one was scraped four times', () => goodOf(fine).length >= 4, 20_000)
    expect(hung.every((address) => (healthOf(address)?.lastSuccessAt ?? null) === null)).toBe(true)
  })
})

describe('availability', () => {
  it('is told once when it is lost, and comes back with the next answer', async () => {
    let broken = false
    const listener = goodExporter('h-1')
    const address = await exporters.serve((request, response) => {
      if (broken) response.writeHead(503).end()
      else listener(request, response)
    })
    scrape([address])
    await until('it answers', () => good.length > 0)
    broken = true
    await until('it has failed twice', () => (healthOf(address)?.consecutiveFailures ?? 0) >= 2)
    expect(lost).toEqual([`${address} http-503`])
    expect(healthOf(address)).toMatchObject({ state: 'failing', feeding: false, samples: 2 })
    expect(healthOf(address)?.lastSuccessAt).not.toBeNull()
    broken = false
    const before = good.length
    await until('it answers again', () => good.length > before)
    expect(healthOf(address)).toMatchObject({ state: 'ok', consecutiveFailures: 0, error: null })
  })

  it('asks a dead target less and less often', async () => {
    let asked = 0
    const address = await exporters.serve((_, response) => {
      asked++
      response.writeHead(500).end()
    })
    scrape([address], { intervalMs: 50, random: () => 0.999 })
    await until('it backs off', () => healthOf(address)?.state === 'backoff')
    const before = asked
    await new Promise((resolve) => setTimeout(resolve, 500))
    // At the interval's pace it would have been asked ten times; back-off waits 100, 200, 400 ms.
    expect(asked - before).toBeLessThan(6)
    expect(healthOf(address)?.nextAttemptAt).toBeGreaterThan(Date.now() - 50)
  })

  it('says goodbye to a target that is none any more, and keeps the others as they are', async () => {
    const [a, b] = [await exporters.serve(goodExporter('a')), await exporters.serve(goodExporter('b'))]
    const running = scrape([a, b])
    await until('both answer', () => goodOf(a).length > 0 && goodOf(b).length > 0)
    running.setTargets([targetOf(b, new Map())])
    expect(lost).toEqual([`${a} gone`])
    expect(running.targets()).toBe(1)
    const before = goodOf(b).length
    expect(healthOf(b)?.samples).toBe(2)
    await until('the other goes on', () => goodOf(b).length > before + 1)
  })
})

describe('standby', () => {
  it('asks nothing, gives up what is in flight without blame, and goes on when it is called', async () => {
    let asked = 0
    let hang = true
    const listener = goodExporter('h-1')
    const address = await exporters.serve((request, response) => {
      asked++
      if (!hang) listener(request, response)
    })
    const running = scrape([address], { deadlineMs: 60_000 })
    await until('a request hangs', () => asked > 0)
    running.pause()
    hang = false
    await new Promise((resolve) => setTimeout(resolve, 3 * INTERVAL_MS))
    expect(asked).toBe(1)
    expect(healthOf(address)).toMatchObject({
      state: 'standby',
      feeding: false,
      consecutiveFailures: 0,
      nextAttemptAt: null,
    })
    running.resume()
    await until('it is scraped', () => good.length > 0)
    expect(healthOf(address)?.state).toBe('ok')
  })

  it('closes without waiting for hung targets', async () => {
    let asked = 0
    const address = await exporters.serve(() => {
      asked++
    })
    const running = scrape([address], { deadlineMs: 60_000 })
    await until('a request hangs', () => asked > 0)
    await running.close()
    const before = asked
    await new Promise((resolve) => setTimeout(resolve, 2 * INTERVAL_MS))
    expect(asked).toBe(before)
  })
})

describe('a consumer that fails', () => {
  it('is told as a defect of the console, and later scrapes go on', async () => {
    const address = await exporters.serve(goodExporter('h-1'))
    let calls = 0
    scrape([address], {
      onScrape: () => {
        calls++
        if (calls === 1) throw new Error('bind failed')
      },
    })
    await until('it failed', () => healthOf(address)?.error?.code === 'internal')
    expect(healthOf(address)?.error?.text).toContain('bind failed')
    await until('it goes on', () => calls >= 2)
  })
})

describe('TLS', () => {
  const openssl = requirement('openssl')

  it('trusts a private authority alone where one is named', async ({ skip }) => {
    skip(!openssl.present, openssl.reason)
    const folder = await mkdtemp(join(tmpdir(), 'floorwatch-scraper-'))
    try {
      const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
      const kind = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=exporter'
      await promisify(execFile)(openssl.path, [
        ...kind.split(' '),
        '-addext',
        'subjectAltName=DNS:exporter.test',
        '-keyout',
        keyFile,
        '-out',
        certFile,
      ])
      const pair = { cert: await readFile(certFile), key: await readFile(keyFile) }
      const address = await exporters.secure(pair, goodExporter('h-1'))
      scrape([`https://${address}`])
      expect((await failureOf(`https://${address}`)).error?.code).toBe('tls')
      await scraper?.close()

      const trusting = createAgent({ connections: 1, tls: { ca: pair.cert, serverName: 'exporter.test' } })
      scrape([`https://${address}`], { agent: trusting })
      await until('it is scraped', () => good.length > 0)
      await scraper?.close()
      await trusting.close()

      const other = createAgent({ connections: 1, tls: { ca: pair.cert } })
      scrape([`https://${address}`], { agent: other })
      const health = await failureOf(`https://${address}`)
      expect(health.error?.text).toContain('is for another name')
      await scraper?.close()
      await other.close()
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})
