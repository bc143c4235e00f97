import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { admit, attach, dial, get, own, pathOf, startHost } from '../../test/support/wallHost.ts'
import { createLogger } from '../platform/logger.ts'
import { DEFAULT_BUDGETS } from './budgets.ts'

describe('lines', () => {
  it('go to the engine with the role of the browser', async () => {
    const { host, attached } = await startHost()
    for (const role of ['console', 'wall'] as const) {
      const socket = await attach(host, await admit(host, host.tokenUrl(role)))
      socket.send('hello')
      const [data, isBinary]: unknown[] = await once(socket, 'message')
      expect([String(data), isBinary]).toEqual([`${role}:hello`, false])
      socket.send(new Uint8Array([1, 2, 3]))
      const [bytes, binary]: unknown[] = await once(socket, 'message')
      expect([bytes, binary]).toEqual([Buffer.from([1, 2, 3]), true])
    }
    expect(attached.map(({ role }) => role)).toEqual(['console', 'wall'])
  })

  it('come back with the same keys', async () => {
    const { host, attached } = await startHost()
    const keys = await admit(host, host.tokenUrl('console'))
    const first = await attach(host, keys)
    first.close()
    await attached[0]?.ended
    await attach(host, keys)
    expect(attached).toHaveLength(2)
  })

  it('are refused to other sites, names, strangers and wrong paths before there is a line', async () => {
    const { host, attached } = await startHost()
    const { cookie } = await admit(host, host.tokenUrl('console'))
    const bearer = new URL(host.attachUrl('console')).searchParams.get('token') ?? ''
    const lines = [
      await dial(host, { cookie, origin: 'https://evil.example' }),
      await dial(host, { cookie, origin: `http://127.0.0.1:${host.port + 1}` }),
      await dial(host, { cookie, ...own(host), host: 'evil.example' }),
      await dial(host, { cookie }),
      await dial(host, { authorization: 'Bearer x' }),
      await dial(host, { authorization: `Bearer ${bearer}`, origin: 'https://evil.example' }),
      await dial(host, { ...own(host), cookie }, { path: '/other' }),
    ]
    expect(lines.map(({ status }) => status)).toEqual([403, 403, 403, 401, 401, 403, 404])
    expect(attached).toEqual([])
  })

  it('tell a page of ours that it is refused, as a code that the page can read', async () => {
    const { host, attached } = await startHost()
    const unknown = await dial(host, own(host))
    const wrong = await dial(host, { ...own(host), cookie: `floorwatch_${host.port}=x` })
    const told =
      '4401 The address of this screen has expired: Floorwatch was started again, or the screen was away for 12 h.'
    expect([await unknown.first, await wrong.first]).toEqual([told, told])
    expect(attached).toEqual([])
  })

  it('take a desktop window with its bearer, again and again', async () => {
    const { host, attached } = await startHost()
    const address = host.attachUrl('console')
    const authorization = `Bearer ${new URL(address).searchParams.get('token') ?? ''}`
    expect((await dial(host, { authorization })).status).toBe(101)
    expect((await dial(host, { authorization })).status).toBe(101)
    expect(attached.map(({ role }) => role)).toEqual(['console', 'console'])
    // A bearer is no address for a browser, and an address is no bearer.
    expect((await get(host, pathOf(address))).status).toBe(401)
    const single = new URL(host.tokenUrl('console')).searchParams.get('token') ?? ''
    expect((await dial(host, { authorization: `Bearer ${single}` })).status).toBe(401)
  })

  it('end on a message beyond all measure', async () => {
    const { host, attached } = await startHost()
    const socket = await attach(host, await admit(host, host.tokenUrl('console')))
    socket.send('x'.repeat(4 * 1024 * 1024 + 1))
    const [code]: unknown[] = await once(socket, 'close')
    expect(code).toBe(1009)
    await expect(attached[0]?.ended).resolves.toMatch(/connection/)
  })

  it('end when the screen falls silent', async () => {
    const { host, attached } = await startHost({ socketLimits: { pingEveryMs: 20, maxBuffered: 1 << 20 } })
    const bearer = new URL(host.attachUrl('console')).searchParams.get('token') ?? ''
    // A screen that does the handshake and then says nothing: no WebSocket client answers pings for it.
    const socket = connect(host.port, '127.0.0.1')
    socket.write(
      `GET /wire HTTP/1.1\r\nHost: 127.0.0.1:${host.port}\r\nAuthorization: Bearer ${bearer}\r\n` +
        'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    )
    await once(socket, 'data')
    await expect(attached[0]?.ended).resolves.toBe('the screen has not answered for a while')
    await expect.poll(() => host.lines()).toBe(0)
  })

  it('end when the screen does not read', async () => {
    const { host, attached } = await startHost({
      socketLimits: { pingEveryMs: 60_000, maxBuffered: 1 << 20 },
    })
    const socket = await attach(host, await admit(host, host.tokenUrl('console')))
    socket.pause()
    const screen = attached[0]
    const flood = () => {
      for (let i = 0; i < 64; i++) screen?.wire.send('x'.repeat(1 << 20))
    }
    expect(flood).toThrow('the connection is closed')
    await expect(screen?.ended).resolves.toBe('the screen reads too slowly')
  })

  it('end with the host', async () => {
    const { host, attached } = await startHost()
    const socket = await attach(host, await admit(host, host.tokenUrl('console')))
    const closed = once(socket, 'close')
    await host.close()
    expect((await closed)[0]).toBe(1001)
    await expect(attached[0]?.ended).resolves.toMatch(/1001/)
  })
})

describe('a page on another port that receives the cookie', () => {
  it('gets no line with the cookie alone, whatever it says first', async () => {
    const { host, attached } = await startHost()
    const { cookie } = await admit(host, host.tokenUrl('console'))
    const other = await admit(host, host.tokenUrl('console'))
    // What such a neighbour does: a program of its own that sets whatever Origin it likes.
    const stolen = { ...own(host), cookie }
    for (const offered of [
      {},
      { proof: '' },
      { proof: 'x'.repeat(43) },
      { proof: other.proof },
      { proof: cookie.split('=')[1] ?? '' },
      { proof: 'x'.repeat(4000) },
    ]) {
      const line = await dial(host, stolen, offered)
      line.socket.send('{"t":"call","id":1,"name":"fleet.trend","input":{}}')
      expect(await line.first).toMatch(/^4402 The cookie came without the proof/)
    }
    expect(attached).toEqual([])
  })

  it('finds the proof in no answer to the cookie', async () => {
    const { host } = await startHost()
    const address = host.tokenUrl('console')
    const { cookie, proof } = await admit(host, address)
    for (const path of ['/', '/index.html', '/assets/main-abc123.js', pathOf(address)]) {
      const answer = await get(host, path, { cookie })
      expect(JSON.stringify(answer)).not.toContain(proof)
    }
  })

  it('costs the rightful page nothing, however many lines it tries', async () => {
    const log: string[] = []
    const destination = { write: (line: string) => void log.push(line) }
    const { host } = await startHost({ logger: createLogger({ level: 'warn', destination }) })
    const keys = await admit(host, host.tokenUrl('console'))
    const stolen = { ...own(host), cookie: keys.cookie }
    const thefts = 2 * DEFAULT_BUDGETS.console.lines
    const tried = Array.from({ length: thefts }, (_, i) =>
      dial(host, stolen, i % 2 === 0 ? {} : { proof: 'x'.repeat(43) }),
    )
    // While all of these are under way, at its first try.
    const page = await attach(host, keys)
    const refused = await Promise.all((await Promise.all(tried)).map(({ first }) => first))
    expect(new Set(refused.map((text) => text.slice(0, 4)))).toEqual(new Set(['4402']))
    expect([page.readyState, host.lines()]).toEqual([page.OPEN, 1])
    await host.close()
    const told = log.reduce((sum, line) => sum + 1 + Number(/"more":(\d+)/.exec(line)?.[1] ?? 0), 0)
    expect(told).toBe(thefts)
  })

  it('is told nothing of the proof in the answer to its handshake', async () => {
    const { host } = await startHost()
    const keys = await admit(host, host.tokenUrl('console'))
    const line = await dial(host, { ...own(host), cookie: keys.cookie }, keys)
    expect(await line.first).toBe('hello console')
    expect(line.socket.protocol).toBe('floorwatch')
  })

  it('cannot keep the rightful page out by cookies of the same name that browsers send first', async () => {
    const { host } = await startHost()
    const keys = await admit(host, host.tokenUrl('console'))
    const other = await admit(host, host.tokenUrl('wall'))
    const cookie = `floorwatch_${host.port}=x; ${other.cookie}; ${keys.cookie}`
    expect((await get(host, '/', { cookie })).status).toBe(200)
    const line = await dial(host, { ...own(host), cookie }, keys)
    expect(await line.first).toBe('hello console')
  })

  it.each(['known', 'unknown'])(
    'cannot make the host hold long messages with a cookie that is %s',
    async (kind) => {
      const { host } = await startHost()
      const { cookie } = await admit(host, host.tokenUrl('console'))
      const sent = kind === 'known' ? cookie : `floorwatch_${host.port}=x`
      // No WebSocket client: it answers no farewell, and goes on.
      const socket = connect({ port: host.port, host: '127.0.0.1', allowHalfOpen: true })
      socket.on('error', () => undefined)
      const lost = new Promise((resolve) => socket.once('close', resolve))
      socket.write(
        `GET /wire HTTP/1.1\r\nHost: 127.0.0.1:${host.port}\r\nOrigin: ${own(host).origin}\r\nCookie: ${sent}\r\n` +
          'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
          'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
      )
      await once(socket, 'data')
      // The head of a text of 4 MiB, and more and more of it.
      socket.write(Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0]))
      const writing = setInterval(() => socket.write(Buffer.alloc(8192)), 2)
      await lost
      clearInterval(writing)
      expect(socket.bytesWritten).toBeLessThan(1 << 20)
    },
  )

  it('is let go at once after a refused upgrade, though it leaves its own half open', async () => {
    const { host } = await startHost()
    const socket = connect({ port: host.port, host: '127.0.0.1', allowHalfOpen: true })
    const broken = new Promise((resolve) => socket.once('error', resolve))
    socket.write(
      `GET /wire HTTP/1.1\r\nHost: 127.0.0.1:${host.port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    )
    socket.resume()
    await once(socket, 'end')
    const writing = setInterval(() => socket.write('x'), 5)
    expect(await broken).toBeInstanceOf(Error)
    clearInterval(writing)
  })
})
