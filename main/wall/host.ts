import { existsSync } from 'node:fs'
import type { RequestListener, Server } from 'node:http'
import { networkInterfaces } from 'node:os'
import { join, sep } from 'node:path'
import fastifyStatic from '@fastify/static'
import { fastify, type FastifyInstance } from 'fastify'
import type { Engine } from '../engine/types.ts'
import type { Clock } from '../platform/clock.ts'
import type { Logger } from '../platform/logger.ts'
import { Repeats } from '../platform/repeats.ts'
import { SECURITY_HEADERS } from '../platform/webPolicy.ts'
import { Admissions } from './admissions.ts'
import { type Budgets, DEFAULT_BUDGETS } from './budgets.ts'
import { type ConnectionLimits, Connections, DEFAULT_CONNECTION_LIMITS } from './connections.ts'
import { Gate } from './gate.ts'
import { originRules } from './origins.ts'
import { NOT_BUILT } from './pages.ts'
import { DEFAULT_SOCKET_LIMITS, type SocketLimits } from './socketWire.ts'
import { followHandshakes, isSecure, serverFor } from './server.ts'
import { type LoadedTls, loadTls, renewing, type TlsFiles } from './tls.ts'
import type { Role } from './tokens.ts'
import { Lines } from './upgrade.ts'
import { Walls, type WallStore } from './walls.ts'

export interface HostOptions {
  readonly engine: Pick<Engine, 'attach'>
  /** Folder of the built renderer, with its index.html. */
  readonly rendererDir: string
  readonly clock: Clock
  readonly logger: Logger
  /** 0, where none is given: any free port. */
  readonly port?: number
  /** 127.0.0.1 where none is given. Whoever binds wider has thought about who can reach it. */
  readonly address?: string
  /** Certificate and key with which browsers and windows come by TLS; a renewed pair of files is taken over by itself. */
  readonly tls?: TlsFiles
  /** How often the files are looked at, ms; a minute where none is given. */
  readonly tlsLookMs?: number
  /** Further values of the Host header that are ours; `https://` before one says that browsers come by TLS. */
  readonly allowedHosts?: readonly string[]
  readonly budgets?: Budgets
  readonly connectionLimits?: ConnectionLimits
  /** Within this a browser has sent its headers, ms; 5000 where none is given. */
  readonly headersWithinMs?: number
  /** Where wall addresses outlast this host, and whose they are; without it they are good until it stops. */
  readonly walls?: HostWalls
  readonly socketLimits?: SocketLimits
}

export interface HostWalls {
  readonly store: WallStore
  readonly site: string
  /** How soon a wall that was revoked goes dark, ms; 2000 where none is given. */
  readonly everyMs?: number
}

/** The console over HTTP: files to admitted browsers, and a line to the engine for each screen. */
export interface Host {
  /** `http://127.0.0.1:4318`, without a token. */
  readonly url: string
  readonly port: number
  /** A fresh address that admits a browser: a console's works once, a wall's until it is revoked. */
  tokenUrl(role: Role): string
  /** A fresh address for `floorwatch --engine`: a desktop window attaches with it as often as it needs. */
  attachUrl(role: Role): string
  lines(): number
  close(): Promise<void>
}

/** Never reached: the limits of connections and the budgets of lines are far below. */
const MAX_CONNECTIONS = 2048
const HEADERS_WITHIN_MS = 5000
const WALLS_EVERY_MS = 2000
const TLS_EVERY_MS = 60_000

/**
 * @throws Error with a sentence when the port is taken or may not be bound
 */
