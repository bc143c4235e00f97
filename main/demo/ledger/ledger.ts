import type { Factory } from '../factory/factory.ts'
import { listAccounts } from './accounts.ts'
import { createAdmissions } from './admission.ts'
import { createCapacityLog, type CapacityLog } from './capacityLog.ts'
import { listClients, SURGING_TENANT, type Client } from './clients.ts'
import { createEmission } from './emission.ts'
import { createHistory, type History } from './history.ts'
import { createLatencyLog, type LatencyLog } from './latencyLog.ts'
import { latencyLaws, meanOf, waitSeconds } from './latencies.ts'
import { createLiveLoops } from './workflows/loopLive.ts'
import { createPastLoops, passTokens, SATURATING_SHARE, type Loop } from './workflows/loops.ts'
import { AT, CELL_MS, DAY_MS, WIDTH } from './measures.ts'
import { createMetering } from './metering.ts'
import { createPast } from './past.ts'
import { seedOf } from './hash.ts'
import { createServed } from './servedCounters.ts'
import { callTokens, type Shape } from './shapes.ts'
import type { Account, Ledger, LedgerFaults, LimitsOf } from './types.ts'

/** Usage is kept for so long. */
export const RETENTION_DAYS = 400

/** The ledger with everything that the reading half of the Metering API answers from. */
export interface Books extends Ledger {
  readonly history: History
  readonly capacity: CapacityLog
  readonly latency: LatencyLog
  /** What is metered: the clients' streams and, behind them, what faults make of them. Rows of the history. */
  readonly metered: readonly Client[]
  readonly startMs: number
  /** Agent loops that overlap a period, and the stream that they call; -1 where agents are not served. */
  loops(fromMs: number, toMs: number): Loop[]
  readonly loopStream: number
  /** Tokens served since the start, metered or not, and those of calls that have not ended. */
  servedTotals(): { readonly tokens: number; readonly booked: number; readonly carried: number }
}

/** Traffic of the agent whose loop the fault switches on. */
const LOOPING = { tenant: 'borealis-agents', endpoint: 'agents' }
/** What the surging tenant asks for, in relation to the capacity of its deployment: full at any hour, with the others. */
const SURGE_SHARE = 0.9

/**
 * Opens the books of a factory at its present time. Everything before is computed from the seed; from here on it is
 * lived step by step.
 */
