import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import {
  CLOSE_CODES,
  PROOF_PROTOCOL,
  WINDOW_HEADER,
  WIRE_PATH,
  WIRE_PROTOCOL,
} from '../../shared/contract/wire.ts'
import type { Engine, ScreenOrigin } from '../engine/types.ts'
import type { Clock } from '../platform/clock.ts'
import type { Logger } from '../platform/logger.ts'
import type { Repeats } from '../platform/repeats.ts'
import type { Admissions, Holder } from './admissions.ts'
import type { Budgets } from './budgets.ts'
import type { Connections } from './connections.ts'
import { readBearer, readSessionCookies } from './cookies.ts'
import { type OriginRules, peerOf, refuseOrigin } from './origins.ts'
import { type LineWire, type SocketLimits, socketWire, TOO_SLOW } from './socketWire.ts'
import { randomToken } from './tokens.ts'

/** The longest message of a screen: a setup draft with 10,000 exporters is the largest honest one. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024
/** What a refused line may still send before its farewell is answered: never a screen's longest message. */
const MAX_REFUSED_BYTES = 16 * 1024
/** Whoever does not answer a farewell keeps the socket no longer than this, ms. */
const FAREWELL_MS = 1000

export interface LinesOptions {
  readonly engine: Pick<Engine, 'attach'>
  readonly admissions: Admissions
  readonly budgets: Budgets
  readonly clock: Clock
  readonly logger: Logger
  readonly repeats: Repeats
  readonly port: number
  readonly rules: OriginRules
  readonly socketLimits: SocketLimits
  readonly connections: Pick<Connections, 'proved'>
}

/** Answered over HTTP, before there is a WebSocket: to other sites and to programs. */
interface HttpRefusal {
  readonly status: string
  readonly text: string
}

interface Line {
  readonly holder: Holder
  readonly socket: WebSocket
  readonly wire: LineWire
}

const NOT_ADMITTED =
  'The address of this screen has expired: Floorwatch was started again, or the screen was away for 12 h.'
const REVOKED = 'The address of this wall was revoked.'
const NO_PROOF = 'The cookie came without the proof of the page that was admitted with it.'

/**
 * Takes WebSockets at {@link WIRE_PATH} and hands those of admitted screens to the engine. A page of our own origin
 * that is refused gets its WebSocket and hears why as its close: a refused upgrade would look to it like an engine that
 * cannot be reached. A page proves itself with its handshake, so only lines that are believed take places of anybody:
 * whoever has the cookie alone is refused a thousand times at no cost to its owner.
 */
