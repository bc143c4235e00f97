import { createServer as createPlain, type RequestListener, type Server } from 'node:http'
import { createServer, type Server as SecureServer } from 'node:https'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { type ConnectionLimits, Connections } from './connections.ts'
import type { LoadedTls } from './tls.ts'

/** How long a handshake may take, ms. */
const HANDSHAKE_MS = 5000

/** The server behind the console, by TLS or plain, with the same limits. */
export function serverFor(tls: LoadedTls | null, handler: RequestListener, headersWithinMs: number): Server {
  const limits = {
    requestTimeout: 10_000,
    keepAliveTimeout: 5000,
    headersTimeout: headersWithinMs,
    // Node looks at its time limits every half minute otherwise.
    connectionsCheckingInterval: Math.min(1000, headersWithinMs),
    maxHeaderSize: 16 * 1024,
  }
  if (tls === null) return createPlain(limits, handler)
  const { cert, key } = tls
  const secure = { cert, key, minVersion: 'TLSv1.2' as const, handshakeTimeout: HANDSHAKE_MS }
  const server = createServer({ ...limits, ...secure }, handler)
  // A stranger who speaks no TLS, or does not like our certificate: the socket is of no use any more.
  server.on('tlsClientError', (_error, socket) => socket.destroy())
  return server
}

export function isSecure(server: Server | SecureServer): server is SecureServer {
  return 'setSecureContext' in server
}

/**
 * Bounds connections by TLS: those in their handshake by themselves, then as any other. Requests come on a socket that
 * stands over the one of the network; the two are known to belong together by the far end's address and port.
 */
export function followHandshakes(server: Server, connections: Connections, limits: ConnectionLimits): void {
  const shaking = new Connections(limits)
  const raw = new Map<string, Socket>()
  server.on('connection', (socket) => {
    const end = farEnd(socket)
    shaking.add(socket)
    raw.set(end, socket)
    socket.once('close', () => {
      if (raw.get(end) === socket) raw.delete(end)
    })
  })
  server.on('secureConnection', (socket: TLSSocket) => {
    const below = raw.get(farEnd(socket))
    if (below !== undefined) shaking.proved(below)
    connections.add(socket)
  })
}

function farEnd({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress ?? ''} ${remotePort ?? 0}`
}
