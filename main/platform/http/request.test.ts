import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { bearerAuth } from '../auth.ts'
import { describeFailure, RequestFailure } from '../failure.ts'
import { boundedRequest, createAgent, type BoundedRequest } from './index.ts'

const endings: (() => unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end()
})

function agent(connections = 2) {
  const created = createAgent({ connections })
  endings.push(() => created.close())
  return created
}

async function listening(server: Server | ReturnType<typeof createTcpServer>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  endings.push(
    () =>
      new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      }),
  )
  return await listening(server)
}

async function serveTcp(onConnection: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createTcpServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    onConnection(socket)
  })
  endings.push(() => {
    for (const socket of sockets) socket.destroy()
    return new Promise((resolve) => server.close(resolve))
  })
  return await listening(server)
}

const ask = (url: string, more: Partial<BoundedRequest> = {}) =>
  boundedRequest({ url, agent: agent(), deadlineMs: 5000, maxBodyBytes: 1 << 20, ...more })

async function failureOf(pending: Promise<unknown>): Promise<RequestFailure> {
  const error = await pending.then(
    () => new Error('it was answered'),
    (reason: unknown) => reason,
  )
  if (error instanceof RequestFailure) return error
  throw error
}

describe('sockets of an address', () => {
  it.each([1, 3])('are as many as was asked for: %d', async (sockets) => {
    let now = 0
    let most = 0
    const url = await serve((_request, response) => {
      most = Math.max(most, ++now)
      setTimeout(() => {
        now--
        response.end('ok')
      }, 20)
    })
    const asked: string[] = []
    const one = createAgent({
      connections: (origin) => {
        asked.push(origin)
        return sockets
      },
    })
    endings.push(() => one.close())
    await Promise.all(Array.from({ length: 6 }, () => ask(url, { agent: one })))
    expect(most).toBe(sockets)
    expect(asked).toEqual([url])
  })

  it.each([1, 2])(
    'serve on after a request that was given up, also where there are only %d',
    async (sockets) => {
      const url = await serve((request, response) => {
        if (request.url !== '/hangs') response.end('here')
      })
      const few = agent(sockets)
      for (let round = 0; round < 3; round++) {
        const failure = await failureOf(ask(`${url}/hangs`, { agent: few, deadlineMs: 50 }))
        expect(failure.kind).toBe('timeout')
      }
      const answer = await ask(url, { agent: few, deadlineMs: 5000 })
      expect(Buffer.from(answer.body).toString()).toBe('here')
    },
  )
})

