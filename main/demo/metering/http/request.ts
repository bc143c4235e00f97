import type { IncomingMessage } from 'node:http'
import type { z } from 'zod'
import { parseJson } from '../../../../shared/metering/json.ts'
import type { Operation, OperationName } from '../../../../shared/metering/operations.ts'
import { type MeteringRequest, ProblemError } from './handler.ts'
import { HttpRefusal } from './answer.ts'

/** The largest body of the contract, a throttle with full scopes, is well below. */
const MAX_BODY_BYTES = 256 * 1024

/** Who asks, and under which name the request is known. */
export interface Caller {
  readonly actor: string
  readonly requestId: string
}

/**
 * Checks a request against its operation: query, path, body, required headers.
 * @throws ProblemError 400 with a pointer, 428; HttpRefusal 413, 415
 */
export async function readRequest(
  message: IncomingMessage,
  query: URLSearchParams,
  operation: Operation,
  id: string | null,
  caller: Caller,
): Promise<MeteringRequest<OperationName>> {
  const headers = headersOf(message)
  const params = id === null ? null : checked(operation.params, { id }, 'path')
  const parsedQuery = checkQuery(operation.query, query)
  const body = operation.body === null ? null : checked(operation.body, await readBody(message), 'body')
  for (const name of operation.requiredHeaders) {
    if (headers[name.toLowerCase()] !== undefined) continue
    throw new ProblemError('precondition-required', WHY[name], `header.${name}`)
  }
  // The table gives each operation its own schemas; TypeScript cannot follow that through a look-up by name.
  return { query: parsedQuery, params, body, headers, ...caller } as MeteringRequest<OperationName>
}

const WHY = {
  'If-Match': 'Send If-Match with the ETag that you have read, so that no change of others is overwritten.',
  'Idempotency-Key': 'Send an Idempotency-Key, so that a repeated call changes nothing twice.',
} as const

function checkQuery(schema: z.ZodObject | null, query: URLSearchParams): unknown {
  const values: Record<string, string | string[]> = {}
  for (const name of new Set(query.keys())) {
    const all = query.getAll(name)
    values[name] = all.length === 1 ? (all[0] ?? '') : all
  }
  if (schema !== null) return checked(schema, values, 'query')
  const [surplus] = Object.keys(values)
  if (surplus === undefined) return null
  throw new ProblemError('invalid-request', 'This operation has no query.', `query.${surplus}`.slice(0, 512))
}

function checked(schema: z.ZodType | null, value: unknown, place: string): unknown {
  if (schema === null) return null
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const surplus = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
  const pointer = [place, ...(issue?.path ?? []), ...surplus].map(String).join('.')
  throw new ProblemError(
    'invalid-request',
    issue?.message ?? 'It is not what the contract says.',
    pointer.slice(0, 512),
  )
}

async function readBody(message: IncomingMessage): Promise<unknown> {
  const type = (message.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase()
  if (type !== 'application/json') {
    throw new HttpRefusal(415, 'Unsupported Media Type', 'Send the body as application/json.', {
      accept: 'application/json',
    })
  }
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of message as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MAX_BODY_BYTES) {
      throw new HttpRefusal(413, 'Content Too Large', `At most ${MAX_BODY_BYTES} bytes are taken.`, {
        connection: 'close',
      })
    }
    chunks.push(chunk)
  }
  try {
    return parseJson(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)))
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    throw new ProblemError('invalid-request', `The body is not JSON: ${text}`.slice(0, 500), 'body')
  }
}

function headersOf(message: IncomingMessage): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [name, [value ?? []].flat().join(', ')]),
  )
}
