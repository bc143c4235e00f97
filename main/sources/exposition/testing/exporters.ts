import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { type AddressInfo, createServer as createRawServer, type Server, type Socket } from 'node:net'

/** Real servers on loopback that stand for exporters, good and bad. */
export interface Exporters {
  /** `host:port` of a server that answers with `listener`. */
  serve(listener: RequestListener): Promise<string>
  secure(pair: { cert: Buffer; key: Buffer }, listener: RequestListener): Promise<string>
  /** A server that speaks bytes, not HTTP. */
  raw(onSocket: (socket: Socket) => void): Promise<string>
  /** An address where nothing listens. */
  unreachable(): Promise<string>
  close(): Promise<void>
}

export function startExporters(): Exporters {
  const servers = new Set<Server>()
  const sockets = new Set<Socket>()

  async function listen(server: Server): Promise<string> {
    servers.add(server)
    server.on('connection', (socket: Socket) => {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.once('close', () => sockets.delete(socket))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return `127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  return {
    serve: (listener) => listen(createServer({ keepAliveTimeout: 60_000 }, listener)),
    secure: (pair, listener) =>
      listen(createSecureServer({ ...pair }, listener).on('tlsClientError', () => {})),
    raw: (onSocket) => listen(createRawServer(onSocket)),
    async unreachable() {
      const server = createRawServer()
      const address = await listen(server)
      servers.delete(server)
      await new Promise<void>((resolve) => server.close(() => resolve()))
      return address
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await Promise.all([...servers].map((server) => new Promise((resolve) => server.close(resolve))))
    },
  }
}

/** An exporter of one GPU that counts its energy, so that every scrape differs. */
export function goodExporter(host: string): RequestListener {
  let energy = 1000
  return (_request: IncomingMessage, response: ServerResponse) => {
    energy += 7
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' })
    response.end(
      `# TYPE DCGM_FI_DEV_GPU_TEMP gauge\nDCGM_FI_DEV_GPU_TEMP{gpu="0",UUID="GPU-${host}",Hostname="${host}"} 61\n` +
        `DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION{gpu="0",UUID="GPU-${host}",Hostname="${host}"} ${energy}\n`,
    )
  }
}
