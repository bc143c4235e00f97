import { message } from '../../../shared/messages/message.ts'
import { levelAt, monotone, type Point } from './monotone.ts'
import type { Range, Relief, ReliefMinute, ReliefQuestion } from './types.ts'

/** Of the load that is looked for: minutes this near to it tell about it. */
const NEAR = 0.08
/** Fewer minutes than this at a load are too few to tell how often it is bad. */
const LEAST_NEAR = 5
/** Waiting requests per server that are more than passing. */
const QUEUED = 2
/** Of what servers can do at most: more than this asked of them, and the queue does not drain. */
const FULL = 0.97
/** The newest minutes are what is now. */
const NOW = 5

/**
 * What is expected of servers at a smaller load, learnt from the recorded minutes of these very servers: how bad they were
 * at such a load, which never falls as load grows. A minute that began with a queue tells of the queue, not of its load, and
 * is left out. Pure; what was never seen is said so.
 */
export function relief({ minutes, workAfter, target }: ReliefQuestion): Relief {
  const now = stateNow(minutes, target)
  const blank: Relief = {
    burn: { now: now.burn, after: null },
    queue: { now: now.waiting, after: null },
    settlesInMs: null,
    why: [],
  }
  const known = minutes.filter(isWhole)
  if (workAfter === null || known.length === 0)
    return { ...blank, why: [message('preview.relief.unmeasured')] }
  const servers = known.at(-1)?.servers ?? 1
  const settled = settledMinutes(minutes)
  const most = mostDone(known)
  const perServer = (work: number) => work / servers
  const asked: Range = {
    low: perServer(workAfter.low),
    mid: perServer(workAfter.mid),
    high: perServer(workAfter.high),
  }
  if (most !== null && asked.mid >= FULL * most) {
    return {
      ...blank,
      burn: { now: now.burn, after: stillBurning(now.burn, target) },
      queue: { now: now.waiting, after: null },
      why: [message('preview.relief.full', { percent: Math.round((100 * asked.mid) / most) })],
    }
  }
  const loads = settled.map(({ load }) => load)
  const least = Math.min(...loads)
  if (settled.length < LEAST_NEAR)
    return { ...blank, why: [message('preview.relief.few', { minutes: settled.length })] }
  // Beyond what was seen nothing is told; below it, servers are at least as well as at the least that was seen.
  if (asked.mid > Math.max(...loads) * (1 + NEAR))
    return { ...blank, why: [message('preview.relief.neverSo')] }
  const burn = expected(settled, asked, ({ ratio }) => ratio)
  const queue = expected(settled, asked, ({ waiting }) => waiting)
  const allowed = 1 - target
  const scaled = (range: Range, by: number): Range => ({
    low: range.low * by,
    mid: range.mid * by,
    high: range.high * by,
  })
  const nearOne = near(settled, asked.mid)
  return {
    burn: { now: now.burn, after: scaled(burn, 1 / allowed) },
    queue: { now: now.waiting, after: scaled(queue, servers) },
    settlesInMs: drainTime(now, known, most, asked, servers),
    why: [
      message('preview.relief.learnt', { minutes: settled.length, near: nearOne.length }),
      ...(asked.mid < least * (1 - NEAR) ? [message('preview.relief.less')] : []),
      ...(nearOne.length < LEAST_NEAR ? [message('preview.relief.fewNear')] : []),
      ...(most !== null && asked.high >= FULL * most ? [message('preview.relief.close')] : []),
      message('preview.relief.remaining'),
    ],
  }
}

type Whole = ReliefMinute & {
  readonly work: number
  readonly done: number
  readonly servers: number
  readonly waiting: number
  readonly bad: number
  readonly total: number
}

/** One minute that tells how servers do at a load. */
interface Settled {
  /** Work asked of each server. */
  readonly load: number
  readonly ratio: number
  readonly total: number
  /** Waiting requests per server. */
  readonly waiting: number
}

