import type { FastifyReply, FastifyRequest } from 'fastify'
import { PROOF_FRAGMENT } from '../../shared/contract/wire.ts'
import type { Clock } from '../platform/clock.ts'
import type { Logger } from '../platform/logger.ts'
import type { Repeats } from '../platform/repeats.ts'
import type { Admissions, Redemption } from './admissions.ts'
import type { Connections } from './connections.ts'
import { cookieName, readSessionCookies, sessionCookie } from './cookies.ts'
import { cameByTls, type OriginRules, refuseOrigin } from './origins.ts'
import { ALREADY_A_CONSOLE, NOT_ADMITTED, onward, TOO_MANY_WALLS, TOO_OFTEN } from './pages.ts'

interface GateOptions {
  readonly admissions: Admissions
  readonly rules: OriginRules
  readonly clock: Clock
  readonly logger: Logger
  readonly repeats: Repeats
  readonly connections: Pick<Connections, 'known'>
  readonly port: number
  /** Takes over walls that were added by another process. */
  readonly refreshWalls: () => void
}

type Admitted = Exclude<Redemption, string>

/** As ours are; what may stand in a page without being escaped. */
const TOKEN = /^[\w-]{1,256}$/

/** Unknown addresses have the walls looked up again at most this often, ms. */
const REFRESH_EVERY_MS = 250

/** Stands before every route: right name, right site, admitted. */
export class Gate {
  readonly #options: GateOptions
  #refreshedAt = Number.NEGATIVE_INFINITY

  constructor(options: GateOptions) {
    this.#options = options
  }

  async check(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const { admissions, rules, clock, port } = this.#options
    const { headers, method } = request
    const fetchSite = single(headers['sec-fetch-site'])
    const refused = refuseOrigin(
      { host: headers.host, origin: headers.origin, fetchSite, fetchMode: single(headers['sec-fetch-mode']) },
      rules,
    )
    if (refused !== null) {
      this.#warn(refused)
      return reply.code(403).type('text/plain; charset=utf-8').send(`The request was refused: ${refused}.\n`)
    }
    if (method !== 'GET' && method !== 'HEAD') return reply.code(405).header('allow', 'GET, HEAD').send()

    const now = clock.monotonic()
    const token = tokenOf(request)
    const values = readSessionCookies(headers.cookie, port)
    const isConsole = () => values.some((value) => admissions.holderOf(value, now)?.role === 'console')
    if (token !== null && method === 'GET' && !isPrefetch(request)) {
      // A browser sends no strict cookie along a link of another site: who it is already is known one step later.
      if ((fetchSite === 'cross-site' || fetchSite === 'same-site') && TOKEN.test(token)) {
        return this.#refuse(reply.code(200), onward(`/?token=${token}`))
      }
      const redemption = this.#redeem(token, now)
      if (redemption === 'busy') return this.#refuse(reply.code(429).header('retry-after', '60'), TOO_OFTEN)
      if (redemption === 'full') return this.#refuse(reply.code(503), TOO_MANY_WALLS)
      const takesConsole = redemption?.holder.role === 'wall' && fetchSite === 'same-origin' && isConsole()
      if (takesConsole) return this.#refuse(reply.code(409), ALREADY_A_CONSOLE)
      if (redemption !== null) return this.#admit(request, reply, redemption)
    }
    if (values.some((value) => admissions.holderOf(value, now) !== null)) {
      this.#options.connections.known(request.raw.socket)
      // A reload of an address that was used: the browser is known, so the token only has to leave the address bar.
      return token === null ? undefined : reply.header('cache-control', 'no-store').redirect('/', 303)
    }
    this.#warn('the browser is not admitted')
    return this.#refuse(reply.code(401), NOT_ADMITTED)
  }

  #redeem(token: string, now: number): Redemption | null {
    const { admissions, refreshWalls } = this.#options
    const redemption = admissions.redeem(token, now)
    if (redemption !== null || now - this.#refreshedAt < REFRESH_EVERY_MS) return redemption
    this.#refreshedAt = now
    refreshWalls()
    return admissions.redeem(token, now)
  }

  /** The cookie for the browser's jar; the proof in a fragment, which stays with the page of this very origin. */
  #admit(request: FastifyRequest, reply: FastifyReply, { holder, cookie, proof }: Admitted): unknown {
    const { rules, port } = this.#options
    const { headers, socket } = request
    const forwardedProto = single(headers['x-forwarded-proto'])
    const secure = cameByTls({ host: headers.host, forwardedProto, peer: socket.remoteAddress }, rules)
    reply.header('set-cookie', sessionCookie(cookieName(port, secure), cookie, holder.role, secure))
    reply.header('cache-control', 'no-store')
    return reply.redirect(`/${PROOF_FRAGMENT}${proof}`, 303)
  }

  #refuse(reply: FastifyReply, html: string): unknown {
    return reply.header('cache-control', 'no-store').type('text/html; charset=utf-8').send(html)
  }

  #warn(why: string): void {
    const { logger, repeats } = this.#options
    repeats.note(`request ${why}`, (hidden) => logger.warn({ more: hidden }, `a request was refused: ${why}`))
  }
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
