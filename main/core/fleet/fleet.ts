import { message } from '../../../shared/messages/message.ts'
import { SEVERITY, FIGURE, PRESENCE } from '../../../shared/model/figure.ts'
import { isVirtual } from '../../../shared/model/gpuType.ts'
import type { SourceDoubt } from '../../../shared/model/source.ts'
import { xidMeaning } from '../../../shared/model/xid.ts'
import { isComplete, type Observation } from '../observation.ts'
import { atOnce } from '../steps.ts'
import { isKnownOnBoard, xidSeverityOf } from './findings/boardXids.ts'
import { createStaleLimits } from './sources/cadences.ts'
import { judge, type Judging } from './findings/conditions.ts'
import { cutFrame } from './cut.ts'
import { gpuDetail, hostDetail, type Detailing } from './detail.ts'
import { clearEvaluation, createEvaluation, ensureEvaluation } from './figures/evaluation.ts'
import { createEventLog } from './findings/events.ts'
import { createFindingBook, MAX_FINDINGS, type Abnormality } from './findings/findings.ts'
import { forgettable, isMadeUp, wasNamedOnce } from './sources/forget.ts'
import { judgeFreezes } from './figures/freeze.ts'
import type { Host } from './places/hosts.ts'
import { DEFAULT_HOST_LABELS } from './places/hostName.ts'
import { ingest, type Intake } from './figures/ingest.ts'
import { limitsOf } from './figures/limits.ts'
import { deriveBoards } from './figures/mig.ts'
import { doubtsOf } from './sources/doubts.ts'
import { XID_COUNT } from './places/placement.ts'
import { judgeProfiling } from './figures/profiling.ts'
import { createRegistry } from './places/registry.ts'
import { recall, toRemember } from './places/remembered.ts'
import { callRoll, powerOf, rollCallOf } from './places/rollcall.ts'
import { silentHosts } from './places/silentHosts.ts'
import { followScales } from './figures/scales.ts'
import type { Bound } from './sources/bound.ts'
import { createSources } from './sources/sources.ts'
import { cellState, gatherLife, hasVanished, presenceOf, rowState, vanishGrace } from './figures/states.ts'
import { buildTopology, type RowOrder } from './topology.ts'
import type { FleetOptions, GpuRows, LiveFleet } from './types.ts'
import { createXidLedger } from './findings/xid.ts'

const NO_DOUBTS: readonly SourceDoubt[] = []
const NO_HOSTS: ReadonlySet<Host> = new Set()
/** The topology waits this long for an observation that is taken in steps, ms; then the rest is taken at once. */
const SETTLES_WITHIN_MS = 4000

/** An observation that finds its places, in steps. */
interface Taking {
  readonly source: string
  readonly steps: Generator<void, void>
}

