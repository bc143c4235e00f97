import { ACTIVITY_FIELDS } from '../../../shared/model/activity.ts'
import { type FieldId, field } from '../../../shared/model/field.ts'
import { FIGURE, PRESENCE } from '../../../shared/model/figure.ts'
import type { FleetFrame } from '../../../shared/model/frame.ts'
import type { Topology } from '../../../shared/model/topology.ts'
import { notExported } from '../../../shared/model/phrases.ts'
import { say } from '../../../shared/messages/format.ts'
import { columnOf } from './columns.ts'

/** Which GPUs send a field, and what the others send in its place. GPUs that are missing are not counted. */
export interface Coverage {
  readonly of: number
  readonly have: number
  /** Only for figures of activity: GPUs without the field whose best figure of activity this is. */
  readonly instead: readonly { readonly field: FieldId; readonly gpus: number }[]
  /** GPUs with neither. */
  readonly without: number
}

/**
 * A figure that is stale or refused counts as sent: this is about what exporters send, not about what is believed.
 * A board that says an XID through its MIG instances alone says it.
 * @param mask rows to count, 1 each; null for all
 * @returns null where the frame does not carry the field (yet)
 */
export function coverageOf(
  frame: FleetFrame,
  topology: Topology,
  id: FieldId,
  mask: Uint8Array | null = null,
): Coverage | null {
  const own = columnOf(frame, id)
  if (own === null) return null
  const rows = topology.gpus.host.length
  const through = new Set(
    id === 'xid'
      ? topology.instances.gpu.filter((_, index) => own.states[rows + index] !== FIGURE.absent)
      : [],
  )
  const others = ACTIVITY_FIELDS.some((one) => one.field === id)
    ? ACTIVITY_FIELDS.map((one) => one.field).filter((other) => other !== id)
    : []
  const columns = others.map((other) => columnOf(frame, other))
  const counts = others.map(() => 0)
  let of = 0
  let have = 0
  let without = 0
  for (let row = 0; row < rows; row++) {
    if (mask !== null && mask[row] === 0) continue
    if (frame.presence[row] === PRESENCE.missing) continue
    of++
    if (own.states[row] !== FIGURE.absent || through.has(row)) have++
    else {
      const other = columns.findIndex((column) => column !== null && column.states[row] !== FIGURE.absent)
      if (other < 0) without++
      else counts[other] = (counts[other] as number) + 1
    }
  }
  const instead = others
    .map((other, index) => ({ field: other, gpus: counts[index] as number }))
    .filter(({ gpus }) => gpus > 0)
  return { of, have, instead, without }
}

/**
 * "on 870 of 1,056 GPUs; 180 send GPU utilisation instead, 6 send no activity": '' where every GPU sends the field, so
 * that nothing has to be said.
 */
export function coverageWords(id: FieldId, { of, have, instead, without }: Coverage): string {
  if (have === of) return ''
  const others = instead.map(({ field: other, gpus }) =>
    say('floor.coverage.instead', { count: gpus, field: field(other).title }),
  )
  const isActivity = ACTIVITY_FIELDS.some((one) => one.field === id)
  if (isActivity && without > 0) others.push(say('floor.coverage.none', { count: without }))
  const first = have === 0 ? notExported(id) : say('floor.coverage', { have, of })
  return others.length === 0 ? first : say('floor.coverage.others', { first, others: others.join(', ') })
}
