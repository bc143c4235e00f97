import type { WebSocket } from 'ws'
import type { Wire } from '../../shared/contract/wire.ts'

export interface SocketLimits {
  /** How often a line is asked whether it still stands, ms; after two silent rounds it is ended. */
  readonly pingEveryMs: number
  /** Bytes that may wait for a slow screen; a topology of 100,000 GPUs is 12 MB, so this is never normal. */
  readonly maxBuffered: number
}

export interface LineWatcher {
  /** The screen has shown that it is there. */
  onAlive(): void
  /** Something was handed to the socket; it may wait there. */
  onSent(): void
}

export interface LineWire extends Wire {
  /** Ends the connection at once, with what waits in it. */
  give(reason: string): void
  /** Bytes that wait for the screen. */
  readonly buffered: number
}

export const DEFAULT_SOCKET_LIMITS: SocketLimits = { pingEveryMs: 15_000, maxBuffered: 96 * 1024 * 1024 }

/**
 * A screen's line over a WebSocket. It ends itself when the screen falls silent (a laptop lid, a pulled cable) or reads
 * so slowly that answers pile up, so that no dead screen costs the engine anything.
 */
export function socketWire(socket: WebSocket, limits: SocketLimits, watcher: LineWatcher): LineWire {
  const closes: ((reason: string) => void)[] = []
  let unanswered = 0
  let ended: string | null = null

  const end = (reason: string) => {
    if (ended !== null) return
    ended = reason
    clearInterval(pings)
    for (const listener of closes) listener(reason)
  }
  const give = (reason: string) => {
    socket.terminate()
    end(reason)
  }
  const pings = setInterval(() => {
    if (unanswered >= 2) return give('the screen has not answered for a while')
    unanswered += 1
    socket.ping()
  }, limits.pingEveryMs)
  pings.unref()

  const alive = () => {
    unanswered = 0
    watcher.onAlive()
  }
  socket.binaryType = 'arraybuffer'
  socket.on('pong', alive)
  socket.on('error', (error) => end(`the connection broke: ${error.message}`))
  socket.on('close', (code) => end(`the screen closed the connection (${code})`))

  return {
    send(message) {
      if (socket.readyState !== socket.OPEN) throw new Error('the connection is closed')
      socket.send(message)
      if (socket.bufferedAmount > limits.maxBuffered) give(TOO_SLOW)
      else watcher.onSent()
    },
    give,
    get buffered() {
      return socket.bufferedAmount
    },
    onMessage(listener) {
      socket.on('message', (data, isBinary) => {
        unanswered = 0
        listener(isBinary ? bytesOf(data) : textOf(data))
      })
    },
    onClose(listener) {
      closes.push(listener)
    },
    close() {
      socket.close(1000)
      // A screen that does not answer the farewell keeps its socket no longer than this.
      setTimeout(() => socket.terminate(), 1000).unref()
    },
  }
}

/** Why a line of a screen that does not keep up is ended. */
export const TOO_SLOW = 'the screen reads too slowly'

type RawData = Buffer | ArrayBuffer | Buffer[]

function bytesOf(data: RawData): ArrayBuffer {
  if (data instanceof ArrayBuffer) return data
  const bytes = Array.isArray(data) ? Buffer.concat(data) : data
  const copy = new ArrayBuffer(bytes.byteLength)
  new Uint8Array(copy).set(bytes)
  return copy
}

/** With `binaryType` arraybuffer a text arrives as bytes, too. */
export function textOf(data: RawData): string {
  if (data instanceof ArrayBuffer) return Buffer.from(data).toString('utf8')
  return (Array.isArray(data) ? Buffer.concat(data) : data).toString('utf8')
}
