import { destinationOf, followStream, headerOf } from '../../../platform/http/index.ts'
import { SourceFailure } from '../../../platform/failure.ts'
import type { MeteringAccess } from '../connection.ts'
import { type Asked, foreignAnswer, refusalOf } from './refusal.ts'

export interface StreamListener {
  readonly headers: Readonly<Record<string, string>>
  /** A stream that says nothing for so long is taken for dead, ms. */
  readonly silenceMs: number
  /** The server has accepted. */
  onOpen(): void
  /** Nothing more is read before what it returns resolves, so that a server is as slow as its reader. */
  onText(text: string): Promise<void> | void
}

/**
 * Follows one answer of server-sent events to its end.
 * @throws SourceFailure for an answer that is none, RequestFailure for a connection that breaks or falls silent
 */
export async function openStream(
  {
    address,
    access,
    signal,
    asked,
  }: {
    readonly address: URL
    readonly access: MeteringAccess
    readonly signal: AbortSignal
    readonly asked: Asked
  },
  listener: StreamListener,
): Promise<void> {
  const decoder = new TextDecoder()
  const refused = await followStream({
    agent: access.agent,
    destination: destinationOf(address),
    headers: {
      ...access.headers,
      accept: 'text/event-stream',
      'cache-control': 'no-store',
      ...listener.headers,
    },
    authorise: access.authorise,
    deadlineMs: access.deadlineMs,
    silenceMs: listener.silenceMs,
    signal,
    accepts(head) {
      const accepted = head.status === 200 && isEventStream(headerOf(head, 'content-type') ?? '')
      if (accepted) listener.onOpen()
      return accepted
    },
    onBytes: (chunk) => listener.onText(decoder.decode(chunk, { stream: true })),
  })
  if (refused === null) return
  if (refused.status !== 200) throw refusalOf(refused, asked)
  throw new SourceFailure(foreignAnswer(refused, asked))
}

const isEventStream = (type: string): boolean => /^text\/event-stream\b/i.test(type)
