import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import type { LinePort } from './lines.ts'
import { bridge } from './remoteEngine.ts'

/** The page's end of a line. */
class FakePort implements LinePort {
  readonly received: unknown[] = []
  started = false
  closed = false
  #message: (event: { data: unknown }) => void = () => undefined
  #close: () => void = () => undefined

  on(event: 'message' | 'close', listener: ((event: { data: unknown }) => void) | (() => void)): void {
    if (event === 'message') this.#message = listener
    else this.#close = listener as () => void
  }
  start(): void {
    this.started = true
  }
  postMessage(message: unknown): void {
    if (this.closed) throw new Error('posted to a closed port')
    this.received.push(message)
  }
  close(): void {
    this.closed = true
  }
  say(data: unknown): void {
    this.#message({ data })
  }
  /** The page closes its end. */
  hangUp(): void {
    this.#close()
  }
}

const WINDOW = 'w'.repeat(32)

interface Far {
  readonly engine: URL
  readonly requests: IncomingMessage[]
  readonly lines: WebSocket[]
  readonly heard: string[]
  /** Answers upgrades with this status instead. */
  refuseWith: string | null
}

let server: Server
let sockets: WebSocketServer
let far: Far
const open = new Set<Socket>()

beforeEach(async () => {
  server = createServer().listen(0, '127.0.0.1')
  server.on('connection', (socket) => open.add(socket))
  await once(server, 'listening')
  sockets = new WebSocketServer({ noServer: true })
  const { port } = server.address() as AddressInfo
  const engine = new URL(`http://127.0.0.1:${port}/?token=s3cret-token`)
  far = { engine, requests: [], lines: [], heard: [], refuseWith: null }
  server.on('upgrade', (request, socket, head) => {
    far.requests.push(request)
    if (far.refuseWith !== null) {
      socket.end(`HTTP/1.1 ${far.refuseWith}\r\nContent-Length: 0\r\n\r\n`)
      return
    }
    sockets.handleUpgrade(request, socket, head, (line) => {
      far.lines.push(line)
      line.on('message', (data: Buffer) => far.heard.push(data.toString('utf8')))
    })
  })
})
afterEach(async () => {
  for (const socket of open) socket.destroy()
  open.clear()
  server.close()
  await once(server, 'close')
})

function attach() {
  const port = new FakePort()
  const reasons: string[] = []
  bridge({ url: far.engine, tokenFile: null, caFile: null }, WINDOW, port, (reason) => reasons.push(reason))
  return { port, reasons }
}
const line = async (): Promise<WebSocket> => {
  await vi.waitFor(() => expect(far.lines).toHaveLength(1))
  const [stands] = far.lines
  if (stands === undefined) throw new Error('no line stands')
  return stands
}

describe('bridge', () => {
  it('shows its token in the header alone', async () => {
    attach()
    await line()
    expect(far.requests[0]?.url).toBe('/wire')
    expect(far.requests[0]?.headers.authorization).toBe('Bearer s3cret-token')
  })

  it('reads its token from a file for every connection', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'floorwatch-token-'))
    const tokenFile = join(folder, 'token')
    const connect = () => {
      const port = new FakePort()
      bridge({ url: new URL('/', far.engine), tokenFile, caFile: null }, WINDOW, port, () => undefined)
      return port
    }
    try {
      expect(connect().received).toEqual([{ closed: expect.stringMatching(/no token .* does not exist/) }])
      for (const [i, token] of ['first', 'second'].entries()) {
        writeFileSync(tokenFile, `${token}\n`)
        connect()
        await vi.waitFor(() => expect(far.requests[i]?.headers.authorization).toBe(`Bearer ${token}`))
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('passes text and bytes on as they are, in both directions and in order', async () => {
    const { port } = attach()
    expect(port.started).toBe(true)
    port.say('before the line stands')
    const engine = await line()
    await vi.waitFor(() => expect(far.heard).toEqual(['before the line stands']))
    port.say('{"t":"ack","id":1}')
    port.say(new ArrayBuffer(4))
    port.say({ t: 'not text' })
    engine.send('{"t":"hello","umlaut":"\u00e4"}')
    engine.send(new Uint8Array([1, 2, 255]))
    await vi.waitFor(() => expect(port.received).toHaveLength(2))
    expect(port.received[0]).toBe('{"t":"hello","umlaut":"\u00e4"}')
    expect(port.received[1]).toBeInstanceOf(ArrayBuffer)
    expect([...new Uint8Array(port.received[1] as ArrayBuffer)]).toEqual([1, 2, 255])
    await vi.waitFor(() => expect(far.heard).toEqual(['before the line stands', '{"t":"ack","id":1}']))
  })

  it('closes the line when the page closes its port, and says nothing then', async () => {
    const { port, reasons } = attach()
    const engine = await line()
    const closed = once(engine, 'close')
    port.hangUp()
    await closed
    expect(reasons).toEqual([])
    expect(port.received).toEqual([])
  })

  it.each([
    [1001, 'shutting down'],
    [1011, 'it closed the connection (broken)'],
  ])('tells the page why the engine closed the line (%s)', async (code, words) => {
    const { port, reasons } = attach()
    const engine = await line()
    engine.close(code, 'broken')
    await vi.waitFor(() => expect(port.closed).toBe(true))
    expect(port.received).toEqual([{ closed: expect.stringContaining(words) }])
    expect(reasons).toHaveLength(1)
  })

  it('tells a line that was cut', async () => {
    const { port } = attach()
    ;(await line()).terminate()
    await vi.waitFor(() => expect(port.received).toEqual([{ closed: expect.stringContaining('has gone') }]))
  })

  it.each([
    ['401 Unauthorized', 'does not know this token', { refused: true }],
    ['403 Forbidden', '--allow-host', { refused: true }],
    ['404 Not Found', 'no Floorwatch', {}],
    ['503 Service Unavailable', 'no line free', {}],
    ['302 Found', 'HTTP status 302', {}],
  ])('puts a refusal (%s) into words', async (status, words, refused) => {
    far.refuseWith = status
    const { port, reasons } = attach()
    await vi.waitFor(() => expect(port.closed).toBe(true))
    expect(port.received).toEqual([{ closed: expect.stringContaining(words), ...refused }])
    expect(reasons).toHaveLength(1)
    expect(reasons[0]).not.toContain('s3cret-token')
  })

  it('says that nothing listens there', async () => {
    const gone = createServer().listen(0, '127.0.0.1')
    await once(gone, 'listening')
    const { port: number } = gone.address() as AddressInfo
    gone.close()
    await once(gone, 'close')
    const port = new FakePort()
    bridge(
      { url: new URL(`http://127.0.0.1:${number}/?token=a`), tokenFile: null, caFile: null },
      WINDOW,
      port,
      () => undefined,
    )
    await vi.waitFor(() => expect(port.closed).toBe(true))
    expect(port.received).toEqual([{ closed: expect.stringContaining('Nothing listens there') }])
  })
})
