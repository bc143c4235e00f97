import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseJson, stringifyJson } from '../../../../shared/metering/json.ts'
import type { Operation, OperationName } from '../../../../shared/metering/operations.ts'
import type { EventStreams } from '../events/stream.ts'
import { type Handlers, type MeteringAnswer, type MeteringRequest, ProblemError } from '../http/handler.ts'
import { routeOf } from '../http/route.ts'
import { createAccess, type Allowance, USUAL_ALLOWANCE } from '../http/access.ts'
import { HttpRefusal, sendAnswer, sendProblem } from '../http/answer.ts'
import { readRequest } from '../http/request.ts'

export interface MeteringServerOptions {
  readonly handlers: Handlers
  readonly streams: EventStreams
  /** Owner by bearer token. */
  readonly tokens: ReadonlyMap<string, string>
  /** Simulated time, ms: what the Date header says, so that a reader learns this clock. */
  readonly now: () => number
  /** Says why nothing is answered at present, or null. */
  readonly unavailable?: () => string | null
  /** Checks every answer against the contract before it leaves; a violation is answered with 500. */
  readonly checkAnswers?: boolean
  readonly allowance?: Allowance
}

export interface MeteringServer {
  /** `http://127.0.0.1:port`, without a slash at the end and without the /v1. */
  readonly url: string
  close(): Promise<void>
}

const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]']
const REQUEST_TIMEOUT_MS = 15_000
/** Longer than any usual pause between two questions. */
const KEEP_ALIVE_MS = 75_000

/**
 * The Metering API on loopback, routed straight from the contract: it cannot have an operation, a parameter or a header
 * that the contract has not.
 */
export async function startMeteringServer(options: MeteringServerOptions): Promise<MeteringServer> {
  const { handlers, streams, now, unavailable = () => null } = options
  const access = createAccess(options.tokens, options.allowance ?? USUAL_ALLOWANCE, () => performance.now())

  async function answer(
    message: IncomingMessage,
    response: ServerResponse,
    requestId: string,
  ): Promise<void> {
    checkHost(message)
    const actor = access.actorOf(message.headers.authorization)
    const reason = unavailable()
    if (reason !== null) throw new ProblemError('unavailable', reason)
    const [path = '/', ...rest] = (message.url ?? '/').split('?')
    const route = routeOf(message.method ?? 'GET', path)
    if (route.kind === 'unknown')
      throw new ProblemError('not-found', `There is no ${path.slice(0, 200)} here.`, 'path')
    if (route.kind === 'method') throw wrongMethod(route.allow, path)
    const { name, operation, id } = route
    const query = new URLSearchParams(rest.join('?'))
    const request = await readRequest(message, query, operation, id, { actor, requestId })
    if (name === 'streamEvents') {
      streams.open(message, response)
      return
    }
    const handle: (request: MeteringRequest<OperationName>) => MeteringAnswer<OperationName> = handlers[name]
    const { body, etag, replayed = false } = handle(request)
    if (options.checkAnswers ?? false) checkAnswer(name, operation, body, etag)
    await sendAnswer(message, response, operation.answer.status, body, {
      ...(etag === undefined ? {} : { etag }),
      ...(replayed ? { 'idempotent-replayed': 'true' } : {}),
    })
  }

  const server = createServer(
    {
      requestTimeout: REQUEST_TIMEOUT_MS,
      headersTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
    (message, response) => {
      const requestId = requestIdOf(message)
      response.sendDate = false
      response.setHeader('date', new Date(now()).toUTCString())
      response.setHeader('cache-control', 'no-store')
      response.setHeader('x-content-type-options', 'nosniff')
      response.setHeader('x-request-id', requestId)
      answer(message, response, requestId)
        .catch(async (error: unknown) => {
          if (response.headersSent) response.destroy()
          else await sendProblem(message, response, error, requestId)
        })
        .catch(() => {
          response.destroy()
        })
    },
  )
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: '127.0.0.1', port: 0 }, resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        streams.closeAll()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** A page elsewhere whose name was pointed at this address must not reach anything here (DNS rebinding). */
function checkHost(message: IncomingMessage): void {
  const name = (message.headers.host ?? '').replace(/:\d+$/, '').toLowerCase()
  if (LOOPBACK_NAMES.includes(name)) return
  throw new ProblemError(
    'forbidden',
    `This server answers on loopback only: use ${LOOPBACK_NAMES.join(' or ')}.`,
    'header.Host',
  )
}

/** The caller's own name for the request where it can be one, so that both sides find it in their records. */
function requestIdOf(message: IncomingMessage): string {
  const given = message.headers['x-request-id']
  return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID()
}

function wrongMethod(allow: readonly string[], path: string): HttpRefusal {
  const list = allow.join(', ')
  return new HttpRefusal(405, 'Method Not Allowed', `${path.slice(0, 200)} takes ${list}.`, { allow: list })
}

/** As a reader would: what leaves as JSON is read back and held against the schema, tag included. */
function checkAnswer(
  name: OperationName,
  { answer }: Operation,
  body: unknown,
  etag: string | undefined,
): void {
  const result = answer.body?.safeParse(parseJson(stringifyJson(body)))
  if (result !== undefined && !result.success) {
    const [issue] = result.error.issues
    throw new Error(`${name} breaks the contract at ${issue?.path.map(String).join('.')}: ${issue?.message}`)
  }
  if (answer.etag !== (etag !== undefined)) {
    throw new Error(`${name} breaks the contract: it has ${answer.etag ? 'no' : 'an'} ETag.`)
  }
}
