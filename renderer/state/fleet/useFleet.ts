import { useSyncExternalStore } from 'react'
import { type FleetPicture, fleetStore, type FrameStore } from './frameStore.ts'

/** The newest topology and frame that fit together; renders again with every frame. */
export function useFleet(store: FrameStore = fleetStore): FleetPicture {
  return useSyncExternalStore(store.subscribe, store.picture)
}

/** Only the topology: renders again when the floor itself changed, not with every frame. */
export function useTopology(store: FrameStore = fleetStore): FleetPicture['topology'] {
  return useSyncExternalStore(store.subscribe, () => store.picture().topology)
}
