import { request } from 'undici'
import { RequestFailure } from '../../../platform/failure.ts'
import type { MeteringAccess } from '../connection.ts'
import { type Asked, foreignAnswer, refusalOf } from './refusal.ts'
import { SourceFailure } from '../../../platform/failure.ts'

export interface StreamListener {
  readonly headers: Readonly<Record<string, string>>
  /** A stream that says nothing for so long is taken for dead, ms. */
  readonly silenceMs: number
  /** The server has accepted. */
  onOpen(): void
  /** Nothing more is read before what it returns resolves, so that a server is as slow as its reader. */
  onText(text: string): Promise<void> | void
}

const MAX_REFUSAL_BYTES = 64 * 1024

/**
 * Follows one answer of server-sent events to its end.
 * @throws SourceFailure for an answer that is none, RequestFailure for a connection that breaks or falls silent
 */
export async function openStream(
  {
    url,
    access,
    signal,
    asked,
  }: {
    readonly url: URL
    readonly access: MeteringAccess
    readonly signal: AbortSignal
    readonly asked: Asked
  },
  listener: StreamListener,
): Promise<void> {
  const headers: Record<string, string> = {
    'user-agent': 'Floorwatch',
    ...access.headers,
    accept: 'text/event-stream',
    'accept-encoding': 'identity',
    'cache-control': 'no-store',
    ...listener.headers,
  }
  access.authorise(headers, url)
  try {
    const {
      statusCode: status,
      headers: received,
      body,
    } = await request(url, {
      dispatcher: access.agent.dispatcher,
      headers,
      signal,
      headersTimeout: access.deadlineMs,
      bodyTimeout: listener.silenceMs,
    })
    if (status !== 200) throw refusalOf({ status, headers: received, body: await startOf(body) }, asked)
    if (!/^text\/event-stream\b/i.test(String(received['content-type'] ?? ''))) {
      throw new SourceFailure(foreignAnswer({ status, headers: received, body: await startOf(body) }, asked))
    }
    listener.onOpen()
    const decoder = new TextDecoder()
    for await (const chunk of body) {
      await listener.onText(decoder.decode(chunk as Uint8Array, { stream: true }))
    }
  } catch (error) {
    if (error instanceof SourceFailure) throw error
    if (signal.aborted) throw new RequestFailure('aborted', 'the stream was ended')
    const code = (error as { code?: unknown }).code
    if (code === 'UND_ERR_BODY_TIMEOUT' || code === 'UND_ERR_HEADERS_TIMEOUT') {
      const limit = code === 'UND_ERR_BODY_TIMEOUT' ? listener.silenceMs : access.deadlineMs
      throw new RequestFailure('timeout', `nothing for ${limit} ms`, { limit }, error)
    }
    throw RequestFailure.network(error)
  }
}

/** Enough to tell what it is; the rest is not read. */
async function startOf(body: AsyncIterable<unknown> & { destroy(): unknown }): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    chunks.push(chunk as Uint8Array)
    size += (chunk as Uint8Array).byteLength
    if (size >= MAX_REFUSAL_BYTES) break
  }
  body.destroy()
  return Buffer.concat(chunks).subarray(0, MAX_REFUSAL_BYTES)
}
