import type { MessagePortMain } from 'electron'
import { type RawData, WebSocket } from 'ws'
import { MAX_TEXT, WIRE_PATH } from '../../shared/contract/wire.ts'

/**
 * Attaches a window to an engine that runs already (one engine, many screens): the shell holds the WebSocket and the
 * token, the page gets a MessagePort as always. So the page's policy stays `connect-src 'self'` and it never sees the
 * token. Messages pass through unread: both ends validate them.
 */
export function bridge(engine: URL, port: MessagePortMain, onLost: (reason: string) => void): void {
  const token = engine.searchParams.get('token') ?? ''
  const address = new URL(WIRE_PATH, engine)
  address.protocol = engine.protocol === 'https:' ? 'wss:' : 'ws:'
  const socket = new WebSocket(address, {
    headers: { authorization: `Bearer ${token}` },
    maxPayload: MAX_TEXT,
    handshakeTimeout: 10_000,
    followRedirects: false,
  })
  socket.binaryType = 'arraybuffer'

  /** What the page sent before the line stood; it waits for `hello`, so this stays small. */
  const waiting: string[] = []
  const MOST_WAITING = 256

  port.on('message', ({ data }) => {
    if (typeof data !== 'string') return
    if (socket.readyState === WebSocket.OPEN) socket.send(data)
    else if (socket.readyState === WebSocket.CONNECTING && waiting.length < MOST_WAITING) waiting.push(data)
  })
  port.on('close', () => socket.close())
  port.start()

  socket.on('open', () => {
    for (const message of waiting.splice(0)) socket.send(message)
  })
  socket.on('message', (data, isBinary) => {
    port.postMessage(isBinary ? data : textOf(data))
  })
  socket.on('error', (error) => onLost(error.message))
  // The page sees its port close, says that the line is lost, and asks for another one after its own back-off.
  socket.on('close', () => port.close())
}

/** With `binaryType` arraybuffer a text frame still arrives as bytes, and `isBinary` tells the two apart. */
function textOf(data: RawData): string {
  const bytes = Array.isArray(data)
    ? Buffer.concat(data)
    : data instanceof ArrayBuffer
      ? Buffer.from(data)
      : data
  return bytes.toString('utf8')
}
