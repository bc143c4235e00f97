import type { Random } from '../../fuzz/random.ts'
import type { OpenStream, Route } from './clients.ts'
import { between, type Sizes } from './draws.ts'
import type { ServerSpec } from './server.ts'

/** The model whose servers get into trouble, and the other one beside it. */
export const MODEL = 'llama-70b'
export const OTHER_MODEL = 'mixtral-8x22b'
export const ENDPOINTS = ['chat', 'agents'] as const

export interface SimTenant {
  readonly id: string
  /** Tokens per second that it bought; null where none are agreed. */
  readonly entitled: number | null
  readonly keys: readonly string[]
}

/** Tenants, models and servers as they are before anything happens to them. */
export interface World {
  readonly tenants: SimTenant[]
  readonly servers: readonly ServerSpec[]
  readonly streams: OpenStream[]
  /** Requests per second that this traffic takes from all servers of its model together, 1 being all of them. */
  readonly shareOf: (traffic: Pick<OpenStream, 'input' | 'output' | 'model'>, perSecond: number) => number
}

export interface WorldWishes {
  /** How busy the servers are, 0–1. */
  readonly load: number
  /** Of the load on {@link MODEL}, what the largest tenant makes; left out where it is as it comes. */
  readonly largest?: number
  /** Factor of everybody's requests at a time, seconds. */
  readonly course: (now: number) => number
  readonly wander?: number
}

/** Prompts and answers of one kind of work. */
export interface Work {
  readonly input: Sizes
  readonly output: Sizes
}

export function chatWork(random: Random): Work {
  return {
    input: {
      kind: 'lognormal',
      mean: between(random, 400, 1100),
      sigma: between(random, 0.8, 1.2),
      most: 16_000,
    },
    output: {
      kind: 'lognormal',
      mean: between(random, 150, 280),
      sigma: between(random, 0.6, 1),
      most: 3_000,
    },
  }
}

export function agentWork(random: Random): Work {
  return {
    input: {
      kind: 'pareto',
      mean: between(random, 1800, 3200),
      tail: between(random, 1.5, 2.2),
      most: 24_000,
    },
    output: {
      kind: 'lognormal',
      mean: between(random, 120, 260),
      sigma: between(random, 0.7, 1.1),
      most: 3_000,
    },
  }
}

export function makeWorld(random: Random, wishes: WorldWishes): World {
  const servers = makeServers(random)
  const shareOf: World['shareOf'] = ({ input, output, model }, perSecond) => {
    const ofModel = servers.filter((server) => server.model === model)
    const busy = ofModel.reduce((sum, spec) => sum + 1 / secondsOf(spec, input.mean, output.mean), 0)
    return perSecond / busy
  }
  const count = 7 + random.below(7)
  const tenants: SimTenant[] = []
  const streams: OpenStream[] = []
  const weights = Array.from(
    { length: count },
    (_, place) => (1 / (place + 1) ** 0.8) * between(random, 0.6, 1.4),
  )
  if (wishes.largest !== undefined) {
    const rest = weights.slice(1).reduce((sum, weight) => sum + weight, 0)
    weights[0] = (wishes.largest / (1 - wishes.largest)) * rest
  }
  const routes: { readonly route: Route; readonly work: Work; readonly weight: number }[] = []
  for (const [place, weight] of weights.entries()) {
    const id = `tenant-${String.fromCharCode(97 + place)}`
    const keys = Array.from({ length: 1 + random.below(3) }, (_, index) => `${id}-key-${index + 1}`)
    const usesOther = random.chance(0.5)
    const usesAgents = random.chance(0.4)
    for (const model of [MODEL, ...(usesOther ? [OTHER_MODEL] : [])]) {
      for (const endpoint of model === MODEL && usesAgents ? ENDPOINTS : (['chat'] as const)) {
        const work = endpoint === 'agents' ? agentWork(random) : chatWork(random)
        for (const key of keys) {
          const part = weight * between(random, 0.4, 1.6)
          routes.push({ route: { tenant: id, key, model, endpoint }, work, weight: part / keys.length })
        }
      }
    }
    tenants.push({ id, entitled: null, keys })
  }
  for (const model of [MODEL, OTHER_MODEL]) {
    const ofModel = routes.filter(({ route }) => route.model === model)
    const total = ofModel.reduce(
      (sum, { route, work, weight }) => sum + shareOf({ ...route, ...work }, weight),
      0,
    )
    for (const { route, work, weight } of ofModel) {
      const perSecond = (weight / total) * wishes.load
      streams.push({
        ...route,
        ...work,
        burst: random.chance(0.3) ? between(random, 1.5, 4) : 1,
        wander: wishes.wander ?? between(random, 0.05, 0.2),
        rate: (now) => perSecond * wishes.course(now),
      })
    }
  }
  return {
    tenants: tenants.map((tenant) => ({ ...tenant, entitled: entitle(random, tenant, streams) })),
    servers,
    streams,
    shareOf,
  }
}

/** Most have bought a little more than they use; with some nothing is agreed. */
function entitle(random: Random, { id }: SimTenant, streams: readonly OpenStream[]): number | null {
  const factor = between(random, 1.15, 1.8)
  return random.chance(0.2) ? null : tokensPerSecond(id, streams) * factor
}

/** As its streams are at the start. */
export function tokensPerSecond(tenant: string, streams: readonly OpenStream[]): number {
  return streams
    .filter((stream) => stream.tenant === tenant)
    .reduce((sum, { rate, input, output }) => sum + rate(0) * (input.mean + output.mean), 0)
}

function makeServers(random: Random): ServerSpec[] {
  const specOf = (model: string): ServerSpec => ({
    model,
    prefillRate: between(random, 4_000, 12_000),
    stepBase: between(random, 0.018, 0.03),
    stepEach: between(random, 0.0006, 0.0012),
    slowedByPrefill: between(random, 0.3, 0.6),
    mostRunning: 24 + random.below(17),
    cache: 60_000 + random.below(60_000),
  })
  const one = (model: string, count: number) => {
    const spec = specOf(model)
    return Array.from({ length: count }, () => spec)
  }
  return [...one(MODEL, 4 + random.below(3)), ...one(OTHER_MODEL, 2)]
}

/** Of a full batch's time, one such request. Only for making worlds that are as busy as is wished. */
function secondsOf(spec: ServerSpec, input: number, output: number): number {
  const { prefillRate, stepBase, stepEach, slowedByPrefill, mostRunning } = spec
  return (
    ((1 - slowedByPrefill) * input) / prefillRate +
    (output * (stepBase + stepEach * mostRunning)) / mostRunning
  )
}
