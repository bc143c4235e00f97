import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { bearerAuth, confinedAuth } from '../auth.ts'
import { RequestFailure } from '../failure.ts'
import { secretScope } from '../secretScope.ts'
import {
  boundedRequest,
  createAgent,
  createBodyBuffers,
  destinationOf,
  followStream,
  wholeExchange,
} from './index.ts'
import type { Authorise } from '../auth.ts'

const endings: (() => unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end()
})

/** A server that answers in bytes of its own, with what it was asked. */
async function speaking(onRequest: (socket: Socket, asked: string) => void) {
  const sockets = new Set<Socket>()
  const asked: string[] = []
  const server = createTcpServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('data', (bytes) => {
      asked.push(bytes.toString('latin1'))
      onRequest(socket, bytes.toString('latin1'))
    })
  })
  endings.push(() => {
    for (const socket of sockets) socket.destroy()
    return new Promise((resolve) => server.close(resolve))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

interface Way {
  readonly url: string
  readonly authorise?: Authorise
  readonly signal?: AbortSignal
}

const LIMIT_MS = 150

function agent() {
  const created = createAgent({ connections: 1 })
  endings.push(() => created.close())
  return created
}

const leased = createBodyBuffers()
/** All three uses of the one exchange, as one promise each. */
const WAYS: readonly (readonly [string, (way: Way) => Promise<unknown>])[] = [
  [
    'an answer that is kept',
    (way) => boundedRequest({ ...way, agent: agent(), deadlineMs: LIMIT_MS, maxBodyBytes: 1 << 16 }),
  ],
  [
    'an answer in memory that is used again',
    async ({ url, ...way }) =>
      await wholeExchange({
        ...way,
        agent: agent(),
        buffers: leased,
        destination: destinationOf(url),
        deadlineMs: LIMIT_MS,
        maxBodyBytes: 1 << 16,
        read: async ({ body }) => body.length,
      }).result,
  ],
  [
    'a stream',
    async ({ url, ...way }) =>
      await followStream({
        ...way,
        agent: agent(),
        destination: destinationOf(url),
        deadlineMs: LIMIT_MS,
        silenceMs: LIMIT_MS,
        accepts: ({ status }) => status === 200,
        onBytes: () => {},
      }),
  ],
]

async function failureOf(pending: Promise<unknown>): Promise<RequestFailure> {
  const error = await pending.then(
    () => new Error('it was answered'),
    (reason: unknown) => reason,
  )
  if (error instanceof RequestFailure) return error
  throw error
}

describe.each(WAYS)('%s', (_name, ask) => {
  it.each([
    ['never answers', (): void => {}, 'timeout'],
    [
      'stalls inside its head',
      (socket: Socket): void => void socket.write('HTTP/1.1 200 OK\r\nX-Half: '),
      'timeout',
    ],
    [
      'falls silent inside its body',
      (socket: Socket): void => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'),
      'timeout',
    ],
    [
      'redirects',
      (socket: Socket): void =>
        void socket.write('HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n'),
      'redirect',
    ],
    [
      'sends an encoding of which it was not asked',
      (socket: Socket): void =>
        void socket.write('HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\nContent-Length: 2\r\n\r\nab'),
      'encoding',
    ],
    ['hangs up', (socket: Socket): void => void socket.destroy(), 'network'],
  ] as readonly [string, (socket: Socket) => void, string][])(
    'fails where the other side %s',
    async (_what, onRequest, kind) => {
      const { url } = await speaking(onRequest)
      expect((await failureOf(ask({ url }))).kind).toBe(kind)
    },
  )

  it.each(['http://169.254.169.254/', 'http://user:hunter22@127.0.0.1/', 'file:///etc/passwd', 'nonsense'])(
    'does not ask %s',
    async (url) => {
      const failure = await failureOf(ask({ url }))
      expect(['address', 'network']).toContain(failure.kind)
      expect(JSON.stringify(failure.cause ?? null)).not.toContain('ECONN')
    },
  )

  it('is cancelled before it starts and while it runs', async () => {
    const { url } = await speaking(() => {})
    const halt = new AbortController()
    const pending = failureOf(ask({ url, signal: halt.signal }))
    halt.abort()
    expect((await pending).kind).toBe('aborted')
    expect((await failureOf(ask({ url, signal: AbortSignal.abort() }))).kind).toBe('aborted')
  })

  it('takes a secret to its origin alone', async () => {
    const end = (socket: Socket): void => void socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
    const [own, other] = [await speaking(end), await speaking(end)]
    const authorise = confinedAuth(
      bearerAuth(() => 'tok-77'),
      secretScope([own.url]),
    )
    for (const { url } of [own, other]) await ask({ url: `${url}/x`, authorise })
    expect(own.asked.join()).toContain('Bearer tok-77')
    expect(other.asked.join()).toMatch(/^GET \/x HTTP/)
    expect(other.asked.join()).not.toContain('tok-77')
  })

  it('fails, and does not hang, where the secret cannot be read', async () => {
    const { url } = await speaking(() => {})
    const authorise = () => {
      throw new Error('the file of the token is gone')
    }
    await expect(ask({ url, authorise })).rejects.toThrow('the file of the token is gone')
  })
})

describe('an answer in memory that is used again', () => {
  it('stops a bomb at the cap, and gives its memory back once', async () => {
    const bomb = gzipSync(Buffer.alloc(1 << 20))
    const { url } = await speaking((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`)
      socket.write(bomb)
    })
    let held = 0
    const counting = {
      lease: (bytes: number) => (held++, Buffer.alloc(bytes)),
      release: () => void held--,
    }
    const asked = wholeExchange({
      agent: agent(),
      buffers: counting,
      destination: destinationOf(url),
      deadlineMs: 5_000,
      maxBodyBytes: 1 << 16,
      read: async () => 'read',
    })
    expect((await failureOf(asked.result)).detail).toMatchObject({ inflated: true })
    await Promise.resolve()
    expect(held).toBe(0)
  })

  it('grows with what comes, whatever was announced', async () => {
    const text = 'x'.repeat(300_000)
    const { url } = await speaking((socket) => void socket.end(`HTTP/1.1 200 OK\r\n\r\n${text}`))
    const { body } = await boundedRequest({ url, agent: agent(), deadlineMs: 5_000, maxBodyBytes: 1 << 20 })
    expect(Buffer.from(body).toString()).toBe(text)
  })
})

describe('a stream', () => {
  const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n'
  const follow = (url: string, onBytes: (chunk: Uint8Array) => Promise<void> | void, deadlineMs = 5_000) =>
    followStream({
      agent: agent(),
      destination: destinationOf(url),
      deadlineMs,
      silenceMs: deadlineMs,
      accepts: ({ status, headers }) => status === 200 && headers['content-type'] === 'text/event-stream',
      onBytes,
    })

  it('is read in its order to its end, one piece at a time', async () => {
    const { url } = await speaking((socket) => {
      socket.write(HEAD)
      for (const word of ['one ', 'two ', 'three ']) socket.write(word)
      socket.end('four')
    })
    let text = ''
    let reading = 0
    const ended = await follow(url, async (chunk) => {
      expect(++reading).toBe(1)
      await new Promise((resolve) => setImmediate(resolve))
      text += Buffer.from(chunk).toString()
      reading--
    })
    expect([ended, text]).toEqual([null, 'one two three four'])
  })

  it('makes a server wait for a reader that takes its time, and is not called silent for it', async () => {
    let sent = 0
    const { url } = await speaking((socket) => {
      socket.write(HEAD)
      const more = () => {
        while (sent < 1 << 26 && socket.write('y'.repeat(1 << 16))) sent += 1 << 16
      }
      socket.on('drain', more)
      more()
    })
    const { promise: read, resolve: go } = Promise.withResolvers<void>()
    let seen = 0
    const following = failureOf(
      follow(
        url,
        async () => {
          seen++
          await read
          throw new RequestFailure('aborted', 'enough')
        },
        LIMIT_MS,
      ),
    )
    await new Promise((resolve) => setTimeout(resolve, 2 * LIMIT_MS))
    expect(seen).toBe(1)
    expect(sent).toBeLessThan(1 << 26)
    go()
    expect((await following).message).toBe('enough')
  })

  it('brings the start of another answer, however long that is', async () => {
    const { url } = await speaking((socket) => {
      socket.write('HTTP/1.1 503 Unavailable\r\nContent-Type: text/plain\r\n\r\n')
      socket.write('z'.repeat(1 << 20))
    })
    const refused = await follow(url, () => {})
    expect([refused?.status, refused?.body.length]).toEqual([503, 64 * 1024])
  })
})
