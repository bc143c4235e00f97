import type { GpuDetail, History, HostDetail, Trend } from '../../../shared/contract/fleet.ts'
import type { Finding, FleetEvent } from '../../../shared/model/finding.ts'
import type { Feed, SourceHealth } from '../../../shared/model/source.ts'
import type { LiveFleet } from '../../core/fleet/types.ts'

/**
 * Inside, a site dates everything by a clock that cannot be set; screens have the machine's. These move what goes out
 * by what that one was set by: `shiftMs`, 0 unless it was.
 */

export function findingOutward(finding: Finding, shiftMs: number): Finding {
  if (shiftMs === 0) return finding
  const { since, unreadSince } = finding
  const unread = unreadSince === undefined ? {} : { unreadSince: unreadSince + shiftMs }
  return { ...finding, since: since + shiftMs, ...unread }
}

export function eventOutward(event: FleetEvent, shiftMs: number): FleetEvent {
  return shiftMs === 0 ? event : { ...event, at: event.at + shiftMs }
}

export function feedOutward(feed: Feed, shiftMs: number): Feed {
  return shiftMs === 0 ? feed : { ...feed, since: feed.since + shiftMs }
}

export function healthOutward(health: SourceHealth, shiftMs: number): SourceHealth {
  if (shiftMs === 0) return health
  return {
    ...health,
    lastAttemptAt: moved(health.lastAttemptAt, shiftMs),
    lastSuccessAt: moved(health.lastSuccessAt, shiftMs),
    nextAttemptAt: moved(health.nextAttemptAt, shiftMs),
  }
}

export function historyOutward(history: History, shiftMs: number): History {
  return shiftMs === 0 ? history : { ...history, times: history.times.map((at) => at + shiftMs) }
}

export function trendOutward(trend: Trend, shiftMs: number): Trend {
  return shiftMs === 0 ? trend : { ...trend, times: trend.times.map((at) => at + shiftMs) }
}

/** What screens and the token side read of the floor; it is fed and evaluated by the site alone. */
export type ShownFleet = Omit<
  LiveFleet,
  | 'observe'
  | 'observing'
  | 'callRoll'
  | 'release'
  | 'suspectFrozen'
  | 'evaluate'
  | 'takeRenames'
  | 'toRemember'
  | 'dismiss'
>

export function fleetOutward(fleet: LiveFleet, shiftMs: () => number): ShownFleet {
  return {
    topology: () => fleet.topology(),
    frame(fields) {
      const frame = fleet.frame(fields)
      const by = shiftMs()
      return by === 0 ? frame : { ...frame, at: frame.at + by }
    },
    findings() {
      const { findings, total } = fleet.findings()
      const by = shiftMs()
      return { findings: findings.map((finding) => findingOutward(finding, by)), total }
    },
    events() {
      const by = shiftMs()
      return by === 0 ? fleet.events() : fleet.events().map((event) => eventOutward(event, by))
    },
    gpu(host, slot) {
      const detail = fleet.gpu(host, slot)
      return detail && gpuOutward(detail, shiftMs())
    },
    host(name) {
      const detail = fleet.host(name)
      return detail && hostOutward(detail, shiftMs())
    },
    newestSampleAt: () => moved(fleet.newestSampleAt(), shiftMs()),
    rollCall: () => fleet.rollCall(),
    abnormal: () => fleet.abnormal(),
    power: () => fleet.power(),
    doubts: (speaker) => fleet.doubts(speaker),
  }
}

function gpuOutward(detail: GpuDetail, by: number): GpuDetail {
  if (by === 0) return detail
  const unit = <U extends GpuDetail['unit']>(each: U): U => ({
    ...each,
    readings: each.readings.map((reading) => ({ ...reading, at: moved(reading.at, by) })),
  })
  return {
    ...detail,
    unit: unit(detail.unit),
    instances: detail.instances.map(unit),
    xids: detail.xids.map((xid) => ({ ...xid, at: xid.at + by })),
    findings: detail.findings.map((finding) => findingOutward(finding, by)),
    lastSampleAt: moved(detail.lastSampleAt, by),
  }
}

function hostOutward(detail: HostDetail, by: number): HostDetail {
  if (by === 0) return detail
  return {
    ...detail,
    findings: detail.findings.map((finding) => findingOutward(finding, by)),
    lastSampleAt: moved(detail.lastSampleAt, by),
  }
}

function moved(at: number | null, by: number): number | null {
  return at === null ? null : at + by
}