function isWhole(minute: ReliefMinute): minute is Whole {
  const { work, done, servers, waiting, bad, total } = minute
  return (
    work !== null && done !== null && waiting !== null && bad !== null && total !== null && (servers ?? 0) > 0
  )
}

/** Minutes without a queue before them, and whose two minutes before had none either: requests that end late tell of those. */
function settledMinutes(minutes: readonly ReliefMinute[]): Settled[] {
  const queued = (minute: ReliefMinute | undefined) =>
    minute === undefined || !isWhole(minute) || minute.waiting / minute.servers > QUEUED
  return minutes.flatMap((minute, index): Settled[] => {
    if (!isWhole(minute) || minute.total === 0) return []
    if (queued(minutes[index - 1]) || queued(minutes[index - 2])) return []
    const { work, servers, bad, total, waiting } = minute
    return [{ load: work / servers, ratio: bad / total, total, waiting: waiting / servers }]
  })
}

/** Work of each server in minutes that began and ended with a queue: as much as they can do. Null where none did. */
function mostDone(known: readonly Whole[]): number | null {
  const full = known
    .filter((minute, index) => {
      const before = known[index - 1]
      const isQueued = (one: Whole | undefined) => one !== undefined && one.waiting / one.servers > QUEUED
      return isQueued(before) && isQueued(minute)
    })
    .map(({ done, servers }) => done / servers)
    .toSorted((a, b) => a - b)
  return full.length < 2 ? null : (full[Math.floor(full.length * 0.6)] ?? null)
}

/** What never falls with load, at a load; its range by how the minutes near it differ, and by how sure the load is. */
function expected(settled: readonly Settled[], asked: Range, of: (one: Settled) => number): Range {
  const points = settled.map((one): Point => ({ x: one.load, y: of(one), weight: one.total }))
  const runs = monotone(points)
  const mid = levelAt(runs, asked.mid)
  const nearBy = near(settled, asked.mid)
  const values = (nearBy.length >= LEAST_NEAR ? nearBy : settled).map(of).toSorted((a, b) => a - b)
  const at = (share: number) => values[Math.round(share * (values.length - 1))] ?? mid
  return {
    low: Math.min(mid, at(0.1), levelAt(runs, asked.low)),
    mid,
    high: Math.max(mid, at(0.95), levelAt(runs, asked.high)),
  }
}

function near(settled: readonly Settled[], load: number): readonly Settled[] {
  return settled.filter((one) => Math.abs(one.load - load) <= NEAR * load)
}

interface Now {
  readonly burn: number | null
  readonly waiting: number | null
}

function stateNow(minutes: readonly ReliefMinute[], target: number): Now {
  const newest = minutes.slice(-NOW).filter(isWhole)
  const total = newest.reduce((sum, minute) => sum + minute.total, 0)
  const bad = newest.reduce((sum, minute) => sum + minute.bad, 0)
  return {
    burn: total > 0 ? bad / total / (1 - target) : null,
    waiting: newest.at(-1)?.waiting ?? null,
  }
}

/** Servers that are asked for more than they can do stay as bad as they are, or get worse. */
function stillBurning(burn: number | null, target: number): Range | null {
  return burn === null ? null : { low: burn * 0.6, mid: burn, high: 1 / (1 - target) }
}

/** Waiting requests, by how much more servers can do than they will be asked for. */
function drainTime(
  now: Now,
  known: readonly Whole[],
  most: number | null,
  asked: Range,
  servers: number,
): Range | null {
  if (now.waiting === null || most === null) return null
  const newest = known.slice(-NOW)
  const requests = newest.reduce((sum, { total }) => sum + total, 0)
  const work = newest.reduce((sum, { done }) => sum + done, 0)
  if (!(requests > 0)) return null
  const left = (now.waiting * work) / requests
  const time = (load: number) => (60_000 * left) / Math.max(0.02 * most, most - load) / servers
  return { low: time(asked.low), mid: time(asked.mid), high: time(asked.high) }
}
