import { sleep } from '../../platform/sleep.ts'
import { createParser } from 'eventsource-parser'
import { type MeteringEvent, meteringEventSchema } from '../../../shared/metering/audit.ts'
import { OPERATIONS } from '../../../shared/metering/operations.ts'
import { parseJson } from '../../../shared/metering/json.ts'
import { backoffDelay } from '../../platform/backoff.ts'
import { SourceFailure } from '../../platform/failure.ts'
import type { MeteringConnection } from './connection.ts'
import type { MeteringHttp } from './transport/http.ts'
import { Pace } from './transport/pace.ts'
import type { MeteringAbilities, MeteringNews } from './types.ts'

export interface EventsOptions extends Pick<MeteringConnection, 'clock' | 'logger' | 'random'> {
  readonly http: Pick<MeteringHttp, 'stream' | 'remark' | 'name'>
  readonly abilities: (signal: AbortSignal) => Promise<{ readonly abilities: MeteringAbilities }>
  /** Of a stream that stays open and says nothing, ms. */
  readonly silenceMs?: number
  /** News within this are told together, ms. */
  readonly togetherMs?: number
  readonly pauses?: { readonly baseMs: number; readonly ceilingMs: number }
}

/** Three heartbeats of a usual server. A quiet one is asked again, which loses nothing, ms. */
const SILENCE_MS = 45_000
const PAUSES = { baseMs: 1_000, ceilingMs: 60_000 }
/** Whoever has no events now may have them after its next release, ms. */
const WITHOUT_EVENTS_MS = 5 * 60_000
/** A stream that held for so long was a good one, ms. */
const GOOD_MS = 30_000
const MAX_EVENT_CHARACTERS = 64 * 1024
const MAX_ID_CHARACTERS = 1024
const LONGEST_RETRY_MS = 30_000
const TOPIC = 'events'
const PACED = 'events-paced'
/** What is read of a stream within a second; a server that sends more waits. */
const CHARACTERS_PER_SECOND = 256 * 1024
/** News within this are told together, ms: each makes the engine ask again. */
const TOGETHER_MS = 1_000
/** Tenants whose limits changed that are told one by one. */
const MOST_TENANTS = 100

/**
 * Follows the server-sent events of a back end and comes back after every interruption, from the last event that was
 * heard. Where the back end sends none nothing comes, and it is looked at again now and then.
 * @returns ends it
 */