export async function createHost(options: HostOptions): Promise<Host> {
  const { clock, logger, address = '127.0.0.1', port = 0, headersWithinMs = HEADERS_WITHIN_MS } = options
  const budgets = options.budgets ?? DEFAULT_BUDGETS
  const repeats = new Repeats(clock)
  let lines: Lines | null = null
  const walls = new Walls({
    site: options.walls?.site ?? '',
    store: options.walls?.store ?? null,
    most: budgets.wall.sessions,
    redemptionsPerMinute: budgets.wall.redemptionsPerHolder,
    wallClock: () => clock.now(),
    onRevoked: (id) => lines?.endHolder(id),
  })
  const admissions = new Admissions(budgets, walls)
  const tls = options.tls === undefined ? null : loadTls(options.tls)
  const app: FastifyInstance = fastify({
    serverFactory: (handler: RequestListener): Server => serverFor(tls, handler, headersWithinMs),
    logger: false,
    bodyLimit: 1024,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 256 },
  })
  app.server.maxConnections = MAX_CONNECTIONS
  const connections = new Connections(options.connectionLimits ?? DEFAULT_CONNECTION_LIMITS)
  if (tls === null) app.server.on('connection', (socket) => connections.add(socket))
  else followHandshakes(app.server, connections, options.connectionLimits ?? DEFAULT_CONNECTION_LIMITS)

  // Rules and cookie name hold the port, which is known once the server listens; no request comes before that.
  let gate: Gate | null = null
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS)
    if (gate === null) return reply.code(503).send()
    return gate.check(request, reply)
  })
  serveFiles(app, options.rendererDir, logger)

  const bound = await listen(app, address, port)
  const rules = originRules(address, bound, options.allowedHosts, ownAddresses(), tls?.names ?? null)
  const shared = { admissions, budgets, rules, clock, logger, repeats, connections, port: bound }
  gate = new Gate({ ...shared, refreshWalls: () => walls.refresh() })
  const opened = new Lines({
    ...shared,
    engine: options.engine,
    socketLimits: options.socketLimits ?? DEFAULT_SOCKET_LIMITS,
  })
  lines = opened
  app.server.on('upgrade', (request, socket, head) => opened.accept(request, socket, head))
  const watching = setInterval(() => walls.refresh(), options.walls?.everyMs ?? WALLS_EVERY_MS).unref()
  const renewal = watchCertificate(app.server, options, tls)

  const url =
    tls === null
      ? `http://${hostInUrl(address)}:${bound}`
      : `https://${hostInUrl(tls.names[0] ?? address)}:${bound}`
  return {
    url,
    port: bound,
    tokenUrl: (role) => `${url}/?token=${admissions.issueTicket(role, clock.monotonic())}`,
    attachUrl: (role) => `${url}/?token=${admissions.issueBearer(role)}`,
    lines: () => opened.open,
    async close() {
      clearInterval(watching)
      clearInterval(renewal)
      opened.close()
      await app.close()
      repeats.close()
    },
  }
}

function watchCertificate(
  server: FastifyInstance['server'],
  { tls: files, tlsLookMs = TLS_EVERY_MS, logger }: HostOptions,
  loaded: LoadedTls | null,
): NodeJS.Timeout | undefined {
  if (files === undefined || loaded === null || !isSecure(server)) return undefined
  return setInterval(renewing(server, files, loaded, logger), tlsLookMs).unref()
}

function serveFiles(app: FastifyInstance, rendererDir: string, logger: Logger): void {
  app.setNotFoundHandler((_, reply) =>
    reply
      .code(404)
      .type('text/plain; charset=utf-8')
      .send(existsSync(join(rendererDir, 'index.html')) ? 'There is nothing at this address.\n' : NOT_BUILT),
  )
  app.setErrorHandler((error, _, reply) => {
    const status = statusOf(error)
    if (status >= 500) logger.error({ err: error }, 'a request could not be answered')
    const text =
      status < 500 ? 'This address is not understood.' : 'Something went wrong; the log has the details.'
    return reply.code(status).type('text/plain; charset=utf-8').send(`${text}\n`)
  })
  if (!existsSync(rendererDir)) return
  void app.register(fastifyStatic, {
    root: rendererDir,
    index: ['index.html'],
    dotfiles: 'deny',
    cacheControl: false,
    decorateReply: false,
    setHeaders(response, path) {
      // Names under assets/ hold a hash of their content; everything else is asked for again.
      const hashed = path.startsWith(`${join(rendererDir, 'assets')}${sep}`)
      response.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
}

function statusOf(error: unknown): number {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : null
  return typeof status === 'number' && status >= 400 ? status : 500
}

async function listen(app: FastifyInstance, address: string, port: number): Promise<number> {
  try {
    await app.listen({ host: address, port })
  } catch (error) {
    throw new Error(whyNotBound(error, address, port), { cause: error })
  }
  const bound = app.server.address()
  return typeof bound === 'object' && bound !== null ? bound.port : port
}

function whyNotBound(error: unknown, address: string, port: number): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'EADDRINUSE')
    return `Port ${port} on ${address} is taken. Choose another with --port, or 0 for any free one.`
  if (code === 'EACCES')
    return `Port ${port} may not be opened by this user. Choose one above 1023 with --port.`
  if (code === 'EADDRNOTAVAIL')
    return `${address} is no address of this machine. Leave --host out for loopback.`
  return `The console could not listen on ${address}:${port} (${code === '' ? 'unknown reason' : code}).`
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address))
}

/** What a person can open: 0.0.0.0 cannot be opened. */
function hostInUrl(address: string): string {
  if (address === '0.0.0.0' || address === '::') return '127.0.0.1'
  return address.includes(':') ? `[${address}]` : address
}

export type { Role } from './tokens.ts'
