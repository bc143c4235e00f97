import type { FieldId } from '../../../shared/model/field.ts'
import { say } from '../../../shared/messages/format.ts'
import type { Client, Link } from '../../transport/types.ts'
import { fleetStore, type FrameStore } from './frameStore.ts'

const followers = new WeakMap<FrameStore, number>()

/** Whether something keeps the store in step now. */
export function isFollowed(store: FrameStore): boolean {
  return (followers.get(store) ?? 0) > 0
}

/**
 * Keeps the store in step with the engine.
 * @param fields columns that the frames shall carry
 * @param onRefused a frame came that its own topology does not explain: the floor shown is no longer current
 * @returns stops it
 */
export function followFleet(
  client: Client,
  fields: readonly FieldId[],
  onRefused: (text: string) => void,
  store: FrameStore = fleetStore,
): () => void {
  const noteLink = ({ state }: Link): void => {
    if (state === 'lost') store.setLost()
  }
  noteLink(client.link())
  followers.set(store, (followers.get(store) ?? 0) + 1)
  const leaveLink = client.onLink(noteLink)
  const leaveTopology = client.open('fleet.topology', {}, (topology) => store.setTopology(topology))
  const leaveFrames = client.open('fleet.frame', { fields: [...fields] }, (frame) => {
    if (store.setFrame(frame) !== 'refused') return
    onRefused(say('floor.frame.refused', { rows: frame.rows, version: frame.topologyVersion }))
  })
  return () => {
    followers.set(store, (followers.get(store) ?? 1) - 1)
    leaveLink()
    leaveTopology()
    leaveFrames()
  }
}
