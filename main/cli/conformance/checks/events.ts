import { createParser, type EventSourceMessage } from 'eventsource-parser'
import { request } from 'undici'
import { meteringEventSchema } from '../../../../shared/metering/audit.ts'
import { capabilitiesOf } from '../ranges.ts'
import type { Area } from '../check.ts'
import { checked } from '../reply.ts'
import type { Session } from '../session.ts'
import { Nonconformity, NotApplicable, Worthwhile } from '../verdict.ts'

/** Usage advances at least this often on a factory that works, so an event or a heartbeat comes. */
const PATIENCE_MS = 30_000
const PLACE = 'GET /v1/events'

export const eventChecks: Area = {
  title: 'Events',
  checks: [
    {
      title: 'the stream gives events of the contract and resumes after Last-Event-ID',
      async run(session) {
        if (!capabilitiesOf(session).events) throw new NotApplicable('The back end gives no events.')
        const first = await firstEvents(session, null, 2)
        for (const event of first) {
          if (event.id === undefined) {
            throw new Nonconformity(PLACE, 'an id on every event, for Last-Event-ID', 'one without')
          }
          const raw = parsed(event.data)
          session.lookForContent(PLACE, raw)
          checked(meteringEventSchema, raw, `${PLACE} → data`)
        }
        const [one, two] = first
        if (one?.id === undefined || two === undefined) {
          throw new Worthwhile(`Fewer than two events in ${PATIENCE_MS / 1000} s; resuming was not tried.`)
        }
        const [resumed] = await firstEvents(session, one.id, 1)
        if (resumed?.id !== two.id) {
          throw new Nonconformity(
            `${PLACE} with Last-Event-ID: ${one.id}`,
            `event ${two.id} next`,
            resumed?.id ?? 'nothing',
          )
        }
      },
    },
  ],
}

/** At most `count` events, fewer when patience ends. */
async function firstEvents(
  session: Session,
  after: string | null,
  count: number,
): Promise<EventSourceMessage[]> {
  const halt = new AbortController()
  const timer = setTimeout(() => halt.abort(), PATIENCE_MS)
  const events: EventSourceMessage[] = []
  try {
    const { statusCode, headers, body } = await request(`${session.options.base}/v1/events`, {
      dispatcher: session.options.agent.dispatcher,
      signal: halt.signal,
      headersTimeout: PATIENCE_MS,
      bodyTimeout: PATIENCE_MS,
      headers: {
        accept: 'text/event-stream',
        authorization: `Bearer ${session.options.token.reveal()}`,
        ...(after === null ? {} : { 'last-event-id': after }),
      },
    })
    body.on('error', () => undefined)
    const type = [headers['content-type']].flat()[0] ?? 'none'
    if (statusCode !== 200 || !type.startsWith('text/event-stream')) {
      throw new Nonconformity(PLACE, 'HTTP 200 and text/event-stream', `HTTP ${statusCode} and ${type}`)
    }
    const parser = createParser({ onEvent: (event) => events.push(event) })
    for await (const chunk of body as AsyncIterable<Buffer>) {
      parser.feed(chunk.toString('utf8'))
      if (events.length >= count) break
    }
  } catch (error) {
    if (!halt.signal.aborted) throw error
  } finally {
    clearTimeout(timer)
    halt.abort()
  }
  return events.slice(0, count)
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data)
  } catch {
    throw new Nonconformity(`${PLACE} → data`, 'JSON', data.slice(0, 80))
  }
}
