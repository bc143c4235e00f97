import type { Topology } from '../../../shared/model/topology.ts'

/** A host as it is drawn: its GPUs in slot order fill columns from top to bottom. */
export interface PlannedHost {
  readonly host: number
  /** Rows of its GPUs in slot order, and {@link holeOf} of its empty slots between them. */
  readonly rows: readonly number[]
  readonly columns: number
}

export interface PlannedRack {
  readonly rack: number
  readonly hosts: readonly PlannedHost[]
  /** Host columns, all hosts together. */
  readonly columns: number
}

export interface PlannedFloor {
  readonly floor: number
  /** GPUs that stand above each other in one column. */
  readonly tall: number
  readonly racks: readonly PlannedRack[]
}

/**
 * What stands in the place of a row for the empty slot at `place` of `topology.emptySlots`: a picture leaves it empty, and
 * it can be pointed at.
 */
export function holeOf(place: number): number {
  return -2 - place
}

/** The place in `topology.emptySlots`; negative for a row, and for no place at all. */
export function holeAt(row: number): number {
  return row < -1 ? -2 - row : -1
}

/** Hosts with more GPUs take several columns. */
export const MAX_TALL = 8

/**
 * The floor as it stands, before anything is measured: which GPU belongs to which column of which rack.
 * @param mostTall GPUs above each other at most; hosts with more take several columns
 */
export function planFloors(topology: Topology, mostTall = MAX_TALL): PlannedFloor[] {
  const rowsOf: number[][] = topology.hosts.map(() => [])
  topology.gpus.host.forEach((host, row) => rowsOf[host]?.push(row))
  topology.emptySlots.host.forEach((host, place) => rowsOf[host]?.push(holeOf(place)))
  const hostsOf: number[][] = topology.racks.map(() => [])
  topology.hosts.forEach(({ rack }, host) => {
    if ((rowsOf[host]?.length ?? 0) > 0) hostsOf[rack]?.push(host)
  })
  const racksOf: number[][] = topology.floors.map(() => [])
  topology.racks.forEach(({ floor }, rack) => {
    if ((hostsOf[rack]?.length ?? 0) > 0) racksOf[floor]?.push(rack)
  })
  const slot = (row: number): number =>
    (row < 0 ? topology.emptySlots.slot[holeAt(row)] : topology.gpus.slot[row]) ?? 0

  return racksOf.map((racks, floor) => {
    const most = racks
      .flatMap((rack) => hostsOf[rack] ?? [])
      .reduce((top, host) => Math.max(top, rowsOf[host]?.length ?? 0), 1)
    const tall = Math.min(mostTall, most)
    return {
      floor,
      tall,
      racks: racks.map((rack) => {
        const hosts = (hostsOf[rack] ?? []).map((host) => {
          const rows = (rowsOf[host] ?? []).toSorted((a, b) => slot(a) - slot(b))
          return { host, rows, columns: Math.ceil(rows.length / tall) }
        })
        return { rack, hosts, columns: hosts.reduce((sum, host) => sum + host.columns, 0) }
      }),
    }
  })
}
