import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { admit, attach, get, startHost } from '../../test/support/wallHost.ts'
import { type ConnectionLimits, Connections, DEFAULT_CONNECTION_LIMITS } from './connections.ts'
import type { Host } from './host.ts'

const open = new Set<Socket>()
afterEach(() => {
  for (const socket of open) socket.destroy()
  open.clear()
})

/** As many connections that say nothing, or only what is given. */
async function flood(host: Host, count: number, says = ''): Promise<Socket[]> {
  const sockets = Array.from({ length: count }, () => {
    const socket = connect(host.port, '127.0.0.1')
    socket.on('error', () => undefined)
    if (says !== '') socket.write(says)
    open.add(socket)
    return socket
  })
  await Promise.all(sockets.map((socket) => once(socket, 'connect')))
  return sockets
}

/** Its next event of this name; never where there is no such socket. */
const next = async (socket: Socket | undefined, event: string) =>
  socket === undefined ? expect.fail('no such socket') : await once(socket, event)

describe('connections of another program of this machine', () => {
  it.each([
    ['that say nothing', () => ''],
    ['that say it slowly', () => 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: '],
    ['that are refused and stay', ({ port }: Host) => `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`],
    [
      'that are refused as lines',
      ({ port }: Host) =>
        `GET /wire HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: http://127.0.0.1:${port}\r\nConnection: Upgrade\r\n` +
        'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    ],
  ])('%s keep no screen out, and end no line', async (_, saying) => {
    const { host } = await startHost()
    const keys = await admit(host, host.tokenUrl('console'))
    const line = await attach(host, keys)
    const says = saying(host)
    for (let wave = 0; wave < 2; wave++) {
      await flood(host, 300, says)
      // A reload and a new line, at the first try.
      expect((await get(host, '/', { cookie: keys.cookie })).status).toBe(200)
      const again = await attach(host, keys)
      again.terminate()
      // And somebody new.
      await attach(host, await admit(host, host.tokenUrl('console')))
    }
    expect(line.readyState).toBe(line.OPEN)
  })

  it('come to an end, the oldest first', async () => {
    const { host } = await startHost({ connectionLimits: { strangers: 8, perAddress: 8, known: 8 } })
    const first = await flood(host, 4)
    const then = await flood(host, 4)
    const ended = Promise.all(first.map((socket) => once(socket, 'close')))
    await flood(host, 4)
    await ended
    expect(then.some(({ destroyed }) => destroyed)).toBe(false)
  })

  it('do not push out those of an admitted browser, and neither does whoever has its cookie push out its lines', async () => {
    const { host } = await startHost({ connectionLimits: { strangers: 4, perAddress: 4, known: 4 } })
    const keys = await admit(host, host.tokenUrl('console'))
    const line = await attach(host, keys)
    const reading = `GET / HTTP/1.1\r\nHost: 127.0.0.1:${host.port}\r\nCookie: ${keys.cookie}\r\n\r\n`
    const [browser] = await flood(host, 1, reading)
    await next(browser, 'data')
    await flood(host, 12)
    browser?.write(reading)
    await next(browser, 'data')
    const thief = await flood(host, 12, reading)
    await next(thief[11], 'data')
    expect(line.readyState).toBe(line.OPEN)
    await attach(host, keys)
  })

  it('that never send their headers are ended, without others', async () => {
    const { host } = await startHost({ headersWithinMs: 100 })
    const [silent] = await flood(host, 1)
    silent?.resume()
    await next(silent, 'close')
    expect(silent?.bytesWritten).toBe(0)
  })
})

describe('connections of other machines', () => {
  const limits: ConnectionLimits = { ...DEFAULT_CONNECTION_LIMITS, strangers: 100, perAddress: 3 }
  function peer(remoteAddress: string) {
    const closes: (() => void)[] = []
    const peer = {
      remoteAddress,
      ended: false,
      once: (_: string, listener: () => void) => closes.push(listener),
      destroy() {
        peer.ended = true
        for (const listener of closes) listener()
      },
    }
    return peer
  }
  const add = (connections: Connections, address: string) => {
    const socket = peer(address)
    connections.add(socket as unknown as Socket)
    return socket
  }

  it('have a number of each address, so that one takes no place of another', () => {
    const connections = new Connections(limits)
    const other = add(connections, '10.0.0.9')
    const greedy = Array.from({ length: 50 }, () => add(connections, '10.0.0.1'))
    expect(greedy.map(({ ended }) => ended).lastIndexOf(true)).toBe(46)
    expect(other.ended).toBe(false)
    // Its own addresses all stand for this machine, where a proxy may be.
    const local = Array.from({ length: 50 }, (_, i) => add(connections, `127.0.0.${i % 3}`))
    expect(local.some(({ ended }) => ended)).toBe(false)
  })

  it('count no longer once they are lines', () => {
    const connections = new Connections(limits)
    const line = add(connections, '10.0.0.1')
    connections.proved(line as unknown as Socket)
    for (let i = 0; i < 10; i++) add(connections, '10.0.0.1')
    expect(line.ended).toBe(false)
  })
})