export function followEvents(options: EventsOptions, onEvent: (news: MeteringNews) => void): () => void {
  const { http, clock, logger, random = Math.random, silenceMs = SILENCE_MS, pauses = PAUSES } = options
  const ending = new AbortController()
  const { signal } = ending
  let lastId = ''
  let retryMs = 0
  let failures = 0
  /** The last stream opened and brought nothing that can be read: that it opens again is no sign that it does. */
  let fruitless = false
  const gathered = new Gathered(onEvent, options.togetherMs ?? TOGETHER_MS)
  const pace = new Pace(clock, CHARACTERS_PER_SECOND)
  // A stream that is ended tells nothing more, whatever is gathered.
  signal.addEventListener('abort', () => gathered.end(), { once: true })

  function heard(): void {
    fruitless = false
    http.remark(TOPIC, null)
  }

  async function listen(): Promise<void> {
    const wasHeard = lastId !== ''
    const interrupted = failures > 0
    const parser = createParser({
      maxBufferSize: MAX_EVENT_CHARACTERS,
      onId(id) {
        // A header cannot hold everything that an event can.
        if (id.length <= MAX_ID_CHARACTERS && /^[\x20-\x7e]*$/.test(id)) lastId = id
      },
      onComment: heard,
      onEvent({ data }) {
        heard()
        const news = newsOf(data)
        if (news !== null) gathered.take(news)
      },
      onRetry(ms) {
        retryMs = Math.min(ms, LONGEST_RETRY_MS)
      },
    })
    await http.stream(
      OPERATIONS.streamEvents.path,
      {
        headers: lastId === '' ? {} : { 'last-event-id': lastId },
        silenceMs,
        onOpen() {
          if (!fruitless) http.remark(TOPIC, null)
          fruitless = true
          // What was said meanwhile is not said again without an id to resume from.
          if (interrupted && !wasHeard) onEvent({ kind: 'advanced' })
        },
        async onText(text) {
          parser.feed(text)
          const waitMs = pace.spend(text.length)
          http.remark(
            PACED,
            pace.isHeldBack ? `${http.name} sends more events than are read; they come late.` : null,
          )
          if (waitMs > 0) await sleep(waitMs, signal)
        },
      },
      signal,
    )
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      const openedAt = clock.monotonic()
      try {
        const { abilities } = await options.abilities(signal)
        if (abilities.lacks.has('events')) {
          failures = 0
          await sleep(WITHOUT_EVENTS_MS, signal)
          continue
        }
        await listen()
      } catch (error) {
        if (signal.aborted) return
        const text =
          error instanceof SourceFailure ? error.failure.text : `${http.name}: its events cannot be read`
        if (failures > 0) http.remark(TOPIC, `Events are not heard, so changes show a little later. ${text}`)
        logger.debug({ err: error }, 'the event stream of the metering ended')
      }
      failures = clock.monotonic() - openedAt >= GOOD_MS ? 1 : failures + 1
      const pause = backoffDelay(failures, { ...pauses, floorMs: retryMs }, random())
      await sleep(pause, signal)
    }
  }

  run().catch((error: unknown) => logger.error({ err: error }, 'following the metering ended'))
  return () => ending.abort()
}

/** News of a moment as few: the first is told at once, all others of the next second together. */
class Gathered {
  readonly #tell: (news: MeteringNews) => void
  readonly #togetherMs: number
  #timer: NodeJS.Timeout | null = null
  #advanced = false
  #correctedFrom = Number.POSITIVE_INFINITY
  readonly #tenants = new Set<string>()

  constructor(tell: (news: MeteringNews) => void, togetherMs: number) {
    this.#tell = tell
    this.#togetherMs = togetherMs
  }

  take(news: MeteringNews): void {
    if (this.#timer === null) {
      this.#tell(news)
      this.#timer = setTimeout(() => this.#flush(), this.#togetherMs)
    } else if (news.kind === 'advanced') this.#advanced = true
    else if (news.kind === 'corrected') this.#correctedFrom = Math.min(this.#correctedFrom, news.fromMs)
    else if (this.#tenants.size < MOST_TENANTS) this.#tenants.add(news.tenant)
  }

  #flush(): void {
    const news: MeteringNews[] = [
      ...(this.#correctedFrom === Number.POSITIVE_INFINITY
        ? []
        : [{ kind: 'corrected' as const, fromMs: this.#correctedFrom }]),
      ...(this.#advanced ? [{ kind: 'advanced' as const }] : []),
      ...[...this.#tenants].map((tenant) => ({ kind: 'limits' as const, tenant })),
    ]
    this.#correctedFrom = Number.POSITIVE_INFINITY
    this.#advanced = false
    this.#tenants.clear()
    this.#timer = news.length === 0 ? null : setTimeout(() => this.#flush(), this.#togetherMs)
    for (const each of news) this.#tell(each)
  }

  end(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
  }
}

/** Null for what is no event of the contract, or one of a later version of it. */
function newsOf(data: string): MeteringNews | null {
  let parsed
  try {
    parsed = meteringEventSchema.safeParse(parseJson(data))
  } catch {
    return null
  }
  return parsed.success ? meant(parsed.data) : null
}

function meant({ type, subject, from }: MeteringEvent): MeteringNews {
  switch (type) {
    case 'usage.advanced':
      return { kind: 'advanced' }
    case 'usage.corrected':
      return { kind: 'corrected', fromMs: from === undefined ? 0 : Date.parse(from) }
    default:
      return { kind: 'limits', tenant: subject }
  }
}
