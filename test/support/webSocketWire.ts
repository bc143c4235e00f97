import { once } from 'node:events'
import { WebSocket } from 'ws'
import { WIRE_PATH, type Wire } from '../../shared/contract/wire.ts'

/**
 * A line to a running engine by the "desktop" address that `floorwatch serve` prints.
 * @param more further headers, as a proxy or another window would send them
 */
export async function webSocketWire(
  attachUrl: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Wire> {
  const url = new URL(attachUrl)
  const token = url.searchParams.get('token') ?? ''
  const socket = new WebSocket(`ws://${url.host}${WIRE_PATH}`, {
    headers: { authorization: `Bearer ${token}`, ...more },
    perMessageDeflate: false,
  })
  socket.binaryType = 'arraybuffer'
  // The engine greets at once: what comes before somebody listens must wait.
  const early: (string | ArrayBuffer)[] = []
  let listener: (message: string | ArrayBuffer) => void = (message) => early.push(message)
  socket.on('message', (data, isBinary) => {
    const bytes = data as ArrayBuffer
    listener(isBinary ? bytes : Buffer.from(bytes).toString('utf8'))
  })
  // The engine's `hello` says that it listens; what is sent before it may find no listener.
  await once(socket, 'message')
  return {
    send: (message) => socket.send(message),
    onMessage(next) {
      listener = next
      for (const message of early.splice(0)) next(message)
    },
    onClose: (told) => void socket.on('close', (_code, reason) => told(reason.toString('utf8'))),
    close: () => socket.close(),
  }
}
