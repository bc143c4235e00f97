import { attribute } from '../../../main/core/cause/index.ts'
import type { CauseInput, Proposal } from '../../../main/core/cause/types.ts'
import { workOf } from '../../../main/core/cause/work.ts'
import {
  askedRatio,
  askedTokens,
  relief,
  reliefMinutes,
  replay,
  workAfter,
} from '../../../main/core/preview/index.ts'
import type { Relief, Replay, ReplayMinute } from '../../../main/core/preview/types.ts'
import { causeInput } from './causeInput.ts'
import type { Limit } from './gateway.ts'
import { badRatio, type Scenario } from './scenarios.ts'
import { type Recording, type RouteSeries, simulate } from './simulate.ts'
import { MODEL } from './world.ts'

/** What was predicted of a limit, and what became of it when the limit was simulated. Per minute. */
export interface Predicted {
  readonly replay: Replay
  readonly relief: Relief
  readonly actual: {
    readonly rejectedTokens: number
    readonly rejectedRequests: number
    readonly admittedTokens: number
    readonly burn: number
    readonly queue: number
  }
}

const AFTER = 25
const SETTLED = 12

/** Asks for a proposal, predicts what its limits do, and simulates them; null where nothing is proposed. */
export function predict(scenario: Scenario, charges: Limit['charges'] = 'end'): Predicted | null {
  const input = causeInput(scenario)
  const { proposal, onset } = attribute(input)
  if (proposal === null || onset === null) return null
  const { now } = scenario
  const limits = limitsOf(proposal, now, charges)
  const begun = onset / 60_000
  const told = predictOf(scenario, input, proposal, begun)
  const recording = simulate({ ...scenario.simulation, minutes: now + AFTER, limits })
  const [from, to] = [now + SETTLED, now + AFTER]
  const within = recording.routes.filter((route) => limits.some((limit) => concerns(limit, route)))
  const mean = (of: (route: RouteSeries) => Float64Array) =>
    within.reduce(
      (sum, route) =>
        sum +
        of(route)
          .subarray(from, to)
          .reduce((a, b) => a + b, 0),
      0,
    ) /
    (to - from)
  // The replay speaks of the time that has passed: what the same limit would have rejected then.
  const replayed = Math.max(begun, now - 15)
  const then = simulate({
    ...scenario.simulation,
    minutes: now,
    limits: limits.map((limit) => ({ ...limit, from: replayed * 60 })),
  })
  const rejected = (of: 'rejectedFirst' | 'rejectedFirstTokens') =>
    then.routes.reduce((sum, route) => sum + route[of].subarray(replayed).reduce((a, b) => a + b, 0), 0) /
    (now - replayed)
  return {
    ...told,
    actual: {
      rejectedTokens: rejected('rejectedFirstTokens'),
      rejectedRequests: rejected('rejectedFirst'),
      admittedTokens: mean(({ input: read, output }) =>
        read.map((value, minute) => value + (output[minute] as number)),
      ),
      burn: (badRatio(recording, from, to) ?? 0) / 0.05,
      queue: waitingMean(recording, from, to),
    },
  }
}

function limitsOf(proposal: Proposal, now: number, charges: Limit['charges']): Limit[] {
  // One limit for each name, as a gateway would share one among them: scopes of several names are rare here.
  return proposal.parts.map((part): Limit => {
    const one = (names: readonly string[]) => (names.length === 1 ? names[0] : undefined)
    const [model, endpoint, key] = [one(part.models), one(part.endpoints), one(part.keys)]
    return {
      tenant: part.tenant,
      ...(model === undefined ? {} : { model }),
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(key === undefined ? {} : { key }),
      tokensPerMin: part.capTokensPerMin,
      from: now * 60,
      charges,
    }
  })
}

function concerns(limit: Limit, route: Pick<RouteSeries, 'tenant' | 'model' | 'endpoint' | 'key'>): boolean {
  return (
    limit.tenant === route.tenant &&
    (limit.model ?? route.model) === route.model &&
    (limit.endpoint ?? route.endpoint) === route.endpoint &&
    (limit.key ?? route.key) === route.key
  )
}

type Load = RouteSeries & { readonly usualSize: number | null }