export function createLedger(factory: Factory, seed: number): Books {
  const { placement, site, intake } = factory
  const startMs = factory.now()
  const clients = listClients(site, placement, seed)
  const loopStream = largest(clients, (c) => c.tenant === LOOPING.tenant && c.endpoint === LOOPING.endpoint)
  const loopDeployment = clients[loopStream]?.deployment ?? -1
  const loopCapacity = placement.deployments[loopDeployment]?.capacity ?? 0
  const loopRate = SATURATING_SHARE * loopCapacity
  const pastLoops = createPastLoops(seed, startMs, loopCapacity)
  const liveLoops = createLiveLoops()
  const past = createPast({ factory, clients, loops: pastLoops, loopStream, startMs })
  const unknownOf = largest(clients, () => true)
  const metered = [...clients, ...strangeModel(clients[unknownOf])]
  const faults: LedgerFaults = {
    leak: null,
    lagSeconds: 0,
    lateEvents: false,
    agentLoop: false,
    surge: false,
    unknownModel: false,
  }
  const history = createHistory({
    past,
    streams: metered.length,
    deploymentOf: metered.map((client) => client.deployment),
    deployments: placement.deployments.length,
    startMs,
    retentionMs: RETENTION_DAYS * DAY_MS,
    seed: seedOf(seed, 'history'),
  })
  const metering = createMetering({
    clients,
    history,
    faults,
    unknown: { stream: clients.length, of: unknownOf },
    seed: seedOf(seed, 'metering'),
    startMs,
  })
  const emission = createEmission(clients, placement.deployments.length, seed)
  const admissions = createAdmissions(clients)
  const served = createServed(factory, startMs)
  const capacity = createCapacityLog(factory, past, startMs, RETENTION_DAYS * DAY_MS)
  const latency = createLatencyLog(factory, past, startMs)
  const accounts = listAccounts(factory, clients, startMs)
  const serving = placement.deployments.flatMap(({ spec }, d) => (spec.kind === 'serving' ? [d] : []))
  const streamsOf = placement.deployments.map((_, d) =>
    [...clients.keys()].filter((i) => clients[i]?.deployment === d),
  )
  const shapes = placement.deployments.map((_, d) => meanShape(streamsOf[d]?.map((i) => clients[i]) ?? []))
  const surgeStream = largest(clients, (c) => c.tenant === SURGING_TENANT)
  const surgeRate =
    SURGE_SHARE * (placement.deployments[clients[surgeStream]?.deployment ?? -1]?.capacity ?? 0)
  const step = new Float64Array(clients.length * WIDTH)
  /** Weights of the streams without a surge. */
  const usual = new Float64Array(clients.length)
  const rejecting = new Float64Array(clients.length)
  const whole = new Float64Array(placement.deployments.length)
  const everyStream = [...metered.keys()]
  let limitsOf: LimitsOf = baseLimits(accounts)
  let nowMs = startMs
  /** Tokens per second that a loop and a surge ask for now. */
  let loopWish = 0
  let surgeWish = 0
  let tokensServed = 0
  let tokensBooked = 0

  const get = (stream: number, measure: number) => step[stream * WIDTH + measure] ?? 0
  const add = (stream: number, measure: number, count: number) => {
    step[stream * WIDTH + measure] = get(stream, measure) + count
  }

  function askedOf(stream: number) {
    const client = clients[stream]
    const d = client?.deployment ?? -1
    const share = (usual[stream] ?? 0) / (whole[d] ?? 1)
    const wish = stream === loopStream ? loopWish : stream === surgeStream ? surgeWish : 0
    const tokens = share * (intake.asked[d] ?? 0) + wish
    const laws = client && latencyLaws(client.shape, intake.load[d] ?? 0, waitSeconds(factory, d))
    return { tokens, seconds: laws === undefined ? 0 : meanOf(laws.duration) }
  }

  function weigh(): void {
    emission.weigh(nowMs)
    usual.set(emission.weights)
    whole.fill(0)
    clients.forEach(({ deployment }, stream) => {
      whole[deployment] = (whole[deployment] ?? 0) + (usual[stream] ?? 0)
    })
  }

  /** What the gateways let through in the next step. */
  function admit(): void {
    weigh()
    loopWish = loopStream >= 0 && liveLoops.turn(faults.agentLoop, nowMs) ? loopRate : 0
    surgeWish = surgeStream >= 0 && faults.surge ? surgeRate : 0
    admissions.update(limitsOf, askedOf)
    for (const d of serving) {
      const admitted = (streamsOf[d] ?? []).reduce(
        (sum, stream) => sum + (usual[stream] ?? 0) * (admissions.parts[stream] ?? 1),
        0,
      )
      intake.admitted[d] = (whole[d] ?? 0) > 0 ? admitted / (whole[d] ?? 1) : 1
    }
    intake.extra.fill(0)
    for (const [stream, wish] of [[loopStream, loopWish] as const, [surgeStream, surgeWish] as const]) {
      const d = clients[stream]?.deployment
      if (d !== undefined) intake.extra[d] = (intake.extra[d] ?? 0) + wish * (admissions.parts[stream] ?? 1)
    }
    weighSurge()
  }

  /** The crowd's calls are ordinary ones: its stream has the part of them that it asks for. */
  function weighSurge(): void {
    const d = clients[surgeStream]?.deployment ?? -1
    const asked = intake.asked[d] ?? 0
    if (surgeWish === 0 || asked <= 0) return
    emission.weights[surgeStream] = (usual[surgeStream] ?? 0) + (surgeWish / asked) * (whole[d] ?? 0)
  }

  /** The part of a deployment's tokens that its loop is served. */
  function serveLoop(d: number, tokens: number, fromMs: number, toMs: number): number {
    if (d !== loopDeployment) return 0
    const extra = intake.extra[d] ?? 0
    const usual = (intake.asked[d] ?? 0) * (intake.admitted[d] ?? 1)
    const part = extra > 0 ? (tokens * extra) / (extra + usual) : 0
    for (const pass of liveLoops.serve(part, fromMs, toMs)) {
      const used = passTokens(pass)
      for (const name of ['input', 'output', 'cachedInput', 'reasoning'] as const) {
        add(loopStream, AT[name], used[name])
      }
      add(loopStream, AT.requests, 1)
    }
    return part - liveLoops.leftOver()
  }

  function reject(seconds: number): void {
    clients.forEach(({ shape }, stream) => {
      const refused = 1 - (admissions.parts[stream] ?? 1)
      if (refused <= 0) return
      const calls =
        (rejecting[stream] ?? 0) + (refused * askedOf(stream).tokens * seconds) / callTokens(shape)
      const wholeCalls = Math.floor(calls)
      rejecting[stream] = calls - wholeCalls
      add(stream, AT.rejected, wholeCalls)
    })
  }

  /** Books at most one cell's worth of time. */
  function book(fromMs: number, toMs: number): void {
    const seconds = (toMs - fromMs) / 1000
    history.open(fromMs)
    step.fill(0)
    for (const d of serving) {
      const tokens = served.tokensPerSecond(d) * seconds
      tokensServed += tokens
      emission.emit(d, tokens - serveLoop(d, tokens, fromMs, toMs), admissions.parts, step)
      const sum = (measure: number) =>
        (streamsOf[d] ?? []).reduce((total, stream) => total + get(stream, measure), 0)
      const calls = {
        input: sum(AT.input),
        output: sum(AT.output),
        cachedInput: sum(AT.cachedInput),
        requests: sum(AT.requests),
        errors: sum(AT.errors),
      }
      tokensBooked += calls.input + calls.output
      const shape = shapes[d]
      if (shape !== undefined) served.book(d, calls, shape)
    }
    reject(seconds)
    metering.book(step, fromMs)
    latency.record(fromMs)
  }

  admit()
  return {
    served: served.counters,
    faults,
    streams: clients,
    metered,
    accounts,
    history,
    capacity,
    latency,
    startMs,
    loopStream,
    now: () => nowMs,
    dataAsOf: () => metering.dataAsOf(),
    lastCorrection: () => metering.lastCorrection(),
    advance(fromMs, toMs) {
      if (!(toMs > fromMs)) return
      nowMs = toMs
      for (let at = fromMs; at < toMs; ) {
        const next = Math.min(toMs, (Math.floor(at / CELL_MS) + 1) * CELL_MS)
        book(at, next)
        at = next
      }
      for (const d of serving) {
        const shape = shapes[d]
        if (shape !== undefined) served.gauge(d, served.tokensPerSecond(d) / callTokens(shape), shape)
      }
      capacity.advance((toMs - fromMs) / 1000, toMs)
      metering.tick(toMs)
      admit()
    },
    setLimits(next) {
      limitsOf = next
      admit()
    },
    restart: (pod) => served.restart(pod, nowMs),
    recentRate(passes) {
      const sums = new Float64Array(metered.length * WIDTH)
      const to = metering.dataAsOf()
      const only = everyStream.filter((stream) => {
        const spec = metered[stream]
        return spec !== undefined && passes(spec)
      })
      history.add(sums, to - 60_000, to, only)
      const total = (measure: number) =>
        only.reduce((sum, stream) => sum + (sums[stream * WIDTH + measure] ?? 0), 0)
      return { tokens: (total(AT.input) + total(AT.output)) / 60, requests: total(AT.requests) / 60 }
    },
    loops: (fromMs, toMs) => [...pastLoops.between(fromMs, toMs), ...liveLoops.between(fromMs, toMs)],
    servedTotals: () => ({
      tokens: tokensServed,
      booked: tokensBooked,
      carried: serving.reduce((sum, d) => sum + emission.carried(d), liveLoops.credit()),
    }),
  }
}

