import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { stringifyJson } from '../../../../shared/metering/json.ts'
import { type Problem, PROBLEM_STATUS, type ProblemType } from '../../../../shared/metering/problem.ts'
import { ProblemError } from './handler.ts'

/** A refusal of HTTP itself, which the contract has no type of its own for. */
export class HttpRefusal extends Error {
  override readonly name = 'HttpRefusal'
  readonly status: number
  readonly title: string
  readonly headers: Readonly<Record<string, string>>
  constructor(status: number, title: string, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail)
    this.status = status
    this.title = title
    this.headers = headers
  }
}

const TITLES: Readonly<Record<ProblemType, string>> = {
  'invalid-request': 'The request is not as the contract says',
  unauthorised: 'No token, or one that is not known',
  forbidden: 'Not allowed',
  'not-found': 'Not found',
  'idempotency-conflict': 'This Idempotency-Key stands for another request',
  stale: 'What was read has changed since',
  'above-base': 'A throttle only lowers',
  'precondition-required': 'A header is missing',
  'rate-limited': 'Too many requests',
  unavailable: 'Not available at present',
}

/** Headers that a refusal brings beside its document. */
const HEADERS: Readonly<Partial<Record<ProblemType, Record<string, string>>>> = {
  unauthorised: { 'www-authenticate': 'Bearer' },
  'rate-limited': { 'retry-after': '1' },
  unavailable: { 'retry-after': '5' },
}

const zip = promisify(gzip)
/** Less is not worth the packing. */
const MIN_GZIP_BYTES = 1024

/** Sends a JSON answer, packed where the client takes it. */
export async function sendAnswer(
  message: IncomingMessage,
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  await send(message, response, status, 'application/json', stringifyJson(body), headers)
}

/** Sends a refusal as application/problem+json, whatever was thrown. */
export async function sendProblem(
  message: IncomingMessage,
  response: ServerResponse,
  error: unknown,
  requestId: string,
): Promise<void> {
  const { problem, headers } = describe(error)
  const body = stringifyJson({ ...problem, requestId })
  await send(message, response, problem.status, 'application/problem+json', body, headers)
}

function describe(error: unknown): { problem: Problem; headers: Readonly<Record<string, string>> } {
  if (error instanceof ProblemError) {
    const { type, message: detail, pointer } = error
    const problem = {
      type: `urn:metering:${type}`,
      title: TITLES[type],
      status: PROBLEM_STATUS[type],
      detail,
    }
    return {
      problem: pointer === undefined ? problem : { ...problem, pointer },
      headers: HEADERS[type] ?? {},
    }
  }
  if (error instanceof HttpRefusal) {
    const { status, title, message: detail, headers } = error
    return { problem: { type: 'about:blank', title, status, detail }, headers }
  }
  const detail =
    error instanceof Error ? error.message.slice(0, 4000) : 'Something was thrown that is no error.'
  return {
    problem: { type: 'about:blank', title: 'Internal Server Error', status: 500, detail },
    headers: {},
  }
}

async function send(
  message: IncomingMessage,
  response: ServerResponse,
  status: number,
  type: string,
  text: string,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const plain = Buffer.from(text)
  const packs = plain.length >= MIN_GZIP_BYTES && acceptsGzip(message.headers['accept-encoding'])
  const body = packs ? await zip(plain, { level: 1 }) : plain
  if (response.destroyed) return
  response.writeHead(status, {
    ...headers,
    'content-type': type,
    'content-length': body.length,
    vary: 'Accept-Encoding',
    ...(packs ? { 'content-encoding': 'gzip' } : {}),
  })
  response.end(body)
}

function acceptsGzip(accepted: string | string[] | undefined): boolean {
  return /(?:^|,)\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[\d.]+\s*)?(?:,|$)/i.test(String(accepted ?? ''))
}
