import type { Columns } from '../figures/columns.ts'
import type { Host } from './hosts.ts'
import { MAX_SLOT } from './identity.ts'
import { MAX_BOARDS_OF_HOST, type Registry } from './registry.ts'

/**
 * A machine of a floor without an inventory, as an engine hands it to the next: what has been seen is expected, and a
 * restart is no reason to expect less.
 */
export interface RememberedHost {
  readonly name: string
  /** Newest sample of any of its GPUs, ms. */
  readonly seenAt: number
  readonly gpus: readonly { readonly slot: number; readonly uuid: string; readonly model: string }[]
}

/** Puts machines back in their places, of which nothing has been heard yet. */
export function recall(registry: Registry, remembered: readonly RememberedHost[]): void {
  for (const { name, seenAt, gpus } of remembered) {
    if (name === '' || registry.hosts.find(name) >= 0) continue
    const place = registry.hosts.add(name, false, null)
    const host = registry.hosts.all[place]
    if (!host) continue
    host.rememberedAt = seenAt
    for (const { slot, uuid, model } of gpus.slice(0, MAX_BOARDS_OF_HOST)) {
      if (!Number.isInteger(slot) || slot < 0 || slot > MAX_SLOT || registry.board(place, slot) >= 0) continue
      const unit = registry.addBoard(place, slot, null)
      const board = registry.units[unit]
      if (!board) break
      registry.setModel(unit, model, null)
      if (uuid === '' || registry.byUuid.has(uuid)) continue
      board.uuid = uuid
      registry.byUuid.set(uuid, unit)
    }
    if (host.units.length === 0) registry.hosts.remove(place)
  }
}

/**
 * Machines that the next engine should know. One that nothing but an address or a pod names is left out: such a name is
 * another's tomorrow.
 */
export function toRemember({ hosts, units, columns }: Registry): RememberedHost[] {
  return hosts.all.flatMap((host) => {
    if (!host || host.listed || host.weakName) return []
    const seenAt = lastSeen(host, columns)
    if (!Number.isFinite(seenAt)) return []
    const gpus = host.units.flatMap((place) => {
      const unit = units[place]
      return unit ? [{ slot: unit.slot, uuid: unit.uuid, model: unit.modelName }] : []
    })
    return gpus.length === 0 ? [] : [{ name: host.name, seenAt, gpus }]
  })
}

/** Newest sample of a machine, here or by an engine before this one, ms; NaN: it has never been seen. */
function lastSeen(host: Host, { seenAt }: Pick<Columns, 'seenAt'>): number {
  const newest = host.units.reduce(
    (at, unit) => Math.max(at, seenAt[unit] as number),
    Number.NEGATIVE_INFINITY,
  )
  return Number.isFinite(newest) ? newest : host.rememberedAt
}
