import { Random } from '../../fuzz/random.ts'
import type { Loop, OpenStream } from './clients.ts'
import { between } from './draws.ts'
import { type Recording, type ServerFault, simulate, type Simulation } from './simulate.ts'
import {
  agentWork,
  chatWork,
  makeWorld,
  MODEL,
  OTHER_MODEL,
  type SimTenant,
  tokensPerSecond,
  type World,
} from './world.ts'

export const KINDS = [
  'loopingAgent',
  'slowRamp',
  'oneKey',
  'oneModel',
  'twoTenants',
  'innocentLargest',
  'loopWhileAllGrow',
  'batchBesideLoop',
  'someMinutesMissing',
  'sickServer',
  'capacityLost',
  'everyoneGrows',
  'burstBefore',
  'entitledBatch',
  'noise',
  'mostMinutesMissing',
  'unknownClients',
] as const
export type ScenarioKind = (typeof KINDS)[number]

/** Who did it, at its narrowest. */
export interface Culprit {
  readonly tenant: string
  readonly model?: string
  readonly endpoint?: string
  readonly key?: string
}

export interface Scenario {
  readonly kind: ScenarioKind
  readonly seed: number
  /** Empty: no tenant did it, or what is measured cannot tell. */
  readonly truth: readonly Culprit[]
  readonly simulation: Simulation
  readonly recording: Recording
  readonly tenants: readonly SimTenant[]
  /** A metering's view: which minutes it measured, and which tenants it knows of. */
  readonly measured: (minute: number) => boolean
  readonly metered: (tenant: string) => boolean
  /** Minutes that have passed when the question is asked. */
  readonly now: number
}

const MINUTES = 165
/** Of requests in five minutes; four times what 95 % allows. */
const BURNING = 0.2

/** @returns null where this seed does not burn in time, or burned before */
export function makeScenario(kind: ScenarioKind, seed: number): Scenario | null {
  const random = new Random(seed * 7919 + KINDS.indexOf(kind) * 104_729)
  const made = MAKERS[kind](random)
  const { world } = made
  const simulation: Simulation = {
    seed: random.below(2 ** 31),
    minutes: MINUTES,
    servers: world.servers,
    streams: world.streams,
    loops: made.loops ?? [],
    faults: made.faults ?? [],
    limits: [],
    threshold: between(random, 1.5, 2.5),
    balance: random.chance(0.5) ? 'shorter' : 'any',
    patience: between(random, 20, 60),
    returning: between(random, 0.2, 0.6),
  }
  const later = 1 + random.below(7)
  let alarm: number | null = null
  const recording = simulate(simulation, (soFar, minute) => {
    if (alarm === null && isBurning(soFar, minute)) alarm = minute
    return alarm !== null && (alarm < made.from - 1 || minute >= alarm + later)
  })
  if (alarm === null || alarm < made.from - 1) return null
  const now = Math.min(MINUTES, alarm + later)
  return {
    kind,
    seed,
    truth: made.truth,
    simulation,
    recording,
    tenants: world.tenants,
    measured: made.measured?.(random, now) ?? (() => true),
    metered: made.metered ?? (() => true),
    now,
  }
}

/** The next `count` seeds of a kind that burn. */
export function scenariosOf(kind: ScenarioKind, count: number, firstSeed: number): Scenario[] {
  const made: Scenario[] = []
  for (let seed = firstSeed; made.length < count && seed < firstSeed + 20 * count; seed++) {
    const scenario = makeScenario(kind, seed)
    if (scenario !== null) made.push(scenario)
  }
  return made
}

/** Whether a fifth of the requests to the model in the five minutes that end here was bad. */
function isBurning(recording: Recording, end: number): boolean {
  return end >= 5 && (badRatio(recording, end - 5, end) ?? 0) >= BURNING
}

/** Share of bad requests to the model in a stretch of minutes; null without requests. */
export function badRatio({ routes }: Recording, from: number, to: number): number | null {
  let [bad, requests] = [0, 0]
  for (const route of routes) {
    if (route.model !== MODEL) continue
    for (let minute = from; minute < to; minute++) {
      bad += route.bad[minute] as number
      requests += route.requests[minute] as number
    }
  }
  return requests > 0 ? bad / requests : null
}

interface Made {
  readonly world: World
  readonly truth: readonly Culprit[]
  /** Minute at which it begins. */
  readonly from: number
  readonly loops?: readonly Loop[]
  readonly faults?: readonly ServerFault[]
  readonly measured?: (random: Random, now: number) => (minute: number) => boolean
  readonly metered?: (tenant: string) => boolean
}

/** Before everything: a day is a slow wave. */
function wave(random: Random): (now: number) => number {
  const [height, phase] = [between(random, 0, 0.12), between(random, 0, 2 * Math.PI)]
  return (now) => 1 + height * Math.sin(phase + (2 * Math.PI * now) / 86_400)
}

const begin = (random: Random) => 112 + random.below(20)
const calm = (random: Random, largest?: number): World =>
  makeWorld(random, {
    load: between(random, 0.45, 0.62),
    course: wave(random),
    ...(largest === undefined ? {} : { largest }),
  })