describe('boundedRequest', () => {
  it('posts a form with authorisation and brings status, headers and body', async () => {
    const url = await serve((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const said = `${request.method} ${request.url} ${request.headers.authorization} ${Buffer.concat(chunks).toString()}`
        response.writeHead(202, { 'X-Seen': 'yes' }).end(said)
      })
    })
    const answer = await ask(`${url}/api?x=1`, {
      method: 'POST',
      body: 'query=up',
      authorise: bearerAuth(() => 'abc'),
    })
    expect(answer.status).toBe(202)
    expect(answer.headers['x-seen']).toBe('yes')
    expect(Buffer.from(answer.body).toString()).toBe('POST /api?x=1 Bearer abc query=up')
    expect(answer.latencyMs).toBeGreaterThan(0)
  })

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const)('inflates %s and counts the wire bytes', async (encoding, compress) => {
    const text = 'DCGM_FI_DEV_POWER_USAGE 1\n'.repeat(4000)
    const packed = compress(text)
    const url = await serve((_request, response) =>
      response.writeHead(200, { 'Content-Encoding': encoding }).end(packed),
    )
    const answer = await ask(url, { compressed: true })
    expect(Buffer.from(answer.body).toString()).toBe(text)
    expect(answer.wireBytes).toBe(packed.byteLength)
  })

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const)('stops a %s bomb at the cap', async (encoding, compress) => {
    const bomb = compress(Buffer.alloc(64 << 20))
    const url = await serve((_request, response) =>
      response.writeHead(200, { 'Content-Encoding': encoding }).end(bomb),
    )
    const failure = await failureOf(ask(url, { compressed: true, maxInflatedBytes: 1 << 20 }))
    expect([failure.kind, failure.detail.inflated]).toEqual(['too-large', true])
  })

  it('refuses a damaged body and an encoding that was not asked for', async () => {
    const damaged = await serve((_request, response) =>
      response.writeHead(200, { 'Content-Encoding': 'gzip' }).end('not gzip'),
    )
    const odd = await serve((_request, response) =>
      response.writeHead(200, { 'Content-Encoding': 'gzip, gzip' }).end('?'),
    )
    expect((await failureOf(ask(damaged))).kind).toBe('encoding')
    expect((await failureOf(ask(odd))).kind).toBe('encoding')
  })

  it('stops an endless body at the cap, announced or not', async () => {
    const endless = await serve((_request, response) => {
      const chunk = Buffer.alloc(64 * 1024)
      const more = () => {
        while (!response.destroyed && response.write(chunk));
      }
      response.on('drain', more)
      more()
    })
    const announced = await serve((_request, response) => {
      response.writeHead(200, { 'Content-Length': String(1 << 30) }).write('a')
    })
    expect((await failureOf(ask(endless))).kind).toBe('too-large')
    expect((await failureOf(ask(announced))).kind).toBe('too-large')
  })

  it.each([
    ['never accepts a word', () => {}],
    ['stalls inside the headers', (socket: Socket) => void socket.write('HTTP/1.1 200 OK\r\nX-Half: ')],
    [
      'sends one byte at a time',
      (socket: Socket) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n')
        const drip = setInterval(() => socket.write('a'), 20)
        socket.on('close', () => clearInterval(drip))
      },
    ],
  ])('ends at the deadline when the other side %s', async (_what, onConnection) => {
    const url = await serveTcp(onConnection)
    const failure = await failureOf(ask(url, { deadlineMs: 150 }))
    expect([failure.kind, failure.detail.limit]).toEqual(['timeout', 150])
  })

  it('counts waiting for a connection into the deadline and still serves the next', async () => {
    let hung: (() => void) | null = null
    const url = await serve((request, response) => {
      if (request.url === '/hung') hung = () => response.end('late')
      else response.end('ok')
    })
    const shared = agent(1)
    const first = failureOf(ask(`${url}/hung`, { agent: shared, deadlineMs: 400 }))
    const waiting = failureOf(ask(`${url}/next`, { agent: shared, deadlineMs: 100 }))
    expect((await waiting).kind).toBe('timeout')
    expect((await first).kind).toBe('timeout')
    expect(hung).not.toBeNull()
    expect((await ask(`${url}/again`, { agent: shared })).status).toBe(200)
  })

  it('can be cancelled before and during the exchange', async () => {
    const url = await serve(() => {})
    const cancel = new AbortController()
    const pending = failureOf(ask(url, { signal: cancel.signal }))
    setTimeout(() => cancel.abort(), 30)
    expect((await pending).kind).toBe('aborted')
    expect((await failureOf(ask(url, { signal: AbortSignal.abort() }))).kind).toBe('aborted')
  })

  it('follows no redirect and does not repeat its query', async () => {
    let asked = 0
    const url = await serve((_request, response) => {
      asked++
      response.writeHead(302, { Location: '/login?return=secret' }).end()
    })
    const failure = await failureOf(ask(url))
    const told = describeFailure(failure, { source: 'Prometheus', address: url })
    expect(asked).toBe(1)
    expect(told.code).toBe('http-302')
    expect(told.text).toBe(`Prometheus: ${url} redirects to ${url}/login; redirects are not followed`)
  })

  it('asks again, once, when a kept-alive connection turns out to be closed', async () => {
    let connections = 0
    const url = await serveTcp((socket) => {
      connections++
      let requests = 0
      socket.on('data', () => {
        requests++
        // The first connection dies in the face of its second request, as an idle one does behind a proxy.
        if (connections === 1 && requests === 2) socket.destroy()
        else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
      })
    })
    const shared = agent(1)
    expect((await ask(url, { agent: shared })).status).toBe(200)
    expect((await ask(url, { agent: shared })).status).toBe(200)
    expect(connections).toBe(2)
  })

  it('does not repeat a request that is not repeatable', async () => {
    let requests = 0
    const url = await serveTcp((socket) => {
      socket.on('data', () => {
        requests++
        socket.destroy()
      })
    })
    const failure = await failureOf(ask(url, { method: 'POST', body: 'x' }))
    expect(requests).toBe(1)
    expect(describeFailure(failure, { source: 's', address: url }).code).toBe('reset')
  })

  it.each([
    'http://169.254.169.254/latest/meta-data',
    'http://2852039166/',
    'http://[fe80::1]/',
    'http://[::ffff:169.254.169.254]/',
    'http://0.0.0.0:9090/',
  ])('refuses to connect to %s', async (address) => {
    const failure = await failureOf(ask(address))
    const told = describeFailure(failure, { source: 'Prometheus', address })
    expect(told.code).toBe('address')
    expect(told.text).toMatch(/does not connect to/)
  })

  it.each(['http://user:hunter22@127.0.0.1/', 'ftp://127.0.0.1/', 'nonsense'])(
    'refuses the address %s before anything leaves',
    async (address) => {
      const failure = await failureOf(ask(address))
      expect(failure.kind).toBe('address')
      expect(describeFailure(failure, { source: 's', address }).text).not.toContain('hunter22')
    },
  )
})
