import { useEffect, useSyncExternalStore } from 'react'
import type { FieldId } from '../../../shared/model/field.ts'
import { useClient } from '../../transport/context.tsx'
import { fleet, type FleetView } from './frameStore.ts'

/** The newest frame with its topology; renders again at every frame. */
export function useFleet(): FleetView {
  return useSyncExternalStore(fleet.subscribe, fleet.view)
}

/** Keeps the store fed while the component is mounted, with frames of these fields. */
export function useFleetFeed(fields: readonly FieldId[]): void {
  const client = useClient()
  const key = fields.join(',')
  useEffect(() => client.open('fleet.topology', {}, (topology) => fleet.takeTopology(topology)), [client])
  useEffect(
    () =>
      client.open('fleet.frame', { fields: key.split(',') as FieldId[] }, (frame) => fleet.takeFrame(frame)),
    [client, key],
  )
}
