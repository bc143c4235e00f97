import { randomBytes } from 'node:crypto'
import type { Factory } from '../../factory/factory.ts'
import type { MeteringFaults } from '../../faults/metering.ts'
import { type Books, RETENTION_DAYS } from '../../ledger/ledger.ts'
import { createUsageNews } from '../events/usage.ts'
import { createReading } from '../reading/reading.ts'
import { startMeteringServer } from './server.ts'
import { createMeteringApi } from './api.ts'
import { withMissing } from './partial.ts'

/** The running reference implementation of the Metering API. */
export interface Metering {
  readonly url: string
  readonly token: string
  /** Call after every step of the ledger: expiries, reports of gateways, events. */
  tick(): void
  /** Call after faults changed: an API that is down also drops its listeners. */
  sync(): void
  close(): Promise<void>
}

export interface MeteringOptions {
  readonly factory: Factory
  readonly books: Books
  readonly faults: MeteringFaults
  readonly checkAnswers: boolean
}

/** Who the demo's one token belongs to. */
const OPERATOR = 'on-call'
const DAY_MS = 86_400_000

/** Puts the throttles over the books' traffic and answers for both. */
export async function startMetering({
  factory,
  books,
  faults,
  checkAnswers,
}: MeteringOptions): Promise<Metering> {
  const token = randomBytes(24).toString('base64url')
  const api = createMeteringApi({
    seed: factory.options.seed,
    now: () => books.now(),
    retentionMs: RETENTION_DAYS * DAY_MS,
    traffic: {
      base: (tenant) => books.accounts.get(tenant)?.base,
      streams: books.streams,
      rateOf(some) {
        const wanted = new Set(some)
        return books.recentRate((stream) => wanted.has(stream))
      },
    },
  })
  books.setLimits(api.limitsOf)
  const news = createUsageNews(books, api.events)
  const server = await startMeteringServer({
    handlers: {
      ...withMissing(createReading(books, factory, api), () => faults.missing()),
      ...api.handlers,
    },
    streams: api.streams,
    tokens: new Map([[token, OPERATOR]]),
    now: () => books.now(),
    unavailable: () => faults.unavailable(),
    checkAnswers,
  })
  return {
    url: server.url,
    token,
    tick() {
      api.tick()
      news.tick()
    },
    sync() {
      if (faults.unavailable() !== null) api.streams.closeAll()
    },
    close: () => server.close(),
  }
}
