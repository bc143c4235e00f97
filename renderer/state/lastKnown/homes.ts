import { ACTIVITY_FIELDS } from '../../../shared/model/activity.ts'
import type { StreamName, StreamParams } from '../../../shared/contract/contract.ts'
import { type FieldId, SWITCHABLE_FIELDS } from '../../../shared/model/field.ts'
import type { Client } from '../../transport/types.ts'
import { followFleet, isFollowed } from '../fleet/followFleet.ts'
import { fleetStore, type FrameStore } from '../fleet/frameStore.ts'
import { NO_FILTERS } from '../tokens/filters.ts'
import { overviewOf } from '../tokens/overview.ts'

/** Fields that strip, drawers and hover of the floor need whatever its picture shows. */
export const FLOOR_FIELDS: readonly FieldId[] = [
  ...ACTIVITY_FIELDS.map((one) => one.field),
  'power',
  'gpuTemp',
  'xid',
]

/** How old what is known of a view that is not open may become, ms. */
const EVERY_MS = 60_000
/** One view after the other: nothing of this is urgent, and the view that is open comes first. */
const APART_MS = 500
const ANSWER_WITHIN_MS = 10_000

/** Asks for one item of one view; what it returns gives up. The client, or the floor's store, keeps what comes. */
type Glance = (client: Client, done: () => void) => () => void

function glanceAt<N extends StreamName>(name: N, params: StreamParams<N>): Glance {
  return (client, done) => client.open(name, params, done, done)
}

function glanceAtFloor(store: FrameStore): Glance {
  return (client, done) => {
    // Whoever follows it chose the fields, and a frame without them would blank the picture.
    if (isFollowed(store)) {
      done()
      return () => undefined
    }
    const { frame: before } = store.picture()
    const leaveStore = store.subscribe(() => store.picture().frame !== before && done())
    const leaveFleet = followFleet(client, [...new Set([...FLOOR_FIELDS, ...SWITCHABLE_FIELDS])], done, store)
    return () => {
      leaveStore()
      leaveFleet()
    }
  }
}

/**
 * Looks at what every view shows when it is opened, once a minute, so that a view which is first opened after the
 * connection was lost shows what was last known instead of nothing.
 * @returns stops it
 */
export function keepLastKnown(client: Client, store: FrameStore = fleetStore): () => void {
  const glances: readonly Glance[] = [
    glanceAtFloor(store),
    glanceAt('incidents.list', {}),
    glanceAt('fleet.findings', {}),
    glanceAt('sources.health', {}),
    glanceAt('tokens.overview', overviewOf(NO_FILTERS)),
    glanceAt('tokens.tenants', {}),
    glanceAt('tokens.yield', {}),
    glanceAt('slo.states', {}),
    glanceAt('tokens.drift', {}),
  ]
  let leave: () => void = () => undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  const look = (index: number): void => {
    const glance = glances[index]
    if (glance === undefined) {
      timer = setTimeout(() => look(0), EVERY_MS)
      return
    }
    let over = false
    const next = (): void => {
      if (over) return
      over = true
      clearTimeout(timer)
      // Not within the item's own delivery: whoever else listens to the stream has not had it yet.
      timer = setTimeout(() => {
        leave()
        leave = () => undefined
        look(index + 1)
      }, APART_MS)
    }
    timer = setTimeout(next, ANSWER_WITHIN_MS)
    leave = glance(client, next)
  }
  timer = setTimeout(() => look(0), APART_MS)
  return () => {
    clearTimeout(timer)
    leave()
  }
}
