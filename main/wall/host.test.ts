import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, afterAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { Wire } from '../../shared/contract/wire.ts'
import { manualClock } from '../platform/clock.ts'
import { createLogger } from '../platform/logger.ts'
import { SECURITY_HEADERS } from '../platform/webPolicy.ts'
import { createHost, type Host, type HostOptions } from './host.ts'

const HOUR = 3_600_000
let rendererDir = ''
const open: Host[] = []

beforeAll(async () => {
  rendererDir = await mkdtemp(join(tmpdir(), 'floorwatch-wall-'))
  await mkdir(join(rendererDir, 'assets'))
  await writeFile(join(rendererDir, 'index.html'), '<!doctype html><title>console</title>')
  await writeFile(join(rendererDir, 'assets', 'main-abc123.js'), 'export {}')
})
afterAll(() => rm(rendererDir, { recursive: true }))
afterEach(async () => {
  await Promise.all(open.splice(0).map((host) => host.close()))
})

interface Attached {
  wire: Wire
  role: string
  ended: Promise<string>
}

/** A host with a stand-in engine that answers each text with its role and echoes bytes. */
async function start(options: Partial<HostOptions> = {}) {
  const attached: Attached[] = []
  const clock = manualClock()
  const host = await createHost({
    engine: {
      attach(wire, role) {
        const ended = new Promise<string>((resolve) => wire.onClose(resolve))
        attached.push({ wire, role, ended })
        wire.onMessage((message) => wire.send(typeof message === 'string' ? `${role}:${message}` : message))
      },
    },
    rendererDir,
    clock,
    logger: createLogger(),
    ...options,
  })
  open.push(host)
  return { host, attached, clock }
}

interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
}

function get(
  host: Host,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: host.port, path, method, headers }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (body += chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
    })
    sent.on('error', reject)
    sent.end()
  })
}

function pathOf(address: string): string {
  const url = new URL(address)
  return url.pathname + url.search
}

async function admit(host: Host, role: 'console' | 'wall' = 'console'): Promise<string> {
  const answer = await get(host, pathOf(host.tokenUrl(role)))
  return String(answer.headers['set-cookie']).split(';')[0] ?? ''
}

/** What a line came to: `open`, or the status it was refused with. */
async function dial(host: Host, headers: Record<string, string>, path = '/wire') {
  const socket = new WebSocket(`ws://127.0.0.1:${host.port}${path}`, { headers })
  const status = await new Promise<number>((resolve) => {
    socket.once('open', () => resolve(101))
    socket.once('unexpected-response', (_, response) => resolve(response.statusCode ?? 0))
    socket.on('error', () => resolve(0))
  })
  return { socket, status }
}

const own = (host: Host) => ({ origin: `http://127.0.0.1:${host.port}` })

describe('admission', () => {
  it('exchanges the address for a cookie, once', async () => {
    const { host } = await start()
    const path = pathOf(host.tokenUrl('console'))
    const first = await get(host, path)
    expect(first.status).toBe(303)
    expect(first.headers.location).toBe('/')
    const cookie = String(first.headers['set-cookie'])
    expect(cookie).toMatch(/^floorwatch_\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)

    const page = await get(host, '/', { cookie: cookie.split(';')[0] ?? '' })
    expect([page.status, page.body]).toEqual([200, '<!doctype html><title>console</title>'])

    const again = await get(host, path)
    expect(again.status).toBe(401)
    expect(again.headers['set-cookie']).toBeUndefined()
    expect(again.body).toContain('works once')
  })

  it('lets a known browser reload a used address', async () => {
    const { host } = await start()
    const path = pathOf(host.tokenUrl('console'))
    const cookie = String((await get(host, path)).headers['set-cookie']).split(';')[0] ?? ''
    expect(await get(host, path, { cookie })).toMatchObject({ status: 303, headers: { location: '/' } })
  })

  it('refuses everything without a cookie, the files too', async () => {
    const { host } = await start()
    for (const path of [
      '/',
      '/index.html',
      '/assets/main-abc123.js',
      '/?token=',
      '/?token=x',
      '/x?token=y',
    ]) {
      expect((await get(host, path)).status).toBe(401)
    }
    expect((await get(host, '/', { cookie: `floorwatch_${host.port}=wrong` })).status).toBe(401)
  })

  it('lets an address wait a quarter of an hour and no longer', async () => {
    const { host, clock } = await start()
    const path = pathOf(host.tokenUrl('console'))
    clock.advance(15 * 60_000)
    expect((await get(host, path)).status).toBe(401)
  })

  it('is not used up by a browser that looks ahead', async () => {
    const { host } = await start()
    const path = pathOf(host.tokenUrl('console'))
    expect((await get(host, path, { 'sec-purpose': 'prefetch' })).status).toBe(401)
    expect((await get(host, path, {}, 'HEAD')).status).toBe(401)
    expect((await get(host, path)).status).toBe(303)
  })

  it('leads on by a page where a link elsewhere led here', async () => {
    const { host } = await start()
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }
    const answer = await get(host, pathOf(host.tokenUrl('console')), headers)
    expect(answer.status).toBe(200)
    expect(answer.headers['set-cookie']).toBeDefined()
    expect(answer.body).toContain('content="0;url=/"')
  })

  it('ends a console after twelve idle hours, a wall never', async () => {
    const { host, clock } = await start()
    const desk = { cookie: await admit(host) }
    const wall = { cookie: await admit(host, 'wall') }
    clock.advance(11 * HOUR)
    expect((await get(host, '/', desk)).status).toBe(200)
    clock.advance(12 * HOUR)
    expect((await get(host, '/', desk)).status).toBe(401)
    clock.advance(1000 * HOUR)
    expect((await get(host, '/', wall)).status).toBe(200)
  })

  it('lets a wall come back with its address', async () => {
    const { host } = await start()
    const path = pathOf(host.tokenUrl('wall'))
    const first = await get(host, path)
    expect(String(first.headers['set-cookie'])).toContain('Max-Age=')
    expect((await get(host, path)).status).toBe(303)
  })
})

