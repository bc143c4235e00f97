import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createListener, type Server, type Socket } from 'node:net'
import { gzip } from 'node:zlib'
import type { Faults } from '../faults/faults.ts'
import { createBodyPool } from './bodyPool.ts'
import type { Exposition } from './exposition.ts'

export interface ExportersOptions {
  readonly hosts: number
  readonly exposition: Exposition
  readonly faults: Faults
  /** Compress where the client asks for it. The real exporter never does. */
  readonly gzip: boolean
}

/** The DCGM exporters of all hosts, each with a port of its own on loopback. */
export interface Exporters {
  /** `127.0.0.1:port` by host. */
  readonly addresses: readonly string[]
  /** Opens and closes ports and keeps frozen bodies as the faults ask; call after they changed. */
  sync(): Promise<void>
  close(): Promise<void>
}

interface Port {
  readonly host: number
  readonly sockets: Set<Socket>
  listener: Server | null
  port: number
  /** What a frozen exporter goes on answering. */
  frozen: Buffer | null
}

const LOOPBACK = '127.0.0.1'
/** Longer than any usual scrape interval, so that clients find their connection alive. */
const KEEP_ALIVE_MS = 75_000
const HTML =
  '<html>\n<head><title>GPU Exporter</title></head>\n<body>\n<h1>GPU Exporter</h1>\n' +
  '<p><a href="./metrics">Metrics</a></p>\n<p><a href="./health">Health</a></p>\n</body>\n</html>'

/**
 * One HTTP server does the talking for all; each host has only a listening socket that hands its connections over.
 * @throws Error naming the host and the limit when the system gives no more ports or file handles
 */
export async function startExporters(options: ExportersOptions): Promise<Exporters> {
  const { exposition, faults } = options
  const pool = createBodyPool()
  const hostOf = new WeakMap<Socket, Port>()
  const http = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0, headersTimeout: 0 }, answer)
  const ports = Array.from({ length: options.hosts }, (_, host): Port => {
    return { host, sockets: new Set(), listener: null, port: 0, frozen: null }
  })
  let closed = false
  let pending: Promise<void> = Promise.resolve()

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const port = hostOf.get(request.socket)
    if (port === undefined) {
      response.destroy()
      return
    }
    // A hung exporter takes the request and says nothing; the client's deadline is its own affair.
    if (faults.answer(port.host) === 'hung') return
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      send(response, 405, 'text/plain; charset=utf-8', 'method not allowed\n')
      return
    }
    const path = (request.url ?? '/').split('?', 1)[0]
    if (path === '/metrics') sendMetrics(port, request, response)
    else if (path === '/health') send(response, 200, 'text/plain; charset=utf-8', 'OK')
    else if (path === '/') send(response, 200, 'text/html; charset=utf-8', HTML)
    else send(response, 404, 'text/plain; charset=utf-8', '404 page not found\n')
  }

  function sendMetrics(port: Port, request: IncomingMessage, response: ServerResponse): void {
    if (port.frozen !== null) {
      sendBody(request, response, port.frozen, () => {})
      return
    }
    const buffer = pool.lease(exposition.size(port.host))
    const bytes = exposition.render(port.host, buffer)
    sendBody(request, response, buffer.subarray(0, bytes), () => pool.release(buffer))
  }

  function sendBody(
    request: IncomingMessage,
    response: ServerResponse,
    body: Buffer,
    release: () => void,
  ): void {
    if (!options.gzip || !acceptsGzip(request)) {
      response.once('close', release)
      response.writeHead(200, headers('text/plain; charset=utf-8', body.length))
      response.end(body)
      return
    }
    gzip(body, { level: 1 }, (error, packed) => {
      release()
      if (error !== null || response.destroyed) {
        response.destroy()
        return
      }
      response.writeHead(200, {
        ...headers('text/plain; charset=utf-8', packed.length),
        'Content-Encoding': 'gzip',
        Vary: 'Accept-Encoding',
      })
      response.end(packed)
    })
  }

  async function open(port: Port): Promise<void> {
    const listener = createListener({ noDelay: true }, (socket) => {
      hostOf.set(socket, port)
      port.sockets.add(socket)
      socket.once('close', () => port.sockets.delete(socket))
      http.emit('connection', socket)
    })
    await new Promise<void>((resolve, reject) => {
      listener.once('error', (error: NodeJS.ErrnoException) =>
        reject(
          new Error(
            `The exporter of host ${port.host + 1} of ${options.hosts} cannot listen on ${LOOPBACK}:${port.port}: ` +
              `${error.message}. Ask for fewer hosts, or raise the limit of open files.`,
          ),
        ),
      )
      listener.listen({ host: LOOPBACK, port: port.port, backlog: 64 }, resolve)
    })
    port.listener = listener
    port.port = (listener.address() as AddressInfo).port
  }

  async function shut(port: Port): Promise<void> {
    const { listener } = port
    port.listener = null
    const done = new Promise<void>((resolve) =>
      listener === null ? resolve() : listener.close(() => resolve()),
    )
    for (const socket of port.sockets) socket.destroy()
    await done
  }

  async function syncPort(port: Port): Promise<void> {
    const wanted = faults.answer(port.host)
    if (wanted !== 'frozen') port.frozen = null
    else if (port.frozen === null) {
      const buffer = Buffer.allocUnsafe(exposition.size(port.host))
      port.frozen = Buffer.from(buffer.subarray(0, exposition.render(port.host, buffer)))
    }
    if (wanted === 'refused' && port.listener !== null) await shut(port)
    if (wanted !== 'refused' && port.listener === null && !closed) await open(port)
  }

  /** Changes come one after the other, or a port might be opened and closed at once. */
  function sync(): Promise<void> {
    const previous = pending
    pending = (async () => {
      await previous.catch(() => {})
      if (!closed) await Promise.all(ports.map(syncPort))
    })()
    return pending
  }

  // Every exporter gets its port first, also one that starts out refusing: its address must be known and stay free.
  const opened = await Promise.allSettled(ports.map(open))
  const failure = opened.find((result) => result.status === 'rejected')
  if (failure !== undefined) {
    await Promise.all(ports.map(shut))
    throw failure.reason
  }
  await sync()
  return {
    addresses: ports.map((port) => `${LOOPBACK}:${port.port}`),
    sync,
    async close() {
      closed = true
      await pending.catch(() => {})
      await Promise.all(ports.map(shut))
    },
  }
}

function send(response: ServerResponse, status: number, type: string, text: string): void {
  const body = Buffer.from(text)
  response.writeHead(status, headers(type, body.length))
  response.end(body)
}

function headers(type: string, length: number): Record<string, string | number> {
  return { 'Content-Type': type, 'Content-Length': length, 'X-Content-Type-Options': 'nosniff' }
}

function acceptsGzip(request: IncomingMessage): boolean {
  const accepted = request.headers['accept-encoding'] ?? ''
  return /(?:^|,)\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[\d.]+\s*)?(?:,|$)/i.test(accepted)
}
