import { Random } from '../../fuzz/random.ts'
import { type Loop, type OpenStream, type Route, Wander } from './clients.ts'
import { exponential, size } from './draws.ts'
import { Gateway, type Limit } from './gateway.ts'
import { Heap } from './heap.ts'
import { type Job, Server, type ServerSpec } from './server.ts'

/** What happens to servers, seconds from the start. `health` below 1 makes one slower. */
export type ServerFault =
  | { readonly server: number; readonly at: number; readonly health: number }
  | { readonly server: number; readonly at: number; readonly stops: true }

export interface Simulation {
  readonly seed: number
  readonly minutes: number
  readonly servers: readonly ServerSpec[]
  readonly streams: readonly OpenStream[]
  readonly loops: readonly Loop[]
  readonly faults: readonly ServerFault[]
  readonly limits: readonly Limit[]
  /** A first token later than this is bad, seconds. */
  readonly threshold: number
  /** Which server a request goes to: the shorter queue of two, or any. */
  readonly balance: 'shorter' | 'any'
  /** Clients that wait longer than this for the first token go away, seconds; so many of them come back. */
  readonly patience: number
  readonly returning: number
}

/** What a metering tells of one route, per minute. Requests and tokens count when a request ends. */
export interface RouteSeries extends Route {
  readonly requests: Float64Array
  readonly input: Float64Array
  readonly output: Float64Array
  readonly bad: Float64Array
  /** Requests that got no answer: their client went away, or their server did. */
  readonly errors: Float64Array
  /** Every rejection, those of clients that try again as well. */
  readonly rejected: Float64Array
  /** Requests that a limit kept out when they first came. */
  readonly rejectedFirst: Float64Array
  readonly rejectedFirstTokens: Float64Array
}

/** What one server tells, per minute; gauges at the minute's end. */
export interface ServerSeries {
  readonly model: string
  readonly up: Uint8Array
  readonly running: Float64Array
  readonly waiting: Float64Array
  readonly input: Float64Array
  readonly output: Float64Array
}

export interface Recording {
  readonly minutes: number
  readonly routes: readonly RouteSeries[]
  readonly servers: readonly ServerSeries[]
  /** Every request as it first came, in order. */
  readonly arrivals: readonly Arrival[]
}

export interface Arrival extends Route {
  readonly at: number
  readonly tokens: number
}

interface Request extends Job, Route {
  readonly first: boolean
  readonly worker: Loop | null
  readonly tries: number
}

interface Event {
  readonly at: number
  readonly act: () => void
}

/**
 * Runs it from start to end. The same simulation gives the same recording.
 * @param isEnough asked at the end of each minute; what is recorded by then is the same as without it
 */
