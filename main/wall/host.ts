import { existsSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { join, sep } from 'node:path'
import fastifyStatic from '@fastify/static'
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Engine } from '../engine/types.ts'
import type { Clock } from '../platform/clock.ts'
import type { Logger } from '../platform/logger.ts'
import { SECURITY_HEADERS } from '../platform/webPolicy.ts'
import { cookieName, readCookie, sessionCookie } from './cookies.ts'
import { type OriginRules, originRules, refuseOrigin } from './origins.ts'
import { ADMITTED, NOT_ADMITTED, NOT_BUILT } from './pages.ts'
import { DEFAULT_SOCKET_LIMITS, type SocketLimits } from './socketWire.ts'
import { Admissions, type Role } from './tokens.ts'
import { Lines } from './upgrade.ts'

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
  /** Further values of the Host header that are ours, such as the name of a TLS proxy in front. */
  readonly allowedHosts?: readonly string[]
  /** Screens at once; 64 where none is given. */
  readonly maxLines?: number
  readonly socketLimits?: SocketLimits
}

/** The console over HTTP: files to admitted browsers, and a line to the engine for each screen. */
export interface Host {
  /** `http://127.0.0.1:4318`, without a token. */
  readonly url: string
  readonly port: number
  /** A fresh address that admits a browser: a console's works once, a wall's until the engine stops. */
  tokenUrl(role: Role): string
  /** A fresh address for `floorwatch --engine`: a desktop window attaches with it as often as it needs. */
  attachUrl(role: Role): string
  lines(): number
  close(): Promise<void>
}

const MAX_CONNECTIONS = 512

/**
 * @throws Error with a sentence when the port is taken or may not be bound
 */
export async function createHost(options: HostOptions): Promise<Host> {
  const { clock, logger, address = '127.0.0.1', port = 0 } = options
  const admissions = new Admissions()
  const app = fastify({
    logger: false,
    bodyLimit: 1024,
    requestTimeout: 10_000,
    keepAliveTimeout: 5000,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 256 },
    http: { headersTimeout: 10_000, maxHeaderSize: 16 * 1024 },
  })
  app.server.maxConnections = MAX_CONNECTIONS

  // Rules and cookie name hold the port, which is known once the server listens; no request comes before that.
  let gate: Gate | null = null
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS)
    if (gate === null) return reply.code(503).send()
    return gate.check(request, reply)
  })
  serveFiles(app, options.rendererDir, logger)

  const bound = await listen(app, address, port)
  const rules = originRules(address, bound, options.allowedHosts, ownAddresses())
  const cookie = cookieName(bound)
  gate = new Gate({ admissions, rules, clock, logger, cookie })
  const lines = new Lines({
    engine: options.engine,
    admissions,
    clock,
    logger,
    cookie,
    rules,
    maxLines: options.maxLines ?? 64,
    socketLimits: options.socketLimits ?? DEFAULT_SOCKET_LIMITS,
  })
  app.server.on('upgrade', (request, socket, head) => lines.accept(request, socket, head))

  const url = `http://${hostInUrl(address)}:${bound}`
  return {
    url,
    port: bound,
    tokenUrl: (role) => `${url}/?token=${admissions.issueTicket(role, clock.monotonic())}`,
    attachUrl: (role) => `${url}/?token=${admissions.issueBearer(role)}`,
    lines: () => lines.open,
    async close() {
      lines.close()
      await app.close()
    },
  }
}

interface GateOptions {
  readonly admissions: Admissions
  readonly rules: OriginRules
  readonly clock: Clock
  readonly logger: Logger
  readonly cookie: string
}

/** Stands before every route: right name, right site, admitted. */
class Gate {
  readonly #options: GateOptions

  constructor(options: GateOptions) {
    this.#options = options
  }

  async check(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const { admissions, rules, clock, logger, cookie } = this.#options
    const { headers, method } = request
    const fetchSite = single(headers['sec-fetch-site'])
    const refused = refuseOrigin(
      { host: headers.host, origin: headers.origin, fetchSite, fetchMode: single(headers['sec-fetch-mode']) },
      rules,
    )
    if (refused !== null) {
      logger.warn(`a request was refused: ${refused}`)
      return reply.code(403).type('text/plain; charset=utf-8').send(`The request was refused: ${refused}.\n`)
    }
    if (method !== 'GET' && method !== 'HEAD') return reply.code(405).header('allow', 'GET, HEAD').send()

    const now = clock.monotonic()
    const token = tokenOf(request)
    if (token !== null && method === 'GET' && !isPrefetch(request)) {
      const admitted = admissions.redeem(token, now)
      if (admitted !== null) {
        reply.header('set-cookie', sessionCookie(cookie, admitted.cookie, admitted.session.role))
        reply.header('cache-control', 'no-store')
        if (fetchSite === 'cross-site' || fetchSite === 'same-site') {
          return reply.type('text/html; charset=utf-8').send(ADMITTED)
        }
        return reply.redirect('/', 303)
      }
    }
    const value = readCookie(headers.cookie, cookie)
    if (value !== null && admissions.session(value, now) !== null) {
      // A reload of an address that was used: the browser is known, so the token only has to leave the address bar.
      return token === null ? undefined : reply.header('cache-control', 'no-store').redirect('/', 303)
    }
    logger.warn('a request was refused: the browser is not admitted')
    return reply
      .code(401)
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(NOT_ADMITTED)
  }
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
      // Names under assets/ hold a hash of their content; everything else is asked for anew.
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

/** What a person can open: nobody can open 0.0.0.0. */
function hostInUrl(address: string): string {
  if (address === '0.0.0.0' || address === '::') return '127.0.0.1'
  return address.includes(':') ? `[${address}]` : address
}

function tokenOf(request: FastifyRequest): string | null {
  const question = request.url.indexOf('?')
  if (request.url.slice(0, question === -1 ? undefined : question) !== '/') return null
  return question === -1 ? null : new URLSearchParams(request.url.slice(question)).get('token')
}

/** A browser that only looks ahead, or a messenger that draws a preview, must not use the token up. */
function isPrefetch(request: FastifyRequest): boolean {
  return single(request.headers['sec-purpose'])?.includes('prefetch') ?? false
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header
}

export type { Role } from './tokens.ts'