describe('where a request comes from', () => {
  it.each([
    ['a foreign name (DNS rebinding)', { host: 'evil.example' }],
    ['a foreign name with our port', { host: 'evil.example:1' }],
    ['another site', { origin: 'https://evil.example' }],
    ['no site', { origin: 'null' }],
    ['a picture on another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
    ['another port', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' }],
  ])('is refused with a cookie for %s', async (_, headers: Record<string, string>) => {
    const { host } = await start()
    const cookie = await admit(host)
    expect((await get(host, '/', { cookie, ...headers })).status).toBe(403)
  })

  it('does not use a token up', async () => {
    const { host } = await start()
    const path = pathOf(host.tokenUrl('console'))
    expect((await get(host, path, { host: 'evil.example' })).status).toBe(403)
    expect((await get(host, path)).status).toBe(303)
  })

  it('may be any of our names', async () => {
    const { host } = await start({ allowedHosts: ['noc.example'] })
    const cookie = await admit(host)
    for (const name of [`localhost:${host.port}`, `127.0.0.1:${host.port}`, 'NOC.example']) {
      expect((await get(host, '/', { cookie, host: name })).status).toBe(200)
    }
  })
})

describe('answers', () => {
  it('carry the policy, refusals too', async () => {
    const { host } = await start()
    const cookie = await admit(host)
    for (const answer of [
      await get(host, '/'),
      await get(host, '/', { cookie }),
      await get(host, '/none', { cookie }),
      await get(host, '/', { host: 'evil.example' }),
      await get(host, '/', { cookie }, 'POST'),
    ]) {
      expect(answer.headers).toMatchObject(SECURITY_HEADERS)
    }
  })

  it('let hashed files be kept and the page be asked for', async () => {
    const { host } = await start()
    const cookie = await admit(host)
    const asset = await get(host, '/assets/main-abc123.js', { cookie })
    expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect((await get(host, '/', { cookie })).headers['cache-control']).toBe('no-cache')
    expect((await get(host, '/', { cookie }, 'POST')).status).toBe(405)
  })

  it.each(['/../package.json', '/%2e%2e/package.json', '/assets/..%2f..%2fsecret', '/.env', '/%00'])(
    'never leave the folder: %s',
    async (path) => {
      const { host } = await start()
      const cookie = await admit(host)
      expect([400, 403, 404]).toContain((await get(host, path, { cookie })).status)
    },
  )

  it('say that the console is not built', async () => {
    const { host } = await start({ rendererDir: join(rendererDir, 'none') })
    const cookie = await admit(host)
    expect((await get(host, '/', { cookie })).body).toContain('npm run build')
  })
})

describe('lines', () => {
  it('go to the engine with the role of the browser', async () => {
    const { host, attached } = await start()
    for (const role of ['console', 'wall'] as const) {
      const { socket, status } = await dial(host, { ...own(host), cookie: await admit(host, role) })
      expect(status).toBe(101)
      socket.send('hello')
      const [data, isBinary]: unknown[] = await once(socket, 'message')
      expect([String(data), isBinary]).toEqual([`${role}:hello`, false])
      socket.send(new Uint8Array([1, 2, 3]))
      const [bytes, binary]: unknown[] = await once(socket, 'message')
      expect([bytes, binary]).toEqual([Buffer.from([1, 2, 3]), true])
    }
    expect(attached.map(({ role }) => role)).toEqual(['console', 'wall'])
  })

  it('come back with the same cookie', async () => {
    const { host, attached } = await start()
    const headers = { ...own(host), cookie: await admit(host) }
    const first = await dial(host, headers)
    first.socket.close()
    await attached[0]?.ended
    expect((await dial(host, headers)).status).toBe(101)
  })

  it('are refused to other sites, names, strangers and wrong paths', async () => {
    const { host, attached } = await start()
    const cookie = await admit(host)
    const bearer = new URL(host.attachUrl('console')).searchParams.get('token') ?? ''
    const statuses = [
      await dial(host, { cookie, origin: 'https://evil.example' }),
      await dial(host, { cookie, origin: `http://127.0.0.1:${host.port + 1}` }),
      await dial(host, { cookie, ...own(host), host: 'evil.example' }),
      await dial(host, { cookie }),
      await dial(host, own(host)),
      await dial(host, { ...own(host), cookie: `floorwatch_${host.port}=x` }),
      await dial(host, { authorization: 'Bearer x' }),
      await dial(host, { authorization: `Bearer ${bearer}`, origin: 'https://evil.example' }),
      await dial(host, { ...own(host), cookie }, '/other'),
    ].map(({ status }) => status)
    expect(statuses).toEqual([403, 403, 403, 401, 401, 401, 401, 403, 404])
    expect(attached).toEqual([])
  })

  it('take a desktop window with its bearer, again and again', async () => {
    const { host, attached } = await start()
    const address = host.attachUrl('console')
    const authorization = `Bearer ${new URL(address).searchParams.get('token') ?? ''}`
    expect((await dial(host, { authorization })).status).toBe(101)
    expect((await dial(host, { authorization })).status).toBe(101)
    expect(attached.map(({ role }) => role)).toEqual(['console', 'console'])
    // A bearer is no address for a browser, and an address is no bearer.
    expect((await get(host, pathOf(address))).status).toBe(401)
    const once = new URL(host.tokenUrl('console')).searchParams.get('token') ?? ''
    expect((await dial(host, { authorization: `Bearer ${once}` })).status).toBe(401)
  })

  it('end on a message beyond all measure', async () => {
    const { host, attached } = await start()
    const { socket } = await dial(host, { ...own(host), cookie: await admit(host) })
    socket.send('x'.repeat(4 * 1024 * 1024 + 1))
    const [code]: unknown[] = await once(socket, 'close')
    expect(code).toBe(1009)
    await expect(attached[0]?.ended).resolves.toMatch(/line/)
  })

  it('are limited in number, and a place becomes free again', async () => {
    const { host, attached } = await start({ maxLines: 2 })
    const headers = { ...own(host), cookie: await admit(host) }
    const first = await dial(host, headers)
    await dial(host, headers)
    expect((await dial(host, headers)).status).toBe(503)
    first.socket.close()
    await attached[0]?.ended
    expect((await dial(host, headers)).status).toBe(101)
  })

  it('end when the screen falls silent', async () => {
    const { host, attached } = await start({ socketLimits: { pingEveryMs: 20, maxBuffered: 1 << 20 } })
    const cookie = await admit(host)
    // A screen that does the handshake and then says nothing: no WebSocket client answers pings for it.
    const socket = connect(host.port, '127.0.0.1')
    socket.write(
      `GET /wire HTTP/1.1\r\nHost: 127.0.0.1:${host.port}\r\nOrigin: http://127.0.0.1:${host.port}\r\n` +
        `Cookie: ${cookie}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    )
    await once(socket, 'data')
    await expect(attached[0]?.ended).resolves.toBe('the screen has not answered for a while')
    await expect.poll(() => host.lines()).toBe(0)
  })

  it('end when the screen does not read', async () => {
    const { host, attached } = await start({ socketLimits: { pingEveryMs: 60_000, maxBuffered: 1 << 20 } })
    const { socket } = await dial(host, { ...own(host), cookie: await admit(host) })
    socket.pause()
    const screen = attached[0]
    const flood = () => {
      for (let i = 0; i < 64; i++) screen?.wire.send('x'.repeat(1 << 20))
    }
    expect(flood).toThrow('the line is closed')
    await expect(screen?.ended).resolves.toBe('the screen reads too slowly')
  })

  it('end with the host', async () => {
    const { host, attached } = await start()
    const { socket } = await dial(host, { ...own(host), cookie: await admit(host) })
    const closed = once(socket, 'close')
    await host.close()
    expect((await closed)[0]).toBe(1001)
    await expect(attached[0]?.ended).resolves.toMatch(/1001/)
  })
})

describe('a host that cannot start', () => {
  it('says which port is taken', async () => {
    const { host } = await start()
    await expect(start({ port: host.port })).rejects.toThrow(/^Port \d+ on 127\.0\.0\.1 is taken/)
  })
})

describe('what is logged', () => {
  it('holds no token and no cookie', async () => {
    const lines: string[] = []
    const logger = createLogger({
      level: 'trace',
      destination: { write: (line: string) => void lines.push(line) },
    })
    const { host } = await start({ logger })
    const path = pathOf(host.tokenUrl('console'))
    const cookie = String((await get(host, path)).headers['set-cookie']).split(';')[0] ?? ''
    await get(host, path)
    await get(host, '/', { cookie, host: 'evil.example' })
    await dial(host, { cookie, origin: 'https://evil.example' })
    expect(lines.length).toBeGreaterThan(0)
    const token = path.split('=')[1] ?? 'none'
    for (const line of lines) {
      expect(line).not.toContain(token)
      expect(line).not.toContain(cookie.split('=')[1])
    }
  })
})
