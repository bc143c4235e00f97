import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** A fixed loopback address in front of a server that comes, goes and comes back somewhere else. */
export interface Relay {
  readonly port: number
  readonly url: string
  /** Where connections go from now on; null hangs them up at once. */
  target(port: number | null): void
  close(): Promise<void>
}

export async function startRelay(): Promise<Relay> {
  let target: number | null = null
  const open = new Set<Socket>()
  const server: Server = createServer((near) => {
    if (target === null) {
      near.resetAndDestroy()
      return
    }
    const far = connect(target, '127.0.0.1')
    for (const socket of [near, far]) {
      open.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        open.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    near.pipe(far)
    far.pipe(near)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const hangUp = () => {
    for (const socket of open) socket.destroy()
  }
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    target(next) {
      target = next
      hangUp()
    },
    async close() {
      hangUp()
      server.close()
      await once(server, 'close')
    },
  }
}