function anyTenant(random: Random, world: World, from = 1): SimTenant {
  return world.tenants[from + random.below(world.tenants.length - from)] as SimTenant
}

/** So many workers that they would take this share of the servers, were they answered as in quiet times. */
function loopOf(random: Random, world: World, tenant: SimTenant, share: number, minute: number): Loop {
  const work = agentWork(random)
  const [spec] = world.servers
  if (spec === undefined) throw new Error('a world has servers')
  const answer =
    work.output.mean * (spec.stepBase + spec.stepEach * spec.mostRunning * 0.7) +
    work.input.mean / spec.prefillRate
  const pause = between(random, 0.05, 1)
  const perWorker = world.shareOf({ ...work, model: MODEL }, 1 / (answer + pause))
  return {
    tenant: tenant.id,
    key: random.pick(tenant.keys),
    model: MODEL,
    endpoint: 'agents',
    ...work,
    workers: Math.ceil(share / perWorker),
    from: minute * 60,
    until: Number.POSITIVE_INFINITY,
    pause,
  }
}

function looping(random: Random, world: World, tenant: SimTenant, minute = begin(random)): Made {
  const loop = loopOf(random, world, tenant, between(random, 0.8, 1.6), minute)
  const { key, model, endpoint } = loop
  return { world, from: minute, loops: [loop], truth: [{ tenant: tenant.id, key, model, endpoint }] }
}

/** More of some streams: `share` of all servers of the model comes on top, over `rise` minutes from `minute` on. */
function surge(
  world: World,
  concerned: (stream: OpenStream) => boolean,
  share: number,
  { minute, rise = 0, until = Number.POSITIVE_INFINITY }: { minute: number; rise?: number; until?: number },
): void {
  const some = world.streams.filter((stream) => stream.model === MODEL && concerned(stream))
  const now = some.reduce((sum, stream) => sum + world.shareOf(stream, stream.rate(0)), 0)
  const factor = share / now
  for (const [index, stream] of world.streams.entries()) {
    if (!some.includes(stream)) continue
    const course = (seconds: number) => {
      const passed = seconds / 60 - minute
      if (passed < 0 || seconds / 60 >= until) return 1
      return 1 + factor * (rise > 0 ? Math.min(1, passed / rise) : 1)
    }
    world.streams[index] = { ...stream, rate: (seconds) => stream.rate(seconds) * course(seconds) }
  }
}

function grow(random: Random, world: World, minute: number, rise: number, by: number): void {
  for (const { id } of world.tenants) {
    const own = by * between(random, 0.75, 1.25)
    for (const [index, stream] of world.streams.entries()) {
      if (stream.tenant !== id) continue
      const rate = (now: number) =>
        stream.rate(now) * (1 + own * Math.max(0, Math.min(1, (now / 60 - minute) / rise)))
      world.streams[index] = { ...stream, rate }
    }
  }
}

function sick(random: Random, world: World, minute: number): ServerFault[] {
  const ofModel = world.servers.filter(({ model }) => model === MODEL).length
  const count = random.chance(0.5) ? 1 : 2
  const first = random.below(ofModel - count + 1)
  const health = between(random, 0.12, 0.4)
  return Array.from({ length: count }, (_, index) => ({ server: first + index, at: minute * 60, health }))
}

function lost(random: Random, world: World, minute: number): ServerFault[] {
  const ofModel = world.servers.filter(({ model }) => model === MODEL).length
  const count = Math.max(2, Math.round(ofModel * between(random, 0.4, 0.6)))
  return Array.from({ length: count }, (_, index) => ({
    server: index,
    at: minute * 60,
    stops: true as const,
  }))
}

