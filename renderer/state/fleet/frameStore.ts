import { type FleetFrame } from '../../../shared/model/frame.ts'
import { EMPTY_TOPOLOGY, type Topology } from '../../../shared/model/topology.ts'

/** A topology and a frame that was cut for exactly it; no frame yet means: nothing is known of any row. */
export interface FleetPicture {
  readonly topology: Topology
  readonly frame: FleetFrame | null
  /** The connection was lost since the frame came, and no newer one has come: it is what is last known. */
  readonly lastKnown: boolean
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
  readonly picture: () => FleetPicture
  setTopology(topology: Topology): void
  setFrame(frame: FleetFrame): FrameVerdict
  /** The connection was lost: until the next frame the present one is what is last known. */
  setLost(): void
  /** The listener is told after each change, not of what changed. */
  readonly subscribe: (listener: () => void) => () => void
}

export function createFrameStore(): FrameStore {
  let picture: FleetPicture = { topology: EMPTY_TOPOLOGY, frame: null, lastKnown: false, revision: 0 }
  let nextTopology: Topology | null = null
  let nextFrame: FleetFrame | null = null
  const listeners = new Set<() => void>()

  const show = (topology: Topology, frame: FleetFrame | null, lastKnown = false): void => {
    picture = { topology, frame, lastKnown, revision: picture.revision + 1 }
    for (const listener of listeners) listener()
  }

  return {
    picture: () => picture,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    setTopology(sent) {
      // A stream that was opened again sends what is known already: the same object keeps every picture of it valid.
      const topology = sameTopology(sent, picture.topology) ? picture.topology : sent
      const waiting = nextFrame
      if (waiting !== null && waiting.topologyVersion === topology.version && fits(waiting, topology)) {
        nextTopology = null
        nextFrame = null
        show(topology, waiting)
        return
      }
      // Without any frame the structure alone is news; with one, the old pair is truer than a floor of blanks.
      if (topology === picture.topology) nextTopology = null
      else if (picture.frame === null) show(topology, null)
      else nextTopology = topology
    },
    setFrame(frame) {
      const topology = [nextTopology, picture.topology].find((one) => one?.version === frame.topologyVersion)
      if (!topology) {
        // A version may be lower than ours: the engine was restarted and counts from the beginning.
        nextFrame = frame
        return 'waiting'
      }
      if (!fits(frame, topology)) return 'refused'
      if (topology === nextTopology) nextTopology = null
      nextFrame = null
      show(topology, frame)
      return 'accepted'
    },
    setLost() {
      // A frame that still waits for its topology is of the old connection, too.
      nextFrame = null
      if (picture.frame !== null && !picture.lastKnown) show(picture.topology, picture.frame, true)
    },
  }
}

/** Versions alone do not tell: an engine that was restarted counts from the beginning. */
function sameTopology(a: Topology, b: Topology): boolean {
  return a.version === b.version && sameContent(a, b)
}

function sameContent(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => sameContent(item, b[i]))
  }
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length) return false
  return keys.every((key) => sameContent(Reflect.get(a, key), Reflect.get(b, key)))
}

function fits(frame: FleetFrame, topology: Topology): boolean {
  return frame.rows === topology.gpus.host.length + topology.instances.gpu.length
}

/** The one floor that this screen watches. */
export const fleetStore: FrameStore = createFrameStore()
