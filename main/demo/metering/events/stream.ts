import type { IncomingMessage, ServerResponse } from 'node:http'
import { stringifyJson } from '../../../../shared/metering/json.ts'
import type { EventRing, NumberedEvent } from './events.ts'
import { ProblemError } from '../http/handler.ts'

/** The open event streams. */
export interface EventStreams {
  /** Answers a request with server-sent events until either side ends. @throws ProblemError 503 where too many listen */
  open(message: IncomingMessage, response: ServerResponse): void
  closeAll(): void
}

export interface EventStreamOptions {
  readonly ring: EventRing
  /** What to tell a listener whose last event is no longer known: enough to read everything again. */
  readonly afterGap: () => readonly NumberedEvent['event'][]
  readonly heartbeatMs?: number
}

/** Real time: it keeps proxies and idle time-outs from cutting a quiet stream. */
const HEARTBEAT_MS = 15_000
const RETRY_MS = 2000
const MAX_STREAMS = 64
/** A listener that does not read is dropped; it resumes by Last-Event-ID. */
const MAX_UNREAD_BYTES = 256 * 1024

export function createEventStreams(options: EventStreamOptions): EventStreams {
  const { ring, afterGap, heartbeatMs = HEARTBEAT_MS } = options
  const open = new Set<ServerResponse>()

  function write(response: ServerResponse, text: string): void {
    if (response.writableLength > MAX_UNREAD_BYTES) response.destroy()
    else response.write(text)
  }

  return {
    open(message, response) {
      if (open.size >= MAX_STREAMS) {
        throw new ProblemError(
          'unavailable',
          `${MAX_STREAMS} listeners are connected, which is all there can be.`,
        )
      }
      response.writeHead(200, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' })
      if (message.method === 'HEAD') {
        response.end()
        return
      }
      open.add(response)
      response.write(`retry: ${RETRY_MS}\n\n`)
      const leave = ring.subscribe((event) => write(response, frame(event)))
      const heartbeat = setInterval(() => write(response, ': still here\n\n'), heartbeatMs)
      heartbeat.unref()
      response.once('close', () => {
        leave()
        clearInterval(heartbeat)
        open.delete(response)
      })
      const last = message.headers['last-event-id']
      if (typeof last !== 'string' || last === '') {
        // The id alone: whoever is cut off before the first event resumes from here.
        response.write(`id: ${ring.newest()}\n: listening\n\n`)
        return
      }
      const { events, gap } = ring.after(last)
      if (gap) for (const event of afterGap()) response.write(`data: ${stringifyJson(event)}\n\n`)
      for (const event of events) write(response, frame(event))
    },
    closeAll() {
      for (const response of open) response.destroy()
    },
  }
}

function frame({ id, event }: NumberedEvent): string {
  return `id: ${id}\ndata: ${stringifyJson(event)}\n\n`
}