/** The live floor. Holds everything in memory; time comes in as an argument, nothing is read from outside. */
export function createLiveFleet(options: FleetOptions): LiveFleet {
  const { site, inventory, staleAfterMs, freezeAfterMs } = options
  const listed = inventory !== null
  const hostLabels = options.hostLabels ?? DEFAULT_HOST_LABELS
  const events = createEventLog()
  const registry = createRegistry(inventory, events, options.mostUnits)
  if (!listed) recall(registry, options.remembered ?? [])
  const xids = createXidLedger()
  const limits = createStaleLimits(staleAfterMs)
  const sources = createSources(registry, xids, limits, staleAfterMs, hostLabels)
  const intake: Intake = { registry, xids, sources, limits, newestSampleAt: Number.NEGATIVE_INFINITY }
  const evaluation = createEvaluation(registry.columns.capacity)
  const rules = limitsOf(options.limits)
  const book = createFindingBook()
  const troubleOf = (feeder: number): string => sources.troubleOf(feeder)
  const speaking = { registry, evaluation, limits: rules, read, xids, troubleOf }
  let order: RowOrder = buildTopology(registry, site, inventory, null)
  let sequence = 0
  /** When it was last evaluated after a long pause, ms. */
  let wokeAt = Number.NEGATIVE_INFINITY
  let startedAt = Number.NaN
  /** Hosts of each source that is suspected of standing still, by its name. */
  const suspected = new Map<string, readonly number[]>()
  const rolled = new WeakSet<Bound['units']>()
  let abnormal: readonly Abnormality[] | null = null
  let doubts: ReadonlyMap<string, readonly SourceDoubt[]> = new Map()
  let underWay: Taking | null = null
  /** Since when the topology waits for what is under way, ms; null: it is as the registry. */
  let waitsSince: number | null = null
  registry.dirty = false
  ensureEvaluation(evaluation, registry.columns.capacity)

  const grace = vanishGrace(staleAfterMs, 0)
  const rollCalled = (host: Host): boolean =>
    evaluation.now - host.readAt >= grace || evaluation.now - host.calledAt >= grace
  /** A good figure; NaN where it is anything but ok or zero. */
  function read(f: number, unit: number): number {
    const code = cellState(registry, evaluation, f, unit, limits, false)
    return code === FIGURE.ok || code === FIGURE.zero
      ? (registry.columns.value[f]?.[unit] as number)
      : Number.NaN
  }
  const judging: Judging = {
    registry,
    evaluation,
    limits: rules,
    inventory: listed,
    rollCalled,
    silent: NO_HOSTS,
    xidSeverity: (unit) => xidSeverityOf(registry, xids, unit, evaluation.now),
    read,
  }

  function leave(unit: number): void {
    registry.forget(unit)
    registry.contests.forget(unit)
    xids.forget(unit)
    clearEvaluation(evaluation, unit)
  }

  /** After a sleep of this machine nothing has been asked yet: what is silent may well be there. */
  function hasJustWoken(now: number): boolean {
    return now - wokeAt < staleAfterMs
  }

  function hasJustSlept(now: number): boolean {
    return hasJustWoken(now) && wokeAt !== startedAt
  }

  function* take(observation: Observation<GpuRows>): Generator<void, void> {
    const { rows, sampledAt, complete } = observation
    const bound = yield* sources.bind(observation)
    if (isComplete(complete)) noteRead(bound, sampledAt)
    ingest(intake, bound, { values: rows.values, sampledAt, times: rows.sampledAt, complete })
  }

  /** Takes the rest of what is under way at once. */
  function finish(): void {
    const steps = underWay?.steps
    underWay = null
    if (steps) atOnce(steps)
  }

  function* observing(observation: Observation<GpuRows>): Generator<void, void> {
    if (!Number.isFinite(observation.sampledAt)) return
    // Places are given to one observation at a time; one that has its places does not wait.
    const mustWait = underWay?.source === observation.source || sources.needsPlaces(observation)
    if (mustWait) finish()
    const steps = take(observation)
    if (!mustWait) {
      atOnce(steps)
      return
    }
    const mine = { source: observation.source, steps }
    underWay = mine
    try {
      while (underWay === mine) {
        if (steps.next().done === true) underWay = null
        else yield
      }
    } finally {
      // Whoever goes away in the middle leaves nothing half done.
      if (underWay === mine) finish()
    }
  }

  /** Everything that changes which units there are happens here, between two pictures. */
  function settleTopology(now: number): void {
    if (now - evaluation.now > staleAfterMs) wokeAt = now
    if (Number.isNaN(startedAt)) startedAt = now
    if (waitsSince !== null && !(now - waitsSince < SETTLES_WITHIN_MS)) finish()
    for (const unit of registry.exchanged.splice(0)) {
      clearEvaluation(evaluation, unit)
      xids.reset(unit)
    }
    if (underWay !== null) {
      waitsSince ??= now
      ensureEvaluation(evaluation, registry.columns.capacity)
      return
    }
    waitsSince = null
    for (const unit of registry.departed.splice(0)) leave(unit)
    for (const unit of hasJustWoken(now) ? [] : forgettable(registry, evaluation, now, listed)) leave(unit)
    ensureEvaluation(evaluation, registry.columns.capacity)
    if (!registry.dirty) return
    order = buildTopology(registry, site, inventory, order)
    registry.dirty = false
  }

  /** Hosts that a complete observation names have been read: what is listed of them and was not named is missing. */
  function noteRead(bound: Bound, at: number): void {
    if (rolled.has(bound.units)) return
    // A GPU that is named, and of which no figure could be read yet, is not missing, nor is it known.
    const unread = bound.unread?.rows
    const { seenAt } = registry.columns
    const unseen = bound.units.some(
      (unit, i) =>
        unread?.[i] === 1 && unit >= 0 && bound.fields[i] !== XID_COUNT && !Number.isFinite(seenAt[unit]),
    )
    if (unseen) return
    rolled.add(bound.units)
    bound.units.forEach((unit, i) => {
      if (unit < 0 || bound.fields[i] === XID_COUNT) return
      const host = registry.hostOf(unit)
      if (Number.isNaN(host.readAt)) host.readAt = at
    })
  }

  /** Whether the newest sample of a board, or of one of its instances, is this source's. */
  function feeds(feeder: number, board: number): boolean {
    const { seenAt, seenBy } = registry.columns
    return [board, ...(registry.units[board]?.instances ?? [])].some(
      (unit) => seenBy[unit] === feeder && Number.isFinite(seenAt[unit]),
    )
  }

  function followVanishing(unit: number): void {
    const gone = hasVanished(registry, evaluation, unit, sources, limits, staleAfterMs) ? 1 : 0
    if (gone === evaluation.vanished[unit]) return
    evaluation.vanished[unit] = gone
    const isBoard = (registry.units[unit]?.board ?? -1) < 0
    // A name that its source made up was never there.
    if (isMadeUp(registry.units[unit] ?? null, registry.columns, unit, evaluation.now)) return
    if (gone === 1) {
      const sure = isBoard && registry.units[unit]?.expected !== false && !wasNamedOnce(registry, unit)
      const severity = sure ? 'critical' : 'advisory'
      events.note(evaluation.now, severity, registry.place(unit), message('event.vanished'))
    } else events.note(evaluation.now, 'normal', registry.place(unit), message('event.back'))
  }

  function evaluateUnit(unit: number, host: Host): void {
    followVanishing(unit)
    const board = registry.units[unit]?.board ?? -1
    const gone = evaluation.vanished[unit] === 1
    evaluation.presence[unit] =
      board < 0
        ? presenceOf(registry, evaluation, unit, listed)
        : gone
          ? PRESENCE.missing
          : (evaluation.presence[board] as number)
    evaluation.state[unit] = rowState(registry, evaluation, unit, host, limits)
    judge(judging, unit, host)
  }

  /** Before any unit is judged: an XID of a board may stand on its instances alone. */
  function followXids(unit: number): void {
    xids.update(registry.columns, unit, (registry.columns.live[unit] as number) > 0, (code, repeat) => {
      if (isKnownOnBoard(registry, xids, unit, code)) return
      const { severity, name } = xidMeaning(code)
      const text = message(repeat ? 'event.xid.again' : 'event.xid', { code: String(code), name })
      events.note(evaluation.now, severity, registry.place(unit), text)
    })
  }

  function findings(): readonly Abnormality[] {
    abnormal ??= book.list(speaking, order)
    return abnormal
  }

  function detailing(): Detailing {
    return {
      registry,
      evaluation,
      order,
      limits,
      xids,
      abnormal: findings(),
      sourceName: (feeder) => sources.nameOf(feeder),
      unreadWhy: (unit, f) =>
        sources.unreadWhy(
          Number.isFinite(evaluation.freshAt[unit]) ? (evaluation.freshBy[unit] as number) : -1,
          unit,
          f,
        ),
    }
  }

  return {
    observe(observation) {
      atOnce(observing(observation))
    },
    observing,
    release(source, why, turned) {
      finish()
      sources.release(source, why, turned)
    },
    suspectFrozen(source, since) {
      finish()
      const feeder = sources.find(source)
      if (feeder < 0) return
      const places = since === null ? (suspected.get(source) ?? []) : [...sources.hostsOf(feeder)]
      if (since === null) suspected.delete(source)
      else suspected.set(source, places)
      for (const place of places) {
        const host = registry.hosts.all[place]
        if (host?.units.some((unit) => feeds(feeder, unit))) host.suspectSince = since
      }
    },
    callRoll(at, silent = []) {
      finish()
      callRoll({ registry, hostLabels, hasFed: (source) => sources.find(source) >= 0 }, at, silent)
    },
    toRemember: () => (listed ? [] : toRemember(registry)),
    dismiss(name) {
      const host = registry.hosts.all[registry.hosts.find(name)]
      if (!host) return 'unknown'
      if (host.listed) return 'listed'
      const answers = host.units.some(
        (unit) => evaluation.now - (evaluation.freshAt[unit] as number) <= staleAfterMs,
      )
      if (answers) return 'answers'
      registry.departed.push(...host.units)
      return null
    },
    topology: () => order.topology,
    evaluate(now) {
      sequence = (sequence + 1) >>> 0
      settleTopology(now)
      evaluation.now = now
      judgeFreezes(registry, now, freezeAfterMs, limits)
      deriveBoards(registry, now, limits)
      gatherLife(registry, evaluation)
      judgeProfiling(registry, evaluation, read)
      judging.silent = hasJustSlept(now)
        ? NO_HOSTS
        : silentHosts(registry, evaluation, sources, limits, grace)
      if (followScales(registry, read)) registry.dirty = true
      for (const unit of order.units) followXids(unit)
      for (const unit of order.units) {
        const host = registry.columns.host[unit] as number
        evaluateUnit(unit, registry.hosts.all[host] as Host)
      }
      doubts = doubtsOf(registry, sources, now)
      abnormal = null
      // Dates of findings start here, whether or not anybody looks at the list.
      findings()
    },
    frame: (fields) => cutFrame(registry, evaluation, order, fields, limits, sequence),
    findings() {
      const list = findings()
      return { findings: list.slice(0, MAX_FINDINGS).map(({ finding }) => finding), total: list.length }
    },
    events: () => events.list(),
    gpu: (host, slot) => gpuDetail(detailing(), host, slot),
    host: (name) => hostDetail(detailing(), name),
    rollCall: () => rollCallOf(evaluation, order, listed),
    abnormal() {
      const severities = findings().map(({ finding }) => SEVERITY[finding.severity])
      const count = (code: number): number => severities.filter((each) => each === code).length
      return { critical: count(SEVERITY.critical), advisory: count(SEVERITY.advisory) }
    },
    power() {
      // A slice that a hypervisor gives out has no power of its own to be known.
      const boards = order.units
        .subarray(0, order.boards)
        .filter((unit) => !isVirtual(registry.units[unit]?.modelName ?? ''))
      return { ...powerOf(registry, evaluation, boards, limits), of: boards.length }
    },
    doubts: (speaker) => doubts.get(speaker) ?? NO_DOUBTS,
    // The topology still has the names of before while it waits.
    takeRenames: () => (waitsSince === null ? registry.renames.splice(0) : []),
    newestSampleAt: () => (Number.isFinite(intake.newestSampleAt) ? intake.newestSampleAt : null),
  }
}