export function simulate(
  simulation: Simulation,
  isEnough: (recording: Recording, minutes: number) => boolean = () => false,
): Recording {
  const { minutes, threshold, patience, returning } = simulation
  const random = new Random(simulation.seed)
  const events = new Heap<Event>(({ at }) => at)
  const gateway = new Gateway(simulation.limits)
  const servers = simulation.servers.map((spec) => new Server<Request>(spec))
  const end = minutes * 60
  const routes = new Map<string, RouteSeries>()
  const recorded = servers.map(({ spec }) => blankServer(spec.model, minutes))
  const arrivals: Arrival[] = []
  const at = (time: number, act: () => void) => {
    if (time < end) events.push({ at: time, act })
  }
  let now = 0
  let stopped = false

  function seriesOf(route: Route): RouteSeries {
    const key = `${route.tenant} ${route.key} ${route.model} ${route.endpoint}`
    let series = routes.get(key)
    if (series === undefined) routes.set(key, (series = blankRoute(route, minutes)))
    return series
  }

  function add(column: Float64Array, amount: number): void {
    const minute = Math.min(minutes - 1, Math.floor(now / 60))
    column[minute] = (column[minute] as number) + amount
  }

  function arrive(request: Request): void {
    if (request.first) arrivals.push({ ...routeOf(request), at: now, tokens: request.input + request.output })
    if (!gateway.admits(request, now)) {
      const series = seriesOf(request)
      add(series.rejected, 1)
      if (request.first) {
        add(series.rejectedFirst, 1)
        add(series.rejectedFirstTokens, request.input + request.output)
      }
      rejected(request)
      return
    }
    const server = choose(request.model)
    if (server === null) return end_(request, true, false)
    server.queue.push({ ...request, arrivedAt: now })
    attend(server)
  }

  /** A loop waits a moment and asks for the same again; of the others, half try again a few times. */
  function rejected(request: Request): void {
    const again = { ...request, first: false, tries: request.tries + 1 }
    if (request.worker !== null) {
      if (now < request.worker.until) at(now + exponential(random, 5), () => arrive(again))
      return
    }
    if (request.tries < 3 && random.chance(0.5)) at(now + exponential(random, 10), () => arrive(again))
  }

  function choose(model: string): Server<Request> | null {
    const up = servers.filter(({ spec, isUp }) => isUp && spec.model === model)
    if (up.length === 0) return null
    const [one, other] = [random.pick(up), random.pick(up)]
    return simulation.balance === 'any' || one.outstanding <= other.outstanding ? one : other
  }

  /** Whoever waited too long has gone; then the server's next event is due again. */
  function attend(server: Server<Request>): void {
    server.advance(now)
    for (const gone of server.admit(now, ({ arrivedAt }) => now - arrivedAt > patience)) {
      end_(gone, true, false)
      // A worker asks for the next thing anyway.
      if (gone.worker === null && random.chance(returning)) {
        const again = { ...gone, first: false, tries: gone.tries + 1 }
        at(now + exponential(random, 5), () => arrive(again))
      }
    }
    const { version } = server
    at(server.nextAt(), () => {
      if (server.version !== version) return
      const { ended } = server.step(now)
      for (const request of ended) end_(request, request.firstTokenAt - request.arrivedAt > threshold, true)
      attend(server)
    })
  }

  function end_(request: Request, isBad: boolean, isServed: boolean): void {
    const series = seriesOf(request)
    add(series.requests, 1)
    if (isServed) {
      add(series.input, request.input)
      add(series.output, request.output)
    }
    if (isBad) add(series.bad, 1)
    if (!isServed) add(series.errors, 1)
    gateway.ended(isServed ? request : { ...request, input: 0, output: 0 }, now)
    const { worker } = request
    if (worker !== null && now < worker.until) at(now + exponential(random, worker.pause), () => ask(worker))
  }

  function ask(traffic: OpenStream | Loop): void {
    arrive({
      ...routeOf(traffic),
      input: size(random, traffic.input),
      output: size(random, traffic.output),
      arrivedAt: now,
      firstTokenAt: 0,
      endsAt: 0,
      first: true,
      worker: 'workers' in traffic ? traffic : null,
      tries: 0,
    })
  }

  for (const stream of simulation.streams) {
    const wander = new Wander(
      new Random(simulation.seed + 77 * simulation.streams.indexOf(stream)),
      stream.wander,
    )
    const next = () => {
      const rate = (stream.rate(now) * wander.factor(now)) / stream.burst
      // A stream that sleeps is looked at again.
      const wait = rate > 1e-6 ? exponential(random, 1 / rate) : 60
      at(now + Math.min(60, wait), () => {
        if (wait <= 60 && rate > 1e-6) {
          ask(stream)
          while (random.chance(1 - 1 / stream.burst)) ask(stream)
        }
        next()
      })
    }
    next()
  }
  for (const loop of simulation.loops) {
    for (let worker = 0; worker < loop.workers; worker++)
      at(loop.from + exponential(random, 3), () => ask(loop))
  }
  for (const fault of simulation.faults) {
    at(fault.at, () => {
      const server = servers[fault.server] as Server<Request>
      server.advance(now)
      if (!('stops' in fault)) {
        server.health = fault.health
        attend(server)
        return
      }
      for (const request of server.stop(now)) end_(request, true, false)
      const waiting = server.queue.splice(0)
      for (const request of waiting) {
        const other = choose(request.model)
        if (other === null) end_(request, true, false)
        else {
          other.queue.push(request)
          attend(other)
        }
      }
    })
  }
  const before = servers.map(() => ({ prompt: 0, generated: 0 }))
  for (let minute = 0; minute < minutes; minute++) {
    // Just before its end, so that the last one is told as well.
    at((minute + 1) * 60 - 1e-6, () => {
      for (const [index, server] of servers.entries()) {
        const [into, last] = [recorded[index] as ServerSeries, before[index] as (typeof before)[number]]
        server.advance(now)
        into.up[minute] = server.isUp ? 1 : 0
        into.running[minute] = server.running
        into.waiting[minute] = server.queue.length
        into.input[minute] = server.promptTokens - last.prompt
        into.output[minute] = server.generatedTokens - last.generated
        before[index] = { prompt: server.promptTokens, generated: server.generatedTokens }
      }
      stopped = isEnough(recording(), minute + 1)
    })
  }

  for (let event = events.pop(); event !== undefined && !isOver(); event = events.pop()) {
    now = event.at
    event.act()
  }
  return recording()

  function isOver(): boolean {
    return stopped
  }

  function recording(): Recording {
    return { minutes, routes: [...routes.values()], servers: recorded, arrivals }
  }
}

function routeOf({ tenant, key, model, endpoint }: Route): Route {
  return { tenant, key, model, endpoint }
}

function blankRoute(route: Route, minutes: number): RouteSeries {
  const column = () => new Float64Array(minutes)
  return {
    ...routeOf(route),
    requests: column(),
    input: column(),
    output: column(),
    bad: column(),
    errors: column(),
    rejected: column(),
    rejectedFirst: column(),
    rejectedFirstTokens: column(),
  }
}

function blankServer(model: string, minutes: number): ServerSeries {
  const column = () => new Float64Array(minutes)
  return {
    model,
    up: new Uint8Array(minutes),
    running: column(),
    waiting: column(),
    input: column(),
    output: column(),
  }
}
