import { updateActivity } from './activity.ts'
import { createCalendar } from './calendar.ts'
import { createColumns, type Columns } from './columns.ts'
import { createDemand, trainingLoad } from './demand.ts'
import { createIntake, type Intake } from './intake.ts'
import { planMemory, updateMemory } from './memory.ts'
import { placeWorkloads, type Placement } from './placement.ts'
import { createRandom } from './random.ts'
import { createSlowness, type Slowness } from './slowness.ts'
import { buildSite, type Site, type SiteOptions } from './site.ts'
import { createSpread, updateThermals } from './thermals.ts'
import { updateTraffic } from './traffic.ts'

export interface FactoryOptions extends SiteOptions {
  /** Simulated time at the start, ms since the epoch. */
  readonly startMs: number
  /** IANA zone whose clock the day follows. */
  readonly timezone: string
}

/**
 * One simulated AI factory: what stands on the floor, who uses it, and what every board measures. It knows nothing of
 * exporters or HTTP; each face of the demo reads it. Pure: the same seed and the same calls give the same figures.
 */
export interface Factory {
  readonly options: FactoryOptions
  readonly site: Site
  readonly placement: Placement
  readonly columns: Columns
  /** What the deployments are asked for, what is let through and what is served. */
  readonly intake: Intake
  /** Which servers are slow. */
  readonly slowness: Slowness
  /** 0–1 per pod of the placement. */
  readonly podLoad: Float64Array
  /** IMPAIRMENT bits per GPU, written by the faults. */
  readonly impairments: Uint8Array
  /** Simulated time of each board's last XID, ms since the epoch; NaN without one. */
  readonly xidAt: Float64Array
  /** Simulated time, ms since the epoch. */
  now(): number
  /** Moves simulated time on by `seconds`, which are > 0. */
  step(seconds: number): void
  /** A hardware error: the code stays as the board's last one, memory errors count up and remap a row. */
  raiseXid(gpu: number, code: number): void
  /** The board was reset: last code and volatile error counters are gone, remapped rows stay. */
  resetBoard(gpu: number): void
  /** The driver was reloaded: counters since load start over and the boards are cold. */
  reloadDriver(gpu: number): void
}

/** Double-bit errors, contained or not: counted and remapped. */
const MEMORY_XIDS = new Set([48, 94, 95])

/** Before anything is shown, the factory has run this long: temperatures and queues are settled. */
const WARM_UP_SECONDS = 240
const WARM_UP_STEP = 40

export function createFactory(options: FactoryOptions): Factory {
  const site = buildSite(options)
  const placement = placeWorkloads(site, options.seed)
  const columns = createColumns(site.gpuCount, site.instances.length)
  const impairments = new Uint8Array(site.gpuCount)
  const xidAt = new Float64Array(site.gpuCount).fill(Number.NaN)
  const podLoad = new Float64Array(placement.pods.length)
  const podDrift = new Float64Array(placement.pods.length)
  const seeded = (stream: string) => createRandom(options.seed, stream)
  const podRandom = seeded('pods')
  const activityRandom = seeded('activity')
  const thermalRandom = seeded('thermals')
  const trafficRandom = seeded('traffic')
  const spread = createSpread(site, seeded('spread'))
  const held = planMemory(site, placement, seeded('memory'))
  const localTime = createCalendar(options.timezone)
  let nowMs = options.startMs - WARM_UP_SECONDS * 1000
  const demands = placement.deployments.map((deployment, i) =>
    createDemand(deployment, i, options.seed, nowMs),
  )
  const intake = createIntake(placement.deployments.length)
  const slowness = createSlowness(site, placement, impairments)

  /** A load balancer spreads requests, not evenly: long answers and sticky sessions make pods differ for minutes. */
  function updatePods(seconds: number): void {
    const keep = Math.exp(-seconds / 60)
    const push = 0.16 * Math.sqrt(1 - keep * keep)
    placement.pods.forEach((pod, i) => {
      const drift = (podDrift[i] ?? 0) * keep + push * podRandom.normal()
      podDrift[i] = drift
      const training = placement.deployments[pod.deployment]?.spec.kind === 'training'
      const load = intake.load[pod.deployment] ?? 0
      podLoad[i] = training ? load : Math.min(1, load * (1 + drift))
    })
  }

  function step(seconds: number): void {
    nowMs += seconds * 1000
    const local = localTime(nowMs)
    slowness.update()
    placement.deployments.forEach((deployment, i) => {
      const demand = demands[i]
      if (deployment.spec.kind === 'training' || demand === undefined) {
        intake.load[i] = trainingLoad(i, nowMs)
        return
      }
      const gate = {
        admitted: intake.admitted[i] ?? 1,
        extra: intake.extra[i] ?? 0,
        speed: slowness.speed(i),
      }
      intake.load[i] = demand.advance(seconds, nowMs, local, gate)
      intake.asked[i] = demand.asked()
      intake.queued[i] = demand.queued()
    })
    updatePods(seconds)
    const input = { site, placement, columns, podLoad, impairments, spread }
    updateMemory(site, columns, held, impairments)
    updateActivity(input, activityRandom)
    const hallKelvin = Math.cos(((local.hour - 16) / 24) * 2 * Math.PI)
    updateThermals({ ...input, hallKelvin }, seconds, thermalRandom)
    updateTraffic(input, seconds, trafficRandom)
  }

  function resetBoard(gpu: number): void {
    xidAt[gpu] = Number.NaN
    for (const column of [columns.xid, columns.eccDouble, columns.eccSingle]) column[gpu] = 0
  }

  startCounters(site, columns, seeded('history'))
  for (let s = 0; s < WARM_UP_SECONDS; s += WARM_UP_STEP) step(WARM_UP_STEP)

  return {
    options,
    site,
    placement,
    columns,
    intake,
    slowness,
    podLoad,
    impairments,
    xidAt,
    now: () => nowMs,
    step,
    raiseXid(gpu, code) {
      columns.xid[gpu] = code
      xidAt[gpu] = nowMs
      if (!MEMORY_XIDS.has(code)) return
      columns.eccDouble[gpu] = (columns.eccDouble[gpu] ?? 0) + 1
      columns.remapUncorrectable[gpu] = (columns.remapUncorrectable[gpu] ?? 0) + 1
    },
    resetBoard,
    reloadDriver(gpu) {
      resetBoard(gpu)
      for (const column of [columns.energy, columns.powerViolation, columns.thermalViolation]) column[gpu] = 0
      columns.pcieReplay[gpu] = 0
      columns.gpuTemp[gpu] = 28
      columns.memTemp[gpu] = 30
    },
  }
}

/** Hosts have run between three and ninety days, at about half of their power. */
function startCounters(site: Site, columns: Columns, random: ReturnType<typeof createRandom>): void {
  for (const host of site.hosts) {
    const uptimeSeconds = (3 + 87 * random.next()) * 86_400
    for (let gpu = host.firstGpu; gpu < host.firstGpu + host.gpus; gpu++) {
      const meanWatts = host.board.limitWatts * (0.35 + 0.3 * random.next())
      columns.energy[gpu] = Math.round(uptimeSeconds * meanWatts * 1000)
      columns.pcieReplay[gpu] = random.next() < 0.04 ? random.below(6) : 0
      columns.eccSingle[gpu] = random.next() < 0.02 ? 1 + random.below(3) : 0
      columns.remapCorrectable[gpu] = random.next() < 0.015 ? 1 : 0
      columns.power[gpu] = host.board.idleWatts
      columns.gpuTemp[gpu] = 30
      columns.memTemp[gpu] = 34
    }
  }
}
