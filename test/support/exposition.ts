import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An exposition on loopback whose text a test changes. */
export interface Exposition {
  /** `127.0.0.1:port` */
  readonly address: string
  set(text: string): void
  close(): void
}

export async function startExposition(text: string): Promise<Exposition> {
  let body = text
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4')
    response.end(body)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    set(next) {
      body = next
    },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