const MAKERS: Record<ScenarioKind, (random: Random) => Made> = {
  loopingAgent(random) {
    const world = calm(random)
    return looping(random, world, anyTenant(random, world, 0))
  },
  slowRamp(random) {
    const world = calm(random)
    const tenant = anyTenant(random, world, 0)
    const minute = 60 + random.below(20)
    surge(world, (stream) => stream.tenant === tenant.id, between(random, 0.7, 1.1), {
      minute,
      rise: between(random, 40, 65),
    })
    return { world, from: minute, truth: [{ tenant: tenant.id, model: MODEL }] }
  },
  oneKey(random) {
    const world = calm(random)
    const tenant = anyTenant(random, world, 0)
    const key = random.pick(tenant.keys)
    const minute = begin(random)
    surge(world, (stream) => stream.key === key, between(random, 0.6, 1.2), { minute, rise: random.below(6) })
    return { world, from: minute, truth: [{ tenant: tenant.id, key, model: MODEL }] }
  },
  oneModel(random) {
    const world = calm(random)
    const users = world.streams.filter(({ model }) => model === OTHER_MODEL).map(({ tenant }) => tenant)
    const id = users.length === 0 ? (world.tenants[0] as SimTenant).id : random.pick(users)
    const minute = begin(random)
    surge(world, (stream) => stream.tenant === id, between(random, 0.6, 1.2), {
      minute,
      rise: random.below(6),
    })
    return { world, from: minute, truth: [{ tenant: id, model: MODEL }] }
  },
  twoTenants(random) {
    const world = calm(random)
    const one = anyTenant(random, world, 0)
    let other = anyTenant(random, world, 0)
    while (other === one) other = anyTenant(random, world, 0)
    const minute = begin(random)
    for (const tenant of [one, other]) {
      // Both are beyond what they bought.
      const usual = tokensPerSecond(tenant.id, world.streams)
      world.tenants[world.tenants.indexOf(tenant)] = {
        ...tenant,
        entitled: usual * between(random, 1.05, 1.25),
      }
      surge(world, (stream) => stream.tenant === tenant.id, between(random, 0.4, 0.6), {
        minute: minute + random.below(3),
        rise: random.below(5),
      })
    }
    return { world, from: minute, truth: [one, other].map(({ id }) => ({ tenant: id, model: MODEL })) }
  },
  innocentLargest(random) {
    const world = calm(random, between(random, 0.4, 0.6))
    return looping(random, world, anyTenant(random, world, 1))
  },
  loopWhileAllGrow(random) {
    const world = calm(random)
    grow(random, world, 50 + random.below(30), between(random, 60, 90), between(random, 0.1, 0.3))
    return looping(random, world, anyTenant(random, world, 1))
  },
  batchBesideLoop(random) {
    const world = calm(random)
    const [batch, minute] = [world.tenants[0] as SimTenant, begin(random)]
    addBatch(random, world, batch, between(random, 0.08, 0.14), minute - 5 - random.below(10))
    return looping(random, world, anyTenant(random, world, 1), minute)
  },
  someMinutesMissing(random) {
    const world = calm(random)
    const share = between(random, 0.1, 0.25)
    return { ...looping(random, world, anyTenant(random, world, 0)), measured: gaps(share) }
  },
  sickServer(random) {
    const world = calm(random)
    const minute = begin(random)
    return { world, from: minute, faults: sick(random, world, minute), truth: [] }
  },
  capacityLost(random) {
    const world = calm(random)
    const minute = begin(random)
    return { world, from: minute, faults: lost(random, world, minute), truth: [] }
  },
  everyoneGrows(random) {
    const world = calm(random)
    const minute = 50 + random.below(40)
    grow(random, world, minute, between(random, 20, 70), between(random, 0.9, 1.4))
    return { world, from: minute, truth: [] }
  },
  burstBefore(random) {
    const world = calm(random)
    const minute = begin(random)
    const tenant = anyTenant(random, world, 0)
    const until = minute - 8 - random.below(10)
    // Not so large that it burns by itself.
    surge(world, (stream) => stream.tenant === tenant.id, between(random, 0.12, 0.2), {
      minute: until - 8 - random.below(15),
      until,
    })
    const faults = random.chance(0.5) ? sick(random, world, minute) : lost(random, world, minute)
    return { world, from: minute, faults, truth: [] }
  },
  entitledBatch(random) {
    const world = calm(random)
    const minute = begin(random)
    addBatch(random, world, world.tenants[0] as SimTenant, between(random, 0.6, 0.9), minute)
    return { world, from: minute, truth: [] }
  },
  noise(random) {
    const wander = between(random, 0.25, 0.4)
    const world = makeWorld(random, { load: between(random, 0.78, 0.95), course: wave(random), wander })
    return { world, from: 20, truth: [] }
  },
  mostMinutesMissing(random) {
    const world = calm(random)
    return { ...looping(random, world, anyTenant(random, world, 0)), truth: [], measured: blind }
  },
  unknownClients(random) {
    const world = calm(random)
    const stranger: SimTenant = { id: 'not-metered', entitled: null, keys: ['none'] }
    const made = looping(random, world, stranger)
    return { ...made, truth: [], metered: (tenant) => tenant !== stranger.id }
  },
}

/** A job of long answers, which its tenant has bought. */
function addBatch(random: Random, world: World, tenant: SimTenant, share: number, minute: number): void {
  const work = chatWork(random)
  const perSecond = share / world.shareOf({ ...work, model: MODEL }, 1)
  world.streams.push({
    tenant: tenant.id,
    key: tenant.keys[0] as string,
    model: MODEL,
    endpoint: 'chat',
    ...work,
    burst: 1,
    wander: 0.05,
    rate: (now) => (now >= minute * 60 ? perSecond : 0),
  })
  const place = world.tenants.indexOf(tenant)
  const mine = tokensPerSecond(tenant.id, world.streams) + perSecond * (work.input.mean + work.output.mean)
  world.tenants[place] = { ...tenant, entitled: mine * 1.3 }
}

/** Single minutes are missing here and there. */
function gaps(share: number): (random: Random) => (minute: number) => boolean {
  return (random) => {
    const missing = Array.from({ length: MINUTES }, () => random.chance(share))
    return (minute) => missing[minute] !== true
  }
}

/** The metering fell silent before the burn, or has only just begun. */
function blind(random: Random, now: number): (minute: number) => boolean {
  const silence = now - 10 - random.below(15)
  return random.chance(0.5) ? (minute) => minute < silence : (minute) => minute >= now - 3
}
