import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { CLOSE_CODES, proofSchema, WIRE_PATH } from '../../shared/contract/wire.ts'
import type { Engine } from '../engine/types.ts'
import type { Clock } from '../platform/clock.ts'
import type { Logger } from '../platform/logger.ts'
import type { Repeats } from '../platform/repeats.ts'
import type { Admissions, Holder } from './admissions.ts'
import type { Budgets } from './budgets.ts'
import { readBearer, readSessionCookies } from './cookies.ts'
import { type OriginRules, refuseOrigin } from './origins.ts'
import { type LineWire, type SocketLimits, socketWire, textOf, TOO_SLOW } from './socketWire.ts'

/** The longest message of a screen: a setup draft with 10,000 exporters is the largest honest one. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024
const MAX_PROOF_BYTES = 1024
/** A page sends its proof at once; a slow network has this long, ms. */
const PROOF_DEADLINE_MS = 5000
/** A page proves itself well within this, ms: until then its line is not ended to make room for another. */
const PROOF_GRACE_MS = 2000
/** What a line may send in all before it is proved: the proof and its frame, and never a screen's longest message. */
const MAX_UNPROVED_BYTES = 16 * 1024
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
}

/** Answered over HTTP, before there is a WebSocket: to other sites and to programs. */
interface HttpRefusal {
  readonly status: string
  readonly text: string
}

/** A line that stands or waits for its proof. */
interface Line {
  /** Of the cookie that was proved, or of the first one that is known. */
  holder: Holder
  readonly socket: WebSocket
  /** On the monotonic clock, ms. */
  readonly since: number
  /** null until it was proved. */
  wire: LineWire | null
}

const NOT_ADMITTED = 'This screen is not admitted, or no longer.'
const REVOKED = 'The address of this wall was revoked.'
const LATE = 'The proof of the page did not come in time.'
const CROWDED = 'Too many lines wait for their proof.'
const NO_PROOF = 'The cookie came without the proof of the page that was admitted with it.'

/**
 * Takes WebSockets at {@link WIRE_PATH} and hands those of admitted screens to the engine. A page of our own origin
 * that is refused gets its WebSocket and hears why as its close: a refused upgrade would look to it like an engine that
 * cannot be reached. A page has to prove itself with its first message; nothing is sent to it before.
 */
export class Lines {
  readonly #options: LinesOptions
  readonly #lines = new Set<Line>()
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
    return [...this.#lines].filter(({ wire }) => wire !== null).length
  }

  /** Handler of the HTTP server's `upgrade` event. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // An error on a socket that was refused is nobody's concern, but unheard it would end the process.
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
    const keys = values.flatMap((cookie) => {
      const holder = admissions.holderOf(cookie, now)
      return holder === null ? [] : [{ cookie, holder }]
    })
    this.#server.handleUpgrade(request, socket, head, (line) => {
      // Unheard, a broken frame of a line that is being closed would end the process.
      line.on('error', () => line.terminate())
      const release = limitBytes(socket)
      if (!isSome(keys)) return this.#close(line, 'refused', NOT_ADMITTED)
      this.#awaitProof(line, keys, release)
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
    this.#server.handleUpgrade(request, socket, head, (line) => this.#attach(this.#track(line, holder)))
  }

  /** @param release lets the line send as much as a screen may */
  #awaitProof(socket: WebSocket, keys: Keys, release: () => void): void {
    const [{ holder: first }] = keys
    if (!this.#hasRoomToWait(first.role)) return this.#close(socket, 'full', CROWDED)
    const line = this.#track(socket, first)
    const deadline = setTimeout(() => this.#drop(line, 'late', LATE), PROOF_DEADLINE_MS).unref()
    socket.once('close', () => clearTimeout(deadline))
    socket.once('message', (data, isBinary) => {
      clearTimeout(deadline)
      const bytes = Buffer.isBuffer(data) ? data : Buffer.alloc(0)
      const proof = isBinary || bytes.length > MAX_PROOF_BYTES ? null : proofIn(textOf(bytes))
      const proved =
        proof === null ? undefined : keys.find(({ cookie }) => this.#options.admissions.proves(cookie, proof))
      if (proved === undefined) return this.#drop(line, 'unproved', NO_PROOF)
      line.holder = proved.holder
      const full = this.#full(proved.holder)
      if (full !== null) return this.#drop(line, 'full', full)
      release()
      this.#attach(line)
    })
  }

  /**
   * A page proves itself within a moment, a thief of its cookie never. Of the lines that wait, the one that has waited
   * longest goes, but none before its page had the time to prove itself: until then it is the newcomer who tries again.
   */
  #hasRoomToWait(role: Holder['role']): boolean {
    const waiting = [...this.#lines].filter(({ holder, wire }) => holder.role === role && wire === null)
    const [oldest] = waiting
    if (oldest === undefined || waiting.length < this.#options.budgets[role].waiting) return true
    if (this.#options.clock.monotonic() - oldest.since < PROOF_GRACE_MS) return false
    this.#drop(oldest, 'late', LATE)
    return true
  }

  #track(socket: WebSocket, holder: Holder): Line {
    const line: Line = { holder, socket, since: this.#options.clock.monotonic(), wire: null }
    this.#lines.add(line)
    socket.once('close', () => this.#lines.delete(line))
    return line
  }

  #attach(line: Line): void {
    const { clock, admissions, engine, socketLimits } = this.#options
    const { holder, socket } = line
    const wire = socketWire(socket, socketLimits, {
      onAlive: () => admissions.touch(holder, clock.monotonic()),
      onSent: () => this.#relieve(holder.role),
    })
    line.wire = wire
    admissions.touch(holder, clock.monotonic())
    engine.attach(wire, holder.role)
  }

  /** Why a screen of this holder gets no line now; null where there is room. */
  #full({ id, role }: Holder): string | null {
    const budget = this.#options.budgets[role]
    // Lines that wait for their proof do not count: a stolen cookie takes no place from its owner.
    const ofRole = [...this.#lines].filter(({ holder, wire }) => holder.role === role && wire !== null)
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
      if (wire === null || holder.role !== role) continue
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

/** Known cookies of one browser and whose they are. */
type Key = Readonly<{ cookie: string; holder: Holder }>
type Keys = readonly [Key, ...Key[]]

function isSome(keys: readonly Key[]): keys is Keys {
  return keys.length > 0
}

/** Ends a socket that sends more than a proof takes; the function that is returned lifts the limit. */
function limitBytes(socket: Duplex): () => void {
  let bytes = 0
  const count = (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > MAX_UNPROVED_BYTES) socket.destroy()
  }
  socket.on('data', count)
  return () => socket.off('data', count)
}

const UNKNOWN_PROGRAM: HttpRefusal = {
  status: '401 Unauthorized',
  text: 'The screen is not admitted: open the address that Floorwatch printed.',
}

function proofIn(text: string): string | null {
  try {
    return proofSchema.parse(JSON.parse(text)).proof
  } catch {
    return null
  }
}
