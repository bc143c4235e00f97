import type { Topology } from '../../../shared/model/topology.ts'
import type { LiveFleet } from '../../core/fleet/types.ts'

/**
 * A fleet whose topology versions start at `first` instead of 0. Screens outlive a site: were two sites to use the
 * same version, a frame of the new one would be drawn onto the floor of the old one.
 */
export function versionedFrom(first: number, fleet: LiveFleet): LiveFleet {
  let inner: Topology | null = null
  let outer: Topology | null = null
  return {
    observe: (observation) => fleet.observe(observation),
    observing: (observation) => fleet.observing(observation),
    release: (source, why, turned) => fleet.release(source, why, turned),
    suspectFrozen: (source, since) => fleet.suspectFrozen(source, since),
    callRoll: (at, silent) => fleet.callRoll(at, silent),
    toRemember: () => fleet.toRemember(),
    dismiss: (host) => fleet.dismiss(host),
    evaluate: (now) => fleet.evaluate(now),
    topology() {
      const current = fleet.topology()
      if (outer === null || current !== inner) {
        inner = current
        outer = { ...current, version: current.version + first }
      }
      return outer
    },
    frame(fields) {
      const frame = fleet.frame(fields)
      return { ...frame, topologyVersion: frame.topologyVersion + first }
    },
    gpu(host, slot) {
      const detail = fleet.gpu(host, slot)
      return detail && { ...detail, topologyVersion: detail.topologyVersion + first }
    },
    host(name) {
      const detail = fleet.host(name)
      return detail && { ...detail, topologyVersion: detail.topologyVersion + first }
    },
    findings: () => fleet.findings(),
    doubts: (speaker) => fleet.doubts(speaker),
    events: () => fleet.events(),
    rollCall: () => fleet.rollCall(),
    abnormal: () => fleet.abnormal(),
    power: () => fleet.power(),
    takeRenames: () => fleet.takeRenames(),
    newestSampleAt: () => fleet.newestSampleAt(),
  }
}
