import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Audit } from '../../audit/types.ts'
import type { AuditRecord } from '../../core/audit/entry.ts'
import { GENESIS } from '../../core/audit/entry.ts'
import { link as chained } from '../../core/audit/chain.ts'
import { startTestApi, type TestApi, type TestApiOptions, STREAMS } from '../../demo/metering/testing/api.ts'
import { THROTTLE_CAPABILITY } from '../../demo/metering/throttles/capability.ts'
import type { Handlers } from '../../demo/metering/http/handler.ts'
import type { Clock } from '../../platform/clock.ts'
import { createLogger } from '../../platform/logger.ts'
import { createApi } from '../../sources/metering/api.ts'
import { connectionTo } from '../../sources/metering/testing/connection.ts'
import type { ThrottleControl } from '../../sources/metering/throttles/types.ts'
import { openStore, type Store } from '../../store/index.ts'
import type { Decider, ThrottleLink } from '../types.ts'

/** What a tenant asks for and what became of it, step by step, under the limits of the reference server. */
export interface Traffic {
  /** Of the covered endpoint, per minute. */
  demandPerMin: number
  /** Rejections that there always are, per minute. */
  rejectedPerMin: number
  /** The gateways say that they limit, and do not. */
  disobeys: boolean
  lagMs: number
  missing: string[]
}

export interface ActionBench {
  readonly test: TestApi
  readonly traffic: Traffic
  readonly clock: Clock
  readonly store: Store
  readonly audit: Audit
  readonly audited: AuditRecord[]
  readonly link: ThrottleLink
  /** What is called in place of the back end's own, by name. */
  readonly mischief: Partial<ThrottleControl>
  /** Moves simulated time on, in steps of ten seconds. */
  pass(seconds: number): void
  close(): Promise<void>
}

export const ON_CALL: Decider = {
  person: { id: 'p-1', name: 'M. Ortiz', role: 'onCall' },
  origin: 'window on this machine',
}
const STEP_MS = 10_000
const TOKENS_PER_REQUEST = 1_000

/** The reference server with traffic that obeys it, and everything that actions are made of; real time does not matter. */
export async function startActionBench(
  options: { readonly folder?: string; readonly api?: TestApiOptions; readonly clockOffMs?: number } = {},
): Promise<ActionBench> {
  const traffic: Traffic = {
    demandPerMin: 4_800_000,
    rejectedPerMin: 0,
    disobeys: false,
    lagMs: 0,
    missing: [],
  }
  const steps: { at: number; tokens: number; rejected: number }[] = []
  const reading = readingOf(
    traffic,
    steps,
    () => test.now(),
    () => traffic.missing,
  )
  const test: TestApi = await startTestApi({
    ...options.api,
    handlers: { ...reading, ...options.api?.handlers },
  })
  const off = options.clockOffMs ?? 0
  const clock: Clock = {
    now: () => test.now() + off,
    monotonic: () => test.now(),
    sinceBoot: () => test.now(),
  }
  const own = mkdtempSync(join(tmpdir(), 'floorwatch-actions-'))
  const store = openStore({
    folder: options.folder ?? join(own, 'site'),
    clock,
    logger: createLogger({ level: 'silent' }),
  })
  const audited: AuditRecord[] = []
  const source = createApi(connectionTo({ url: test.server.url, clock, deadlineMs: 2_000 }))
  const { throttles } = source
  if (throttles === null) throw new Error('expected throttles')
  const mischief: Partial<ThrottleControl> = {}
  const control = new Proxy(throttles, {
    get: (target, name: keyof ThrottleControl) => mischief[name] ?? target[name],
  })
  const bench: ActionBench = {
    test,
    traffic,
    clock,
    store,
    audited,
    audit: rememberedAudit(store, audited, clock),
    link: {
      source: { ...source, throttles: control },
      backendClock: source.backendClock,
      tenantName: (id) => `The ${id}`,
    },
    mischief,
    pass(seconds) {
      for (let left = seconds * 1000; left > 0; left -= STEP_MS) {
        test.pass(Math.min(left, STEP_MS) / 1000)
        step()
      }
    },
    async close() {
      await source.close()
      await test.close()
      store.close()
      rmSync(own, { recursive: true, force: true })
    },
  }
  const [covered] = STREAMS
  function step(): void {
    if (covered === undefined || test.now() % STEP_MS !== 0) return
    const { tpm, block } = test.api.limitsOf(covered)
    const demand = (traffic.demandPerMin * STEP_MS) / 60_000
    const limit = block ? 0 : ((tpm ?? Infinity) * STEP_MS) / 60_000
    const tokens = traffic.disobeys ? demand : Math.min(demand, limit)
    const rejected = Math.round((Math.max(0, demand - limit) / TOKENS_PER_REQUEST) * 1)
    const usual = Math.round((traffic.rejectedPerMin * STEP_MS) / 60_000)
    steps.push({ at: test.now() - STEP_MS, tokens, rejected: rejected + usual })
  }
  bench.pass(1_200)
  return bench
}

/** An audit that is kept in memory beside the store's own transaction. */
function rememberedAudit(store: Store, records: AuditRecord[], clock: Clock): Audit {
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
  const append: Audit['append'] = (entry, db) => {
    if (db === undefined) return store.write(true, (own) => append(entry, own))
    const last = records.at(-1)
    const place = { seq: records.length + 1, at: clock.now(), prev: last?.hash ?? GENESIS }
    const record = chained(entry, place, sha256)
    records.push(record)
    return record
  }
  return { append, head: () => null }
}

function readingOf(
  traffic: Traffic,
  steps: readonly { at: number; tokens: number; rejected: number }[],
  now: () => number,
  missing: () => string[],
): Partial<Handlers> {
  const iso = (at: number) => new Date(at).toISOString()
  const asOf = () => ({
    dataAsOf: iso(now() - traffic.lagMs),
    complete: missing().length === 0,
    missing: missing(),
  })
  return {
    getCapabilities: () => ({
      body: {
        backend: { name: 'test', version: '1' },
        minStepSeconds: 10,
        lagSeconds: 0,
        retentionDays: 1,
        groups: ['tenant', 'model', 'endpoint', 'key'],
        tokenTypes: ['input', 'output'],
        errorTokens: false,
        latencyKinds: [],
        calendarBuckets: [],
        workflows: false,
        statements: false,
        events: true,
        throttle: THROTTLE_CAPABILITY,
      },
    }),
    getUsage: ({ query }) => {
      const [from, to] = [Date.parse(query.from), Date.parse(query.to)]
      const points = steps.flatMap(({ at, tokens, rejected }) =>
        at < from || at >= to || at + STEP_MS > now() - traffic.lagMs
          ? []
          : [
              {
                t: iso(at),
                input: BigInt(Math.round(tokens)),
                output: 0n,
                cachedInput: 0n,
                reasoning: 0n,
                requests: Math.round(tokens / TOKENS_PER_REQUEST),
                rejected,
                errors: 0,
              },
            ],
      )
      const dims = { endpoint: 'chat', ...(query.groupBy?.includes('key') === true ? { key: 'k-app' } : {}) }
      return {
        body: { ...asOf(), from: query.from, to: query.to, step: 10, series: [{ dims, points }] },
      }
    },
  }
}