/** From what a console knows at `now` alone. */
function predictOf(
  { recording, now }: Scenario,
  input: CauseInput,
  proposal: Proposal,
  begun: number,
): Pick<Predicted, 'replay' | 'relief'> {
  const pool = input.pools.find(({ model }) => model === MODEL)
  if (pool === undefined) throw new Error('the simulation has servers of the model')
  const ended = new Float64Array(now)
  for (const route of recording.routes) {
    if (route.model !== MODEL) continue
    for (let minute = 0; minute < now; minute++)
      ended[minute] = (ended[minute] as number) + (route.requests[minute] as number)
  }
  const ratio = (minute: number) =>
    minute === 0
      ? 1
      : askedRatio(
          pool.waiting[minute - 1] as number,
          pool.waiting[minute] as number,
          ended[minute] as number,
        )
  const limits = limitsOf(proposal, now, 'end')
  const from = Math.max(begun, now - 15)
  const perPart = limits.map((limit) => {
    const loads = recording.routes
      .filter((route) => concerns(limit, route))
      .map((route): Load => {
        const usual = (of: Float64Array) => of.subarray(0, begun).reduce((a, b) => a + b, 0)
        const before = usual(route.requests)
        return {
          ...route,
          usualSize: before > 20 ? (usual(route.input) + usual(route.output)) / before : null,
        }
      })
    return replay({
      cap: { tokensPerMin: limit.tokensPerMin, requestsPerMin: null },
      minutes: Array.from({ length: now - from }, (_, index) =>
        askedIn(loads, from + index, ratio(from + index)),
      ),
    })
  })
  const [one] = perPart
  if (one === undefined) throw new Error('a proposal has parts')
  const range = (of: 'rejectedTokensPerMin' | 'rejectedRequestsPerMin' | 'admittedTokensPerMin') => {
    const sum = { low: 0, mid: 0, high: 0 }
    for (const told of perPart) {
      sum.low += told[of]?.low ?? 0
      sum.mid += told[of]?.mid ?? 0
      sum.high += told[of]?.high ?? 0
    }
    return sum
  }
  const limited = (load: CauseInput['loads'][number]) =>
    limits.some((limit) => concerns(limit, { ...load, tenant: load.tenant ?? '', key: load.key ?? '' }))
  const ofModel = input.loads.filter(({ model }) => model === MODEL)
  const workSum = (loads: CauseInput['loads']) =>
    Float64Array.from({ length: now }, (_, minute) =>
      loads.reduce(
        (sum, load) => sum + workOf(load.input[minute] as number, load.output[minute] as number),
        0,
      ),
    )
  const mine = ofModel.filter(limited)
  const tokensOf = (minute: number) =>
    mine.reduce((sum, load) => sum + (load.input[minute] as number) + (load.output[minute] as number), 0)
  const [work, tokens] = [workSum(mine), Float64Array.from({ length: now }, (_, minute) => tokensOf(minute))]
  const recent = (series: Float64Array) =>
    series.subarray(from).reduce((sum, value) => (value === value ? sum + value : sum), 0)
  const perToken = recent(work) / recent(tokens)
  const admitted = range('admittedTokensPerMin')
  return {
    replay: {
      ...one,
      rejectedTokensPerMin: range('rejectedTokensPerMin'),
      rejectedRequestsPerMin: range('rejectedRequestsPerMin'),
      admittedTokensPerMin: admitted,
    },
    relief: relief({
      minutes: reliefMinutes({
        fromMs: 0,
        done: Float64Array.from(pool.input, (read, minute) => workOf(read, pool.output[minute] as number)),
        servers: pool.servers,
        waiting: pool.waiting,
        bad: input.events.bad,
        total: input.events.total,
      }),
      workAfter: workAfter(
        [...new Set(ofModel.map(({ tenant }) => tenant))].map((tenant) =>
          workSum(ofModel.filter((load) => load.tenant === tenant && !limited(load))),
        ),
        begun,
        { low: admitted.low * perToken, mid: admitted.mid * perToken, high: admitted.high * perToken },
      ),
      target: input.target,
    }),
  }
}

/** What the routes of a limit asked for in one minute, each by its own size of requests. */
function askedIn(loads: readonly Load[], minute: number, ratio: number): ReplayMinute {
  let [requests, tokens] = [0, 0]
  for (const load of loads) {
    const ended = load.requests[minute] as number
    const amount = (load.input[minute] as number) + (load.output[minute] as number)
    const asked = askedTokens(
      { tokens: amount, requests: ended, errors: load.errors[minute] as number },
      ratio,
      load.usualSize,
    )
    requests += ended * ratio
    // All failed: how large they were is not known, but how many.
    tokens += asked ?? (Number.isNaN(amount) ? Number.NaN : ended * ratio * (load.usualSize ?? 0))
  }
  const known = (value: number) => (Number.isNaN(value) ? null : value)
  return { at: minute * 60_000, requests: known(requests), tokens: known(tokens) }
}

function waitingMean({ servers }: Recording, from: number, to: number): number {
  const ofModel = servers.filter(({ model }) => model === MODEL)
  return (
    ofModel.reduce((sum, { waiting }) => sum + waiting.subarray(from, to).reduce((a, b) => a + b, 0), 0) /
    (to - from)
  )
}
