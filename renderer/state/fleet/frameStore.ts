import { EMPTY_TOPOLOGY, type Topology } from '../../../shared/model/topology.ts'
import type { FleetFrame } from '../../../shared/model/frame.ts'

export interface FleetView {
  /** The newest frame of `topology`; null before the first. Its arrays are views over what was received: read only. */
  readonly frame: FleetFrame | null
  readonly topology: Topology
  /** Counts every change; what is drawn for it needs no drawing again. */
  readonly revision: number
}

/**
 * Frames live here as typed arrays, beside zustand: nothing is copied and no state library walks over them. A frame is
 * only ever shown with the topology that it was cut for; one that is ahead waits until that topology has come.
 */
export class FrameStore {
  #view: FleetView = { frame: null, topology: EMPTY_TOPOLOGY, revision: 0 }
  #ahead: FleetFrame | null = null
  readonly #listeners = new Set<() => void>()

  view = (): FleetView => this.#view

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  takeTopology(topology: Topology): void {
    const ahead = this.#ahead
    const { frame } = this.#view
    const fits = [ahead, frame].find((one) => one?.topologyVersion === topology.version) ?? null
    this.#ahead = null
    this.#set(fits, topology)
  }

  takeFrame(frame: FleetFrame): void {
    if (frame.topologyVersion === this.#view.topology.version) this.#set(frame, this.#view.topology)
    else this.#ahead = frame
  }

  /** Another engine or site: what was shown is not what is there. */
  clear(): void {
    this.#ahead = null
    this.#set(null, EMPTY_TOPOLOGY)
  }

  #set(frame: FleetFrame | null, topology: Topology): void {
    this.#view = { frame, topology, revision: this.#view.revision + 1 }
    for (const listener of this.#listeners) listener()
  }
}

export const fleet = new FrameStore()