export class Lines {
  readonly #options: LinesOptions
  readonly #lines = new Set<Line>()
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    clientTracking: true,
    // Never the proof, which stands beside it.
    handleProtocols: (offered) => (offered.has(WIRE_PROTOCOL) ? WIRE_PROTOCOL : false),
  })

  constructor(options: LinesOptions) {
    this.#options = options
  }

  get open(): number {
    return this.#lines.size
  }

  /** Handler of the HTTP server's `upgrade` event. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // An error on a socket that was refused does not matter, but unhandled it would end the process.
    socket.on('error', () => socket.destroy())
    const refusal = this.#refusal(request)
    if (refusal !== null) return this.#refuse(socket, refusal)
    const { admissions, clock, port } = this.#options
    const bearer = readBearer(request.headers.authorization)
    if (bearer !== null) return this.#acceptProgram(request, socket, head, admissions.bearer(bearer))
    const values = readSessionCookies(request.headers.cookie, port)
    // A cookie counts only with the page's own Origin, which every browser sends with a WebSocket.
    if (request.headers.origin === undefined) return this.#refuse(socket, UNKNOWN_PROGRAM)
    const now = clock.monotonic()
    const known = values.filter((cookie) => admissions.holderOf(cookie, now) !== null)
    const proof = proofIn(request.headers['sec-websocket-protocol'])
    const proved = known.find((cookie) => admissions.proves(cookie, proof))
    const holder = proved === undefined ? null : admissions.holderOf(proved, now)
    this.#server.handleUpgrade(request, socket, head, (line) => {
      // Unheard, a broken frame of a line that is being closed would end the process.
      line.on('error', () => line.terminate())
      const full = holder === null ? null : this.#full(holder)
      if (holder !== null && full === null)
        return this.#attach(line, holder, socket, this.#browser(request, holder))
      limitBytes(socket)
      if (full !== null) this.#close(line, 'full', full)
      else if (known.length === 0) this.#close(line, 'refused', NOT_ADMITTED)
      else this.#close(line, 'unproved', NO_PROOF)
    })
  }

  /** The wall's address was revoked: its lines end. */
  endHolder(id: string): void {
    for (const line of this.#lines) if (line.holder.id === id) this.#drop(line, 'revoked', REVOKED)
  }

  close(): void {
    for (const line of this.#server.clients) {
      line.close(1001, 'Floorwatch is stopping')
      setTimeout(() => line.terminate(), 500).unref()
    }
    this.#server.close()
  }

  #refusal({ url, headers }: IncomingMessage): HttpRefusal | null {
    if ((url ?? '').split('?')[0] !== WIRE_PATH) {
      return { status: '404 Not Found', text: 'There is no line at this address.' }
    }
    const refused = refuseOrigin(
      { host: headers.host, origin: headers.origin, fetchSite: undefined, fetchMode: undefined },
      this.#options.rules,
    )
    return refused === null ? null : { status: '403 Forbidden', text: `The line was refused: ${refused}.` }
  }

  /** A desktop window: it reads the status of the answer. */
  #acceptProgram(request: IncomingMessage, socket: Duplex, head: Buffer, holder: Holder | null): void {
    if (holder === null) return this.#refuse(socket, UNKNOWN_PROGRAM)
    const full = this.#full(holder)
    if (full !== null) return this.#refuse(socket, { status: '503 Service Unavailable', text: full })
    this.#server.handleUpgrade(request, socket, head, (line) =>
      this.#attach(line, holder, socket, this.#window(request, holder)),
    )
  }

  #browser({ headers, socket }: IncomingMessage, { id }: Holder): ScreenOrigin {
    const { address, ownMachine } = peerOf(pathOf(headers, socket), this.#options.rules)
    return { console: `browser ${placeOf(address)}`, address, holder: `browser ${id}`, ownMachine }
  }

  /** Many windows may have one token, so a window names itself by a secret of its own; without one it is new each time. */
  #window({ headers, socket }: IncomingMessage, { id }: Holder): ScreenOrigin {
    const { address, ownMachine } = peerOf(pathOf(headers, socket), this.#options.rules)
    const named = WINDOW_ID.exec(headers[WINDOW_HEADER]?.toString() ?? '')?.[0]
    const holder = `window ${id} ${named ?? randomToken()}`
    return { console: `window ${placeOf(address)}`, address, holder, ownMachine }
  }

  #attach(socket: WebSocket, holder: Holder, connection: Duplex, origin: ScreenOrigin): void {
    const { clock, admissions, engine, socketLimits, connections } = this.#options
    connections.proved(connection)
    const wire = socketWire(socket, socketLimits, {
      onAlive: () => admissions.touch(holder, clock.monotonic()),
      onSent: () => this.#relieve(holder.role),
    })
    const line: Line = { holder, socket, wire }
    this.#lines.add(line)
    socket.once('close', () => this.#lines.delete(line))
    admissions.touch(holder, clock.monotonic())
    engine.attach(wire, holder.role, origin)
  }

  /** Why a screen of this holder gets no line now; null where there is room. */
  #full({ id, role }: Holder): string | null {
    const budget = this.#options.budgets[role]
    const ofRole = [...this.#lines].filter(({ holder }) => holder.role === role)
    const screens = role === 'wall' ? 'walls' : 'consoles'
    if (ofRole.length >= budget.lines) return `All ${budget.lines} lines for ${screens} are taken.`
    if (ofRole.filter(({ holder }) => holder.id === id).length < budget.linesPerHolder) return null
    return `All ${budget.linesPerHolder} lines of this ${role === 'wall' ? 'wall address' : 'browser'} are taken.`
  }

  /** Where the slow screens of a role hold back too much together, the slowest one goes. */
  #relieve(role: Holder['role']): void {
    let total = 0
    let slowest: LineWire | null = null
    for (const { holder, wire } of this.#lines) {
      if (holder.role !== role) continue
      total += wire.buffered
      if (slowest === null || wire.buffered > slowest.buffered) slowest = wire
    }
    if (total > this.#options.budgets[role].buffered) slowest?.give(TOO_SLOW)
  }

  /** Its place is free at once, however long its screen takes to say goodbye. */
  #drop(line: Line, why: keyof typeof CLOSE_CODES, text: string): void {
    if (!this.#lines.delete(line)) return
    this.#close(line.socket, why, text)
  }

  #close(socket: WebSocket, why: keyof typeof CLOSE_CODES, text: string): void {
    const { logger, repeats } = this.#options
    repeats.note(`line ${why}`, (hidden) => logger.warn({ more: hidden }, `a line was refused: ${text}`))
    socket.close(CLOSE_CODES[why], text)
    setTimeout(() => socket.terminate(), FAREWELL_MS).unref()
  }

  #refuse(socket: Duplex, { status, text }: HttpRefusal): void {
    const { logger, repeats } = this.#options
    repeats.note(`line ${status}`, (hidden) => {
      logger.warn({ status, more: hidden }, `a line was refused: ${text}`)
    })
    const body = `${text}\n`
    socket.end(
      `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      // The HTTP server has let go of this socket, with its time limits: half open, it would stay for good.
      () => socket.destroy(),
    )
    setTimeout(() => socket.destroy(), FAREWELL_MS).unref()
  }
}

/** As a window names itself: 128 bits or more. */
const WINDOW_ID = /^[\w-]{22,128}$/

function pathOf(headers: IncomingMessage['headers'], { remoteAddress }: IncomingMessage['socket']) {
  const forwardedFor = headers['x-forwarded-for']
  return { host: headers.host, peer: remoteAddress, forwardedFor: forwardedFor?.toString() }
}

function placeOf(address: string): string {
  return address === '' ? 'on this machine' : `at ${address}`
}

/** Ends a socket that goes on sending after it was refused. */
function limitBytes(socket: Duplex): void {
  let bytes = 0
  socket.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > MAX_REFUSED_BYTES) socket.destroy()
  })
}

const UNKNOWN_PROGRAM: HttpRefusal = {
  status: '401 Unauthorized',
  text: 'The screen is not admitted: open the address that Floorwatch printed.',
}

/** The proof that a page offers; '' where there is none, which proves nothing. */
function proofIn(protocols: string | undefined): string {
  const offered = (protocols ?? '').split(',').map((text) => text.trim())
  return offered.find((text) => text.startsWith(PROOF_PROTOCOL))?.slice(PROOF_PROTOCOL.length) ?? ''
}
