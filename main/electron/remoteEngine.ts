import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { openSecret } from '../config/index.ts'
import { type RawData, WebSocket } from 'ws'
import { MAX_TEXT, WINDOW_HEADER, WIRE_PATH } from '../../shared/contract/wire.ts'
import { type EngineAddress, endPort, type LinePort, type Lines } from './lines.ts'
import { whyEnded, whyFailed, whyNoAuthority, whyNoToken, whyRefused } from './remoteWords.ts'

/** Lines to an engine that runs already, at the address that `floorwatch serve` printed for the desktop. */
export function createRemoteEngine(engine: EngineAddress, log: (text: string) => void): Lines {
  let current = engine
  let lastReason = ''
  // The engine knows this window again by it after a break, so that its sign-in lasts.
  const windowId = randomBytes(24).toString('base64url')
  return {
    attach: (port) =>
      bridge(current, windowId, port, (reason) => {
        // A wall tries for days; the log has each reason once in a row.
        if (reason !== lastReason) log(reason)
        lastReason = reason
      }),
    readdress(next) {
      current = next
    },
    stop: () => Promise.resolve(),
  }
}

/** What the page sent before the connection stood; it waits for `hello`, so this stays small. */
const MOST_WAITING = 256

/**
 * Attaches a page to an engine that runs already (one engine, many screens): the shell holds the WebSocket and the
 * token, the page gets a MessagePort as always. So the page's policy stays `connect-src 'self'` and it never sees the
 * token. Messages pass through unread: both ends validate them.
 * @param windowId tells this window from others with the same token; as secret as that
 * @param onEnd told once why the connection ended, unless the page itself closed it
 */
export function bridge(
  { url: engine, tokenFile, caFile }: EngineAddress,
  windowId: string,
  port: LinePort,
  onEnd: (reason: string) => void,
): void {
  let token: string
  try {
    token = tokenFile === null ? (engine.searchParams.get('token') ?? '') : tokenIn(tokenFile)
  } catch (error) {
    const reason = whyNoToken(engine.origin, error)
    endPort(port, reason)
    return onEnd(reason)
  }
  let ca: Buffer | null
  try {
    ca = caFile === null ? null : readFileSync(caFile)
  } catch (error) {
    const reason = whyNoAuthority(engine.origin, error)
    endPort(port, reason)
    return onEnd(reason)
  }
  const address = new URL(WIRE_PATH, engine)
  address.protocol = engine.protocol === 'https:' ? 'wss:' : 'ws:'
  const socket = new WebSocket(address, {
    headers: { authorization: `Bearer ${token}`, [WINDOW_HEADER]: windowId },
    ...(ca === null ? {} : { ca }),
    maxPayload: MAX_TEXT,
    handshakeTimeout: 10_000,
    followRedirects: false,
    perMessageDeflate: false,
  })
  socket.binaryType = 'arraybuffer'
  const waiting: string[] = []
  let ended = false

  const end = (reason: string, refused = false) => {
    if (ended) return
    ended = true
    endPort(port, reason, refused)
    onEnd(reason)
    socket.terminate()
  }

  port.on('message', ({ data }) => {
    if (typeof data !== 'string') return
    if (socket.readyState === WebSocket.OPEN) socket.send(data)
    else if (socket.readyState === WebSocket.CONNECTING && waiting.length < MOST_WAITING) waiting.push(data)
  })
  port.on('close', () => {
    ended = true
    socket.close()
  })
  port.start()

  socket.on('open', () => {
    for (const message of waiting.splice(0)) socket.send(message)
  })
  socket.on('message', (data, isBinary) => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port has one other end and no origin
    if (!ended) port.postMessage(isBinary ? data : textOf(data))
  })
  socket.on('unexpected-response', (_request, response) => {
    response.resume()
    const status = response.statusCode ?? 0
    end(whyRefused(engine.origin, status), status === 401 || status === 403)
  })
  socket.on('error', (error) => end(whyFailed(engine.origin, error)))
  socket.on('close', (code, reason) => end(whyEnded(engine.origin, code, reason.toString('utf8'))))
}

/** Read for every connection: an engine that starts again writes another. */
function tokenIn(file: string): string {
  return openSecret({ file }, { env: {}, folder: '/' }).reveal()
}

/** With `binaryType` arraybuffer a text frame still arrives as bytes, and `isBinary` distinguishes the two. */
function textOf(data: RawData): string {
  const bytes = Array.isArray(data)
    ? Buffer.concat(data)
    : data instanceof ArrayBuffer
      ? Buffer.from(data)
      : data
  return bytes.toString('utf8')
}
