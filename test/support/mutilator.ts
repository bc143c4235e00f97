import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseJson, stringifyJson } from '../../shared/metering/json.ts'

export interface Asked {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string>>
}

export interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/** What a server that is wrong in one respect does differently; whatever is left out goes through untouched. */
export interface Mutilation {
  headers?(asked: Asked): Readonly<Record<string, string>>
  answer?(asked: Asked, answered: Answered): Answered
  /** A piece of a stream; pieces may end anywhere. */
  piece?(text: string): string
}

export interface Mutilator {
  readonly url: string
  close(): Promise<void>
}

/** A server of its own between a caller and a good implementation of the Metering API, wrong in exactly one respect. */
export async function startMutilator(target: string, mutilation: Mutilation): Promise<Mutilator> {
  const server = createServer((request, response) => {
    pass(target, mutilation, request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function pass(
  target: string,
  mutilation: Mutilation,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', target)
  const asked: Asked = {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: forwarded(request),
  }
  const halt = new AbortController()
  response.once('close', () => halt.abort())
  const body = await textOf(request)
  const reply = await fetch(url, {
    method: asked.method,
    headers: mutilation.headers?.(asked) ?? asked.headers,
    ...(body === '' ? {} : { body }),
    signal: halt.signal,
  })
  const headers = Object.fromEntries([...reply.headers].filter(([name]) => !OURS.has(name)))
  if (headers['content-type']?.startsWith('text/event-stream') === true) {
    response.writeHead(reply.status, headers)
    const decoder = new TextDecoder()
    for await (const chunk of reply.body ?? []) {
      const text = decoder.decode(chunk, { stream: true })
      response.write(mutilation.piece?.(text) ?? text)
    }
    response.end()
    return
  }
  const answered: Answered = { status: reply.status, headers, text: await reply.text() }
  const given = mutilation.answer?.(asked, answered) ?? answered
  response.writeHead(given.status, { ...given.headers })
  response.end(given.text)
}

/** Said again on each side of the proxy. */
const OURS = new Set(['content-length', 'content-encoding', 'transfer-encoding', 'connection', 'keep-alive'])
const ONE_HOP = new Set(['host', 'connection', 'content-length', 'accept-encoding', 'transfer-encoding'])

function forwarded(request: IncomingMessage): Record<string, string> {
  const entries = Object.entries(request.headers).map(([name, value]) => [name, String(value)] as const)
  return Object.fromEntries(entries.filter(([name]) => !ONE_HOP.has(name)))
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

/**
 * JSON with its members changed, from the inside out and without loss of digits.
 * @param change member by member; entries of a list have no name of their own and are changed with the list
 */
export function changed(text: string, change: (name: string, value: unknown) => unknown): string {
  const inside = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(inside)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, change(name, inside(each))]))
  }
  return stringifyJson(inside(parseJson(text)))
}
