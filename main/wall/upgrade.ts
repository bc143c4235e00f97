import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { WIRE_PATH } from '../../shared/contract/wire.ts'
import type { Engine } from '../engine/types.ts'
import type { Clock } from '../platform/clock.ts'
import type { Logger } from '../platform/logger.ts'
import { readBearer, readCookie } from './cookies.ts'
import { type OriginRules, refuseOrigin } from './origins.ts'
import { type SocketLimits, socketWire } from './socketWire.ts'
import type { Admissions, Role } from './tokens.ts'

/** The longest message of a screen: a setup draft with 10,000 exporters is the largest honest one. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024

export interface LinesOptions {
  readonly engine: Pick<Engine, 'attach'>
  readonly admissions: Admissions
  readonly clock: Clock
  readonly logger: Logger
  readonly cookie: string
  readonly rules: OriginRules
  readonly maxLines: number
  readonly socketLimits: SocketLimits
}

interface Refusal {
  readonly status: string
  readonly text: string
}

/** Takes WebSockets at {@link WIRE_PATH} from admitted screens and hands each to the engine. */
export class Lines {
  readonly #options: LinesOptions
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    clientTracking: true,
  })

  constructor(options: LinesOptions) {
    this.#options = options
  }

  get open(): number {
    return this.#server.clients.size
  }

  /** Handler of the HTTP server's `upgrade` event. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // An error on a socket that was refused is nobody's concern, but unheard it would end the process.
    socket.on('error', () => socket.destroy())
    const admitted = this.#admit(request)
    if ('status' in admitted) {
      this.#options.logger.warn({ status: admitted.status }, `a line was refused: ${admitted.text}`)
      refuse(socket, admitted)
      return
    }
    const { clock, admissions, engine, socketLimits } = this.#options
    this.#server.handleUpgrade(request, socket, head, (line) => {
      const wire = socketWire(line, socketLimits, () => {
        if (admitted.session !== null) admissions.touch(admitted.session, clock.monotonic())
      })
      engine.attach(wire, admitted.role)
    })
  }

  close(): void {
    for (const line of this.#server.clients) {
      line.close(1001, 'Floorwatch is stopping')
      setTimeout(() => line.terminate(), 500).unref()
    }
    this.#server.close()
  }

  #admit(request: IncomingMessage): Refusal | { role: Role; session: string | null } {
    const { admissions, clock, cookie, rules, maxLines } = this.#options
    const { headers } = request
    if ((request.url ?? '').split('?')[0] !== WIRE_PATH) {
      return { status: '404 Not Found', text: 'There is no line at this address.' }
    }
    const refused = refuseOrigin(
      { host: headers.host, origin: headers.origin, fetchSite: undefined, fetchMode: undefined },
      rules,
    )
    if (refused !== null) return { status: '403 Forbidden', text: `The line was refused: ${refused}.` }
    const now = clock.monotonic()
    const bearer = readBearer(headers.authorization)
    const bearerRole = bearer === null ? null : admissions.bearer(bearer, now)
    const value = readCookie(headers.cookie, cookie)
    // A cookie counts only with the page's own Origin, which every browser sends with a WebSocket.
    const session = value === null || headers.origin === undefined ? null : admissions.session(value, now)
    const role = bearerRole ?? session?.role
    if (role === undefined) {
      return {
        status: '401 Unauthorized',
        text: 'The screen is not admitted: open the address that Floorwatch printed.',
      }
    }
    if (this.open >= maxLines) {
      return {
        status: '503 Service Unavailable',
        text: `All ${maxLines} lines are taken: close a screen and try again.`,
      }
    }
    return { role, session: bearerRole === null ? (session?.id ?? null) : null }
  }
}

function refuse(socket: Duplex, { status, text }: Refusal): void {
  const body = `${text}\n`
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}
