import { type FleetFrame } from '../../../shared/model/frame.ts'
import { EMPTY_TOPOLOGY, type Topology } from '../../../shared/model/topology.ts'

/** A topology and a frame that was cut for exactly it; no frame yet means: nothing is known of any row. */
export interface FleetPicture {
  readonly topology: Topology
  readonly frame: FleetFrame | null
  /** Counts up by one with every change; equal revisions are the same picture. */
  readonly revision: number
}

/**
 * `accepted`: shown from now on. `waiting`: belongs to a topology that has not come yet.
 * `refused`: its columns do not fit its topology and it can never be drawn.
 */
export type FrameVerdict = 'accepted' | 'waiting' | 'refused'

/**
 * What is known of the floor now, beside zustand: frames are typed arrays and are neither copied nor compared. Topology
 * and frames come on two streams, so either may be ahead of the other; they are only ever shown as a pair that fits,
 * and the last such pair stays until the next one is whole.
 */
export interface FrameStore {
  picture(): FleetPicture
  setTopology(topology: Topology): void
  setFrame(frame: FleetFrame): FrameVerdict
  /** The listener is told after each change, not of what changed. */
  subscribe(listener: () => void): () => void
}

export function createFrameStore(): FrameStore {
  let picture: FleetPicture = { topology: EMPTY_TOPOLOGY, frame: null, revision: 0 }
  let nextTopology: Topology | null = null
  let nextFrame: FleetFrame | null = null
  const listeners = new Set<() => void>()

  const show = (topology: Topology, frame: FleetFrame | null): void => {
    picture = { topology, frame, revision: picture.revision + 1 }
    for (const listener of listeners) listener()
  }

  return {
    picture: () => picture,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    setTopology(topology) {
      const waiting = nextFrame
      if (waiting !== null && waiting.topologyVersion === topology.version && fits(waiting, topology)) {
        nextTopology = null
        nextFrame = null
        show(topology, waiting)
        return
      }
      // Without any frame the structure alone is news; with one, the old pair is truer than a floor of blanks.
      if (picture.frame === null) show(topology, null)
      else nextTopology = topology
    },
    setFrame(frame) {
      const topology = [nextTopology, picture.topology].find((one) => one?.version === frame.topologyVersion)
      if (!topology) {
        // A version may be lower than ours: the engine was started anew and counts from the beginning.
        nextFrame = frame
        return 'waiting'
      }
      if (!fits(frame, topology)) return 'refused'
      if (topology === nextTopology) nextTopology = null
      nextFrame = null
      show(topology, frame)
      return 'accepted'
    },
  }
}

function fits(frame: FleetFrame, topology: Topology): boolean {
  return frame.rows === topology.gpus.host.length + topology.instances.gpu.length
}

/** The one floor that this screen watches. */
export const fleetStore: FrameStore = createFrameStore()