function baseLimits(accounts: ReadonlyMap<string, Account>): LimitsOf {
  const none = { tpm: null, rpm: null, maxConcurrent: null }
  return ({ tenant }) => ({ ...(accounts.get(tenant)?.base ?? none), block: false })
}

function largest(clients: readonly Client[], fits: (client: Client) => boolean): number {
  let found = -1
  clients.forEach((client, i) => {
    if (fits(client) && (found < 0 || client.share > (clients[found]?.share ?? 0))) found = i
  })
  return found
}

/** What a misconfigured gateway calls the model of one stream. */
function strangeModel(of: Client | undefined): Client[] {
  return of === undefined ? [] : [{ ...of, model: `${of.model}-canary-rc2`, share: 0 }]
}

/** What the calls of a deployment look like to its servers, who do not know one client from another. */
function meanShape(clients: readonly (Client | undefined)[]): Shape | undefined {
  const known = clients.filter((client) => client !== undefined)
  const [first] = known
  if (first === undefined) return undefined
  const calls = known.map(({ share, shape }) => ({ shape, weight: share / callTokens(shape) }))
  const sum = calls.reduce((total, { weight }) => total + weight, 0)
  const mean = (of: (shape: Shape) => number) =>
    calls.reduce((total, { shape, weight }) => total + of(shape) * weight, 0) / sum
  return {
    ...first.shape,
    input: mean((shape) => shape.input),
    output: mean((shape) => shape.output),
    cached: mean((shape) => shape.cached),
  }
}
